"""Every estimator against its formula, written out naively in NumPy and float64."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from because_trainer.estimators import (
    attention_entropy,
    energy_entropy,
    histogram_entropy,
    lens_entropies,
    softmax_entropy,
    spectral_entropies,
)
from numpy.typing import NDArray

Vector = NDArray[np.float64]


def naive_entropy(p: Vector) -> float:
    return -math.fsum(x * math.log(x) for x in p.tolist() if x > 0)


def softmax(x: Vector) -> Vector:
    powers = np.exp(x - x.max())
    result: Vector = powers / powers.sum()
    return result


@pytest.fixture
def units() -> torch.Tensor:
    return torch.randn(6, 40, generator=torch.Generator().manual_seed(1)) * 3


def doubles(tensor: torch.Tensor) -> list[Vector]:
    return [row.astype(np.float64) for row in tensor.numpy()]


def test_softmax(units: torch.Tensor) -> None:
    expected = [naive_entropy(softmax(h)) for h in doubles(units)]
    assert softmax_entropy(units).tolist() == pytest.approx(expected, abs=1e-12)


def test_softmax_survives_one_massive_unit(units: torch.Tensor) -> None:
    units[:, 3] = 1e4
    assert softmax_entropy(units).tolist() == pytest.approx([0] * 6, abs=1e-12)


@pytest.mark.parametrize("top", [0, 1, 5])
def test_energy(units: torch.Tensor, top: int) -> None:
    expected = []
    for h in doubles(units):
        squares = np.sort(h**2)[: len(h) - top]
        expected.append(naive_entropy(squares / squares.sum()))
    assert energy_entropy(units, without_top=top).tolist() == pytest.approx(expected, abs=1e-12)


def test_energy_does_not_depend_on_scale(units: torch.Tensor) -> None:
    assert energy_entropy(units * 64).tolist() == pytest.approx(energy_entropy(units).tolist(), abs=1e-12)


def test_histogram(units: torch.Tensor) -> None:
    expected = [naive_entropy(np.histogram(h, bins=8)[0] / len(h)) for h in doubles(units)]
    assert histogram_entropy(units, 8).tolist() == pytest.approx(expected, abs=1e-12)


def test_histogram_of_equal_units_is_certain() -> None:
    assert histogram_entropy(torch.full((1, 9), 2.5), 4).tolist() == [0.0]


def test_logit_lens(units: torch.Tensor) -> None:
    final = units.flip(0) / 2
    entropies, divergences = lens_entropies(units, final)
    for i, (lens_row, final_row) in enumerate(zip(doubles(units), doubles(final))):
        lens_p, final_p = softmax(lens_row), softmax(final_row)
        assert entropies[i].item() == pytest.approx(naive_entropy(lens_p), abs=1e-12)
        assert divergences[i].item() == pytest.approx(float((final_p * np.log(final_p / lens_p)).sum()), abs=1e-12)


@pytest.mark.parametrize("tokens", [12, 60])
def test_spectral(tokens: int) -> None:
    rows = torch.randn(3, tokens, 20, generator=torch.Generator().manual_seed(2))
    counted = torch.ones(3, tokens, dtype=torch.bool)
    counted[:, 0] = False
    counted[1, 9:] = False
    first, second = spectral_entropies(rows, counted, von_neumann=True)
    for i in range(3):
        z = rows[i][counted[i]].numpy().astype(np.float64)
        z = z - z.mean(0)
        z = z / np.linalg.norm(z, axis=1, keepdims=True)
        gram = z @ z.T
        gram = gram / np.trace(gram)
        eigenvalues = np.linalg.eigvalsh(gram)
        assert first[i].item() == pytest.approx(naive_entropy(eigenvalues[eigenvalues > 1e-14]), abs=1e-9)
        assert second[i].item() == pytest.approx(-math.log((gram**2).sum()), abs=1e-12)
        assert second[i] <= first[i]


def test_spectral_is_undefined_for_a_single_row_and_for_equal_rows() -> None:
    rows = torch.ones(2, 5, 4)
    counted = torch.tensor([[False, True, False, False, False], [True] * 5])
    first, second = spectral_entropies(rows, counted, von_neumann=True)
    assert torch.cat([first, second]).isnan().all()


def test_attention_leaves_bos_out_and_renormalises() -> None:
    weights = torch.rand(2, 3, 7, generator=torch.Generator().manual_seed(3)).softmax(-1)
    counted = torch.ones(2, 7, dtype=torch.bool)
    counted[:, 0] = False
    expected = []
    for heads in weights.numpy().astype(np.float64):
        expected.append(np.mean([naive_entropy(head[1:] / head[1:].sum()) for head in heads]))
    assert attention_entropy(weights, counted).tolist() == pytest.approx(expected, abs=1e-12)
