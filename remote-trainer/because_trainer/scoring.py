"""Scores test rows: all label logits and all estimators from one forward pass a row."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace

import torch

from .batches import batches_by_length, pad_right
from .capture import Capture
from .interruption import Interruption
from .longer_labels import continuation_log_probabilities, without_extensions
from .model import LanguageModel
from .progress import Progress
from .sequences import LabelSet

SECONDS_BETWEEN_LINES = 0.5


@dataclass(frozen=True)
class Question:
    """One test row as the model sees it.

    Attributes
    ----------
    ids
        Everything before the label, BOS included.
    labels
        The labels to choose from.
    """

    ids: list[int]
    labels: LabelSet

    @property
    def context(self) -> list[int]:
        """All tokens up to the decision position, whose next token tells the labels apart."""
        return [*self.ids, *self.labels.shared]


@dataclass(frozen=True)
class Score:
    """What the model says of one test row.

    Attributes
    ----------
    label_logits
        One a label, such that exp(logit − log_sum_exp) is the model's probability of the label. For a label of one
        token it is that token's raw logit; for one of several, the first token's raw logit plus the log-probabilities
        of the others.
    log_sum_exp
        Over the vocabulary at the decision position, in nats.
    estimates
        Estimator → value of each layer; NaN where it is not defined.
    """

    label_logits: list[float]
    log_sum_exp: float
    estimates: dict[str, list[float]]

    @property
    def off_label_mass(self) -> float:
        """1 − probability of all labels together, in [0, 1]."""
        highest = max(self.label_logits)
        labels = highest + math.log(sum(math.exp(logit - highest) for logit in self.label_logits))
        return max(0.0, -math.expm1(labels - self.log_sum_exp))


class Scorer:
    """Scores questions in batches of similar length.

    Parameters
    ----------
    model
        The trained model.
    capture
        What is measured beside the logits.
    pad
        Id of the padding token.
    bos
        How many tokens at a question's beginning are BOS, which no estimator counts: 0 or 1.
    """

    def __init__(self, model: LanguageModel, capture: Capture, *, pad: int, bos: int) -> None:
        self._model = model
        self._capture = capture
        self._pad = pad
        self._bos = bos

    def score(self, questions: list[Question], progress: Progress, interruption: Interruption) -> list[Score]:
        """Score all questions; the result is in their order."""
        scores: dict[int, Score] = {}
        spoken = 0.0
        self._model.net.eval()
        with self._capture:
            for chosen in batches_by_length([len(question.context) for question in questions]):
                interruption.check()
                scores.update(zip(chosen, self._forward([questions[i] for i in chosen])))
                if time.monotonic() - spoken >= SECONDS_BETWEEN_LINES or len(scores) == len(questions):
                    spoken = time.monotonic()
                    progress.write("score", phase="score", examples=len(scores))
        return self._follow_longer_labels(questions, [scores[i] for i in range(len(questions))], interruption)

    @torch.no_grad()
    def _forward(self, questions: list[Question]) -> list[Score]:
        """Score one batch as if every label had one token."""
        device = self._model.device
        contexts = [question.context for question in questions]
        ids = pad_right(contexts, self._pad).to(device)
        decision = torch.tensor(list(map(len, contexts)), device=device) - 1
        positions = torch.arange(ids.shape[1], device=device)[None]
        self._capture.begin(decision, (positions >= self._bos) & (positions <= decision[:, None]))
        hidden = self._model.hidden(ids)
        logits = self._model.head(hidden[torch.arange(len(ids), device=device), decision]).double()
        layers = {name: values.T.tolist() for name, values in self._capture.finish(logits).items()}
        totals = logits.logsumexp(-1).tolist()
        firsts = [[tail[0] for tail in question.labels.tails] for question in questions]
        return [
            Score(logits[i, first].tolist(), totals[i], {name: values[i] for name, values in layers.items()})
            for i, first in enumerate(firsts)
        ]

    def _follow_longer_labels(
        self, questions: list[Question], scores: list[Score], interruption: Interruption
    ) -> list[Score]:
        """Add what labels of several tokens have beyond their first."""
        longer = [
            (i, label)
            for i, question in enumerate(questions)
            for label, tail in enumerate(question.labels.tails)
            if len(tail) > 1
        ]
        sums = continuation_log_probabilities(
            self._model,
            [questions[i].context for i, _ in longer],
            [questions[i].labels.tails[label] for i, label in longer],
            self._pad,
            interruption,
        )
        for (i, label), log_probability in zip(longer, sums):
            logits = scores[i].label_logits
            scores[i] = replace(
                scores[i],
                label_logits=[*logits[:label], logits[label] + log_probability, *logits[label + 1 :]],
            )
        for i in {i for i, _ in longer}:
            scores[i] = replace(
                scores[i], label_logits=without_extensions(scores[i].label_logits, questions[i].labels.tails)
            )
        return scores
