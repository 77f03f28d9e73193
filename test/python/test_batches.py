"""The order of the data is a pure function of seed and step; batches are cut into parts that add up."""

from __future__ import annotations

from collections.abc import Hashable

import pytest
import torch
from because_trainer.batches import BUCKET_BATCHES, DataOrder, batches_by_length
from because_trainer.microbatches import Recipe, cut_batch, deal
from because_trainer.sequences import Sequence
from because_trainer.trees import grow_trees
from hypothesis import given
from hypothesis import strategies as st

LENGTHS = st.lists(st.integers(1, 300), min_size=1, max_size=200)
GROUPS = st.lists(st.integers(1, 5), min_size=1, max_size=80)


def rows_of(sizes: list[int]) -> tuple[list[int], list[Hashable]]:
    """Prompt lengths and keys of examples with so many rows each."""
    keys: list[Hashable] = [example for example, size in enumerate(sizes) for _ in range(size)]
    return [7 * hash(key) % 50 + i % 3 for i, key in enumerate(keys)], keys


def each_its_own(lengths: list[int]) -> list[Hashable]:
    return list(range(len(lengths)))


@given(LENGTHS, st.integers(1, 9), st.integers(-(2**53), 2**53))
def test_each_epoch_shows_every_sequence_once(lengths: list[int], batch: int, seed: int) -> None:
    order = DataOrder(lengths, each_its_own(lengths), batch, seed)
    steps = -(-len(lengths) // batch)
    for epoch in range(2):
        seen = [i for step in range(epoch * steps, (epoch + 1) * steps) for i in order.batch(step)]
        assert sorted(seen) == list(range(len(lengths)))


@given(GROUPS, st.integers(1, 9), st.integers(0, 50), st.integers(0, 2**32))
def test_a_step_does_not_depend_on_the_steps_before_it(sizes: list[int], batch: int, step: int, seed: int) -> None:
    lengths, keys = rows_of(sizes)
    walked = DataOrder(lengths, keys, batch, seed)
    for earlier in range(step):
        walked.batch(earlier)
    assert walked.batch(step) == DataOrder(lengths, keys, batch, seed).batch(step)


@given(GROUPS, st.integers(1, 12), st.integers(0, 2**32))
def test_every_batch_is_full_but_one(sizes: list[int], batch: int, seed: int) -> None:
    lengths, keys = rows_of(sizes)
    order = DataOrder(lengths, keys, batch, seed)
    found = sorted(len(order.batch(step)) for step in range(-(-len(keys) // batch)))
    assert found[1:] == [batch] * (len(found) - 1)
    assert found[0] == (len(keys) % batch or batch)


@given(GROUPS, st.integers(1, 12), st.integers(0, 2**32))
def test_rows_of_an_example_stay_together(sizes: list[int], batch: int, seed: int) -> None:
    lengths, keys = rows_of(sizes)
    order = DataOrder(lengths, keys, batch, seed)
    batches = [order.batch(step) for step in range(-(-len(keys) // batch))]
    for rows in batches:
        examples = [keys[i] for i in rows]
        changes = sum(examples[i] != examples[i - 1] for i in range(1, len(examples)))
        assert changes == len(set(examples)) - 1
    if len(keys) <= batch * BUCKET_BATCHES:
        # An example is cut only where a batch of the order is full, and where the small batch begins and ends.
        assert sum(len({keys[i] for i in rows}) for rows in batches) <= len(sizes) + len(batches)


def test_a_batch_of_whole_examples_is_cut_between_them() -> None:
    lengths, keys = rows_of([3] * 40)
    order = DataOrder(lengths, keys, 12, 5)
    for step in range(10):
        rows = order.batch(step)
        assert [keys[i] for i in rows] == [keys[i] for i in rows[::3] for _ in range(3)]


@pytest.mark.parametrize(
    ("sizes", "batch"), [([3] * 9, 12), ([3] * 11, 8), ([3, 1, 1, 5, 2, 3, 3, 1], 6), ([1] * 10, 4), ([3] * 150, 4)]
)
def test_every_sequence_is_as_often_in_the_small_batch(sizes: list[int], batch: int) -> None:
    lengths, keys = rows_of(sizes)
    count, steps, epochs = len(keys), -(-len(keys) // batch), 600
    order = DataOrder(lengths, keys, batch, 5)
    seen = [0] * count
    for epoch in range(epochs):
        [small] = [rows for rows in map(order.batch, range(epoch * steps, (epoch + 1) * steps)) if len(rows) < batch]
        assert len(small) == count % batch
        for i in small:
            seen[i] += 1
    share = (count % batch) / count
    # Five standard deviations of a binomial count: one in two million sequences would lie beyond them by chance.
    assert max(abs(times - epochs * share) for times in seen) < 5 * (epochs * share * (1 - share)) ** 0.5


def test_the_small_batch_holds_whole_examples_where_sizes_allow_it() -> None:
    lengths, keys = rows_of([3] * 41)
    order = DataOrder(lengths, keys, 12, 5)
    for rows in map(order.batch, range(40 * 11)):
        assert [keys[i] for i in rows] == [keys[i] for i in rows[::3] for _ in range(3)]


def test_batches_hold_prompts_of_similar_length() -> None:
    lengths, keys = rows_of([3] * 96)
    order = DataOrder(lengths, keys, 9, 5)
    spread = [max(lengths[i] for i in rows) - min(lengths[i] for i in rows) for rows in map(order.batch, range(32))]
    assert max(spread) < 15 < max(lengths) - min(lengths)


def test_seeds_and_epochs_differ() -> None:
    lengths, keys = list(range(100)), each_its_own(list(range(100)))
    first, second = DataOrder(lengths, keys, 4, 1), DataOrder(lengths, keys, 4, 2)
    assert [first.batch(step) for step in range(25)] != [second.batch(step) for step in range(25)]
    assert [first.batch(step) for step in range(25)] != [first.batch(step) for step in range(25, 50)]


@given(LENGTHS)
def test_scoring_batches_hold_every_row_once_by_length(lengths: list[int]) -> None:
    batches = batches_by_length(lengths)
    flat = [i for batch in batches for i in batch]
    assert sorted(flat) == list(range(len(lengths)))
    assert [lengths[i] for i in flat] == sorted(lengths)


def recipe_of(sequences: list[Sequence], keys: list[tuple[str, str]], **changes: object) -> Recipe:
    fields = {"pad": 0, "reduction": "token-mean", "label_weight": 1.0, "share": True, "row_tokens": None}
    return Recipe(sequences, keys, **{**fields, **changes})  # type: ignore[arg-type]


LONG = Sequence(ids=[1, 10, 11, 12, 13], parts=[0, 0, 1, 2, 2], prompt_tokens=1, truncated=False)
SHORT = Sequence(ids=[1, 20, 21], parts=[0, 0, 1], prompt_tokens=1, truncated=False)
TWIN = Sequence(ids=[1, 10, 14, 15], parts=[0, 0, 1, 2], prompt_tokens=1, truncated=False)


def test_targets_are_the_completion_tokens_alone() -> None:
    [micro] = cut_batch(recipe_of([LONG, SHORT], [("c", "a"), ("c", "b")]), [0, 1], 2)
    assert micro.pack.ids.tolist() == [[1, 10, 11, 12, 13], [1, 20, 21, 0, 0]]
    assert micro.targets.ids.tolist() == [11, 12, 13, 21]
    assert micro.targets.label.tolist() == [True, False, False, True]
    places = list(zip(micro.targets.rows.tolist(), micro.targets.columns.tolist()))
    assert places == [(0, 1), (0, 2), (0, 3), (1, 1)]
    assert (micro.pack.tokens, micro.examples) == (8, 2)


def test_a_trunk_predicts_the_beginning_of_every_branch() -> None:
    [micro] = cut_batch(recipe_of([LONG, TWIN], [("c", "a")] * 2), [0, 1], 2)
    assert micro.pack.ids.tolist() == [[1, 10, 11, 12, 13, 14, 15]]
    assert micro.pack.positions.tolist() == [[0, 1, 2, 3, 4, 2, 3]]
    assert list(zip(micro.targets.columns.tolist(), micro.targets.ids.tolist())) == [
        (1, 11),
        (2, 12),
        (3, 13),
        (1, 14),
        (5, 15),
    ]


@pytest.mark.parametrize("micro_batch", [1, 2, 3, 5, 8])
@pytest.mark.parametrize("least", [1, 2, 3])
def test_micro_batches_hold_every_target_with_its_weight(micro_batch: int, least: int) -> None:
    sequences = [LONG, TWIN, LONG, SHORT, TWIN]
    keys = [("c", "a"), ("c", "a"), ("c", "a"), ("c", "b"), ("c", "d")]
    recipe = recipe_of(sequences, keys, reduction="example-mean", label_weight=3.0)
    whole = cut_batch(recipe, [0, 1, 2, 3, 4], 5)
    parts = cut_batch(recipe, [0, 1, 2, 3, 4], micro_batch, least)
    assert len(parts) % least == 0
    assert all(part.examples <= micro_batch for part in parts)
    assert sum(part.examples for part in parts) == 5

    def weighed(micros: list[object]) -> list[tuple[int, float]]:
        pairs = [
            (int(token), round(float(weight), 7))
            for micro in micros
            for token, weight in zip(micro.targets.ids, micro.targets.weights)  # type: ignore[attr-defined]
        ]
        return sorted(pair for pair in pairs if pair[1])

    assert weighed(list(parts)) == weighed(list(whole))


def test_trees_are_kept_whole_where_the_micro_batch_has_room() -> None:
    ids = [[1, 2, 3, 4, branch] for branch in range(5)] + [[9, 9, 9, 9, branch] for branch in range(2)]
    trees = grow_trees(ids, [0] * 5 + [1] * 2, share=True)
    assert [[len(tree.branches) for tree in hand] for hand in deal(trees, 8)] == [[5, 2]]
    assert [[len(tree.branches) for tree in hand] for hand in deal(trees, 5)] == [[5], [2]]
    assert [[len(tree.branches) for tree in hand] for hand in deal(trees, 3)] == [[3], [2], [2]]


def test_sharing_does_not_change_which_tokens_are_predicted() -> None:
    keys = [("c", "a"), ("c", "a"), ("c", "b")]
    shared, alone = (
        cut_batch(recipe_of([LONG, TWIN, SHORT], keys, share=share), [0, 1, 2], 3)[0] for share in (True, False)
    )
    assert shared.pack.tokens < alone.pack.tokens
    assert torch.equal(shared.targets.ids, alone.targets.ids)
    assert torch.equal(shared.targets.weights, alone.targets.weights)
