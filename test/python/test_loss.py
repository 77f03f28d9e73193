"""Both loss reductions against a computation by hand."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from because_trainer.loss import Loss, completion_loss, language_model_loss


def by_hand(logits: torch.Tensor, targets: torch.Tensor) -> list[float]:
    """Negative log-probability of each target, in float64."""
    rows = logits.numpy().astype(np.float64)
    log_p = rows - np.log(np.exp(rows).sum(1, keepdims=True))
    return [float(-log_p[i, target]) for i, target in enumerate(targets.tolist())]


def example(label: list[bool]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(5)
    logits = torch.randn(len(label), 11, generator=generator)
    targets = torch.randint(0, 11, (len(label),), generator=generator)
    return logits, targets, torch.tensor(label)


def loss_of(label: list[bool], reduction: str, weight: float) -> tuple[Loss, list[float]]:
    logits, targets, mask = example(label)
    return completion_loss(logits, targets, mask, reduction=reduction, label_weight=weight), by_hand(logits, targets)


def test_token_mean_divides_by_all_tokens() -> None:
    loss, (a, b, c, d) = loss_of([True, False, False, True], "token-mean", 2.5)
    assert loss.total.item() == pytest.approx((2.5 * (a + d) + b + c) / 4, abs=1e-6)
    assert (loss.label_tokens, loss.explanation_tokens) == (2, 2)


def test_part_mean_averages_each_part() -> None:
    loss, (a, b, c, d, e) = loss_of([True, False, False, False, True], "part-mean", 0.5)
    assert loss.total.item() == pytest.approx(0.5 * (a + e) / 2 + (b + c + d) / 3, abs=1e-6)
    assert loss.label == pytest.approx((a + e) / 2, abs=1e-6)
    assert loss.explanation == pytest.approx((b + c + d) / 3, abs=1e-6)


@pytest.mark.parametrize("weight", [1.0, 3.0])
def test_reductions_coincide_without_an_explanation(weight: float) -> None:
    token, _ = loss_of([True, True, True], "token-mean", weight)
    part, _ = loss_of([True, True, True], "part-mean", weight)
    assert torch.equal(token.total, part.total)
    assert token.explanation is None


def test_token_mean_weighs_the_label_the_less_the_longer_the_explanation() -> None:
    shares = []
    for n in (1, 9):
        logits, targets, label = example([True] + [False] * n)
        logits.requires_grad_()
        loss = completion_loss(logits, targets, label, reduction="token-mean", label_weight=1.0)
        (gradient,) = torch.autograd.grad(loss.total, logits)
        full = torch.autograd.grad(torch.nn.functional.cross_entropy(logits[:1], targets[:1]), logits)[0]
        shares.append((gradient[0] / full[0]).mean().item())
    assert shares == pytest.approx([1 / 2, 1 / 10], abs=1e-6)


def test_warm_up_is_the_mean_over_all_tokens() -> None:
    logits, targets, _ = example([False] * 6)
    assert language_model_loss(logits, targets).total.item() == pytest.approx(
        np.mean(by_hand(logits, targets)), abs=1e-6
    )
