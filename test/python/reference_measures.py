"""Computes reference values of measures and intervals with public packages, for comparison with the notebook's own.

Shares no code with it. Reads a JSON list of requests on standard input, each with a ``kind``, and prints the list of
answers: a dictionary of numbers each, ``null`` where undefined.
"""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import relplot
import statsmodels.api as sm
from numpy.typing import NDArray
from scipy import stats
from sklearn.metrics import (
    accuracy_score,
    brier_score_loss,
    cohen_kappa_score,
    f1_score,
    log_loss,
    mean_absolute_error,
    roc_auc_score,
)

Floats = NDArray[np.float64]
Answer = dict[str, float | None]
BINS = 15


def main() -> None:
    """Answer every request."""
    warnings.simplefilter("ignore")
    answers = [KINDS[request.pop("kind")](request) for request in json.load(sys.stdin)]
    json.dump([{key: finite(value) for key, value in answer.items()} for answer in answers], sys.stdout)


def finite(value: float | None) -> float | None:
    """Turn NaN and infinities, which JSON lacks, into ``None``."""
    return None if value is None or not np.isfinite(value) else float(value)


def measures(request: dict[str, Any]) -> Answer:
    """Measure rows given by gold labels, predicted labels and label probabilities (rows × labels)."""
    gold = np.array(request["gold"])
    predicted = np.array(request["predicted"])
    probabilities = np.array(request["probabilities"], dtype=np.float64)
    labels = list(range(probabilities.shape[1]))
    confidence = probabilities.max(axis=1)
    right = (gold == predicted).astype(np.float64)
    hits = np.eye(len(labels))[gold]
    answer: Answer = {
        "accuracy": accuracy_score(gold, predicted),
        "macro_f1": f1_score(gold, predicted, labels=labels, average="macro", zero_division=0),
        "qwk": cohen_kappa_score(gold, predicted, labels=labels, weights="quadratic"),
        "qwk_without_absent": cohen_kappa_score(gold, predicted, weights="quadratic"),
        "mae": mean_absolute_error(gold, predicted),
        "within_one": float(np.mean(np.abs(gold - predicted) <= 1)),
        "nll": surprise(probabilities[np.arange(len(gold)), gold]),
        "brier": float(np.mean(np.sum((probabilities - hits) ** 2, axis=1))),
        "sharpness": float(confidence.mean()),
        "overconfidence": float(confidence.mean() - right.mean()),
        "label_entropy": float(np.mean(stats.entropy(probabilities, axis=1))),
        "ece": calibration_error(confidence, right, bins_by_width(confidence)),
        "ece_mass": calibration_error(confidence, right, bins_by_mass(confidence)),
        "aurc": area_under_risk(confidence, right),
    }
    if request["smooth"]:
        answer["smooth_ece"] = relplot.smECE(confidence, right)
    if np.all(probabilities > 0):
        answer["nll_sklearn"] = log_loss(gold, probabilities, labels=labels)
    if len(labels) == 2:
        answer["brier_binary"] = brier_score_loss(gold, probabilities[:, 1], pos_label=1)
    answer["auroc"] = roc_auc_score(1 - right, -confidence) if 0 < right.sum() < len(right) else None
    answer.update(brier_parts(confidence, right, bins_by_width(confidence)))
    return answer


def surprise(probability: Floats) -> float:
    """Mean of −ln p; infinite where a gold label has probability 0."""
    return float(np.mean(-np.log(probability)))


def bins_by_width(confidence: Floats) -> NDArray[np.int64]:
    """Number bins of equal width, each closed above, so that the first is (0, 1/15]."""
    return np.clip(np.ceil(confidence * BINS).astype(np.int64) - 1, 0, BINS - 1)


def bins_by_mass(confidence: Floats) -> NDArray[np.int64]:
    """Number bins of equally many rows, by how many rows are less sure."""
    less_sure: NDArray[np.int64] = stats.rankdata(confidence, method="min").astype(np.int64) - 1
    return BINS * less_sure // len(confidence)


