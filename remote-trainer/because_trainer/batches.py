"""The order of the data: a pure function of (seed, step), so that a resumed run sees what it would have seen."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from math import gcd

import numpy as np
import numpy.typing as npt
import torch

BUCKET_BATCHES = 32
"""Sequences are sorted by length within so many batches, which leaves order random and padding rare."""

Indices = npt.NDArray[np.int64]


class DataOrder:
    """Which sequences make up the batch of a step.

    Every epoch is a new permutation of the examples, whose sequences (one an axis) stay adjacent, so that they can
    share what they have in common. What does not fill a batch is cut off first, anywhere in the permutation, so that
    every sequence is as likely as any other to be in the small batch, where it weighs more. The rest is cut into
    stretches that are sorted by prompt length, cut into batches, and shuffled. Lengths are those of the prompts alone:
    all arms of a study that share a seed then see the same sequences at the same steps, and differ in nothing but
    their arm.

    Parameters
    ----------
    lengths
        Prompt length of each sequence.
    keys
        Which example each sequence is of.
    batch
        Sequences a batch; one batch of an epoch may be smaller.
    seed
        The run's seed.
    """

    def __init__(self, lengths: list[int], keys: Sequence[Hashable], batch: int, seed: int) -> None:
        numbers: dict[Hashable, int] = {}
        self._example = np.asarray([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.int64)
        self._lengths = np.zeros(len(numbers), dtype=np.int64)
        np.maximum.at(self._lengths, self._example, np.asarray(lengths, dtype=np.int64))
        self._sizes = np.bincount(self._example)
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

    def first_epoch(self, steps: int) -> list[list[int]]:
        """The batches of the first epoch, or of so many steps where those are fewer."""
        return [self.batch(step) for step in range(min(steps, self._per_epoch))]

    def _cut(self, epoch: int) -> list[list[int]]:
        random = np.random.Generator(np.random.Philox(np.random.SeedSequence([self._seed, epoch])))
        rank = random.permutation(len(self._lengths))
        order = np.argsort(rank[self._example], kind="stable")
        rest = self._rest(random)
        batches = [self._by_length(order[rest], rank).tolist()] if rest.any() else []
        order = order[~rest]
        stretch = self._batch * BUCKET_BATCHES
        for start in range(0, len(order), stretch):
            part = self._by_length(order[start : start + stretch], rank)
            batches += [part[at : at + self._batch].tolist() for at in range(0, len(part), self._batch)]
        return [batches[i] for i in random.permutation(len(batches))]

    def _rest(self, random: np.random.Generator) -> npt.NDArray[np.bool_]:
        """Which places of the permutation make up the small batch: a run of them, on a circle, from a random place.

        The run begins and ends between examples where their sizes allow it.
        """
        count = len(self._example)
        chosen = np.zeros(count, dtype=np.bool_)
        if size := count % self._batch:
            grain = gcd(size, *self._sizes.tolist())
            start = grain * int(random.integers(count // grain))
            chosen[(start + np.arange(size)) % count] = True
        return chosen

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


def batches_by_length(lengths: list[int], most: int | None = None) -> list[list[int]]:
    """Indices in batches of similar length, a pure function of the lengths.

    Parameters
    ----------
    most
        Padded tokens of one batch; None: `TOKENS_A_BATCH`.
    """
    most = most or TOKENS_A_BATCH
    batches: list[list[int]] = []
    for i in sorted(range(len(lengths)), key=lambda i: (lengths[i], i)):
        if not batches or (len(batches[-1]) + 1) * lengths[i] > most:
            batches.append([])
        batches[-1].append(i)
    return batches
