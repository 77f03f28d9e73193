"""The last checkpoint of a run: all that a run needs to go on as if it had never been stopped."""

from __future__ import annotations

import pickle
import shutil
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch

from .files import replace_file

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
    window: dict[str, list[float]] = field(default_factory=dict)
    wall_seconds: float = 0.0
    train_seconds: float = 0.0
    peak_memory: int = 0
    resumed: int = 0


def save_checkpoint(folder: Path, job: str, position: Position, model: Any, optimiser: torch.optim.Optimizer) -> None:
    """Replace the run's checkpoint. There is one at a time, and a reader never sees half of it.

    Parameters
    ----------
    folder
        The run's folder.
    job
        SHA-256 of `job.json`: a checkpoint of another job is never taken up.
    """
    state = {
        "job": job,
        "position": asdict(position),
        "model": model.state_dict(),
        "optimiser": optimiser.state_dict(),
        "random": torch.get_rng_state(),
        "device_random": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
    }
    replace_file(folder / FOLDER / FILE, lambda beside: torch.save(state, beside))


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


def restore(state: dict[str, Any], model: Any, optimiser: torch.optim.Optimizer) -> Position:
    """Put model, optimiser and random state back; the position comes back with one more resumption."""
    model.load_state_dict(state["model"])
    optimiser.load_state_dict(state["optimiser"])
    torch.set_rng_state(state["random"])
    if state["device_random"] and torch.cuda.is_available():
        torch.cuda.set_rng_state_all(state["device_random"])
    position = Position(**state["position"])
    position.resumed += 1
    return position


def remove_checkpoint(folder: Path) -> None:
    """Remove the checkpoint of a run that is done."""
    shutil.rmtree(folder / FOLDER, ignore_errors=True)
