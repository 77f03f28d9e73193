"""Every estimator written out naively, in NumPy and float64, from stored hidden states and attention weights."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Stored:
    """What a plain forward pass over one example leaves at one layer.

    Attributes
    ----------
    rows
        Hidden states of the counted tokens, (tokens, units); the last is the decision position's.
    lens
        Logits of the normed hidden state at the decision position, (vocabulary,).
    final
        The model's own, (vocabulary,).
    attention
        The decision position's weights on the counted tokens, (heads, tokens); None at the embedding.
    """

    rows: Matrix
    lens: Vector
    final: Vector
    attention: Matrix | None


def naive_estimates(stored: Stored, top_units: int, bins: int) -> dict[str, float]:
    """All estimators of one example at one layer."""
    units = stored.rows[-1]
    lens, final = softmax(stored.lens), softmax(stored.final)
    eigenvalues = spectrum(stored.rows)
    return {
        "softmax": entropy(softmax(units)),
        "energy": entropy(units**2 / (units**2).sum()),
        "energy_trimmed": entropy(trimmed(units, top_units)),
        "histogram": entropy(np.histogram(units, bins=bins)[0] / len(units)),
        "logit_lens": entropy(lens),
        "logit_lens_kl": float((final * (log_softmax(stored.final) - log_softmax(stored.lens))).sum()),
        "matrix": entropy(eigenvalues),
        "renyi": -math.log(float((eigenvalues**2).sum())) if len(eigenvalues) else math.nan,
        "attention": math.nan if stored.attention is None else attention_entropy(stored.attention),
    }


def entropy(p: Vector) -> float:
    """−Σ p ln p; NaN of nothing."""
    return -math.fsum(x * math.log(x) for x in p.tolist() if x > 0) if len(p) else math.nan


def log_softmax(x: Vector) -> Vector:
    """Logarithm of softmax."""
    shifted = x - x.max()
    return np.asarray(shifted - math.log(math.fsum(np.exp(shifted).tolist())))


def softmax(x: Vector) -> Vector:
    """Softmax over all."""
    return np.asarray(np.exp(log_softmax(x)))


def trimmed(units: Vector, top: int) -> Vector:
    """Shares of the squared units without the largest."""
    squares = np.sort(units**2)[: len(units) - top]
    return np.asarray(squares / squares.sum())


def spectrum(rows: Matrix) -> Vector:
    """Eigenvalues of the Gram matrix of centred, normalised rows over its trace; none where no two rows differ."""
    centred = rows - rows.mean(0)
    length = np.linalg.norm(centred, axis=1, keepdims=True)
    kept = length[:, 0] > 1e-9 * np.linalg.norm(rows, axis=1).max()
    unit = centred[kept] / length[kept]
    if not len(unit):
        return np.zeros(0)
    return np.clip(np.linalg.eigvalsh(unit @ unit.T / len(unit)), 0, None)


def attention_entropy(weights: Matrix) -> float:
    """Mean over heads of the entropy of weights that are renormalised over the counted tokens."""
    return float(np.mean([entropy(head / head.sum()) for head in weights]))
