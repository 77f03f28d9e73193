"""Recomputes the measures of one or more ``predictions.parquet`` with scikit-learn and NumPy.

Shares no code with the tables: it reads what the trainer wrote and prints JSON, ``{file: {cell: {measure: value}}}``,
with cells named ``corpus|axis`` (either may be ``all``).
"""

from __future__ import annotations

import json
import sys
import warnings
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import softmax
from scipy.stats import entropy as shannon
from sklearn.metrics import (
    accuracy_score,
    cohen_kappa_score,
    f1_score,
    log_loss,
    mean_absolute_error,
)

BINS = 15

Floats = NDArray[np.float64]
Labels = dict[str, list[str]]


def main() -> None:
    """Read ``{"labels": {axis: [...]}, "ordinal": {axis: bool}, "files": [...]}`` from standard input."""
    request = json.load(sys.stdin)
    warnings.simplefilter("ignore")
    answer = {path: cells_of(pd.read_parquet(path), request["labels"], request["ordinal"]) for path in request["files"]}
    json.dump(answer, sys.stdout)


def cells_of(rows: pd.DataFrame, labels: Labels, ordinal: dict[str, bool]) -> dict[str, dict[str, float | None]]:
    """Measure every cell, pooled ones included."""
    corpora = [*sorted(rows["corpus"].unique()), "all"]
    axes = [*sorted(rows["axis"].unique()), "all"]
    cells: dict[str, dict[str, float | None]] = {}
    for corpus in corpora:
        for axis in axes:
            chosen = rows[(rows["corpus"] == corpus) | (corpus == "all")]
            chosen = chosen[(chosen["axis"] == axis) | (axis == "all")]
            if len(chosen):
                cells[f"{corpus}|{axis}"] = measures_of(chosen, labels, ordinal)
    return cells


def measures_of(rows: pd.DataFrame, labels: Labels, ordinal: dict[str, bool]) -> dict[str, float | None]:
    """Compute all measures of one cell whose axes share their labels; ``None`` where undefined."""
    axes = set(rows["axis"])
    names = labels[next(iter(axes))]
    index = {name: place for place, name in enumerate(names)}
    gold = rows["gold"].map(index).to_numpy()
    predicted = rows["predicted"].map(index).to_numpy()
    probabilities = softmax(np.stack([np.asarray(row, dtype=np.float64) for row in rows["label_logits"]]), axis=1)
    everything = list(range(len(names)))
    confidence = probabilities.max(axis=1)
    right = (gold == predicted).astype(np.float64)
    hits = np.eye(len(names))[gold]
    descending = -np.sort(-probabilities, axis=1)
    found: dict[str, Any] = {
        "accuracy": accuracy_score(gold, predicted),
        "macro_f1": f1_score(gold, predicted, labels=everything, average="macro", zero_division=0),
        "within_one": None,
        "mae": None,
        "qwk": None,
        "nll": log_loss(gold, probabilities, labels=everything),
        "brier": np.mean(np.sum((probabilities - hits) ** 2, axis=1)),
        "ece": calibration_error(confidence, right, np.linspace(0, 1, BINS + 1)),
        "ece_mass": calibration_error_by_mass(confidence, right),
        "overconfidence": np.mean(confidence - right),
        "aurc": area_under_risk_coverage(confidence, right),
        "sharpness": confidence.mean(),
        "label_entropy": np.mean(shannon(probabilities, axis=1)),
        "margin": np.mean(descending[:, 0] - descending[:, 1]),
        "off_label_mass": rows["off_label_mass"].mean(),
    }
    if all(ordinal[axis] for axis in axes):
        found["within_one"] = np.mean(np.abs(gold - predicted) <= 1)
        found["mae"] = mean_absolute_error(gold, predicted)
        found["qwk"] = cohen_kappa_score(gold, predicted, labels=everything, weights="quadratic")
    return {name: None if value is None or np.isnan(value) else float(value) for name, value in found.items()}


def calibration_error(confidence: Floats, right: Floats, edges: Floats) -> float:
    """Expected calibration error over bins (edge, next edge]."""
    bins = np.digitize(confidence, edges[1:-1], right=True)
    return weighted_gap(confidence, right, bins)


def calibration_error_by_mass(confidence: Floats, right: Floats) -> float:
    """Expected calibration error over bins of equally many rows; a row's bin follows from how many are less sure."""
    less_sure = np.array([np.sum(confidence < value) for value in confidence])
    return weighted_gap(confidence, right, BINS * less_sure // len(confidence))


def area_under_risk_coverage(confidence: Floats, right: Floats) -> float:
    """Risk of the k most confident rows, averaged over all k; a tied row stands anywhere in its tie alike."""
    table = pd.DataFrame({"confidence": confidence, "wrong": 1 - right})
    expected = table.groupby("confidence")["wrong"].transform("mean").to_numpy()[np.argsort(-confidence, kind="stable")]
    return float(np.mean(np.cumsum(expected) / np.arange(1, len(expected) + 1)))


def weighted_gap(confidence: Floats, right: Floats, bins: NDArray[np.int64]) -> float:
    """Mean over rows of the absolute difference of confidence and accuracy in their bin."""
    table = pd.DataFrame({"bin": bins, "confidence": confidence, "right": right})
    means = table.groupby("bin")[["confidence", "right"]].mean()
    shares = table["bin"].value_counts(normalize=True).sort_index()
    return float((shares * (means["confidence"] - means["right"]).abs()).sum())


if __name__ == "__main__":
    main()
