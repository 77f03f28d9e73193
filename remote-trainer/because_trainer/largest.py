"""Which micro-batches need the most memory: found by counting tokens, before anything is trained."""

from __future__ import annotations

from .microbatches import Recipe, hands_of
from .packing import padded_tokens
from .trees import Tree, grow_trees

Place = tuple[list[int], int]
"""A batch, and which of its micro-batches."""


def largest_micro_batches(recipe: Recipe, batches: list[list[int]], micro_batch: int, least: int = 1) -> list[Place]:
    """The micro-batch with most padded tokens, and where that is another, the one with most tokens to predict.

    Parameters
    ----------
    batches
        Where they are looked for.
    micro_batch, least
        How batches are cut, see `cut_batch`.
    """
    places: list[Place] = []
    read: list[tuple[int, int]] = []
    predicted: list[tuple[int, int]] = []
    for batch in batches:
        for number, trees in enumerate(hands_of(recipe, batch, micro_batch, least)):
            sizes = padded_tokens(trees, recipe.row_tokens), _targets(recipe, batch, trees)
            places.append((batch, number))
            read.append(sizes)
            predicted.append(sizes[::-1])
    found = dict.fromkeys(sizes.index(max(sizes)) for sizes in (read, predicted))
    return [places[number] for number in found]


def composed_batches(recipe: Recipe, batch: int) -> list[list[int]]:
    """Batches that an epoch might hold at worst.

    The longest trees; the longest sequences that share nothing, each of which takes a row of its own; and the longest
    tree among those, which are padded to its length.

    Parameters
    ----------
    batch
        Sequences a batch.
    """
    trees = sorted(_all_trees(recipe), key=lambda tree: -tree[0])
    alone = [tree for tree in trees if len(tree[1]) == 1]
    composed = [trees, alone, trees[:1] + [tree for tree in alone if tree is not trees[0]]] if alone else [trees]
    batches = [[i for _, indices in chosen[:batch] for i in indices][:batch] for chosen in composed]
    return [chosen for place, chosen in enumerate(batches) if chosen not in batches[:place]]


def _all_trees(recipe: Recipe) -> list[tuple[int, list[int]]]:
    """Tokens and sequences of every tree; trees themselves would take the memory of all tokens once more."""
    groups: dict[tuple[str, str], list[int]] = {}
    for i, key in enumerate(recipe.keys):
        groups.setdefault(key, []).append(i)
    found: list[tuple[int, list[int]]] = []
    for key, group in groups.items():
        for tree in grow_trees([recipe.sequences[i].ids for i in group], [key] * len(group), recipe.share):
            found.append((tree.tokens, [group[branch.index] for branch in tree.branches]))
    return found


def _targets(recipe: Recipe, batch: list[int], trees: list[Tree]) -> int:
    return sum(len(recipe.completion(batch[branch.index]).ids) for tree in trees for branch in tree.branches)
