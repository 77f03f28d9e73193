"""The loss of a step: a sum of token losses, whose weights are computed once from the whole batch.

However a batch is cut into micro-batches, rows and processes, the parts only add up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional
from torch.utils.checkpoint import checkpoint

MOST_LOGITS = 2**24
"""Logits that are kept for the backward pass; of more, every chunk is computed again there (64 MiB in fp32)."""

Mask = npt.NDArray[np.bool_]
Weights = npt.NDArray[np.float32]


def token_weights(label: list[Mask], reduction: str, label_weight: float) -> list[Weights]:
    """Weight of each completion token, so that the loss of a batch is Σ weight · negative log-likelihood.

    With w the label weight, n the tokens of the batch and n_i those of its sequence i, of B that have any:

    - `token-mean`: 1/n, and w/n on the label. The label weighs the less, the longer the explanation.
    - `example-mean`: 1/(B·n_i), and w/(B·n_i) on the label: a token mean a sequence, averaged over sequences.
    - `part-mean`: w/n_label on the label, 1/n_explanation on the explanation: each part has a mean of its own.

    Without any explanation in the batch, token-mean and part-mean coincide.

    Parameters
    ----------
    label
        For each sequence of the batch, which of its completion tokens belong to the label part.

    Returns
    -------
    One array a sequence, fp32.
    """
    sizes = [len(mask) for mask in label]
    flat = np.concatenate(label) if label else np.zeros(0, dtype=bool)
    factor = np.where(flat, label_weight, 1.0)
    if reduction == "part-mean":
        labels = int(flat.sum())
        weights = factor / np.where(flat, max(labels, 1), max(len(flat) - labels, 1))
    elif reduction == "example-mean":
        filled = max(sum(size > 0 for size in sizes), 1)
        weights = factor / (filled * np.repeat(np.maximum(sizes, 1), sizes))
    else:
        weights = factor / max(len(flat), 1)
    return np.split(weights.astype(np.float32), np.cumsum(sizes)[:-1])


@dataclass(frozen=True)
class Targets:
    """What a pack's tokens are to predict.

    Attributes
    ----------
    rows, columns
        Where each target is predicted, (targets,) each.
    ids
        The tokens to be predicted, (targets,).
    label
        Which belong to the label part, boolean (targets,).
    weights
        Their weights in the loss, fp32 (targets,).
    """

    rows: Tensor
    columns: Tensor
    ids: Tensor
    label: Tensor
    weights: Tensor

    def to(self, device: torch.device) -> Targets:
        """The same on another device."""
        if self.ids.device == device:
            return self
        table = torch.stack((self.rows, self.columns, self.ids, self.label)).to(device, non_blocking=True)
        return Targets(table[0], table[1], table[2], table[3].bool(), self.weights.to(device, non_blocking=True))


def weighted_loss(
    head: Any, hidden: Tensor, targets: Targets, vocabulary: int, most_logits: int = MOST_LOGITS
) -> tuple[Tensor, Tensor]:
    """Cross-entropy where there is a target, and nowhere else.

    Parameters
    ----------
    head
        Hidden states to logits.
    hidden
        (rows, tokens, units).
    vocabulary
        Logits of one target.
    most_logits
        Beyond so many, logits are computed in chunks, and again in the backward pass; the gradients are the same.

    Returns
    -------
    What is minimised, Σ weight · nll, with its gradient; and without any gradient [Σ nll of the label part, Σ nll of
    the explanation part], in nats and fp32.
    """
    states = hidden[targets.rows, targets.columns]
    chunk = max(1, most_logits // vocabulary)
    if len(states) <= chunk:
        losses = _losses(head, states, targets.ids)
    else:
        parts = zip(torch.split(states, chunk), torch.split(targets.ids, chunk))
        losses = torch.cat([checkpoint(_losses, head, part, ids, use_reentrant=False) for part, ids in parts])
    plain = losses.detach()
    of_label = plain.masked_fill(~targets.label, 0.0).sum()
    return torch.dot(losses, targets.weights), torch.stack((of_label, plain.sum() - of_label))


def _losses(head: Any, states: Tensor, ids: Tensor) -> Tensor:
    return functional.cross_entropy(head(states).float(), ids, reduction="none")


@dataclass(frozen=True)
class Loss:
    """Losses of one step, in nats.

    Attributes
    ----------
    total
        What was minimised.
    label, explanation
        Mean over the tokens of each part, unweighted; None where the batch has none.
    label_tokens, explanation_tokens
        How many tokens each part has.
    """

    total: float
    label: float | None
    explanation: float | None
    label_tokens: int
    explanation_tokens: int

    @property
    def mean(self) -> float:
        """Mean over all completion tokens, unweighted: what a model that guesses uniformly pays ln(vocabulary) for."""
        label = 0.0 if self.label is None else self.label * self.label_tokens
        explanation = 0.0 if self.explanation is None else self.explanation * self.explanation_tokens
        return (label + explanation) / max(self.label_tokens + self.explanation_tokens, 1)


def loss_of(total: float, of_label: float, of_explanation: float, label: list[Mask]) -> Loss:
    """The loss of a step from the sums of its parts, and the label masks of its sequences."""
    labels = sum(int(mask.sum()) for mask in label)
    explanations = sum(map(len, label)) - labels
    return Loss(
        total=total,
        label=of_label / labels if labels else None,
        explanation=of_explanation / explanations if explanations else None,
        label_tokens=labels,
        explanation_tokens=explanations,
    )
