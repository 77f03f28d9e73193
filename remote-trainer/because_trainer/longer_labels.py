"""Labels of several tokens: followed token by token, so that their probabilities are exact."""

from __future__ import annotations

import math

import torch

from .batches import batches_by_length, pad_right
from .interruption import Interruption
from .model import LanguageModel

Tokens = tuple[int, ...]


@torch.no_grad()
def continuation_log_probabilities(
    model: LanguageModel, contexts: list[list[int]], tails: list[Tokens], pad: int, interruption: Interruption
) -> list[float]:
    """Log-probability of each tail after its first token, given context and first token.

    Parameters
    ----------
    contexts
        Token ids before each tail.
    tails
        Tokens of a label, two or more each.

    Returns
    -------
    Σ ln p(tail[j] | context, tail[:j]) over j ≥ 1, one number a tail.
    """
    model.net.eval()
    sums = [0.0] * len(tails)
    sequences = [[*context, *tail[:-1]] for context, tail in zip(contexts, tails)]
    for chosen in batches_by_length(list(map(len, sequences))):
        interruption.check()
        hidden = model.hidden(pad_right([sequences[i] for i in chosen], pad).to(model.device))
        for row, i in enumerate(chosen):
            rest = torch.tensor(tails[i][1:], device=hidden.device)
            end = len(sequences[i])
            log_p = model.head(hidden[row, end - len(rest) : end]).double().log_softmax(-1)
            sums[i] = log_p.gather(1, rest[:, None]).sum().item()
    return sums


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
