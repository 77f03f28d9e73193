"""The loss of a batch: label part and explanation part apart, and how they become one number."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch.nn import functional


@dataclass(frozen=True)
class Loss:
    """Losses of one batch, in nats a token.

    Attributes
    ----------
    total
        What is minimised; carries the gradient.
    label, explanation
        Mean over the tokens of each part; None where the batch has none.
    label_tokens, explanation_tokens
        How many tokens each part has.
    """

    total: torch.Tensor
    label: float | None
    explanation: float | None
    label_tokens: int
    explanation_tokens: int


def completion_loss(
    logits: torch.Tensor, targets: torch.Tensor, label: torch.Tensor, *, reduction: str, label_weight: float
) -> Loss:
    """Cross-entropy of completion tokens.

    `token-mean` is (w·Σ label + Σ explanation) / (n_label + n_explanation): the label weighs the less, the longer
    the explanation. `part-mean` is w·mean(label) + mean(explanation). Without an explanation they coincide.

    Parameters
    ----------
    logits
        (targets, vocabulary).
    targets
        Token ids, (targets,).
    label
        Which targets belong to the label part, boolean (targets,).
    reduction
        `token-mean` or `part-mean`.
    label_weight
        w, the factor on the label part.
    """
    losses = functional.cross_entropy(logits.float(), targets, reduction="none")
    of_label, of_explanation = losses[label].sum(), losses[~label].sum()
    n_label = int(label.sum())
    n_explanation = len(targets) - n_label
    mean_label = of_label / max(n_label, 1)
    mean_explanation = of_explanation / max(n_explanation, 1)
    if reduction == "part-mean":
        total = label_weight * of_label / max(n_label, 1) + mean_explanation
    else:
        total = (label_weight * of_label + of_explanation) / max(len(targets), 1)
    return Loss(
        total=total,
        label=mean_label.item() if n_label else None,
        explanation=mean_explanation.item() if n_explanation else None,
        label_tokens=n_label,
        explanation_tokens=n_explanation,
    )


def language_model_loss(logits: torch.Tensor, targets: torch.Tensor) -> Loss:
    """Mean cross-entropy of all tokens, for the warm-up."""
    return Loss(functional.cross_entropy(logits.float(), targets), None, None, 0, 0)
