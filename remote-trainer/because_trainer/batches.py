"""The order of the data: a pure function of (seed, step), so that a resumed run sees what it would have seen."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
import numpy.typing as npt
import torch

BUCKET_BATCHES = 32
"""Sequences are sorted by length within so many batches, which leaves order random and padding rare."""

Indices = npt.NDArray[np.int64]


class DataOrder:
    """Which sequences make up the batch of a step.

    Every epoch is a new permutation of the examples, whose sequences (one an axis) stay adjacent, so that they can
    share what they have in common. It is cut into stretches that are sorted by prompt length, cut into batches, and
    shuffled. Lengths are those of the prompts alone: all arms of a study that share a seed then see the same
    sequences at the same steps, and differ in nothing but their arm.

    Parameters
    ----------
    lengths
        Prompt length of each sequence.
    keys
        Which example each sequence is of.
    batch
        Sequences a batch; the last batch of an epoch's last stretch may be smaller.
    seed
        The run's seed.
    """

    def __init__(self, lengths: list[int], keys: Sequence[Hashable], batch: int, seed: int) -> None:
        numbers: dict[Hashable, int] = {}
        self._example = np.asarray([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.int64)
        self._lengths = np.zeros(len(numbers), dtype=np.int64)
        np.maximum.at(self._lengths, self._example, np.asarray(lengths, dtype=np.int64))
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
        rank = random.permutation(len(self._lengths))
        order = np.argsort(rank[self._example], kind="stable")
        stretch = self._batch * BUCKET_BATCHES
        batches: list[list[int]] = []
        for start in range(0, len(order), stretch):
            part = self._by_length(order[start : start + stretch], rank)
            batches += [part[at : at + self._batch].tolist() for at in range(0, len(part), self._batch)]
        return [batches[i] for i in random.permutation(len(batches))]

    def _by_length(self, part: Indices, rank: Indices) -> Indices:
        """Sort a stretch by the length of its examples; the sequences of one stay together."""
        example = self._example[part]
        return part[np.lexsort((np.arange(len(part)), rank[example], self._lengths[example]))]


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
