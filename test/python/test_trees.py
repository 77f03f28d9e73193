"""Trees hold every sequence; packs lay them out so that each can be read back, and sees nothing but itself."""

from __future__ import annotations

import numpy as np
import torch
from because_trainer.packing import Pack, pack_trees
from because_trainer.trees import Tree, common_beginning, grow_trees
from hypothesis import given
from hypothesis import strategies as st

PAD = 0
TOKENS = st.lists(st.integers(1, 3), min_size=1, max_size=12)
KEYED = st.lists(st.tuples(TOKENS, st.integers(0, 3)), min_size=1, max_size=12)


def grown(rows: list[tuple[list[int], int]], share: bool = True) -> tuple[list[list[int]], list[Tree]]:
    sequences = [tokens for tokens, _ in rows]
    return sequences, grow_trees(sequences, [key for _, key in rows], share)


@given(KEYED, st.booleans())
def test_trees_hold_every_sequence_once(rows: list[tuple[list[int], int]], share: bool) -> None:
    sequences, trees = grown(rows, share)
    found = {branch.index: [*tree.trunk, *branch.ids] for tree in trees for branch in tree.branches}
    assert [found[i] for i in range(len(sequences))] == sequences
    assert all(branch.ids for tree in trees for branch in tree.branches)
    assert all(not tree.trunk or len(tree.branches) > 1 for tree in trees)
    assert sum(tree.tokens for tree in trees) <= sum(map(len, sequences))
    firsts = [tree.branches[0].index for tree in trees]
    assert firsts == sorted(firsts) or share
    if not share:
        assert [len(tree.branches) for tree in trees] == [1] * len(sequences)


@given(st.lists(TOKENS, min_size=1, max_size=5))
def test_the_common_beginning_is_the_longest(sequences: list[list[int]]) -> None:
    common = common_beginning(sequences)
    assert len({tuple(sequence[:common]) for sequence in sequences}) == 1
    assert all(len(sequence) > common for sequence in sequences)
    longer = {tuple(sequence[: common + 1]) for sequence in sequences}
    assert len(longer) > 1 or min(map(len, sequences)) == common + 1


def test_axes_of_one_example_share_its_dialogue() -> None:
    dialogue = list(range(1, 11))
    sequences = [[*dialogue, 20, 21], [*dialogue, 30], [*dialogue, 20, 22], [5, 6, 7]]
    trees = grow_trees(sequences, ["a", "a", "a", "b"], share=True)
    assert [(tree.trunk, [branch.ids for branch in tree.branches]) for tree in trees] == [
        (dialogue, [[20, 21], [30], [20, 22]]),
        ([], [[5, 6, 7]]),
    ]


def test_a_tree_that_saves_next_to_nothing_is_not_grown() -> None:
    sequences = [[1, *[axis] * 50] for axis in (2, 3, 4)]
    assert [tree.trunk for tree in grow_trees(sequences, ["a"] * 3, share=True)] == [[], [], []]


@given(KEYED, st.sampled_from([None, 6, 20, 100]), st.sampled_from([None, 1, 2]))
def test_packs_hold_every_token_at_its_place(
    rows: list[tuple[list[int], int]], row_tokens: int | None, most: int | None
) -> None:
    sequences, trees = grown(rows)
    packs = pack_trees(trees, row_tokens, PAD, most)
    assert sorted(i for pack in packs for i in pack.indices) == list(range(len(sequences)))
    for pack in packs:
        assert most is None or len(pack.ids) <= most
        assert pack.ids.shape[1] == max(pack.lengths)
        for i in pack.indices:
            row, columns = pack.place(i)
            assert pack.ids[row, columns].tolist() == sequences[i]
            assert pack.positions[row, columns].tolist() == list(range(len(sequences[i])))
    assert sum(pack.tokens for pack in packs) == sum(tree.tokens for tree in trees)
    assert row_tokens is not None or len(packs[0].ids) == min(most or len(trees), len(trees))


@given(KEYED, st.sampled_from([None, 20, 100]))
def test_a_token_sees_what_comes_before_it_in_its_own_sequence(
    rows: list[tuple[list[int], int]], row_tokens: int | None
) -> None:
    _, trees = grown(rows)
    for pack in pack_trees(trees, row_tokens, PAD):
        allowed = naive_mask(pack)
        counted = pack.trees >= 0
        assert torch.equal(pack.visible & counted[:, :, None], allowed)
        assert bool(pack.visible.any(-1).all())
        assert not pack.plain or torch.equal(
            allowed, torch.ones_like(allowed).tril() & counted[:, :, None] & counted[:, None, :]
        )


def naive_mask(pack: Pack) -> torch.Tensor:
    """Every sequence's own causal mask, laid over the row."""
    allowed = torch.zeros(*pack.ids.shape, pack.ids.shape[1], dtype=torch.bool)
    for i in pack.indices:
        row, columns = pack.place(i)
        for place, column in enumerate(columns):
            allowed[row, column, columns[: place + 1]] = True
    return allowed


def test_trees_are_put_into_the_first_row_that_has_room() -> None:
    sequences = [[1] * length for length in (5, 3, 6, 2, 4, 12)]
    [pack] = pack_trees(grow_trees(sequences, list(range(6)), share=True), 10, PAD)
    rows = [sorted(len(sequences[i]) for i in pack.indices if pack.place(i)[0] == row) for row in range(len(pack.ids))]
    assert rows == [[12], [4, 6], [2, 3, 5]]
    assert pack.lengths == (12, 10, 10)
    assert not pack.plain


def test_a_pack_of_single_sequences_is_plain() -> None:
    [pack] = pack_trees(grow_trees([[1, 2], [3]], [0, 1], share=True), None, PAD)
    assert pack.plain
    assert pack.to(torch.device("cpu")) is pack
    assert np.array_equal(pack.place(1)[1], [0])
