"""Sequences of one dialogue as a tree: the tokens they begin with alike stand once, and each goes on as a branch."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

LEAST_SAVING = 0.1
"""Part of the tokens that a tree must save: less is not worth the mask that it needs."""


@dataclass(frozen=True)
class Branch:
    """How one sequence goes on after the trunk.

    Attributes
    ----------
    ids
        Token ids after the trunk, one at least.
    index
        Which sequence it is: its place in the list that the trees were grown from.
    """

    ids: list[int]
    index: int


@dataclass(frozen=True)
class Tree:
    """Sequences that begin alike.

    Attributes
    ----------
    trunk
        Token ids that all begin with; empty where the tree is one sequence.
    branches
        One a sequence, one at least.
    """

    trunk: list[int]
    branches: list[Branch]

    @property
    def tokens(self) -> int:
        """Tokens that a model reads for it."""
        return len(self.trunk) + sum(len(branch.ids) for branch in self.branches)


def grow_trees(sequences: list[list[int]], keys: Sequence[Hashable], share: bool) -> list[Tree]:
    """Put sequences of one key into one tree.

    Parameters
    ----------
    sequences
        Token ids, one list a sequence; none is empty.
    keys
        For each sequence, what it is about: those of one (corpus, example) share their longest common beginning.
    share
        Whether to share at all; if not, every sequence is a tree of its own.

    Returns
    -------
    Trees in the order of their first sequence; within one, sequences keep their order. A key whose tree would save
    less than `LEAST_SAVING` of its tokens gives one tree a sequence.
    """
    if not share:
        return [_alone(sequence, i) for i, sequence in enumerate(sequences)]
    groups: dict[Hashable, list[int]] = {}
    for i, key in enumerate(keys):
        groups.setdefault(key, []).append(i)
    return [tree for group in groups.values() for tree in _grow(sequences, group)]


def _grow(sequences: list[list[int]], group: list[int]) -> list[Tree]:
    members = [sequences[i] for i in group]
    common = common_beginning(members)
    if common * (len(group) - 1) < max(1.0, LEAST_SAVING * sum(map(len, members))):
        return [_alone(sequences[i], i) for i in group]
    return [Tree(members[0][:common], [Branch(sequences[i][common:], i) for i in group])]


def _alone(sequence: list[int], index: int) -> Tree:
    return Tree([], [Branch(sequence, index)])


def common_beginning(sequences: list[list[int]]) -> int:
    """How many tokens the sequences begin with alike, so that each has one token more at least."""
    first, last = min(sequences), max(sequences)
    most = min(map(len, sequences)) - 1
    return bisect_left(range(most), True, key=lambda i: first[: i + 1] != last[: i + 1])
