"""Activation-entropy estimators of what one position holds, in nats.

Each takes values in the model's own precision over the last dimension and gives one number for each vector before it.
Reductions are in fp32, on numbers that are shifted or scaled first, so that massive units cost no accuracy; the
histogram alone counts in fp64, since a unit that falls on the wrong side of an edge moves it by more than rounding
does. NaN means that an estimator is not defined there.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

UNIT_ESTIMATORS = ("softmax", "energy", "energy_trimmed", "histogram")
"""Estimators that see the decision position's units alone."""


class Softmax(NamedTuple):
    """Unnormalised softmax over the last dimension.

    Attributes
    ----------
    shifted
        Scores less their largest, z.
    powers
        exp(z).
    total
        Σ exp(z), with the last dimension kept.
    highest
        The largest score, with the last dimension kept.
    """

    shifted: Tensor
    powers: Tensor
    total: Tensor
    highest: Tensor

    @classmethod
    def of(cls, scores: Tensor) -> Softmax:
        """Of scores that are finite, with any dimensions before the last."""
        scores = scores.float()
        highest = scores.amax(-1, keepdim=True)
        shifted = scores - highest
        powers = shifted.exp()
        return cls(shifted, powers, powers.sum(-1, keepdim=True), highest)

    def cross_entropy(self, other: Softmax) -> Tensor:
        """−Σ p ln q, p being this softmax and q the other: ln Σ exp(z_q) − Σ p z_q."""
        mean = (self.powers * other.shifted).sum(-1) / self.total[..., 0]
        return other.total[..., 0].log() - mean

    def entropy(self) -> Tensor:
        """−Σ p ln p."""
        return self.cross_entropy(self)

    def log_sum_exp(self) -> Tensor:
        """Logarithm of Σ exp of the scores, in fp64."""
        return self.highest[..., 0].double() + self.total[..., 0].double().log()


def unit_entropies(units: Tensor, wanted: list[str], top_units: int, bins: int) -> dict[str, Tensor]:
    """The wanted ones of `UNIT_ESTIMATORS`.

    Parameters
    ----------
    units
        Hidden states at decision positions, (…, units).
    top_units
        How many of the largest squares `energy_trimmed` leaves out.
    bins
        Bins of `histogram`.
    """
    found = {}
    if "softmax" in wanted:
        found["softmax"] = softmax_entropy(units)
    if "energy" in wanted or "energy_trimmed" in wanted:
        found["energy"], found["energy_trimmed"] = energy_entropies(units, top_units)
    if "histogram" in wanted:
        found["histogram"] = histogram_entropy(units, bins)
    return {name: values for name, values in found.items() if name in wanted}


def softmax_entropy(units: Tensor) -> Tensor:
    """Entropy of softmax over a layer's units, H = lse(h) − Σ p h. Not scale-invariant."""
    return Softmax.of(units).entropy()


def energy_entropies(units: Tensor, without_top: int) -> tuple[Tensor, Tensor]:
    """Entropy of p_i = h_i² / Σ h², with all units and without the largest squares. Scale-invariant.

    H = ln E − Σ e ln e / E with e = h² and E = Σ e, so that one logarithm a unit serves both.
    """
    units = units.float()
    energy = units.square()
    logarithms = torch.special.xlogy(energy, energy)
    whole = _energy_entropy(energy, logarithms)
    if not without_top:
        return whole, whole
    largest = energy.topk(min(without_top, energy.shape[-1]), -1).indices
    # Subtracting the largest from the sums would leave nothing of the others beside a massive unit.
    return whole, _energy_entropy(energy.scatter(-1, largest, 0.0), logarithms.scatter(-1, largest, 0.0))


def _energy_entropy(energy: Tensor, logarithms: Tensor) -> Tensor:
    total = energy.sum(-1)
    return total.log() - logarithms.sum(-1) / total


def histogram_entropy(units: Tensor, bins: int) -> Tensor:
    """Entropy of the histogram of units, in equal bins between the smallest and the largest unit.

    The largest unit falls into the last bin. H = ln n − Σ c ln c / n of the counts c of n units.
    """
    count = units.shape[-1]
    flat = units.reshape(-1, count).double()
    low = flat.amin(-1, keepdim=True)
    width = (flat.amax(-1, keepdim=True) - low).clamp_min(torch.finfo(torch.float64).tiny)
    bin_of = ((flat - low) / width * bins).long().clamp_(0, bins - 1)
    counts = torch.zeros(len(flat), bins, device=units.device)
    counts.scatter_add_(-1, bin_of, torch.ones_like(bin_of, dtype=counts.dtype))
    terms: Tensor = torch.special.xlogy(counts, counts)
    return (torch.log(torch.tensor(float(count))) - terms.sum(-1) / count).reshape(units.shape[:-1])
