"""A step's batch as micro-batches: trees in packs, with what they are to predict and what it weighs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch

from .loss import Mask, Targets, Weights, token_weights
from .packing import Indices, Pack, pack_trees
from .sequences import EXPLANATION, LABEL, Sequence
from .trees import Tree, grow_trees


@dataclass(frozen=True)
class Recipe:
    """How batches are made of sequences.

    Attributes
    ----------
    sequences
        All training sequences.
    keys
        For each, which example it is of: (corpus, example id).
    pad
        Id of the padding token.
    reduction, label_weight
        How token losses become one loss.
    share
        Whether sequences of one example share what they begin with.
    row_tokens
        Room of a row in which several trees are packed; None: one tree a row.
    """

    sequences: list[Sequence]
    keys: list[tuple[str, str]]
    pad: int
    reduction: str
    label_weight: float
    share: bool
    row_tokens: int | None

    @cached_property
    def completions(self) -> dict[int, Completion]:
        """What each sequence is to predict, as far as it was asked for."""
        return {}

    def completion(self, index: int) -> Completion:
        """What one sequence is to predict."""
        known = self.completions.get(index)
        if known is None:
            known = self.completions[index] = completion_of(self.sequences[index])
        return known


@dataclass(frozen=True)
class Completion:
    """The completion tokens of one sequence.

    Attributes
    ----------
    places
        Place of the token before each of them, where it is predicted, (tokens,).
    ids
        The tokens, (tokens,).
    label
        Which belong to the label part, boolean (tokens,).
    """

    places: Indices
    ids: Indices
    label: Mask


@dataclass(frozen=True)
class MicroBatch:
    """What goes through the model at a time.

    Attributes
    ----------
    pack
        The trees.
    targets
        What they are to predict.
    examples
        How many sequences it holds; 0 for a copy that only keeps processes in step.
    """

    pack: Pack
    targets: Targets
    examples: int


def completion_of(sequence: Sequence) -> Completion:
    """The completion tokens of a sequence; its first token is never one, since nothing predicts it."""
    parts = np.frombuffer(bytes(sequence.parts), dtype=np.uint8)[1:]
    places = np.flatnonzero((parts == LABEL) | (parts == EXPLANATION))
    ids = [sequence.ids[place + 1] for place in places.tolist()]
    return Completion(places, np.array(ids, dtype=np.int64), parts[places] == LABEL)


def cut_batch(recipe: Recipe, batch: list[int], micro_batch: int, least: int = 1) -> list[MicroBatch]:
    """Cut a batch into micro-batches; their losses and gradients add up to those of the batch.

    Parameters
    ----------
    batch
        Indices of its sequences.
    micro_batch
        Most sequences at a time. Trees are kept whole as far as that allows.
    least
        Micro-batches that there must be a multiple of, one a process: what is missing is made up by copies of weight
        zero.
    """
    weights = batch_weights(recipe, batch)
    cut = [_micro_batch(recipe, batch, trees, weights) for trees in hands_of(recipe, batch, micro_batch, least)]
    return cut + [_silent(cut[-1])] * (-len(cut) % least)


def hands_of(recipe: Recipe, batch: list[int], micro_batch: int, least: int = 1) -> list[list[Tree]]:
    """The trees of each micro-batch, see `cut_batch`; a branch's index is its sequence's place in the batch."""
    keys = [recipe.keys[i] for i in batch]
    grown = grow_trees([recipe.sequences[i].ids for i in batch], keys, recipe.share)
    return deal(grown, min(micro_batch, -(-len(batch) // least)))


def batch_weights(recipe: Recipe, batch: list[int]) -> list[Weights]:
    """Weight of every completion token of a batch, one array a sequence."""
    return token_weights([recipe.completion(i).label for i in batch], recipe.reduction, recipe.label_weight)


def deal(trees: list[Tree], most: int) -> list[list[Tree]]:
    """Put trees into hands of at most so many sequences, in order; only a tree that has more is cut."""
    hands: list[list[Tree]] = []
    room = 0
    for tree in trees:
        for start in range(0, len(tree.branches), most):
            piece = tree if len(tree.branches) <= most else Tree(tree.trunk, tree.branches[start : start + most])
            if room < len(piece.branches):
                hands.append([])
                room = most
            hands[-1].append(piece)
            room -= len(piece.branches)
    return hands


def _micro_batch(recipe: Recipe, batch: list[int], trees: list[Tree], weights: list[Weights]) -> MicroBatch:
    [pack] = pack_trees(trees, recipe.row_tokens, recipe.pad)
    rows, columns, ids, label, weight = [], [], [], [], []
    for place in pack.indices:
        completion = recipe.completion(batch[place])
        row, at = pack.place(place)
        rows.append(np.full(len(completion.ids), row))
        columns.append(at[completion.places])
        ids.append(completion.ids)
        label.append(completion.label)
        weight.append(weights[place])
    table = torch.from_numpy(np.stack([np.concatenate(part) for part in (rows, columns, ids, label)]).astype(np.int64))
    targets = Targets(table[0], table[1], table[2], table[3].bool(), torch.from_numpy(np.concatenate(weight)))
    return MicroBatch(pack, targets, len(pack.indices))


def _silent(micro: MicroBatch) -> MicroBatch:
    """A copy that changes neither loss nor gradient, for a process that has nothing else to do in a step."""
    targets = micro.targets
    nothing = Targets(
        targets.rows[:1], targets.columns[:1], targets.ids[:1], targets.label[:1], torch.zeros_like(targets.weights[:1])
    )
    return MicroBatch(micro.pack, nothing, 0)
