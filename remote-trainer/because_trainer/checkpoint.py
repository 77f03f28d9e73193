"""The last checkpoint of a run: all that a run needs to go on as if it had never been stopped."""

from __future__ import annotations

import pickle
import shutil
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch

from .errors import RunFailed
from .files import replace_file
from .model import LanguageModel
from .parallel import Processes
from .randomness import random_state, restore_random_state
from .sharding import put_whole_state, whole_state

FOLDER = "checkpoint"
FILE = "state.pt"


@dataclass
class Position:
    """Where a training stands: everything besides model, optimiser and random state.

    Attributes
    ----------
    step
        Steps done. With the seed it decides the order of the data.
    examples, tokens, label_tokens, explanation_tokens
        Trained on so far, padding excluded.
    encoded_tokens
        Tokens that went through the model: shared ones once.
    micro_batch
        Most sequences in the model at a time, after any halving; 0 before the first step.
    window
        Sums of the losses since the last whole progress window: name → [sum, count].
    wall_seconds, train_seconds
        Over all tries.
    peak_memory
        In bytes, over all tries.
    resumed
        How often the run went on from a checkpoint.
    """

    step: int = 0
    examples: int = 0
    tokens: int = 0
    label_tokens: int = 0
    explanation_tokens: int = 0
    encoded_tokens: int = 0
    micro_batch: int = 0
    window: dict[str, list[float]] = field(default_factory=dict)
    wall_seconds: float = 0.0
    train_seconds: float = 0.0
    peak_memory: int = 0
    resumed: int = 0


def save_checkpoint(
    folder: Path,
    job: str,
    position: Position,
    model: LanguageModel,
    optimiser: torch.optim.Optimizer,
    group: Processes,
) -> None:
    """Replace the run's checkpoint. There is one at a time, and a reader never sees half of it.

    Of the model it holds what is trained: a frozen base is read again from where it came. Every process must call it;
    the first one writes.

    Parameters
    ----------
    folder
        The run's folder.
    job
        SHA-256 of `job.json`: a checkpoint of another job is never taken up.
    """
    weights, moments = whole_state(model, optimiser)
    random = group.collect([random_state(model.device)])
    if group.first:
        state = {
            "job": job,
            "position": asdict(position),
            "model": weights,
            "optimiser": moments,
            "random": random,
        }
        replace_file(folder / FOLDER / FILE, lambda beside: torch.save(state, beside))
    group.wait()


def read_checkpoint(folder: Path, job: str) -> dict[str, Any] | None:
    """The run's checkpoint, or None where there is none that can be used."""
    path = folder / FOLDER / FILE
    if not path.exists():
        return None
    try:
        state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, RuntimeError, EOFError, pickle.UnpicklingError):
        return None
    return state if state.get("job") == job else None


def restore(
    state: dict[str, Any], model: LanguageModel, optimiser: torch.optim.Optimizer, group: Processes
) -> Position:
    """Put model, optimiser and random state back; the position comes back with one more resumption.

    Raises
    ------
    RunFailed
        When the checkpoint was made by another number of processes, whose random states are not to be divided.
    """
    if len(state["random"]) != group.count:
        raise RunFailed(
            f"the checkpoint was made by {len(state['random'])} processes, and {group.count} would go on from it: "
            "start as many, or remove the run's folder to begin anew."
        )
    put_whole_state(model, optimiser, state["model"], state["optimiser"])
    restore_random_state(state["random"][group.rank], model.device)
    position = Position(**state["position"])
    position.resumed += 1
    return position


def remove_checkpoint(folder: Path) -> None:
    """Remove the checkpoint of a run that is done."""
    shutil.rmtree(folder / FOLDER, ignore_errors=True)