def calibration_error(confidence: Floats, right: Floats, bins: NDArray[np.int64]) -> float:
    """Mean over rows of the gap between confidence and accuracy in their bin."""
    gaps = [
        np.sum(bins == one) * abs(confidence[bins == one].mean() - right[bins == one].mean()) for one in np.unique(bins)
    ]
    return float(np.sum(gaps) / len(right))


def area_under_risk(confidence: Floats, right: Floats) -> float:
    """Average risk over all coverages k/n; each row of a tie has the tie's mean loss."""
    loss = 1 - right
    for one in np.unique(confidence):
        loss[confidence == one] = loss[confidence == one].mean()
    ordered = loss[np.argsort(-confidence, kind="stable")]
    return float(np.mean(np.cumsum(ordered) / np.arange(1, len(ordered) + 1)))


def brier_parts(confidence: Floats, right: Floats, bins: NDArray[np.int64]) -> Answer:
    """Decompose mean (confidence − right)² after Murphy and Stephenson et al., row by row."""
    sure = np.array([confidence[bins == one].mean() for one in bins])
    accuracy = np.array([right[bins == one].mean() for one in bins])
    base = right.mean()
    return {
        "parts_brier": float(np.mean((confidence - right) ** 2)),
        "parts_reliability": float(np.mean((sure - accuracy) ** 2)),
        "parts_resolution": float(np.mean((accuracy - base) ** 2)),
        "parts_uncertainty": float(base * (1 - base)),
        "parts_within_bin": float(
            np.mean((confidence - sure) ** 2) - 2 * np.mean((confidence - sure) * (right - accuracy))
        ),
    }


def correlations(request: dict[str, Any]) -> Answer:
    """Correlate x and y, over all rows and within groups."""
    x, y = np.array(request["x"], dtype=np.float64), np.array(request["y"], dtype=np.float64)
    groups = np.array(request["groups"])
    return {
        "pearson": None if constant(x) or constant(y) else float(stats.pearsonr(x, y).statistic),
        "spearman": None if constant(x) or constant(y) else float(stats.spearmanr(x, y).statistic),
        "within": within(x, y, groups),
        "within_spearman": within(rank_shares(x, groups), rank_shares(y, groups), groups),
    }


def constant(values: Floats) -> bool:
    """Whether all values are the same."""
    return bool(np.all(values == values[0]))


def rank_shares(values: Floats, groups: NDArray[np.int64]) -> Floats:
    """Rank within groups, divided by the group's number of rows."""
    shares = np.empty(len(values))
    for one in np.unique(groups):
        shares[groups == one] = stats.rankdata(values[groups == one]) / np.sum(groups == one)
    return shares


def within(x: Floats, y: Floats, groups: NDArray[np.int64]) -> float | None:
    """Correlate what regressions on group dummies leave over (Frisch, Waugh & Lovell)."""
    dummies = (groups[:, None] == np.unique(groups)[None, :]).astype(np.float64)
    left, right = (sm.OLS(side, dummies).fit().resid for side in (x, y))
    if np.sqrt(np.mean(left**2)) < 1e-9 or np.sqrt(np.mean(right**2)) < 1e-9:
        return None
    return float(np.sum(left * right) / np.sqrt(np.sum(left**2) * np.sum(right**2)))


def bootstrap(request: dict[str, Any]) -> Answer:
    """Bootstrap a ratio of sums over clusters, as SciPy does for paired samples."""
    sums, counts = np.array(request["sums"], dtype=np.float64), np.array(request["counts"], dtype=np.float64)
    answer: Answer = {}
    for method in ("percentile", "BCa"):
        found = stats.bootstrap(
            (sums, counts),
            ratio,
            paired=True,
            vectorized=True,
            n_resamples=request["draws"],
            method=method,
            rng=np.random.default_rng(request["seed"]),
        )
        answer[f"{method}_low"] = float(found.confidence_interval.low)
        answer[f"{method}_high"] = float(found.confidence_interval.high)
        answer["standard_error"] = float(found.standard_error)
    return answer


