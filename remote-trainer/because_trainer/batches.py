"""The order of the data: a pure function of (seed, step), so that a resumed run sees what it would have seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from .sequences import EXPLANATION, LABEL, Sequence

BUCKET_BATCHES = 32
"""Sequences are sorted by length within so many batches, which leaves order random and padding rare."""


class DataOrder:
    """Which sequences make up the batch of a step.

    Every epoch is a new permutation, cut into stretches that are sorted by prompt length, cut into batches, and
    shuffled. Lengths are those of the prompts alone: all arms of a study that share a seed then see the same
    examples at the same steps, and differ in nothing but their arm.

    Parameters
    ----------
    lengths
        Prompt length of each sequence.
    batch
        Sequences a batch; the last batches of a stretch may be smaller.
    seed
        The run's seed.
    """

    def __init__(self, lengths: list[int], batch: int, seed: int) -> None:
        self._lengths = np.asarray(lengths)
        self._batch = batch
        self._seed = seed % 2**64
        self._per_epoch = -(-len(lengths) // batch)
        self._epoch = -1
        self._batches: list[list[int]] = []

    def batch(self, step: int) -> list[int]:
        """Indices of the sequences of a step, counted from 0."""
        epoch, position = divmod(step, self._per_epoch)
        if epoch != self._epoch:
            self._epoch, self._batches = epoch, self._cut(epoch)
        return self._batches[position]

    def _cut(self, epoch: int) -> list[list[int]]:
        random = np.random.Generator(np.random.Philox(np.random.SeedSequence([self._seed, epoch])))
        order = random.permutation(len(self._lengths))
        stretch = self._batch * BUCKET_BATCHES
        batches = []
        for start in range(0, len(order), stretch):
            part = order[start : start + stretch]
            part = part[np.argsort(self._lengths[part], kind="stable")]
            batches += [part[at : at + self._batch].tolist() for at in range(0, len(part), self._batch)]
        return [batches[i] for i in random.permutation(len(batches))]


@dataclass(frozen=True)
class Batch:
    """Sequences of one step, padded at the right.

    Attributes
    ----------
    ids
        Token ids, (sequences, longest).
    rows, columns
        Positions that predict a completion token, (targets,) each.
    targets
        The tokens to be predicted, (targets,).
    label
        Which targets belong to the label part, boolean (targets,).
    tokens
        Tokens without padding.
    """

    ids: torch.Tensor
    rows: torch.Tensor
    columns: torch.Tensor
    targets: torch.Tensor
    label: torch.Tensor
    tokens: int


def collate(sequences: list[Sequence], pad: int, device: torch.device) -> Batch:
    """Pad sequences at the right and list what they predict.

    No attention mask is needed: attention is causal, so nothing sees the padding after it.
    """
    ids = pad_right([sequence.ids for sequence in sequences], pad)
    parts = pad_right([sequence.parts for sequence in sequences], 0)
    rows, columns = (torch.isin(parts[:, 1:], torch.tensor([LABEL, EXPLANATION]))).nonzero(as_tuple=True)
    return Batch(
        ids=ids.to(device),
        rows=rows.to(device),
        columns=columns.to(device),
        targets=ids[rows, columns + 1].to(device),
        label=(parts[rows, columns + 1] == LABEL).to(device),
        tokens=sum(len(sequence.ids) for sequence in sequences),
    )


def pad_right(lists: list[list[int]], value: int) -> torch.Tensor:
    """Lists of different lengths as one tensor, (lists, longest)."""
    longest = max(map(len, lists))
    return torch.tensor([row + [value] * (longest - len(row)) for row in lists], dtype=torch.long)


TOKENS_A_BATCH = 6144
"""Padded tokens of one batch of scoring."""


def batches_by_length(lengths: list[int]) -> list[list[int]]:
    """Indices in batches of similar length, a pure function of the lengths."""
    batches: list[list[int]] = []
    for i in sorted(range(len(lengths)), key=lambda i: (lengths[i], i)):
        if not batches or (len(batches[-1]) + 1) * lengths[i] > TOKENS_A_BATCH:
            batches.append([])
        batches[-1].append(i)
    return batches
