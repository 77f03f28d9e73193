"""One run as the code of its kind sees it: where its inputs lie, where its files go, and what it gives back."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .contract import ModelSource, TrainJob, WarmUpJob
from .errors import RunFailed
from .hub import model_folder
from .interruption import Interruption
from .loading import build_model, start_of
from .manifest import FILE as MANIFEST
from .model import LanguageModel
from .shared_base import SharedBase
from .tokenizer import Tokenizer, folder_tokenizer, read_tokenizer


@dataclass(frozen=True)
class Task:
    """A run that is to be done.

    Attributes
    ----------
    run
        Its id.
    inputs
        The job's folder.
    folder
        The run's folder.
    job_sha256
        SHA-256 of the bytes of `job.json`.
    began
        When this try began, by the monotonic clock.
    interruption
        Asked at safe points whether to leave.
    base
        Where it shares a frozen base with other runs of this process; None where it has its own.
    """

    run: str
    inputs: Path
    folder: Path
    job_sha256: str
    began: float
    interruption: Interruption
    base: SharedBase | None = None

    def other_run(self, run: str, what: str) -> Path:
        """Folder of a run that this one builds on.

        Raises
        ------
        RunFailed
            When that run is not done.
        """
        folder = self.folder.parent / run
        try:
            status = json.loads((folder / MANIFEST).read_bytes())["status"]
        except (OSError, ValueError, KeyError):
            status = "missing"
        if status != "done":
            raise RunFailed(f"the {what} run {run} that this run builds on is {status}, not done.")
        return folder


@dataclass
class Outcome:
    """What a run leaves; numbers as in the manifest.

    Attributes
    ----------
    files
        Names of all files but the manifest, relative to the run's folder.
    wall_seconds
        Wall time over all tries up to `trained_at`, as far as they reached a checkpoint; 0 for kinds without any.
    trained_at
        When training ended, by the monotonic clock; None for kinds without training.
    peak_memory
        Peak memory of earlier tries, likewise.
    conduct
        How it was carried out, as far as this kind of run knows: optional keys of the manifest, such as those of
        `Throughput.report`, `micro_batch`, `processes`, `attention` and `shared_dialogues`.
    """

    files: list[str] = field(default_factory=list)
    train_seconds: float = 0.0
    score_seconds: float = 0.0
    parameters: int = 0
    steps: int = 0
    examples: int = 0
    tokens: int = 0
    label_tokens: int = 0
    explanation_tokens: int = 0
    truncated_rows: int = 0
    shortened_explanations: int = 0
    resumed: int = 0
    wall_seconds: float = 0.0
    trained_at: float | None = None
    peak_memory: int = 0
    conduct: dict[str, Any] = field(default_factory=dict)


def load_tokenizer(task: Task, tokenizer_run: str | None, source: ModelSource) -> Tokenizer:
    """The tokenizer of a job: that of its tokenizer run, else the one that comes with its model."""
    if tokenizer_run is not None:
        return read_tokenizer(task.other_run(tokenizer_run, "tokenizer") / "tokenizer.json")
    folder = model_folder(source)
    if folder is None:
        raise RunFailed("a model from scratch needs a tokenizer run.")
    return folder_tokenizer(folder, source["hub"] if "hub" in source else str(folder))


def load_model(task: Task, job: WarmUpJob | TrainJob, tokenizer: Tokenizer) -> LanguageModel:
    """The model that a job starts from: that of its warm-up run, else its source, with the adapter that it asks for."""
    base_run = job["base_run"] if job["kind"] == "train" else None
    base = None if base_run is None else task.other_run(base_run, "warm-up") / "model"
    return build_model(start_of(job, base), tokenizer, task.base)
