"""Every estimator against its formula, written out naively in NumPy and float64."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from because_trainer.estimators import Softmax, energy_entropies, histogram_entropy, softmax_entropy, unit_entropies
from because_trainer.spectra import TokenRows, gram_matrices, renyi_entropy, von_neumann_entropy
from naive_estimators import Matrix, Vector, entropy, log_softmax, softmax, spectrum, trimmed

NEAR = 1e-5


@pytest.fixture
def units() -> torch.Tensor:
    return torch.randn(6, 40, generator=torch.Generator().manual_seed(1)) * 3


def doubles(tensor: torch.Tensor) -> list[Vector]:
    return [row.astype(np.float64) for row in tensor.numpy()]


def massive(units: torch.Tensor, size: float) -> torch.Tensor:
    """The same with one unit that is as large as language models' largest."""
    changed = units.clone()
    changed[:, 3] = size
    return changed


@pytest.mark.parametrize("size", [1.0, 1e3, -1e4])
def test_softmax(units: torch.Tensor, size: float) -> None:
    units = massive(units, size)
    assert softmax_entropy(units).tolist() == pytest.approx([entropy(softmax(h)) for h in doubles(units)], abs=NEAR)


@pytest.mark.parametrize("size", [1.0, 1e3, -1e4])
@pytest.mark.parametrize("top", [0, 1, 5])
def test_energy(units: torch.Tensor, top: int, size: float) -> None:
    units = massive(units, size)
    whole, rest = energy_entropies(units, top)
    assert whole.tolist() == pytest.approx([entropy(trimmed(h, 0)) for h in doubles(units)], abs=NEAR)
    assert rest.tolist() == pytest.approx([entropy(trimmed(h, top)) for h in doubles(units)], abs=NEAR)


def test_energy_does_not_depend_on_scale(units: torch.Tensor) -> None:
    for scaled in energy_entropies(units * 64, 1), energy_entropies(units / 4096, 1):
        for own, expected in zip(scaled, energy_entropies(units, 1)):
            assert own.tolist() == pytest.approx(expected.tolist(), abs=NEAR)


def test_energy_of_nothing_is_undefined(units: torch.Tensor) -> None:
    assert energy_entropies(torch.zeros(1, 4), 1)[0].isnan().all()
    assert energy_entropies(units, 40)[1].isnan().all()


@pytest.mark.parametrize("size", [1.0, 1e3, -1e4])
def test_histogram(units: torch.Tensor, size: float) -> None:
    units = massive(units, size)
    expected = [entropy(np.histogram(h, bins=8)[0] / len(h)) for h in doubles(units)]
    assert histogram_entropy(units, 8).tolist() == pytest.approx(expected, abs=NEAR)


def test_histogram_puts_units_into_the_bins_of_float64() -> None:
    """Half a million units, of which fp32 would put some hundreds on the wrong side of an edge."""
    units = torch.randn(1, 2**19, generator=torch.Generator().manual_seed(5))
    expected = entropy(np.histogram(units[0].numpy().astype(np.float64), bins=4096)[0] / units.shape[1])
    assert histogram_entropy(units, 4096).item() == pytest.approx(expected, abs=NEAR)


def test_histogram_of_equal_units_is_certain() -> None:
    assert histogram_entropy(torch.full((1, 9), 2.5), 4).tolist() == pytest.approx([0.0], abs=1e-6)


def test_layers_are_reduced_as_one_by_one(units: torch.Tensor) -> None:
    names = ["softmax", "energy", "energy_trimmed", "histogram"]
    together = unit_entropies(units.view(2, 3, 40), names, 1, 8)
    assert list(together) == names
    for layer in range(2):
        alone = unit_entropies(units.view(2, 3, 40)[layer], names, 1, 8)
        for name in names:
            assert together[name][layer].tolist() == alone[name].tolist()


@pytest.mark.parametrize("size", [1.0, 1e3])
def test_logit_lens(units: torch.Tensor, size: float) -> None:
    final = units.flip(0) / 2
    lens = massive(units, size)
    entropies = Softmax.of(lens).entropy()
    divergences = Softmax.of(final).cross_entropy(Softmax.of(lens)) - Softmax.of(final).entropy()
    for i, (lens_row, final_row) in enumerate(zip(doubles(lens), doubles(final))):
        own = log_softmax(final_row) - log_softmax(lens_row)
        assert entropies[i].item() == pytest.approx(entropy(softmax(lens_row)), abs=NEAR)
        assert divergences[i].item() == pytest.approx(float((softmax(final_row) * own).sum()), rel=1e-6, abs=NEAR)


def token_rows(counted: torch.Tensor, tree: list[int]) -> TokenRows:
    """Rows of a pass in which every tree has one row of tokens; `counted` says what counts for which example."""
    trees, tokens = max(tree) + 1, counted.shape[1]
    order = torch.argsort(~counted, dim=1, stable=True)[:, : int(counted.sum(1).max())]
    places = torch.arange(trees * tokens).view(trees, tokens)
    return TokenRows(
        places, torch.ones_like(places, dtype=torch.bool), torch.tensor(tree), order, counted.gather(1, order)
    )


def check_spectra(rows: torch.Tensor, counted: torch.Tensor, tree: list[int]) -> None:
    grams, left = gram_matrices(rows, token_rows(counted, tree))
    first, second = von_neumann_entropy(grams, left), renyi_entropy(grams, left)
    for i, number in enumerate(tree):
        values = spectrum(np.asarray(rows[number][counted[i]].numpy().astype(np.float64)))
        assert first[i].item() == pytest.approx(entropy(values), abs=1e-4)
        assert second[i].item() == pytest.approx(-math.log((values**2).sum()), abs=1e-4)
        assert second[i] <= first[i] + 1e-6


def made_rows(kind: str, tokens: int, units: int) -> Matrix:
    draw = np.random.default_rng(2)
    rows = draw.standard_normal((2, tokens, units))
    if kind == "massive in all":
        rows[:, :, 3] += 1e4
        rows[:, :, 7] -= 3e3
    elif kind == "massive in one":
        rows[:, 1, 3] = 1e4
    elif kind == "nearly parallel":
        rows = 30 * draw.standard_normal((2, 1, units)) + 1e-2 * rows
    elif kind == "parallel and massive":
        rows = 1e-1 * rows
        rows[:, :, 3] += 1e4
    elif kind == "few directions":
        rows = rows[:, :, :3] @ draw.standard_normal((2, 3, units))
    return np.asarray(rows)


KINDS = ["random", "massive in all", "massive in one", "nearly parallel", "parallel and massive", "few directions"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("tokens", "units"), [(12, 20), (60, 20), (150, 160), (300, 96)])
def test_spectra(kind: str, tokens: int, units: int) -> None:
    """Examples that share most of their rows, and one that shares none, whichever Gram matrix is smaller."""
    rows = torch.from_numpy(made_rows(kind, tokens, units)).float()
    counted = torch.ones(4, tokens, dtype=torch.bool)
    counted[:, 0] = False
    counted[0, -3:] = False
    counted[1, -6:-3] = False
    counted[3, tokens // 2 :] = False
    check_spectra(rows, counted, [0, 0, 0, 1])


def test_spectra_are_undefined_for_a_single_row_and_for_equal_rows() -> None:
    for value in (1.0, 0.1, 1e4 / 3):
        rows = torch.full((2, 5, 4), value)
        counted = torch.tensor([[False, True, False, False, False], [True] * 5])
        grams, left = gram_matrices(rows, token_rows(counted, [0, 1]))
        assert torch.cat([von_neumann_entropy(grams, left), renyi_entropy(grams, left)]).isnan().all()
