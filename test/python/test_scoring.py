"""Label probabilities are exact, however rows are batched and labels are cut into tokens."""

from __future__ import annotations

import itertools
import math
from pathlib import Path

import pytest
import torch
from because_trainer.capture import Capture
from because_trainer.interruption import Interruption
from because_trainer.longer_labels import without_extensions
from because_trainer.model import LanguageModel
from because_trainer.progress import Progress
from because_trainer.scoring import Question, Score, Scorer
from because_trainer.sequences import Layout
from conftest import Base
from workshop import CAPTURE, LABELS, TEXT, make_rows


@pytest.fixture
def model(base: Base) -> LanguageModel:
    return base.model()


def questions_of(base: Base, labels: list[str]) -> list[Question]:
    layout = Layout(base.tokenizer, TEXT, label_first=True, max_tokens=96, prompt_room=80)  # type: ignore[arg-type]
    label_set = layout.label_set(labels)
    return [Question(layout.context(row.prompt).ids, label_set) for row in make_rows(9, 4)]


def score(base: Base, model: LanguageModel, questions: list[Question], folder: Path) -> list[Score]:
    scorer = Scorer(model, Capture(model, CAPTURE), pad=base.tokenizer.pad, bos=1)  # type: ignore[arg-type]
    with Progress(folder, None) as progress:
        return scorer.score(questions, progress, Interruption())


def plain_log_probability(model: LanguageModel, context: list[int], tokens: tuple[int, ...]) -> float:
    """Of some tokens after a context, from one plain forward pass over everything."""
    with torch.no_grad():
        logits = model.net(input_ids=torch.tensor([[*context, *tokens]])).logits[0].double()
    log_p = logits.log_softmax(-1)
    return math.fsum(log_p[len(context) - 1 + i, token].item() for i, token in enumerate(tokens))


def test_batched_is_one_by_one(base: Base, model: LanguageModel, tmp_path: Path) -> None:
    questions = questions_of(base, LABELS["naturalness"])
    together = score(base, model, questions, tmp_path)
    for question, expected in zip(questions, together):
        (alone,) = score(base, model, [question], tmp_path)
        assert alone.label_logits == pytest.approx(expected.label_logits, abs=1e-4)
        assert alone.log_sum_exp == pytest.approx(expected.log_sum_exp, abs=1e-4)
        for name, layers in expected.estimates.items():
            assert alone.estimates[name] == pytest.approx(layers, abs=1e-4, nan_ok=True)


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
