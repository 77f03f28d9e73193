"""The micro-batch that is tried before training is as large as any that training meets."""

from __future__ import annotations

import pytest
from because_trainer.batches import DataOrder
from because_trainer.largest import composed_batches, largest_micro_batches
from because_trainer.memory import halved
from because_trainer.microbatches import MicroBatch, Recipe, cut_batch
from because_trainer.sequences import LABEL, PROMPT, Sequence

EPOCHS = 6


def recipe_of(
    examples: list[tuple[int, int]], row_tokens: int | None = None, share: bool = True, reason: int = 1
) -> Recipe:
    """Examples with so many axes, of prompts of so many tokens; the last 20 tell the axes apart."""
    sequences, keys = [], []
    for example, (axes, tokens) in enumerate(examples):
        for axis in range(axes):
            dialogue = [1000 + example] * (tokens - 20)
            ids = dialogue + [axis] * 20 + [7] * reason
            parts = [PROMPT] * tokens + [LABEL] * reason
            sequences.append(Sequence(ids=ids, parts=parts, prompt_tokens=tokens, truncated=False))
            keys.append(("c", str(example)))
    return Recipe(sequences, keys, 0, "token-mean", 1.0, share=share, row_tokens=row_tokens)


def order_of(recipe: Recipe, batch: int) -> tuple[DataOrder, int]:
    lengths = [sequence.prompt_tokens for sequence in recipe.sequences]
    return DataOrder(lengths, recipe.keys, batch, 3), -(-len(lengths) // batch)


def tried(recipe: Recipe, batch: int, micro_batch: int) -> list[MicroBatch]:
    order, steps = order_of(recipe, batch)
    batches = order.first_epoch(steps) + composed_batches(recipe, batch)
    return [
        cut_batch(recipe, chosen, micro_batch)[number]
        for chosen, number in largest_micro_batches(recipe, batches, micro_batch)
    ]


def met(recipe: Recipe, batch: int, micro_batch: int) -> list[MicroBatch]:
    order, steps = order_of(recipe, batch)
    return [micro for step in range(EPOCHS * steps) for micro in cut_batch(recipe, order.batch(step), micro_batch)]


def padded(micros: list[MicroBatch]) -> int:
    return max(micro.pack.ids.numel() for micro in micros)


LONG_TREES = [(3, 900)] * 8 + [(1, 880)] * 400
CASES = {
    "the longest share their dialogue, those that share nothing are a little shorter": (LONG_TREES, 24),
    "examples that batches cut through": ([(3, 60 + 9 * (i % 7)) for i in range(30)], 8),
    "examples that batches cut between": ([(3, 60 + 9 * (i % 7)) for i in range(30)], 12),
    "no example has two axes": ([(1, 40 + i) for i in range(50)], 8),
    "less than a batch": ([(2, 50), (1, 90)], 16),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("row_tokens", [None, 2048])
@pytest.mark.parametrize("part", [1, 2])
def test_none_is_larger_than_the_one_that_is_tried(case: str, row_tokens: int | None, part: int) -> None:
    examples, batch = CASES[case]
    recipe = recipe_of(examples, row_tokens)
    micro = -(-batch // part)
    assert padded(tried(recipe, batch, micro)) >= padded(met(recipe, batch, micro))


def test_rows_that_share_nothing_are_counted_by_their_own() -> None:
    recipe = recipe_of(LONG_TREES)
    assert padded(met(recipe, 24, 24)) >= 24 * 881
    assert padded(tried(recipe, 24, 24)) >= 24 * 881
    [longest, alone, mixed] = composed_batches(recipe, 24)
    assert padded(cut_batch(recipe, longest, 24)) < 8 * 1000
    assert padded(cut_batch(recipe, alone, 24)) == 24 * 881
    assert padded(cut_batch(recipe, mixed, 24)) == 22 * (880 + 3 * 21)


def test_most_targets_are_tried_too() -> None:
    few, many = recipe_of([(1, 90)] * 4), recipe_of([(1, 40)] * 4, reason=30)
    both = Recipe(
        few.sequences + many.sequences,
        [*few.keys, *(("d", key) for _, key in many.keys)],
        *(0, "token-mean", 1.0),
        share=True,
        row_tokens=None,
    )
    found = largest_micro_batches(both, [[0, 1, 2, 3], [4, 5, 6, 7]], 4)
    assert found == [([0, 1, 2, 3], 0), ([4, 5, 6, 7], 0)]


def test_without_sharing_the_longest_sequences_are_the_worst() -> None:
    recipe = recipe_of([(3, 60), (3, 90), (1, 80)], share=False)
    assert composed_batches(recipe, 4)[0] == [3, 4, 5, 6]


@pytest.mark.parametrize(("times", "expected"), [("", 8), ("0", 8), ("1", 4), ("2", 2), ("9", 1), ("x", 8)])
def test_a_micro_batch_is_halved_as_often_as_whoever_begins_it_again_says(
    times: str, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BECAUSE_HALVINGS", times)
    assert halved(8) == expected
