"""Label probabilities are exact, however rows are batched and labels are cut into tokens."""

from __future__ import annotations

import contextlib
import itertools
import math
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar, cast

import pytest
import torch
from because_trainer.attention import attend_by
from because_trainer.capture import MATRICES_AT_A_TIME, Capture
from because_trainer.interruption import Interruption
from because_trainer.longer_labels import without_extensions
from because_trainer.model import LanguageModel
from because_trainer.parallel import Processes
from because_trainer.progress import Progress
from because_trainer.questions import Question, plan_questions
from because_trainer.scoring import Score, Scorer, mean_score
from because_trainer.sequences import Layout
from conftest import Base
from workshop import CAPTURE, LABELS, TEXT, make_rows

T = TypeVar("T")


@pytest.fixture
def model(base: Base) -> LanguageModel:
    model = base.model()
    assert attend_by(model, "sdpa")
    return model


def questions_of(base: Base, labels: list[str]) -> list[Question]:
    """Nine questions, three about each of three examples."""
    layout = Layout(base.tokenizer, TEXT, label_first=True, max_tokens=96, prompt_room=80)  # type: ignore[arg-type]
    label_set = layout.label_set(labels)
    prompts = [f"{row.prompt}\n{axis}:" for row in make_rows(3, 4) for axis in ("clarity", "wit", "so much more")]
    rows = [replace(make_rows(1, 4)[0], prompt=prompt, example_id=f"e{i // 3}") for i, prompt in enumerate(prompts)]
    return [Question(c.ids, label_set, row.example_id) for row, c in zip(rows, layout.contexts(rows))]


def score(base: Base, model: LanguageModel, questions: list[Question], folder: Path, share: bool = True) -> list[Score]:
    capture = Capture(model, CAPTURE)  # type: ignore[arg-type]
    scorer = Scorer(model, capture, pad=base.tokenizer.pad, bos=1, share=share)
    with Progress(folder, None) as progress:
        return scorer.score(questions, progress, Interruption())


def check_alike(scores: list[Score], expected: list[Score]) -> None:
    """Label log-probabilities to 1e-5, estimates to 1e-4."""
    for own, other in zip(scores, expected, strict=True):
        pairs = zip(own.label_logits, other.label_logits, strict=True)
        for a, b in pairs:
            assert a - own.log_sum_exp == pytest.approx(b - other.log_sum_exp, abs=1e-5)
        assert own.log_sum_exp == pytest.approx(other.log_sum_exp, abs=1e-5)
        for name, layers in other.estimates.items():
            assert own.estimates[name] == pytest.approx(layers, abs=1e-4, nan_ok=True)


def plain_log_probability(model: LanguageModel, context: list[int], tokens: tuple[int, ...]) -> float:
    """Of some tokens after a context, from one plain forward pass over everything."""
    with torch.no_grad():
        logits = model.net(input_ids=torch.tensor([[*context, *tokens]])).logits[0].double()
    log_p = logits.log_softmax(-1)
    return math.fsum(log_p[len(context) - 1 + i, token].item() for i, token in enumerate(tokens))


LABEL_SETS = [
    LABELS["naturalness"],
    ["splendid", "middling", "3", "so bad"],
    ["7 1", "7 2", "7 3"],
    ["1", "1 2", "1 2 3"],
]


@pytest.mark.parametrize("labels", LABEL_SETS)
def test_shared_is_separate_and_batched_is_one_by_one(
    base: Base, model: LanguageModel, tmp_path: Path, labels: list[str]
) -> None:
    questions = questions_of(base, labels)
    shared = score(base, model, questions, tmp_path)
    check_alike(shared, score(base, model, questions, tmp_path, share=False))
    check_alike(shared, [score(base, model, [question], tmp_path)[0] for question in questions])


@pytest.mark.parametrize("labels", LABEL_SETS)
def test_one_pass_reads_the_prompt_of_an_example_once(base: Base, labels: list[str]) -> None:
    questions = questions_of(base, labels)
    trees = plan_questions(questions, share=True).trees
    assert len(trees) == 3
    separate = plan_questions(questions, share=False).trees
    assert sum(tree.tokens for tree in trees) < 0.7 * sum(tree.tokens for tree in separate)


def test_every_label_token_has_one_sequence_that_predicts_it(base: Base) -> None:
    questions = questions_of(base, ["1", "1 2", "1 2 3", "splendid", "so bad"])
    plan = plan_questions(questions, share=True)
    sequences = {b.index: [*tree.trunk, *b.ids] for tree in plan.trees for b in tree.branches}
    assert sorted(plan.decided.values()) == list(range(len(questions)))
    found = [(c.question, c.label) for labels in plan.continued.values() for c in labels]
    assert len(found) == len(set(found)) == 4 * len(questions)
    for index, labels in plan.continued.items():
        for continued in labels:
            question = questions[continued.question]
            whole = [*question.context, *question.labels.tails[continued.label]]
            assert sequences[index][: len(whole) - 1] == whole[:-1]
            assert sequences[index][continued.start] == question.labels.tails[continued.label][0]
    for index, number in plan.decided.items():
        context = questions[number].context
        assert sequences[index][: len(context)] == context


