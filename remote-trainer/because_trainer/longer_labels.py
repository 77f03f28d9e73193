"""Labels of several tokens, of which one may begin another."""

from __future__ import annotations

import math

Tokens = tuple[int, ...]


def without_extensions(log_probabilities: list[float], tails: list[Tokens]) -> list[float]:
    """Take from each label what belongs to longer labels that begin with it.

    The tokens of *good* begin those of *good enough*: the probability of *good* as a label is that of its tokens less
    that of their going on to *good enough*.
    """
    exact = list(log_probabilities)
    for i, tail in enumerate(tails):
        longer = [other for other in tails if len(other) > len(tail) and other[: len(tail)] == tail]
        nearest = [o for o in longer if not any(len(m) < len(o) and o[: len(m)] == m for m in longer)]
        share = sum(math.exp(log_probabilities[tails.index(other)] - log_probabilities[i]) for other in nearest)
        if share:
            exact[i] += math.log(max(1.0 - share, 1e-300))
    return exact
