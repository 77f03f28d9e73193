"""Shortcut classifiers find what can be found by their shortcut, and nothing else."""

from __future__ import annotations

import math
import random

import numpy as np
import pyarrow.parquet as pq
import pytest
from because_trainer.baselines import length_features, log_probabilities, response_of
from because_trainer.tables import Row
from conftest import Base
from workshop import LABELS, WORDS

KNOWN = {"naturalness": LABELS["naturalness"]}


def rows_with(count: int, seed: int, rule: str) -> list[Row]:
    """Rows whose label follows from the response's length, from one word in it, or from nothing."""
    draw = random.Random(seed)
    rows = []
    for i in range(count):
        label = draw.choices("12345", weights=[1, 1, 1, 1, 2])[0]
        words = 5 * int(label) if rule == "length" else 15
        response = draw.choices(WORDS, k=words) + ([f"mark{label}"] if rule == "word" else [])
        draw.shuffle(response)
        prompt = (
            f"axis: naturalness\nuser: {' '.join(draw.choices(WORDS, k=9))}\nresponse: {' '.join(response)}\nlabel:"
        )
        rows.append(Row(f"{seed}-{i}", f"{seed}-{i // 3}", "film", "naturalness", prompt, label, "", label))
    return rows


def accuracy(baseline: str, rule: str) -> float:
    test = rows_with(150, 2, rule)
    logits = log_probabilities(baseline, rows_with(240, 1, rule), test, KNOWN)
    assert np.exp(np.array(logits)).sum(1) == pytest.approx(np.ones(len(test)))
    return float(np.mean([KNOWN["naturalness"][int(np.argmax(row))] == r.gold for row, r in zip(logits, test)]))


@pytest.mark.parametrize(
    ("baseline", "rule", "low", "high"),
    [
        ("majority", "none", 0.2, 0.45),
        ("length", "length", 0.95, 1),
        ("length", "word", 0, 0.45),
        ("bag-of-words", "word", 0.95, 1),
        ("bag-of-words", "none", 0, 0.45),
    ],
)
def test_each_sees_its_shortcut_alone(baseline: str, rule: str, low: float, high: float) -> None:
    assert low <= accuracy(baseline, rule) <= high


def test_majority_is_the_most_frequent_label_of_the_setting() -> None:
    train = rows_with(200, 1, "none")
    (row,) = log_probabilities("majority", train, train[:1], KNOWN)
    counts = [sum(r.label == label for r in train) for label in KNOWN["naturalness"]]
    assert np.exp(row) == pytest.approx([(count + 1 / 5) / 201 for count in counts])


@pytest.mark.parametrize("baseline", ["majority", "length", "bag-of-words"])
def test_labels_never_seen_stay_possible(baseline: str) -> None:
    train = [row for row in rows_with(60, 1, "length") if row.label in "23"]
    for row in log_probabilities(baseline, train, rows_with(5, 2, "length"), KNOWN):
        assert all(map(math.isfinite, row))
        assert int(np.argmax(row)) in (1, 2)


def test_a_setting_without_training_rows_is_uniform() -> None:
    (row,) = log_probabilities("bag-of-words", [], rows_with(1, 2, "none"), KNOWN)
    assert np.exp(row) == pytest.approx([0.2] * 5)


def test_the_response_is_the_last_line_of_its_name() -> None:
    assert response_of("user: response: no\nresponse: the first\nresponse: the one\nlabel:") == "the one"
    assert response_of("no such line") == "no such line"
    seen, asked = length_features(["response: a b\nlabel:", "response: abc d e\nlabel:"], ["response: a b\nlabel:"])
    assert asked[0].tolist() == seen[0].tolist()


@pytest.mark.parametrize("baseline", ["majority", "length", "bag-of-words"])
def test_predictions_are_scored_like_models(base: Base, baseline: str) -> None:
    run = base.shop.baseline(baseline, base.train, base.test)
    folder = base.shop.done(run)
    table = pq.read_table(folder / "predictions.parquet").to_pylist()
    assert [row["example_id"] for row in table] == [row.example_id for row in base.test]
    for row, source in zip(table, base.test):
        assert sum(map(math.exp, row["label_logits"])) == pytest.approx(1)
        assert row["predicted"] == LABELS[row["axis"]][int(np.argmax(row["label_logits"]))]
        assert (row["log_sum_exp"], row["off_label_mass"], row["truncated"]) == (0, 0, False)
        assert row["prompt_tokens"] == len(source.prompt.split())
    first = (folder / "predictions.parquet").read_bytes()
    (folder / "manifest.json").unlink()
    base.shop.done(run)
    assert (folder / "predictions.parquet").read_bytes() == first
