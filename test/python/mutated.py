"""The trainer's command line with a mistake in it, which the tests of invariance must find.

`python -m mutated MISTAKE run …`, where MISTAKE is a key of `MISTAKES`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace

from because_trainer import step
from because_trainer.__main__ import main
from because_trainer.microbatches import MicroBatch, Recipe, cut_batch

Cut = Callable[[Recipe, list[int], int, int], list[MicroBatch]]


def averaged(recipe: Recipe, batch: list[int], micro_batch: int, least: int = 1) -> list[MicroBatch]:
    """Micro-batches that count alike, however many tokens each predicts: the usual mistake of accumulation."""
    parts = [batch[start : start + micro_batch] for start in range(0, len(batch), micro_batch)]
    return [scaled(cut_batch(recipe, part, len(part), 1)[0], 1 / len(parts)) for part in parts]


def leaning(recipe: Recipe, batch: list[int], micro_batch: int, least: int = 1) -> list[MicroBatch]:
    """Weights too large by two units in the last place, which no tolerance tells from rounding."""
    return [scaled(micro, 1 + 2**-22) for micro in cut_batch(recipe, batch, micro_batch, least)]


def scaled(micro: MicroBatch, factor: float) -> MicroBatch:
    """A micro-batch whose loss is multiplied."""
    return replace(micro, targets=replace(micro.targets, weights=micro.targets.weights * factor))


MISTAKES: dict[str, Cut] = {"averaged": averaged, "leaning": leaning}

if __name__ == "__main__":
    setattr(step, "cut_batch", MISTAKES[sys.argv[1]])  # noqa: B010  # mypy takes a module's functions for constants
    sys.exit(main(sys.argv[2:]))
