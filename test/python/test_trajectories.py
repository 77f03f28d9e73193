"""The comparisons of trajectories themselves: what they let pass, and what they catch."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from trajectories import Tolerance, Trajectory, assert_close, assert_unbiased

WITHIN = Tolerance(losses=1e-5, norms=1e-5, log_probabilities=1e-5, entropies=1e-5)


def a_trajectory() -> Trajectory:
    losses = np.array([[5.0, 4.0, np.nan], [4.0, 3.0, np.nan]])
    counts = np.array([[10, 80, 900], [20, 160, 1800]])
    return Trajectory(losses, np.ones(2), counts, -np.ones(15), np.ones(30))


@pytest.mark.parametrize("name", ["losses", "norms", "log_probabilities", "entropies"])
def test_one_number_that_differs_by_more_than_its_tolerance_is_caught(name: str) -> None:
    expected = a_trajectory()
    for size, caught in ((0.5e-5, False), (2e-5, True)):
        values = getattr(expected, name).copy()
        values.flat[0] += size
        found = replace(expected, **{name: values})
        if caught:
            with pytest.raises(AssertionError, match=name):
                assert_close(found, expected, WITHIN)
        else:
            assert_close(found, expected, WITHIN)


def test_a_token_more_is_caught() -> None:
    expected = a_trajectory()
    with pytest.raises(AssertionError):
        assert_close(replace(expected, counts=expected.counts + 1), expected, WITHIN)


def test_a_bias_far_below_the_tolerance_is_caught_and_rounding_is_not() -> None:
    rounding = np.random.default_rng(1).normal(0, 1e-6, 12)
    assert_unbiased(list(rounding), resolution=1e-7)
    with pytest.raises(AssertionError, match="lean to one side"):
        assert_unbiased(list(rounding + 3e-6), resolution=1e-7)
    assert_unbiased([0.0] * 11 + [1e-7], resolution=1e-7)
    assert_unbiased([0.2e-7] * 12, resolution=1e-6)


def test_chance_alone_is_hardly_ever_taken_for_a_bias() -> None:
    draw, alarms = np.random.default_rng(2), 0
    for _ in range(2000):
        try:
            assert_unbiased(list(draw.normal(0, 1, 12)), resolution=0, false_alarms=1e-2)
        except AssertionError:
            alarms += 1
    assert 5 <= alarms <= 40
