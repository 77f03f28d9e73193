"""Scores test rows: all label logits and all estimators from one forward pass, which rows of one dialogue share."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from typing import TypeAlias

import torch
from torch import Tensor

from .attention import hidden
from .batches import batches_by_length
from .capture import Capture
from .decisions import Decisions
from .estimators import Softmax
from .interruption import Interruption
from .longer_labels import without_extensions
from .memory import in_parts
from .model import LanguageModel
from .packing import Pack, pack_trees
from .parallel import Processes
from .progress import Progress
from .questions import Continued, Plan, Question, plan_questions

SECONDS_BETWEEN_LINES = 0.5


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


@dataclass(frozen=True)
class Decided:
    """A question's score as if every label had one token."""

    question: int
    score: Score


@dataclass(frozen=True)
class WentOn:
    """Log-probability of a label's tokens after its first."""

    label: Continued
    log_probability: float


Answer: TypeAlias = Decided | WentOn


class Scorer:
    """Scores questions in batches of trees of similar length.

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
    share
        Whether questions about one example share what they begin with, which needs an attention that knows the block
        mask.
    half
        Whether products are computed in bf16, as in training.
    processes
        Those that share the work; None: this one alone.
    """

    def __init__(
        self,
        model: LanguageModel,
        capture: Capture,
        *,
        pad: int,
        bos: int,
        share: bool = False,
        half: bool = False,
        processes: Processes | None = None,
    ) -> None:
        self._model = model
        self._capture = capture
        self._pad = pad
        self._bos = bos
        self._share = share
        self._half = half
        self._processes = processes or Processes()

    def score(self, questions: list[Question], progress: Progress, interruption: Interruption) -> list[Score]:
        """Score all questions; the result is in their order.

        Processes deal the batches among themselves, and all have the result.
        """
        plan = plan_questions(questions, self._share)
        batches = batches_by_length([tree.tokens for tree in plan.trees])
        answers: list[Answer] = []
        spoken = 0.0
        self._model.net.eval()

        def answer(part: list[int]) -> list[Answer]:
            [pack] = pack_trees([plan.trees[i] for i in part], None, self._pad)
            return self._forward(pack, plan, questions)

        with self._capture:
            for chosen in self._processes.share_of(batches):
                interruption.check()
                answers += in_parts(answer, chosen, self._model.device)
                if time.monotonic() - spoken >= SECONDS_BETWEEN_LINES or len(answers) == len(questions):
                    spoken = time.monotonic()
                    progress.write("score", phase="score", examples=len(answers))
        return put_together(questions, self._processes.gather(answers))

    @torch.no_grad()
    def _forward(self, pack: Pack, plan: Plan, questions: list[Question]) -> list[Answer]:
        """What a pack's sequences answer: first labels, then how those of several tokens go on."""
        pack = pack.to(self._model.device)
        decided = {i: plan.decided[i] for i in pack.indices if i in plan.decided}
        decisions = Decisions.of(pack, [(i, len(questions[q].context)) for i, q in decided.items()], self._bos)
        self._capture.begin(decisions)
        with torch.autocast(pack.ids.device.type, torch.bfloat16, enabled=self._half):
            states = hidden(self._model, pack, self._capture.watch if self._capture.attends else None)
            answers: list[Answer] = []
            if decided:
                answers += self._decide(states, decisions, list(decided.values()), questions)
            return answers + self._go_on(states, pack, plan)

    def _decide(
        self, states: Tensor, decisions: Decisions, asked: list[int], questions: list[Question]
    ) -> list[Decided]:
        """Score questions as if every label had one token."""
        logits = self._model.head(states[decisions.rows, decisions.columns]).float()
        final = Softmax.of(logits)
        layers = {name: values.T.tolist() for name, values in self._capture.finish(final).items()}
        firsts = [[tail[0] for tail in questions[q].labels.tails] for q in asked]
        chosen = iter(logits[_owners(firsts), [token for first in firsts for token in first]].tolist())
        return [
            Decided(
                q, Score([next(chosen) for _ in first], total, {name: values[i] for name, values in layers.items()})
            )
            for i, (q, first, total) in enumerate(zip(asked, firsts, final.log_sum_exp().tolist()))
        ]

    def _go_on(self, states: Tensor, pack: Pack, plan: Plan) -> list[WentOn]:
        """Log-probabilities of labels' tokens after the first."""
        rows, columns, tokens, labels = [], [], [], []
        for index in pack.indices:
            for label in plan.continued.get(index, []):
                row, places = pack.place(index)
                labels.append(label)
                tokens.append(list(label.tokens))
                rows += [row] * len(label.tokens)
                columns += places[label.start : label.start + len(label.tokens)].tolist()
        if not labels:
            return []
        scores = Softmax.of(self._model.head(states[rows, columns]))
        flat = torch.tensor([token for own in tokens for token in own], device=states.device)
        log_p = scores.shifted.gather(1, flat[:, None])[:, 0].double() - scores.total[:, 0].double().log()
        sums = torch.zeros(len(labels), dtype=log_p.dtype, device=log_p.device)
        sums.index_add_(0, torch.tensor(_owners(tokens), device=log_p.device), log_p)
        return [WentOn(label, total) for label, total in zip(labels, sums.tolist())]


def mean_score(scores: list[Score]) -> Score:
    """The score under several explanations of one row: mean probabilities of the labels, and mean estimates.

    `log_sum_exp` is the mean of theirs, and each label's logit is that plus the logarithm of its mean probability.
    """
    if len(scores) == 1:
        return scores[0]
    number = len(scores)
    log_sum_exp = math.fsum(score.log_sum_exp for score in scores) / number
    logits = []
    for label in range(len(scores[0].label_logits)):
        p = math.fsum(math.exp(score.label_logits[label] - score.log_sum_exp) for score in scores) / number
        logits.append(log_sum_exp + math.log(max(p, 1e-300)))
    estimates = {
        name: [sum(values) / number for values in zip(*(score.estimates[name] for score in scores))]
        for name in scores[0].estimates
    }
    return Score(logits, log_sum_exp, estimates)


def put_together(questions: list[Question], answers: list[Answer]) -> list[Score]:
    """One score a question, with what its labels of several tokens have beyond their first."""
    scores = {answer.question: answer.score for answer in answers if isinstance(answer, Decided)}
    for answer in answers:
        if isinstance(answer, WentOn):
            scores[answer.label.question].label_logits[answer.label.label] += answer.log_probability
    for number, question in enumerate(questions):
        if max(map(len, question.labels.tails)) > 1:
            exact = without_extensions(scores[number].label_logits, question.labels.tails)
            scores[number] = replace(scores[number], label_logits=exact)
    return [scores[number] for number in range(len(questions))]


def _owners(lists: list[list[int]]) -> list[int]:
    """For each element of all lists, which list it is of."""
    return [i for i, own in enumerate(lists) for _ in own]
