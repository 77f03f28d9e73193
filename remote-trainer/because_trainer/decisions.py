"""Where the decision positions of a pass lie, and which tokens count there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from .packing import Indices, Pack
from .spectra import TokenRows


@dataclass(frozen=True)
class Decisions:
    """The decision positions of one pass, and what each example's estimators see there.

    Attributes
    ----------
    rows, columns
        Where they lie, (examples,) each.
    token_rows
        The tokens up to and with the decision position, without BOS.
    slots
        Place of each example in a grid of (rows, most examples of a row), as one number, (examples,).
    grid
        Columns of the grid's decision positions, (rows, most examples of a row); padded with 0.
    counted
        Which tokens of the row count, boolean (rows, most examples of a row, tokens); where the grid is padded,
        the first alone.
    """

    rows: Tensor
    columns: Tensor
    token_rows: TokenRows
    slots: Tensor
    grid: Tensor
    counted: Tensor

    @classmethod
    def of(cls, pack: Pack, contexts: list[tuple[int, int]], bos: int) -> Decisions:
        """Of a pack.

        Parameters
        ----------
        contexts
            For each example, a sequence of the pack that begins with its context, and the context's length: the
            decision position is its last token.
        bos
            Tokens at each sequence's beginning that no estimator counts: 0 or 1.
        """
        places = [pack.place(index) for index, _ in contexts]
        rows = np.array([row for row, _ in places], dtype=np.int64)
        tokens = [columns[bos:length] for (_, columns), (_, length) in zip(places, contexts)]
        columns = np.array([own[length - 1] for (_, own), (_, length) in zip(places, contexts)], dtype=np.int64)
        slots, grid, counted = _grid(pack, rows, columns, tokens)
        device = pack.ids.device
        return cls(
            torch.from_numpy(rows).to(device),
            torch.from_numpy(columns).to(device),
            _token_rows(pack, rows, tokens, device),
            torch.from_numpy(slots).to(device),
            torch.from_numpy(grid).to(device),
            torch.from_numpy(counted).to(device),
        )


def _grid(
    pack: Pack, rows: Indices, columns: Indices, tokens: list[Indices]
) -> tuple[Indices, Indices, np.typing.NDArray[np.bool_]]:
    height, width = pack.ids.shape
    number = np.zeros(len(rows), dtype=np.int64)
    filled = [0] * height
    for i, row in enumerate(rows.tolist()):
        number[i], filled[row] = filled[row], filled[row] + 1
    most = max([1, *filled])
    grid = np.zeros((height, most), dtype=np.int64)
    counted = np.zeros((height, most, width), dtype=bool)
    counted[:, :, 0] = True
    for i, row in enumerate(rows.tolist()):
        grid[row, number[i]] = columns[i]
        counted[row, number[i], 0] = False
        counted[row, number[i], tokens[i]] = True
    return rows * most + number, grid, counted


def _token_rows(pack: Pack, rows: Indices, tokens: list[Indices], device: torch.device) -> TokenRows:
    """Examples whose first counted token is the same are of one tree."""
    width = pack.ids.shape[1]
    numbers = pack.trees.cpu().numpy()
    trees: dict[tuple[int, int], list[int]] = {}
    for i, row in enumerate(rows.tolist()):
        trees.setdefault((row, int(numbers[row, tokens[i][0]]) if len(tokens[i]) else -1), []).append(i)
    union = [np.unique(np.concatenate([tokens[i] for i in members])) for members in trees.values()]
    tree = np.zeros(len(rows), dtype=np.int64)
    chosen = np.zeros((len(rows), max([1, *map(len, tokens)])), dtype=np.int64)
    for number, members in enumerate(trees.values()):
        for i in members:
            tree[i] = number
            chosen[i, : len(tokens[i])] = np.searchsorted(union[number], tokens[i])
    places = np.zeros((len(union), max([1, *map(len, union)])), dtype=np.int64)
    for number, (row, _) in enumerate(trees):
        places[number, : len(union[number])] = row * width + union[number]
    present = np.arange(places.shape[1]) < np.array([len(own) for own in union])[:, None]
    counted = np.arange(chosen.shape[1]) < np.array([len(own) for own in tokens])[:, None]
    given = (torch.from_numpy(table).to(device) for table in (places, present, tree, chosen, counted))
    return TokenRows(*given)
