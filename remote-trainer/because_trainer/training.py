"""The training loop, for warm-up and arms alike."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch

from .batches import Batch, DataOrder, collate
from .checkpoint import Position, read_checkpoint, restore, save_checkpoint
from .contract import Optimisation
from .environment import peak_memory
from .errors import Interrupted, RunFailed
from .interruption import Interruption
from .loss import Loss
from .model import LanguageModel
from .optimisation import learning_rate, make_optimiser
from .progress import Progress
from .sequences import Sequence
from .task import Outcome

WINDOW = 10
"""Steps between progress lines. A line's losses are means over its window, so it reads the same after a resume."""

LONGEST_SILENCE = 2.0
"""Seconds after which a progress line is written within a window, for models whose steps are slow."""


@dataclass(frozen=True)
class Plan:
    """What is trained on what.

    Attributes
    ----------
    folder
        The run's folder, where its checkpoint and progress lie.
    job
        SHA-256 of `job.json`.
    seed
        Decides the order of the data.
    options
        How it is optimised.
    sequences
        All training sequences.
    pad
        Id of the padding token.
    objective
        Logits (targets, vocabulary) and batch to loss.
    """

    folder: Path
    job: str
    seed: int
    options: Optimisation
    sequences: list[Sequence]
    pad: int
    objective: Callable[[torch.Tensor, Batch], Loss]


class Trainer:
    """Trains a model step by step, from the run's checkpoint where there is one.

    Parameters
    ----------
    plan
        What is trained on what.
    model
        Trained in place.
    interruption
        Asked after every step whether to leave.
    began
        When this try of the run began, by the monotonic clock.

    Attributes
    ----------
    resume_at
        The checkpoint's step, or None where there was no checkpoint.
    """

    def __init__(self, plan: Plan, model: LanguageModel, interruption: Interruption, began: float) -> None:
        self._plan = plan
        self._model = model
        self._interruption = interruption
        self._optimiser = make_optimiser(model, plan.options)
        self._order = DataOrder([s.prompt_tokens for s in plan.sequences], plan.options["batch"], plan.seed)
        torch.manual_seed(plan.seed)
        state = read_checkpoint(plan.folder, plan.job)
        self.position = Position() if state is None else restore(state, model.net, self._optimiser)
        self.resume_at = None if state is None else self.position.step
        self._wall_from, self._train_from = began, time.monotonic()
        self._spoken = (time.monotonic(), self.position.tokens)

    def run(self, progress: Progress) -> Position:
        """Train to the last step and leave a checkpoint there.

        Raises
        ------
        RunFailed
            When a loss or gradient is not finite, naming the step.
        Interrupted
            After saving a checkpoint, when leaving was asked for.
        """
        if not self._plan.sequences and self._plan.options["steps"]:
            raise RunFailed("there is nothing to train on: train.parquet has no rows.")
        self._interruption.check()
        self._model.net.train()
        position, steps, every = (
            self.position,
            self._plan.options["steps"],
            self._plan.options["checkpoint_every"],
        )
        while position.step < steps:
            norm = self._step()
            self._speak(progress, norm)
            if position.step % every == 0 or position.step == steps:
                self._save()
            try:
                self._interruption.check()
            except Interrupted:
                self._save()
                raise
        position.wall_seconds += time.monotonic() - self._wall_from
        return position

    def _step(self) -> float:
        """Do one step; returns the gradient norm before clipping."""
        plan, position = self._plan, self.position
        sequences = [plan.sequences[i] for i in self._order.batch(position.step)]
        batch = collate(sequences, plan.pad, self._model.device)
        hidden = self._model.hidden(batch.ids)
        loss = plan.objective(self._model.head(hidden[batch.rows, batch.columns]), batch)
        self._optimiser.zero_grad(set_to_none=True)
        loss.total.backward()  # type: ignore[no-untyped-call]
        norm = float(torch.nn.utils.clip_grad_norm_(self._model.net.parameters(), plan.options["clip"]))
        total = loss.total.item()
        if not (math.isfinite(total) and math.isfinite(norm)):
            raise RunFailed(
                f"training diverged at step {position.step + 1}: the loss is {total} and the gradient norm {norm}."
            )
        rate = learning_rate(position.step, plan.options)
        for group in self._optimiser.param_groups:
            group["lr"] = rate
        self._optimiser.step()
        self._count(len(sequences), batch, loss, total)
        return norm

    def _count(self, examples: int, batch: Batch, loss: Loss, total: float) -> None:
        position = self.position
        if position.step % WINDOW == 0:
            position.window = {}
        position.step += 1
        position.examples += examples
        position.tokens += batch.tokens
        position.label_tokens += loss.label_tokens
        position.explanation_tokens += loss.explanation_tokens
        for name, value in (
            ("loss", total),
            ("loss_label", loss.label),
            ("loss_explanation", loss.explanation),
        ):
            if value is not None:
                sums = position.window.setdefault(name, [0.0, 0.0])
                sums[0] += value
                sums[1] += 1

    def _speak(self, progress: Progress, norm: float) -> None:
        """Write a progress line at the end of each window, and within one that takes long."""
        position, now = self.position, time.monotonic()
        since, tokens = self._spoken
        last = position.step == self._plan.options["steps"]
        if position.step % WINDOW and not last and now - since < LONGEST_SILENCE:
            return
        self._spoken = (now, position.tokens)
        means = {name: total / count for name, (total, count) in position.window.items()}
        progress.write(
            "step",
            phase="train",
            step=position.step,
            steps=self._plan.options["steps"],
            examples=position.examples,
            tokens=position.tokens,
            loss=means["loss"],
            loss_label=means.get("loss_label"),
            loss_explanation=means.get("loss_explanation"),
            learning_rate=learning_rate(position.step - 1, self._plan.options),
            gradient_norm=norm,
            tokens_per_second=round((position.tokens - tokens) / max(now - since, 1e-9), 1),
            memory_bytes=peak_memory(),
        )

    def _save(self) -> None:
        now = time.monotonic()
        position = self.position
        position.wall_seconds += now - self._wall_from
        position.train_seconds += now - self._train_from
        position.peak_memory = max(position.peak_memory, peak_memory())
        self._wall_from = self._train_from = now
        save_checkpoint(self._plan.folder, self._plan.job, position, self._model.net, self._optimiser)


def training_outcome(position: Position, model: LanguageModel, sequences: list[Sequence]) -> Outcome:
    """The part of a run's outcome that its training decides."""
    return Outcome(
        train_seconds=position.train_seconds,
        parameters=model.parameters,
        steps=position.step,
        examples=position.examples,
        tokens=position.tokens,
        label_tokens=position.label_tokens,
        explanation_tokens=position.explanation_tokens,
        truncated_rows=sum(sequence.truncated for sequence in sequences),
        resumed=position.resumed,
        trained_at=time.monotonic(),
        wall_seconds=position.wall_seconds,
        peak_memory=position.peak_memory,
    )
