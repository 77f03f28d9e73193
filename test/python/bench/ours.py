"""Training and scoring by this trainer, through the code of its own command, and what it does noted for others."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pyarrow.parquet as pq
from because_trainer import arm, training
from because_trainer.checkpoint import Position
from because_trainer.contexts import Context
from because_trainer.interruption import Interruption
from because_trainer.progress import Progress
from because_trainer.runs import do_run
from because_trainer.sequences import PROMPT, Layout
from because_trainer.tables import Row

from .course import IGNORED, Course
from .results import Scoring, Steady, Training


def train_ours(jobs: Path, run: str, runs: Path, note: Path | None = None) -> Training:
    """Do a train job in this process.

    With `note`, its course, the model before and after, and every step's loss are noted there. Without, nothing of
    the trainer is touched and no loss is returned: that is how it is timed.
    """
    if note is None:
        manifest = _do(jobs, run, runs)
        return Training(manifest["train_seconds"], manifest["examples"], [])
    with noting(note):
        manifest = _do(jobs, run, runs)
    lines = (runs / run / "progress.jsonl").read_text(encoding="utf-8").splitlines()
    steps = [line for line in map(json.loads, lines) if line["event"] == "step"]
    return Training(manifest["train_seconds"], manifest["examples"], [line["loss"] for line in steps])


def score_ours(jobs: Path, run: str, runs: Path) -> Scoring:
    """Do a job that scores, in this process: from rows to written predictions."""
    cut = Layout.contexts
    spent = 0.0

    def timed(layout: Layout, rows: list[Row]) -> list[Context]:
        nonlocal spent
        began = time.monotonic()
        contexts = cut(layout, rows)
        spent += time.monotonic() - began
        return contexts

    with patch.object(Layout, "contexts", timed):
        manifest = _do(jobs, run, runs)
    rows = pq.read_table(runs / run / "predictions.parquet", columns=["label_logits", "log_sum_exp"]).to_pylist()
    scores = [[logit - row["log_sum_exp"] for logit in row["label_logits"]] for row in rows]
    return Scoring(manifest["score_seconds"] + spent, manifest["score_seconds"], scores)


def work_ours(jobs: Path, run: str, runs: Path, note: Path | None) -> Steady:
    """Do a train job in this process, timed by its progress; its course is noted, but no model."""
    with noting(note, models=False) if note else nullcontext():
        manifest = _do(jobs, run, runs)
    lines = [json.loads(line) for line in (runs / run / "progress.jsonl").read_text(encoding="utf-8").splitlines()]
    return Steady(
        examples=steady_rate(lines, "step"),
        rows=steady_rate(lines, "score") or 0.0,
        peak_memory=manifest.get("peak_device_memory_bytes"),
        attention=manifest["attention"],
        micro_batch=manifest["micro_batch"],
    )


def steady_rate(lines: list[dict[str, Any]], event: str) -> float | None:
    """Examples a second in the second half of them; None with fewer than two lines that count any.

    In the first half kernels are chosen and compiled.
    """
    counted = [line for line in lines if line["event"] == event and line["examples"]]
    if len(counted) < 2:
        return None
    *before, last = counted
    first = next((line for line in before if 2 * line["examples"] >= last["examples"]), before[-1])
    if last["time"] <= first["time"]:
        return None
    return float((last["examples"] - first["examples"]) / (last["time"] - first["time"]))


def _do(jobs: Path, run: str, runs: Path) -> dict[str, Any]:
    """Do a run that must succeed; returns its manifest."""
    report = do_run(run, jobs, runs, Interruption())
    if report.status != "done":
        raise RuntimeError(report.reason)
    return dict(json.loads((runs / run / "manifest.json").read_text(encoding="utf-8")))


@contextmanager
def noting(folder: Path, *, models: bool = True) -> Iterator[None]:
    """While this lasts, what is trained on what is written into a folder.

    With `models`, so are the model before and after, and progress has a line for every step.
    """

    class Noting(training.Trainer):
        def __init__(self, plan: training.Plan, model: Any, *others: Any) -> None:
            super().__init__(plan, model, *others)
            note_course(folder, plan, [self._order.batch(step) for step in range(plan.options["steps"])])
            self._keep("model")

        def run(self, progress: Progress) -> Position:
            position = super().run(progress)
            self._keep("trained")
            return position

        def _keep(self, name: str) -> None:
            if models:
                self._model.save(folder / name)
                shutil.copy(folder / "tokenizer.json", folder / name)

    with patch.object(arm, "Trainer", Noting), patch.object(training, "WINDOW", 1 if models else training.WINDOW):
        yield


def note_course(folder: Path, plan: training.Plan, batches: list[list[int]]) -> None:
    """Write the course of a plan, and the tokenizer of its study where it has one of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    for tokenizer in plan.folder.parent.glob("*/tokenizer.json"):
        shutil.copy(tokenizer, folder)
    Course(
        ids=[sequence.ids for sequence in plan.recipe.sequences],
        targets=[
            [IGNORED if part == PROMPT else token for token, part in zip(sequence.ids, sequence.parts)]
            for sequence in plan.recipe.sequences
        ],
        batches=batches,
        options=plan.options,
        pad=plan.recipe.pad,
    ).write(folder)
