"""Trees as tensors: several in one row where rows have room, never seeing each other."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from .trees import Tree

Indices = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Pack:
    """Trees that a model reads in one pass.

    Attributes
    ----------
    ids
        Token ids, (rows, tokens), padded at the right.
    positions
        Place of each token in its own sequence, from 0, (rows, tokens): a branch goes on where its trunk ends.
    trees
        Which tree of its row a token belongs to, (rows, tokens); −1 for padding.
    branches
        0 in a trunk, 1, 2, … in the branches after it, (rows, tokens).
    plain
        Whether every row is one sequence, so that causal attention alone is right and no mask is needed.
    lengths
        Tokens without padding, of each row.
    """

    ids: Tensor
    positions: Tensor
    trees: Tensor
    branches: Tensor
    plain: bool
    lengths: tuple[int, ...]
    _places: dict[int, tuple[int, int, int, int, int]]

    @property
    def indices(self) -> list[int]:
        """Which sequences are in it."""
        return list(self._places)

    @property
    def tokens(self) -> int:
        """Tokens that the model reads, padding excluded."""
        return sum(self.lengths)

    def place(self, index: int) -> tuple[int, Indices]:
        """Where a sequence lies: its row, and the columns of all its tokens in order, trunk then branch.

        The column of the token at place p of the sequence is `columns[p]`; the token after it is predicted there.
        """
        row, trunk, trunk_tokens, branch, branch_tokens = self._places[index]
        if trunk + trunk_tokens == branch:
            return row, np.arange(trunk, branch + branch_tokens)
        return row, np.concatenate((np.arange(trunk, trunk + trunk_tokens), np.arange(branch, branch + branch_tokens)))

    @cached_property
    def visible(self) -> Tensor:
        """Which keys a query sees, boolean (rows, queries, keys).

        A query sees a key that stands no later, in its own tree, and in the trunk or in the query's own branch.
        Padding sees padding, so that no row of scores is empty.
        """
        tokens = self.ids.shape[1]
        same = (self.trees[:, :, None] == self.trees[:, None, :]) & (
            (self.branches[:, None, :] == 0) | (self.branches[:, :, None] == self.branches[:, None, :])
        )
        return same & torch.ones(tokens, tokens, dtype=torch.bool, device=same.device).tril_()

    def to(self, device: torch.device) -> Pack:
        """The same on another device."""
        if self.ids.device == device:
            return self
        moved = torch.stack((self.ids, self.positions, self.trees, self.branches)).to(device, non_blocking=True)
        return replace(self, ids=moved[0], positions=moved[1], trees=moved[2], branches=moved[3])


def pack_trees(trees: list[Tree], row_tokens: int | None, pad: int, rows: int | None = None) -> list[Pack]:
    """Lay trees out in rows.

    Parameters
    ----------
    trees
        What is packed; every sequence has an index of its own.
    row_tokens
        Room of a row: trees are put, the longest first, into the first row that has room (first-fit decreasing). A
        tree that is longer than a row has one of its own. Where they fit, as many rows of more even lengths are
        taken instead, since all are padded to the longest. None: one tree a row, in the order given.
    pad
        Id of the padding token.
    rows
        Most rows of one pack; None: all are in one.

    Returns
    -------
    Packs, each padded to its own longest row. There is none without trees.
    """
    layout = rows_of(trees, row_tokens)
    size = max(1, rows or len(layout))
    return [_lay_out(layout[start : start + size], pad) for start in range(0, len(layout), size)]


def rows_of(trees: list[Tree], row_tokens: int | None) -> list[list[Tree]]:
    """Which trees stand in which row, see `pack_trees`."""
    return [[tree] for tree in trees] if row_tokens is None else _evened(_first_fit(trees, row_tokens), row_tokens)


def padded_tokens(trees: list[Tree], row_tokens: int | None) -> int:
    """Tokens of the trees' pack, padding included: its rows times the longest."""
    rows = rows_of(trees, row_tokens)
    return len(rows) * max(sum(tree.tokens for tree in row) for row in rows)


def _first_fit(trees: list[Tree], room: int) -> list[list[Tree]]:
    rows: list[list[Tree]] = []
    free: list[int] = []
    for tree in sorted(trees, key=lambda tree: -tree.tokens):
        row = next((row for row, left in enumerate(free) if left >= tree.tokens), len(rows))
        if row == len(rows):
            rows.append([])
            free.append(room)
        rows[row].append(tree)
        free[row] -= tree.tokens
    return rows


def _evened(rows: list[list[Tree]], room: int) -> list[list[Tree]]:
    """The trees in as many rows, the longest first into the shortest row; as they were where one has no room."""
    evened: list[list[Tree]] = [[] for _ in rows]
    filled = [0] * len(rows)
    for tree in sorted((tree for row in rows for tree in row), key=lambda tree: -tree.tokens):
        row = filled.index(min(filled))
        if filled[row] and filled[row] + tree.tokens > room:
            return rows
        evened[row].append(tree)
        filled[row] += tree.tokens
    return evened


def _lay_out(layout: list[list[Tree]], pad: int) -> Pack:
    lengths = tuple(sum(tree.tokens for tree in row) for row in layout)
    table = np.zeros((4, len(layout), max(lengths)), dtype=np.int64)
    ids, positions, numbers, branches = table
    ids[:], numbers[:] = pad, -1
    places: dict[int, tuple[int, int, int, int, int]] = {}
    for row, trees in enumerate(layout):
        at = 0
        for number, tree in enumerate(trees):
            start, trunk = at, len(tree.trunk)
            for branch, tokens in enumerate([tree.trunk, *(branch.ids for branch in tree.branches)]):
                end = at + len(tokens)
                ids[row, at:end] = tokens
                first = trunk if branch else 0
                positions[row, at:end] = np.arange(first, first + len(tokens))
                branches[row, at:end] = branch
                if branch:
                    places[tree.branches[branch - 1].index] = (row, start, trunk, at, len(tokens))
                at = end
            numbers[row, start:at] = number
    tensors = torch.from_numpy(table)
    plain = all(len(trees) == 1 and len(trees[0].branches) == 1 for trees in layout)
    return Pack(tensors[0], tensors[1], tensors[2], tensors[3], plain, lengths, places)
