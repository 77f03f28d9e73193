"""Entropies of the spectrum of an example's token rows, where examples of one dialogue share most of their rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor

LEAST_LENGTH = 1e-5
"""Squared length of a centred row, relative to the row before centring, below which it is rounding and no row."""


@dataclass(frozen=True)
class TokenRows:
    """Which tokens of a pass count for which example.

    Attributes
    ----------
    tokens
        Tokens of each tree, as places in the flattened pass, (trees, most tokens of a tree); padded with 0.
    present
        Which of them are tokens, boolean, of the same shape.
    tree
        The tree of each example, (examples,).
    chosen
        The example's tokens, as places in its tree's, (examples, most tokens of an example); padded with 0.
    counted
        Which of them are tokens, boolean, of the same shape.
    """

    tokens: Tensor
    present: Tensor
    tree: Tensor
    chosen: Tensor
    counted: Tensor


def gram_matrices(hidden: Tensor, rows: TokenRows) -> tuple[Tensor, Tensor]:
    """Gram matrices of each example's token rows, centred and scaled to unit length.

    Either token by token, from one product a tree, or unit by unit, whichever is smaller: their eigenvalues other than
    0 are the same. Rows are first shifted by their tree's mean, which changes no centred row but keeps units that are
    massive in all rows from costing accuracy.

    Parameters
    ----------
    hidden
        Hidden states of the pass, (…, units).

    Returns
    -------
    The matrices, (examples, n, n) in fp32, and how many rows each is of, (examples,), without rows that equal the mean.
    """
    flat = hidden.reshape(-1, hidden.shape[-1])
    states = flat[rows.tokens].float()
    present = rows.present[..., None]
    states -= (states * present).sum(1, keepdim=True) / present.sum(1, keepdim=True)
    counted = rows.counted.float()
    with full_precision(hidden.device):
        if rows.chosen.shape[1] <= states.shape[2]:
            return _token_grams(states, rows, counted)
        return _unit_grams(states, rows, counted)


def _token_grams(states: Tensor, rows: TokenRows, counted: Tensor) -> tuple[Tensor, Tensor]:
    """C_ij = G_ij − g_i − g_j + ḡ, g being row means over the example's tokens; then cosines of C."""
    tree, chosen = rows.tree[:, None, None], rows.chosen
    gram = (states @ states.mT)[tree, chosen[:, :, None], chosen[:, None, :]]
    number = counted.sum(-1, keepdim=True).clamp_min(1)
    mean = (gram @ counted[..., None])[..., 0] / number
    overall = (mean * counted).sum(-1, keepdim=True) / number
    before = gram.diagonal(dim1=-2, dim2=-1)
    scale, kept = _scales(before - 2 * mean + overall, before, counted)
    gram = gram.sub_(mean[:, :, None]).sub_((mean - overall)[:, None, :])
    return gram.mul_(scale[:, :, None]).mul_(scale[:, None, :]), kept


def _unit_grams(states: Tensor, rows: TokenRows, counted: Tensor) -> tuple[Tensor, Tensor]:
    mine = states[rows.tree[:, None], rows.chosen]
    before = mine.square().sum(-1)
    weights = counted / counted.sum(-1, keepdim=True).clamp_min(1)
    mine -= weights[:, None, :] @ mine
    scale, kept = _scales(mine.square().sum(-1), before, counted)
    mine *= scale[..., None]
    return mine.mT @ mine, kept


def _scales(squares: Tensor, before: Tensor, counted: Tensor) -> tuple[Tensor, Tensor]:
    """What rows are multiplied by to have unit length, 0 for those that do not count; and how many are left."""
    defined = (counted > 0) & (squares > LEAST_LENGTH * before)
    return torch.where(defined, squares, torch.inf).rsqrt(), defined.sum(-1)


def renyi_entropy(grams: Tensor, rows: Tensor) -> Tensor:
    """Rényi's entropy of order 2, S₂ = −ln(‖K‖_F² / tr(K)²), (examples,); NaN where there are no rows."""
    frobenius = grams.flatten(1).square().sum(-1)
    return torch.where(rows > 0, 2 * rows.float().log() - frobenius.log(), torch.nan)


def von_neumann_entropy(grams: Tensor, rows: Tensor) -> Tensor:
    """S₁ = −Σ λ ln λ of the eigenvalues of K / tr(K), as in Diff-eRank (Wei et al., 2024), (examples,).

    exp(S₁) is the effective rank. NaN where there are no rows. On a GPU, matrices of more than 32 rows are decomposed
    one after another (pytorch issue 175585): many large ones take longer than the pass they are from.
    """
    eigenvalues = torch.linalg.eigvalsh(grams / rows.clamp_min(1)[:, None, None]).clamp_min_(0)
    terms: Tensor = torch.special.xlogy(eigenvalues, eigenvalues)
    return torch.where(rows > 0, -terms.sum(-1), torch.nan)


@contextmanager
def full_precision(device: torch.device) -> Iterator[None]:
    """Products of fp32 matrices in fp32, whatever the model's own are allowed to be in."""
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision("highest")
    try:
        with torch.autocast(device.type, enabled=False):
            yield
    finally:
        torch.set_float32_matmul_precision(before)
