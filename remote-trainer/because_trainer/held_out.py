"""The test rows of a job: made ready once, and scored with the model's weights of the moment, as often as asked."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any

import torch

from .capture import Capture
from .contexts import Context
from .contract import TrainJob
from .decoding import Draws, Ending, decode_explanations
from .gathered import gathered
from .interruption import Interruption
from .model import LanguageModel
from .parallel import Processes
from .progress import Progress
from .questions import Question
from .scoring import Score, Scorer, mean_score
from .sequences import LabelSet, Layout
from .tables import Row

Record = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """A test row put before the model: one question, or one for each explanation that the model wrote before it."""

    questions: list[Question]
    generated: list[list[int]] | None


@dataclass(frozen=True)
class Scored:
    """Records of `predictions.parquet` and of `layers.parquet`, in the order of the rows."""

    predictions: list[Record]
    layers: list[Record]


class HeldOut:
    """Test rows that are scored with the model's weights of the moment.

    Parameters
    ----------
    model
        The model. Scoring leaves its weights, its training mode and all random generators as they are.
    job
        What is scored, and how.
    layout
        How rows become tokens.
    rows
        The rows of `test.parquet`.
    share
        Whether questions about one example share what they begin with.
    interruption
        Asked between batches whether to leave.
    processes
        Those that share the work.

    Attributes
    ----------
    truncated
        How many prompts were cut.

    Raises
    ------
    RunFailed
        When a prompt leaves no room for its label.
    """

    def __init__(
        self,
        model: LanguageModel,
        job: TrainJob,
        layout: Layout,
        rows: list[Row],
        *,
        share: bool,
        interruption: Interruption,
        processes: Processes,
    ) -> None:
        self._model, self._job, self._layout, self._rows = model, job, layout, rows
        self._interruption, self._processes = interruption, processes
        arm = job["arm"]
        self._explains = arm["order"] == "explanation-first" and arm["mode"] != "label-only"
        self._half = job["execution"]["precision"] == "bf16"
        self._sets = {axis: layout.label_set(labels) for axis, labels in job["labels"].items()}
        self._contexts = layout.contexts(rows)
        spoken = len(layout.because) + len(layout.therefore) if self._explains else 0
        self._rooms = [
            layout.room_after(context.ids, spoken + self._labels_of(row).room)
            for row, context in zip(rows, self._contexts)
        ]
        self._scorer = Scorer(
            model,
            Capture(model, job["capture"]),
            pad=layout.tokenizer.pad,
            bos=len(layout.start),
            share=share,
            half=self._half,
            processes=processes,
        )
        self.truncated = sum(context.truncated for context in self._contexts)

    def score(self, progress: Progress) -> Scored:
        """Score all rows; explanation-first arms write their explanations first. Every process must call it."""
        training = self._model.net.training
        try:
            with gathered(self._model):
                asked = self._ask()
                questions = [question for one in asked for question in one.questions]
                scores = iter(self._scorer.score(questions, progress, self._interruption))
        finally:
            self._model.net.train(training)
        means = [mean_score([next(scores) for _ in one.questions]) for one in asked]
        predictions = [self._prediction(*given) for given in zip(self._rows, self._contexts, asked, means)]
        estimators = self._job["capture"]["estimators"]
        layers = [record for row, mean in zip(self._rows, means) for record in layer_records(row, mean, estimators)]
        return Scored(predictions, layers)

    def _ask(self) -> list[Asked]:
        """Put each row before the model, up to its label."""
        if not self._explains:
            return [Asked([self._question(row, c.ids)], None) for row, c in zip(self._rows, self._contexts)]
        layout = self._layout
        openings = [[*context.ids, *layout.because] for context in self._contexts]
        with torch.autocast(self._model.device.type, torch.bfloat16, enabled=self._half):
            written = decode_explanations(
                self._model,
                openings,
                self._ending(),
                layout.tokenizer.pad,
                self._interruption,
                self._draws(),
                self._processes,
            )
        return [
            Asked([self._question(row, [*opening, *words, *layout.therefore]) for words in explanations], explanations)
            for row, opening, explanations in zip(self._rows, openings, written)
        ]

    def _ending(self) -> Ending:
        most = [min(self._job["capture"]["generate_tokens"], room) for room in self._rooms]
        beginnings = [self._labels_of(row).beginnings for row in self._rows]
        return Ending(self._layout.tokenizer.eos, self._layout.therefore, beginnings, most)

    def _draws(self) -> Draws | None:
        options, seed = self._job["capture"], self._job["seed"]
        if not options["samples"]:
            return None
        keys = [(seed, row.corpus, row.example_id, row.axis) for row in self._rows]
        return Draws(options["samples"], options["temperature"], list(keys))

    def _question(self, row: Row, ids: list[int]) -> Question:
        return Question(ids, self._labels_of(row), (row.corpus, row.example_id))

    def _labels_of(self, row: Row) -> LabelSet:
        return self._sets[row.axis]

    def _prediction(self, row: Row, context: Context, asked: Asked, score: Score) -> Record:
        logits = score.label_logits
        return {
            "example_id": row.example_id,
            "dialogue_id": row.dialogue_id,
            "corpus": row.corpus,
            "axis": row.axis,
            "gold": row.gold,
            "predicted": self._labels_of(row).labels[logits.index(max(logits))],
            "label_logits": logits,
            "log_sum_exp": score.log_sum_exp,
            "off_label_mass": score.off_label_mass,
            "truncated": context.truncated,
            "prompt_tokens": context.prompt_tokens,
            **self._generated(asked.generated),
        }

    def _generated(self, explanations: list[list[int]] | None) -> Record:
        """The greedy explanation's text; of drawn ones a JSON array of texts, and their mean length."""
        if explanations is None:
            return {"generated": None, "generated_tokens": None}
        texts = [self._layout.tokenizer.decode(words).strip() for words in explanations]
        drawn = self._job["capture"]["samples"] > 0
        return {
            "generated": json.dumps(texts, ensure_ascii=False) if drawn else texts[0],
            "generated_tokens": round(sum(map(len, explanations)) / len(explanations)),
        }


def layer_records(row: Row, score: Score, estimators: list[str]) -> list[Record]:
    """Records of one row, one a layer; null where an estimator is not defined."""
    depth = len(next(iter(score.estimates.values()), []))
    keys = {"example_id": row.example_id, "corpus": row.corpus, "axis": row.axis}
    return [
        {**keys, "layer": layer, **{name: _finite(score.estimates[name][layer]) for name in estimators}}
        for layer in range(depth)
    ]


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
