"""Scores along the training: the test rows, scored with the weights that a model has after parts of its steps."""

from __future__ import annotations

from pathlib import Path

from .checkpoint import FOLDER as CHECKPOINT
from .contract import CaptureOptions
from .errors import RunFailed
from .held_out import HeldOut
from .parallel import Processes
from .progress import Progress
from .tables import join_tables, write_layers, write_predictions

PREDICTIONS, LAYERS = "along.parquet", "along_layers.parquet"


class Along:
    """Scores the test rows after some of the steps.

    What is scored is kept beside the checkpoint, one file a step, until the training is over: a run that was killed
    finds there what it scored before the step that it goes on from, and scores all else again.

    Parameters
    ----------
    folder
        The run's folder.
    options
        Parts of the training, and the estimators.
    steps
        Steps of the training.
    held_out
        The test rows.
    progress
        Where lines are written while scoring.
    processes
        Those that share the work.
    resume_at
        Step of the checkpoint that the run goes on from, or None.
    """

    def __init__(
        self,
        folder: Path,
        options: CaptureOptions,
        steps: int,
        held_out: HeldOut,
        progress: Progress,
        processes: Processes,
        resume_at: int | None,
    ) -> None:
        self._folder = folder
        self._estimators = options["estimators"]
        self._steps = steps_along(options["along"], steps)
        self._held_out = held_out
        self._progress = progress
        self._processes = processes
        if processes.first:
            for step in self._steps:
                if resume_at is None or step > resume_at:
                    for path in self._parts(step):
                        path.unlink(missing_ok=True)
        processes.wait()

    @property
    def files(self) -> list[str]:
        """What `write` leaves."""
        return [PREDICTIONS, LAYERS] if self._steps else []

    def after_step(self, step: int) -> None:
        """Score the rows where this step is one of those asked for, unless that was done before.

        To be called after every step, and once with the step that a run goes on from: it may have been left while it
        scored. Every process must call it.
        """
        if step not in self._steps:
            return
        predictions, layers = self._parts(step)
        missing = self._processes.first and not (predictions.exists() and layers.exists())
        if not self._processes.agree(int(missing)):
            return
        scored = self._held_out.score(self._progress)
        write_predictions(predictions, [{"step": step, **record} for record in scored.predictions], along=True)
        write_layers(layers, self._estimators, [{"step": step, **record} for record in scored.layers], along=True)

    def write(self) -> None:
        """Write `along.parquet` and `along_layers.parquet`, in the order of the steps; nothing where none is asked for.

        Raises
        ------
        RunFailed
            When the scores of a step are gone.
        """
        if not self._steps or not self._processes.first:
            return
        parts = [self._parts(step) for step in self._steps]
        for step, paths in zip(self._steps, parts):
            if not all(path.exists() for path in paths):
                raise RunFailed(
                    f"the scores after step {step} are missing from {CHECKPOINT}/: remove the run's folder to begin "
                    "anew."
                )
        join_tables(self._folder / PREDICTIONS, [predictions for predictions, _ in parts])
        join_tables(self._folder / LAYERS, [layers for _, layers in parts])

    def _parts(self, step: int) -> tuple[Path, Path]:
        folder = self._folder / CHECKPOINT
        return folder / f"along-{step}.parquet", folder / f"along_layers-{step}.parquet"


def steps_along(parts: list[float], steps: int) -> list[int]:
    """Steps after which rows are scored: the nearest to each part of the training, the first at least."""
    return sorted({max(1, round(part * steps)) for part in parts}) if steps else []
