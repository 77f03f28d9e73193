"""Reference values of agreement, severity and merged labels, for comparison with the notebook's own.

Shares no code with it: krippendorff for alpha, scikit-learn for kappa and errors, statsmodels' least squares for
severities, and Dawid and Skene's model written out with NumPy. Reads a JSON list of requests on standard input, each
with a ``kind``, and prints the list of answers.
"""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Callable
from typing import Any

import krippendorff
import numpy as np
import statsmodels.api as sm
from numpy.typing import NDArray
from sklearn.metrics import accuracy_score, cohen_kappa_score, mean_absolute_error, mean_squared_error

Floats = NDArray[np.float64]
Request = dict[str, Any]
Answer = dict[str, Any]


def main() -> None:
    """Answer every request."""
    warnings.simplefilter("ignore")
    json.dump([KINDS[request["kind"]](request) for request in json.load(sys.stdin)], sys.stdout)


def positions(request: Request) -> Floats:
    """Return items × raters, with NaN for votes that are missing."""
    return np.array(
        [[np.nan if vote is None else vote for vote in item] for item in request["votes"]],
        dtype=np.float64,
    )


def alpha(request: Request) -> Answer:
    """Krippendorff's alpha, of all items and without each cluster in turn; ``None`` where the library refuses."""
    votes = positions(request)
    clusters = np.array(request["clusters"])
    return {
        "alpha": ordinal_alpha(votes),
        "without": [ordinal_alpha(votes[clusters != one]) for one in range(clusters.max() + 1)],
    }


def ordinal_alpha(votes: Floats) -> float | None:
    """Alpha of items × raters."""
    try:
        return float(krippendorff.alpha(reliability_data=votes.T, level_of_measurement="ordinal"))
    except ValueError:
        return None


def pair(request: Request) -> Answer:
    """Agreement of the first two raters on the items that both rated; places of labels, from 0."""
    votes = positions(request)[:, :2]
    a, b = votes[~np.isnan(votes).any(axis=1)].astype(np.int64).T
    kappa = cohen_kappa_score(a, b, labels=list(range(request["labels"])), weights="quadratic")
    return {
        "n": len(a),
        "exact": accuracy_score(a, b),
        "within_one": float(np.mean(np.abs(a - b) <= 1)),
        "mae": mean_absolute_error(a, b),
        "mse": mean_squared_error(a, b),
        "qwk": float(kappa) if np.isfinite(kappa) else None,
    }


def severity(request: Request) -> Answer:
    """Least squares of votes on items and raters, severities adding up to 0."""
    votes = positions(request)
    items, raters = np.nonzero(~np.isnan(votes))
    last = votes.shape[1] - 1
    design = np.zeros((len(items), votes.shape[0] + last))
    design[np.arange(len(items)), items] = 1
    for column in range(last):
        design[:, votes.shape[0] + column] = (raters == column).astype(float) - (raters == last)
    fitted = sm.OLS(votes[items, raters], design).fit()
    free = fitted.params[votes.shape[0] :]
    return {"severities": [*free.tolist(), float(-free.sum())], "error": float(fitted.mse_resid)}


def dawid_skene(request: Request) -> Answer:
    """Posterior of each item's label after some steps of expectation maximisation."""
    votes, labels = positions(request), request["labels"]
    hits = np.stack([votes == label for label in range(labels)], axis=2).astype(np.float64)
    posterior = hits.sum(axis=1) / hits.sum(axis=(1, 2))[:, None]
    even, trust = request["smoothing"] / labels, request["trust"]
    for _ in range(request["steps"]):
        shares = posterior.sum(axis=0) + even
        rates = np.einsum("ik,irl->rkl", posterior, hits) + even + trust * np.eye(labels)
        shares, rates = shares / shares.sum(), rates / rates.sum(axis=2, keepdims=True)
        logs = np.log(shares) + np.einsum("irl,rkl->ik", hits, np.log(rates))
        posterior = np.exp(logs - logs.max(axis=1, keepdims=True))
        posterior /= posterior.sum(axis=1, keepdims=True)
    return {"posterior": posterior.tolist(), "shares": shares.tolist(), "rates": rates.tolist()}


KINDS: dict[str, Callable[[Request], Answer]] = {
    function.__name__: function for function in (alpha, pair, severity, dawid_skene)
}

if __name__ == "__main__":
    main()
