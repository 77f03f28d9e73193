"""Classifiers that see only a shortcut, one a setting, scored like models on the same rows.

They show what labels can be had without reading: a corpus on which one of them does well is too easy.
"""

from __future__ import annotations

import re
import time
import warnings
from collections import defaultdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .contract import BaselineJob
from .progress import FILE as PROGRESS
from .progress import Progress
from .sequences import check_labels
from .tables import Row, read_rows, write_predictions
from .task import Outcome, Task

PREDICTIONS = "predictions.parquet"
STRENGTHS = np.logspace(-3, 2, 6)
"""Inverse regularisation strengths to choose from, by cross-validation grouped by dialogue."""

FOLDS = 5

Matrix = NDArray[np.float64]


def score_baseline(task: Task, job: BaselineJob) -> Outcome:
    """Fit one classifier a setting and score every test row; leaves `predictions.parquet`.

    `label_logits` are log-probabilities, `log_sum_exp` and `off_label_mass` are 0, and `prompt_tokens` counts words.
    """
    train, test = (read_rows(task.inputs, data) for data in (job["data"]["train"], job["data"]["test"]))
    check_labels(train, job["labels"], "train.parquet", need_label=True)
    check_labels(test, job["labels"], "test.parquet", need_label=False)
    with Progress(task.folder, None) as progress:
        progress.write("start")
        began = time.monotonic()
        logits = log_probabilities(job["baseline"], train, test, job["labels"])
        write_predictions(
            task.folder / PREDICTIONS,
            [_prediction(row, logits[i], job["labels"][row.axis]) for i, row in enumerate(test)],
        )
        progress.write("done")
    return Outcome(files=[PROGRESS, PREDICTIONS], score_seconds=time.monotonic() - began, examples=len(train))


def log_probabilities(
    baseline: str, train: list[Row], test: list[Row], labels: dict[str, list[str]]
) -> list[list[float]]:
    """Log-probability of each label for each test row, by a classifier fitted on the rows of its setting."""
    fit_on, asked = _by_setting(train), _by_setting(test)
    logits: list[list[float]] = [[] for _ in test]
    for setting, indices in asked.items():
        known = labels[setting[1]]
        rows = [train[i] for i in fit_on.get(setting, [])]
        predicted = _fit_and_predict(baseline, rows, [test[i] for i in indices], known)
        # As if one more row had been seen of which nothing is known: no label is ever held impossible.
        smoothed = (len(rows) * predicted + 1 / len(known)) / (len(rows) + 1)
        for i, row in zip(indices, np.log(smoothed)):
            logits[i] = row.tolist()
    return logits


def _fit_and_predict(baseline: str, train: list[Row], test: list[Row], labels: list[str]) -> Matrix:
    """Probabilities of the labels, (test rows, labels)."""
    target = np.array([labels.index(row.label) for row in train], dtype=int)
    frequency = np.bincount(target, minlength=len(labels)) / max(len(train), 1)
    probabilities = np.tile(frequency, (len(test), 1))
    present = np.unique(target)
    if baseline == "majority" or len(present) < 2:
        return probabilities
    features = length_features if baseline == "length" else word_features
    seen, asked = features([row.prompt for row in train], [row.prompt for row in test])
    model = _choose(seen, target, [row.dialogue_id for row in train])
    probabilities[:] = 0
    probabilities[:, model.classes_] = model.predict_proba(asked)
    return probabilities


def _choose(features: Any, target: NDArray[np.int_], groups: list[str]) -> Any:
    """Multinomial logistic regression whose regularisation has the best grouped cross-validated likelihood."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold

    folds = min(FOLDS, len(set(groups)))
    losses = np.zeros(len(STRENGTHS))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        if folds >= 2:
            for fit, held in GroupKFold(folds).split(features, target, groups):
                if len(np.unique(target[fit])) < 2:
                    continue
                for i, strength in enumerate(STRENGTHS):
                    model = LogisticRegression(C=strength, tol=1e-3, max_iter=500).fit(features[fit], target[fit])
                    losses[i] += _negative_log_likelihood(model, features[held], target[held])
        return LogisticRegression(C=STRENGTHS[int(np.argmin(losses))], max_iter=1000).fit(features, target)


def _negative_log_likelihood(model: Any, features: Any, target: NDArray[np.int_]) -> float:
    columns = {label: column for column, label in enumerate(model.classes_)}
    probabilities = model.predict_proba(features)
    own = [probabilities[row, columns[label]] if label in columns else 0.0 for row, label in enumerate(target)]
    return float(-np.log(np.maximum(own, 1e-6)).sum())


def length_features(train: list[str], test: list[str]) -> tuple[Matrix, Matrix]:
    """Words and characters of response and prompt, plain and as logarithms, standardised on the training rows."""
    seen, asked = (np.array([_lengths(prompt) for prompt in prompts], dtype=float) for prompts in (train, test))
    mean, spread = seen.mean(0), seen.std(0)
    spread[spread == 0] = 1
    return (seen - mean) / spread, (asked - mean) / spread


def _lengths(prompt: str) -> list[float]:
    counts = [size for text in (response_of(prompt), prompt) for size in (len(text.split()), len(text))]
    return [*map(float, counts), *np.log1p(counts).tolist()]


def response_of(prompt: str) -> str:
    """The response within a prompt: what its last line `response: …` says; the whole prompt where there is none."""
    found = re.findall(r"^response: ?(.*)$", prompt, flags=re.MULTILINE)
    return str(found[-1]) if found else prompt


def word_features(train: list[str], test: list[str]) -> tuple[Any, Any]:
    """Logarithms of the counts of all words (and punctuation marks) of the whole prompt, as sparse matrices."""
    from sklearn.feature_extraction.text import CountVectorizer

    counter = CountVectorizer(token_pattern=r"\w+|[^\w\s]", dtype=np.float64)
    seen = counter.fit_transform(train)
    return seen.log1p(), counter.transform(test).log1p()


def _by_setting(rows: list[Row]) -> dict[tuple[str, str], list[int]]:
    indices: dict[tuple[str, str], list[int]] = defaultdict(list)
    for i, row in enumerate(rows):
        indices[row.corpus, row.axis].append(i)
    return indices


def _prediction(row: Row, logits: list[float], labels: list[str]) -> dict[str, Any]:
    return {
        "example_id": row.example_id,
        "dialogue_id": row.dialogue_id,
        "corpus": row.corpus,
        "axis": row.axis,
        "gold": row.gold,
        "predicted": labels[logits.index(max(logits))],
        "label_logits": logits,
        "log_sum_exp": 0.0,
        "off_label_mass": 0.0,
        "truncated": False,
        "prompt_tokens": len(row.prompt.split()),
        "generated": None,
        "generated_tokens": None,
    }
