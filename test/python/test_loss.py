"""All loss reductions against a computation by hand."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from because_trainer.loss import Mask, Targets, loss_of, token_weights, weighted_loss
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

UNITS, VOCABULARY = 6, 11
SEQUENCES = st.lists(st.lists(st.booleans(), max_size=7), min_size=1, max_size=5)


def by_hand(masks: list[list[bool]], losses: list[list[float]], reduction: str, weight: float) -> float:
    """The reduction as its definition says, one token after another."""
    tokens = [(i, label, loss) for i, (mask, row) in enumerate(zip(masks, losses)) for label, loss in zip(mask, row)]
    weighed = [(i, label, weight * loss if label else loss) for i, label, loss in tokens]
    if not tokens:
        return 0.0
    if reduction == "token-mean":
        return sum(loss for *_, loss in weighed) / len(tokens)
    if reduction == "part-mean":
        parts = [[loss for _, label, loss in weighed if label == part] for part in (True, False)]
        return sum(sum(part) / len(part) for part in parts if part)
    examples = [[loss for i, _, loss in weighed if i == example] for example in {i for i, *_ in tokens}]
    return sum(sum(example) / len(example) for example in examples) / len(examples)


@pytest.mark.parametrize("reduction", ["token-mean", "example-mean", "part-mean"])
@given(masks=SEQUENCES, weight=st.sampled_from([0.0, 0.5, 1.0, 4.0]), seed=st.integers(0, 99))
def test_a_reduction_is_a_sum_over_weighed_tokens(
    reduction: str, masks: list[list[bool]], weight: float, seed: int
) -> None:
    draw = np.random.default_rng(seed)
    losses = [draw.exponential(size=len(mask)).tolist() for mask in masks]
    weights = token_weights([np.asarray(mask, dtype=bool) for mask in masks], reduction, weight)
    assert [len(part) for part in weights] == [len(mask) for mask in masks]
    total = sum(float(np.dot(part, loss)) for part, loss in zip(weights, losses) if len(loss))
    assert total == pytest.approx(by_hand(masks, losses, reduction, weight), rel=1e-5, abs=1e-6)


def masks_of(*masks: list[bool]) -> list[Mask]:
    return [np.asarray(mask, dtype=bool) for mask in masks]


@pytest.mark.parametrize("weight", [1.0, 3.0])
def test_reductions_coincide_without_an_explanation(weight: float) -> None:
    found = [
        np.concatenate(token_weights(masks_of([True], [True], [True]), reduction, weight))
        for reduction in ("token-mean", "example-mean", "part-mean")
    ]
    assert all(np.array_equal(weights, found[0]) for weights in found)


def test_token_mean_weighs_the_label_the_less_the_longer_the_explanation() -> None:
    shares = [float(token_weights(masks_of([True] + [False] * n), "token-mean", 1.0)[0][0]) for n in (1, 9)]
    assert shares == pytest.approx([1 / 2, 1 / 10])


def example(count: int) -> tuple[nn.Linear, torch.Tensor, Targets]:
    generator = torch.Generator().manual_seed(5)
    head = nn.Linear(UNITS, VOCABULARY, bias=False)
    with torch.no_grad():
        head.weight.copy_(torch.randn(VOCABULARY, UNITS, generator=generator))
    hidden = torch.randn(3, count, UNITS, generator=generator)
    targets = Targets(
        rows=torch.randint(0, 3, (count,), generator=generator),
        columns=torch.randint(0, count, (count,), generator=generator),
        ids=torch.randint(0, VOCABULARY, (count,), generator=generator),
        label=torch.rand(count, generator=generator) < 0.4,
        weights=torch.rand(count, generator=generator),
    )
    return head, hidden.requires_grad_(), targets


def test_the_loss_is_that_of_the_whole_logits() -> None:
    head, hidden, targets = example(13)
    loss, parts = weighted_loss(head, hidden, targets, VOCABULARY)
    log_p = head(hidden).detach().double().log_softmax(-1).numpy()
    nll = [-log_p[row, at, token] for row, at, token in zip(targets.rows, targets.columns, targets.ids)]
    assert loss.item() == pytest.approx(float(np.dot(nll, targets.weights.tolist())), abs=1e-5)
    label = [loss for loss, of_label in zip(nll, targets.label) if of_label]
    assert parts.tolist() == pytest.approx([sum(label), sum(nll) - sum(label)], abs=1e-5)
    assert not parts.requires_grad


@pytest.mark.parametrize("most_logits", [1, 3 * VOCABULARY, 5 * VOCABULARY])
def test_chunks_that_are_computed_again_give_the_same_gradients(most_logits: int) -> None:
    gradients = []
    for most in (10**9, most_logits):
        head, hidden, targets = example(13)
        loss, _ = weighted_loss(head, hidden, targets, VOCABULARY, most)
        loss.backward()  # type: ignore[no-untyped-call]
        assert hidden.grad is not None
        assert head.weight.grad is not None
        gradients.append((loss.detach(), hidden.grad, head.weight.grad))
    for whole, chunked in zip(*gradients):
        torch.testing.assert_close(chunked, whole, rtol=1e-6, atol=1e-6)


def test_parts_are_reported_as_means_over_their_own_tokens() -> None:
    loss = loss_of(9.0, 6.0, 8.0, masks_of([True, False, False], [True, False, False]))
    assert (loss.label, loss.explanation, loss.label_tokens, loss.explanation_tokens) == (3.0, 2.0, 2, 4)
    assert loss.mean == pytest.approx(14 / 6)
    alone = loss_of(1.0, 2.0, 0.0, masks_of([True], [True]))
    assert (alone.label, alone.explanation, alone.mean) == (1.0, None, 1.0)
