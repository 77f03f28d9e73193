"""Activation-entropy estimators: natural logarithms, reductions in float64.

Each takes a batch of what one layer holds and gives one number an example. NaN means that an estimator is not
defined there (a single token row has no spread, for instance).
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor


def entropy(probabilities: Tensor) -> Tensor:
    """−Σ p ln p over the last dimension, with 0 ln 0 = 0."""
    terms: Tensor = torch.special.xlogy(probabilities, probabilities)
    return -terms.sum(-1)


def softmax_entropy(units: Tensor) -> Tensor:
    """Entropy of softmax over a layer's units, H = lse(h) − Σ p h. Not scale-invariant.

    Parameters
    ----------
    units
        Hidden state at the decision position, (examples, units).
    """
    units = units.double()
    log_p = units.log_softmax(-1)
    return -(log_p.exp() * log_p).sum(-1)


def energy_entropy(units: Tensor, without_top: int = 0) -> Tensor:
    """Entropy of p_i = h_i² / Σ h², with or without the largest squares. Scale-invariant.

    Parameters
    ----------
    units
        (examples, units).
    without_top
        How many of the largest squares are left out.
    """
    energy = units.double().square()
    if without_top:
        energy = energy.sort(-1).values[:, : max(energy.shape[-1] - without_top, 0)]
    return entropy(energy / energy.sum(-1, keepdim=True))


def histogram_entropy(units: Tensor, bins: int) -> Tensor:
    """Entropy of the histogram of units, in equal bins between the smallest and the largest unit.

    Parameters
    ----------
    units
        (examples, units).
    bins
        Number of bins; the largest unit falls into the last.
    """
    units = units.double()
    low = units.amin(-1, keepdim=True)
    width = (units.amax(-1, keepdim=True) - low).clamp_min(torch.finfo(torch.float64).tiny)
    bin_of = ((units - low) / width * bins).long().clamp(0, bins - 1)
    ones = torch.ones_like(units)
    counts = torch.zeros(len(units), bins, dtype=torch.float64, device=units.device).scatter_add_(-1, bin_of, ones)
    return entropy(counts / units.shape[-1])


def lens_entropies(lens: Tensor, final: Tensor) -> tuple[Tensor, Tensor]:
    """Entropy of the logit lens, and KL(final ‖ lens).

    Parameters
    ----------
    lens
        Logits of the layer's hidden state, after the final norm, (examples, vocabulary).
    final
        The model's own logits, (examples, vocabulary).
    """
    log_lens, log_final = lens.double().log_softmax(-1), final.double().log_softmax(-1)
    p_final = log_final.exp()
    return -(log_lens.exp() * log_lens).sum(-1), (p_final * (log_final - log_lens)).sum(-1)


def spectral_entropies(rows: Tensor, counted: Tensor, von_neumann: bool) -> tuple[Tensor, Tensor]:
    """Von Neumann entropy of the token rows, and Rényi's of order 2.

    Rows are centred, scaled to unit length, and make a Gram matrix K that is divided by its trace; S₁ = −Σ λ ln λ of
    its eigenvalues, S₂ = −ln(‖K‖_F² / tr(K)²), as in Diff-eRank (Wei et al., 2024). exp(S₁) is the effective rank.

    Parameters
    ----------
    rows
        Hidden states, (examples, tokens, units).
    counted
        Which token rows count, boolean (examples, tokens): neither padding nor BOS.
    von_neumann
        Whether S₁ is wanted, which needs eigenvalues; NaN otherwise.

    Returns
    -------
    S₁ and S₂, (examples,) each; NaN with fewer than two rows, or rows all alike.
    """
    weight = counted[:, :, None].double()
    rows = rows.double()
    mean = (rows * weight).sum(1, keepdim=True) / weight.sum(1, keepdim=True).clamp_min(1)
    centred = (rows - mean) * weight
    length = centred.norm(dim=-1, keepdim=True)
    smallest = 1e-9 * rows.norm(dim=-1, keepdim=True).clamp_min(1e-9)
    unit = torch.where(length > smallest, centred / length.clamp_min(1e-300), 0.0)
    gram = unit.mT @ unit if rows.shape[2] <= rows.shape[1] else unit @ unit.mT
    trace = gram.diagonal(dim1=-2, dim2=-1).sum(-1)
    defined = trace > 0.5
    gram = gram / torch.where(defined, trace, 1.0)[:, None, None]
    nothing = torch.full_like(trace, torch.nan)
    second = torch.where(defined, -gram.square().sum((-2, -1)).log(), nothing)
    if not von_neumann:
        return nothing, second
    first = entropy(torch.linalg.eigvalsh(gram).clamp_min(0))
    return torch.where(defined, first, nothing), second


def attention_entropy(attention: Tensor, counted: Tensor) -> Tensor:
    """Entropy of the decision position's attention, mean over heads, over the counted tokens alone.

    Parameters
    ----------
    attention
        Weights of the decision position, (examples, heads, tokens).
    counted
        Which tokens count, boolean (examples, tokens); weights are renormalised over them.
    """
    weights = attention.double() * counted[:, None, :]
    total = weights.sum(-1, keepdim=True)
    per_head = entropy(weights / total.clamp_min(1e-300))
    return torch.where(total[..., 0] > 0, per_head, torch.nan).mean(-1)


UNIT_ESTIMATORS: dict[str, Callable[[Tensor, int, int], Tensor]] = {
    "softmax": lambda units, top, bins: softmax_entropy(units),
    "energy": lambda units, top, bins: energy_entropy(units),
    "energy_trimmed": lambda units, top, bins: energy_entropy(units, without_top=top),
    "histogram": lambda units, top, bins: histogram_entropy(units, bins),
}
"""Estimators that see the decision position's units alone: (units, top_units, bins) → (examples,)."""