def ratio(sums: Floats, counts: Floats, axis: int = -1) -> Any:
    """Mean over rows from their sums and counts by cluster."""
    return np.sum(sums, axis=axis) / np.sum(counts, axis=axis)


def bca(request: dict[str, Any]) -> Answer:
    """BCa of a ratio over clusters on given draws: SciPy's interval, its z₀ and acceleration written out."""
    sums, counts = np.array(request["sums"], dtype=np.float64), np.array(request["counts"], dtype=np.float64)
    weights = np.array(request["weights"], dtype=np.float64)
    draws = weights @ sums / (weights @ counts)
    value = sums.sum() / counts.sum()
    left_out = (sums.sum() - sums) / (counts.sum() - counts)
    spread = left_out.mean() - left_out
    acceleration = float(np.sum(spread**3) / (6 * np.sum(spread**2) ** 1.5))
    z0 = float(stats.norm.ppf((np.sum(draws < value) + np.sum(draws <= value)) / (2 * len(draws))))
    shifted = z0 + stats.norm.ppf([0.025, 0.975])
    low, high = np.quantile(draws, stats.norm.cdf(z0 + shifted / (1 - acceleration * shifted)))
    percentile_low, percentile_high = np.quantile(draws, [0.025, 0.975])
    return {
        "z0": z0,
        "acceleration": acceleration,
        "low": low,
        "high": high,
        "percentile_low": percentile_low,
        "percentile_high": percentile_high,
    }


def cluster_error(request: dict[str, Any]) -> Answer:
    """Standard error of a mean with clustered rows, by statsmodels' robust covariance without its (n−1)/(n−k)."""
    values, clusters = np.array(request["values"], dtype=np.float64), np.array(request["clusters"])
    fitted = sm.OLS(values, np.ones((len(values), 1))).fit(
        cov_type="cluster", cov_kwds={"groups": clusters, "use_correction": False}, use_t=True
    )
    count = len(np.unique(clusters))
    error = float(fitted.bse[0]) * np.sqrt(count / (count - 1))
    reach = float(stats.t.ppf(0.975, count - 1)) * error
    mean = float(values.mean())
    return {"mean": mean, "error": error, "low": mean - reach, "high": mean + reach}


def detector(request: dict[str, Any]) -> Answer:
    """Area under the ROC curve, pair by pair, with variances of DeLong (1988) and, by cluster, Obuchowski (1997)."""
    scores, positive = np.array(request["scores"], dtype=np.float64), np.array(request["positive"], dtype=bool)
    clusters = np.array(request["clusters"])
    m, n = int(positive.sum()), int((~positive).sum())
    if m == 0 or n == 0:
        return {"area": None, "delong": None, "error": None}
    x, y = scores[positive], scores[~positive]
    wins = np.zeros((m, n))
    for i in range(m):
        for j in range(n):
            wins[i, j] = 1.0 if x[i] > y[j] else 0.5 if x[i] == y[j] else 0.0
    area = float(wins.mean())
    v10, v01 = wins.mean(axis=1), wins.mean(axis=0)
    delong = float(v10.var(ddof=1) / m + v01.var(ddof=1) / n) if min(m, n) > 1 else None
    moved = np.zeros(len(scores))
    moved[positive] = (v10 - area) / m
    moved[~positive] = (v01 - area) / n
    sums = np.array([moved[clusters == cluster].sum() for cluster in np.unique(clusters)])
    count = len(sums)
    error = float(np.sqrt(count / (count - 1) * np.sum(sums**2))) if count > 1 else None
    return {"area": area, "area_sklearn": roc_auc_score(positive, scores), "delong": delong, "error": error}


KINDS: dict[str, Callable[[dict[str, Any]], Answer]] = {
    "measures": measures,
    "correlations": correlations,
    "bootstrap": bootstrap,
    "bca": bca,
    "cluster_error": cluster_error,
    "detector": detector,
}

if __name__ == "__main__":
    main()