def test_labels_of_one_token(base: Base, model: LanguageModel, tmp_path: Path) -> None:
    questions = questions_of(base, LABELS["naturalness"])
    for question, scored in zip(questions, score(base, model, questions, tmp_path)):
        own = [logit - scored.log_sum_exp for logit in scored.label_logits]
        plain = [plain_log_probability(model, question.ids, tail) for tail in question.labels.tails]
        assert own == pytest.approx(plain, abs=1e-5)
        with torch.no_grad():
            raw = model.net(input_ids=torch.tensor([question.ids])).logits[0, -1]
        assert scored.label_logits == pytest.approx([raw[tail[0]].item() for tail in question.labels.tails], abs=1e-4)
        assert scored.off_label_mass == pytest.approx(1 - sum(map(math.exp, plain)), abs=1e-6)


def test_labels_of_several_tokens(base: Base, model: LanguageModel, tmp_path: Path) -> None:
    questions = questions_of(base, ["splendid", "middling", "3", "so bad"])
    assert max(map(len, questions[0].labels.tails)) > 2
    for question, scored in zip(questions, score(base, model, questions, tmp_path)):
        plain = [plain_log_probability(model, question.ids, tail) for tail in question.labels.tails]
        assert [logit - scored.log_sum_exp for logit in scored.label_logits] == pytest.approx(plain, abs=1e-5)


def test_tokens_that_all_labels_share_belong_to_the_context(base: Base, model: LanguageModel, tmp_path: Path) -> None:
    questions = questions_of(base, ["7 1", "7 2", "7 3"])
    assert len(questions[0].labels.shared) == 1
    for question, scored in zip(questions, score(base, model, questions, tmp_path)):
        plain = [plain_log_probability(model, question.context, tail) for tail in question.labels.tails]
        assert [logit - scored.log_sum_exp for logit in scored.label_logits] == pytest.approx(plain, abs=1e-5)


def test_mean_of_scores_has_the_mean_probabilities() -> None:
    scores = [
        Score([1.0, 2.0], 3.0, {"softmax": [1.0, 2.0], "attention": [math.nan, 1.0]}),
        Score([-1.0, 0.5], 2.0, {"softmax": [2.0, 4.0], "attention": [math.nan, 3.0]}),
    ]
    mean = mean_score(scores)
    p = [(math.exp(1 - 3) + math.exp(-1 - 2)) / 2, (math.exp(2 - 3) + math.exp(0.5 - 2)) / 2]
    assert [math.exp(logit - mean.log_sum_exp) for logit in mean.label_logits] == pytest.approx(p)
    assert mean.off_label_mass == pytest.approx(1 - sum(p))
    assert mean.estimates["softmax"] == [1.5, 3.0]
    assert mean.estimates["attention"] == pytest.approx([math.nan, 2.0], nan_ok=True)
    assert mean_score(scores[:1]) == scores[0]


class Half(Processes):
    """One of two processes whose other half of the answers is known."""

    def __init__(self, rank: int, other: list[object]) -> None:
        super().__init__(rank, 2)
        self.other, self.mine = other, list[object]()

    def gather(self, items: list[T]) -> list[T]:
        self.mine = list(items)
        return [*items, *self.other]  # type: ignore[list-item]


def test_processes_deal_the_batches(
    base: Base, model: LanguageModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("because_trainer.batches.TOKENS_A_BATCH", 120)
    questions = questions_of(base, LABELS["naturalness"])
    expected = score(base, model, questions, tmp_path)

    def half(rank: int, other: list[object]) -> tuple[list[object], list[Score]]:
        group, scores = Half(rank, other), list[Score]()
        capture = Capture(model, CAPTURE)  # type: ignore[arg-type]
        scorer = Scorer(model, capture, pad=base.tokenizer.pad, bos=1, share=True, processes=group)
        with Progress(tmp_path, None) as progress, contextlib.suppress(KeyError):
            scores = scorer.score(questions, progress, Interruption())
        return group.mine, scores

    first, _ = half(0, [])
    second, both = half(1, first)
    assert first
    assert second
    assert repr(both) == repr(expected)


def test_what_memory_does_not_hold_is_scored_in_halves(
    base: Base, model: LanguageModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    questions = questions_of(base, LABELS["naturalness"])
    expected = score(base, model, questions, tmp_path)
    head, failed = model.head, list[bool]()

    def short(states: torch.Tensor) -> Any:
        if not failed:  # in the end of a pass, when the capture holds all that it has seen
            failed.append(True)
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
        return head(states)

    monkeypatch.setitem(MATRICES_AT_A_TIME, "cpu", 2**28)
    check_alike(score(base, replace(model, head=cast("Any", short)), questions, tmp_path), expected)
    assert failed


def test_a_label_does_not_count_what_goes_on_to_a_longer_one() -> None:
    tails = [(1,), (1, 2), (1, 2, 3), (1, 4), (5,)]
    p = [0.6, 0.3, 0.1, 0.2, 0.25]
    exact = [math.exp(value) for value in without_extensions([math.log(x) for x in p], tails)]
    assert exact == pytest.approx([0.6 - 0.3 - 0.2, 0.3 - 0.1, 0.1, 0.2, 0.25])
    assert sum(exact) == pytest.approx(0.6 + 0.25)


def test_a_label_and_its_extensions_share_their_mass(base: Base, model: LanguageModel, tmp_path: Path) -> None:
    questions = questions_of(base, ["1", "1 2", "1 2 3"])
    for question, scored in zip(questions, score(base, model, questions, tmp_path)):
        first = plain_log_probability(model, question.context, question.labels.tails[0][:1])
        assert 1 - scored.off_label_mass == pytest.approx(math.exp(first), abs=1e-6)
        for (_, a), (_, b) in itertools.pairwise(zip(question.labels.tails, scored.label_logits)):
            assert math.isfinite(a)
            assert math.isfinite(b)
