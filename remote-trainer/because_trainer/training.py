"""The training loop, for warm-up and arms alike."""

from __future__ import annotations

import math
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from .batches import DataOrder
from .checkpoint import Position, read_checkpoint, restore, save_checkpoint
from .contract import Execution, Optimisation
from .environment import peak_memory
from .errors import Interrupted, RunFailed
from .interruption import Interruption
from .loss import Loss
from .microbatches import Recipe
from .model import LanguageModel
from .optimisation import clip_gradients, learning_rate, make_optimiser
from .parallel import processes
from .progress import Progress
from .step import Gradients
from .task import Outcome

WINDOW = 10
"""Steps between progress lines. A line's losses are means over its window, so it reads the same after a resume."""

LONGEST_SILENCE = 2.0
"""Seconds after which a progress line is written within a window, for models whose steps are slow."""


EXPLODED = 4.0
"""A mean loss beyond so many times ln(vocabulary), what guessing uniformly costs, ends a run. A model that was never
trained pays about once that, and one that learned anything less: four times is confidence in what is wrong, from which
a run does not come back to what its arm would have been."""

NAMED = 12
"""Examples of a batch that a message names."""


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
    execution
        How it is carried out.
    recipe
        The sequences, and how batches and their loss are made of them.
    parts
        Whether label part and explanation part are reported.
    """

    folder: Path
    job: str
    seed: int
    options: Optimisation
    execution: Execution
    recipe: Recipe
    parts: bool = True


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
    after_step
        Called after every step with its number, and before the first with 0 or that of the checkpoint, in every
        process. It may look at the model but must leave it, and all random generators, as they are.
    """

    def __init__(self, plan: Plan, model: LanguageModel, interruption: Interruption, began: float) -> None:
        self._plan = plan
        self._model = model
        self._interruption = interruption
        self._processes = processes()
        lengths = [sequence.prompt_tokens for sequence in plan.recipe.sequences]
        self._order = DataOrder(lengths, plan.recipe.keys, plan.options["batch"], plan.seed)
        torch.manual_seed(plan.seed + self._processes.rank)
        self.gradients = Gradients(plan.recipe, model, plan.execution, plan.options["batch"], self._processes)
        self._optimiser = make_optimiser(model, plan.options)
        self._trained = [parameter for parameter in model.net.parameters() if parameter.requires_grad]
        self._most = EXPLODED * math.log(model.net.get_input_embeddings().num_embeddings)
        state = read_checkpoint(plan.folder, plan.job)
        self.position = Position() if state is None else restore(state, model, self._optimiser, self._processes)
        self.resume_at = None if state is None else self.position.step
        self._start = (self.position.train_seconds, self.position.examples, self.position.tokens)
        self.after_step: Callable[[int], None] = lambda step: None
        if self.position.micro_batch:
            self.gradients.micro_batch = min(self.position.micro_batch, self.gradients.micro_batch)
        self._wall_from, self._train_from = began, interruption.clock()
        self._spoken = (interruption.clock(), self.position.tokens)

    def run(self, progress: Progress) -> Position:
        """Train to the last step and leave a checkpoint there.

        Raises
        ------
        RunFailed
            When a loss or gradient is not finite or the loss explodes, naming step and examples; when memory does not
            suffice for one example at a time.
        Interrupted
            After saving a checkpoint, when leaving was asked for.
        """
        if not self._plan.recipe.sequences and self._plan.options["steps"]:
            raise RunFailed("there is nothing to train on: train.parquet has no rows.")
        self._leave_if_asked()
        self._model.net.train()
        position, steps, every = (
            self.position,
            self._plan.options["steps"],
            self._plan.options["checkpoint_every"],
        )
        if position.step < steps:
            self.gradients.fit(self._order.first_epoch(steps), moments=not self._optimiser.state)
            self._train_from = self._interruption.clock()  # the check is no training
        self._aside(position.step)
        while position.step < steps:
            norm = self._step()
            self._speak(progress, norm)
            if position.step % every == 0 or position.step == steps:
                self._save()
            try:
                self._leave_if_asked()
                self._aside(position.step)
            except Interrupted:
                self._save()
                raise
        position.wall_seconds += time.monotonic() - self._wall_from
        return position

    @property
    def speed(self) -> dict[str, Any]:
        """The manifest's keys about speed, of this try alone, up to the last checkpoint."""
        position, (seconds, examples, tokens) = self.position, self._start
        return self.gradients.throughput.report(
            position.train_seconds - seconds,
            position.examples - examples,
            position.tokens - tokens,
            self._processes.count,
        )

    def _aside(self, step: int) -> None:
        """Do what is asked for after a step, outside the time of the training."""
        began = self._interruption.clock()
        self.after_step(step)
        self._train_from += self._interruption.clock() - began

    def _leave_if_asked(self) -> None:
        """Raise `Interrupted` in all processes when one was asked to leave."""
        asked: Interrupted | None = None
        try:
            self._interruption.check()
        except Interrupted as cause:
            asked = cause
        code = self._processes.agree(asked.exit_code if asked else 0)
        if asked:
            raise asked
        if code:
            # The signal may reach this process only after it reached another.
            raise Interrupted(signal.Signals(code - 128).name, code)

    def _step(self) -> float:
        """Do one step; returns the gradient norm before clipping."""
        options, position = self._plan.options, self.position
        batch = self._order.batch(position.step)
        loss, encoded = self.gradients.of(batch)
        norm = clip_gradients(self._trained, options["clip"])
        self._check_finite(loss, norm, batch)
        rate = learning_rate(position.step, options)
        for group in self._optimiser.param_groups:
            group["lr"] = rate
        self._optimiser.step()
        self._count(batch, loss, encoded)
        return norm

    def _check_finite(self, loss: Loss, norm: float, batch: list[int]) -> None:
        """Stop a training that diverged, before it changes the weights."""
        if math.isfinite(loss.total) and math.isfinite(norm) and loss.mean <= self._most:
            return
        keys = list(dict.fromkeys(self._plan.recipe.keys[i] for i in batch))
        named = ", ".join(f"{example} of {corpus}" for corpus, example in keys[:NAMED])
        rest = f" and {len(keys) - NAMED} more" if len(keys) > NAMED else ""
        raise RunFailed(
            f"training diverged at step {self.position.step + 1}: the loss is {loss.total:.4g} ({loss.mean:.4g} nats a "
            f"token, where {self._most:.4g} is the most that is let pass) and the gradient norm {norm:.4g}; its batch "
            f"holds {named}{rest}.",
            "diverged",
        )

    def _count(self, batch: list[int], loss: Loss, encoded: int) -> None:
        position, sequences = self.position, self._plan.recipe.sequences
        if position.step % WINDOW == 0:
            position.window = {}
        position.step += 1
        position.examples += len(batch)
        position.tokens += sum(len(sequences[i].ids) for i in batch)
        position.encoded_tokens += encoded
        position.micro_batch = self.gradients.micro_batch
        losses: dict[str, float | None] = {"loss": loss.total}
        if self._plan.parts:
            position.label_tokens += loss.label_tokens
            position.explanation_tokens += loss.explanation_tokens
            losses |= {"loss_label": loss.label, "loss_explanation": loss.explanation}
        for name, value in losses.items():
            if value is not None:
                sums = position.window.setdefault(name, [0.0, 0.0])
                sums[0] += value
                sums[1] += 1

    def _speak(self, progress: Progress, norm: float) -> None:
        """Write a progress line at the end of each window, and within one that takes long."""
        position, now = self.position, self._interruption.clock()
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
        now, clock = time.monotonic(), self._interruption.clock()
        position = self.position
        position.wall_seconds += now - self._wall_from
        position.train_seconds += clock - self._train_from
        position.peak_memory = max(position.peak_memory, peak_memory())
        self._wall_from, self._train_from = now, clock
        save_checkpoint(self._plan.folder, self._plan.job, position, self._model, self._optimiser, self._processes)


def training_outcome(position: Position, model: LanguageModel, plan: Plan) -> Outcome:
    """The part of a run's outcome that its training decides."""
    return Outcome(
        train_seconds=position.train_seconds,
        parameters=model.parameters,
        steps=position.step,
        examples=position.examples,
        tokens=position.tokens,
        label_tokens=position.label_tokens,
        explanation_tokens=position.explanation_tokens,
        truncated_rows=sum(sequence.truncated for sequence in plan.recipe.sequences),
        resumed=position.resumed,
        trained_at=time.monotonic(),
        wall_seconds=position.wall_seconds,
        peak_memory=position.peak_memory,
        conduct={
            "trainable_parameters": model.trainable_parameters,
            "encoded_tokens": position.encoded_tokens,
            "micro_batch": position.micro_batch,
            "processes": processes().count,
            "shared_dialogues": plan.recipe.share,
        },
    )
