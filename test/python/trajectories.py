"""What a run left of its training and its scores, and how two runs that must be equal are compared.

Two ways to compute the same sums differ by rounding: every residual is small, and residuals lean to neither side. A
wrong weight of one token among many can hide below any tolerance that leaves room for rounding, but not in the sign:
it leans the same way in every run.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq
from scipy import stats
from workshop import progress_of

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Trajectory:
    """What a run did.

    Attributes
    ----------
    losses
        Total, label part and explanation part (NaN for none) by progress line, (lines, 3), in nats a token.
    norms
        Gradient norm before clipping, by progress line.
    counts
        Step, examples and tokens by progress line, (lines, 3).
    log_probabilities
        Of the labels, one after another for all test rows.
    entropies
        All columns of `layers.parquet`, one after another; NaN where there is none.
    """

    losses: Numbers
    norms: Numbers
    counts: npt.NDArray[np.int64]
    log_probabilities: Numbers
    entropies: Numbers


def read_trajectory(folder: Path) -> Trajectory:
    """The trajectory of a run that is done."""
    lines = [line for line in progress_of(folder, "step") if line["step"] % 10 == 0 or line["step"] == line["steps"]]
    parts = ("loss", "loss_label", "loss_explanation")
    table = pq.read_table(folder / "predictions.parquet").to_pydict()
    layers = pq.read_table(folder / "layers.parquet")
    measured = [layers[name] for name in layers.column_names if str(layers.schema.field(name).type) == "double"]
    logits = [np.array(row) - total for row, total in zip(table["label_logits"], table["log_sum_exp"])]
    return Trajectory(
        losses=np.array([[_number(line[part]) for part in parts] for line in lines]),
        norms=np.array([line["gradient_norm"] for line in lines]),
        counts=np.array([[line["step"], line["examples"], line["tokens"]] for line in lines]),
        log_probabilities=np.concatenate(logits),
        entropies=np.concatenate([column.to_numpy(zero_copy_only=False).astype(float) for column in measured]),
    )


def _number(value: float | None) -> float:
    return np.nan if value is None else value


@dataclass(frozen=True)
class Tolerance:
    """Most that two runs may differ by, absolutely."""

    losses: float
    norms: float
    log_probabilities: float
    entropies: float


def assert_close(found: Trajectory, expected: Trajectory, within: Tolerance) -> None:
    """Fail where any number of two runs differs by more than the tolerance, or their counts at all."""
    np.testing.assert_array_equal(found.counts, expected.counts)
    for name in ("losses", "norms", "log_probabilities", "entropies"):
        allowed = getattr(within, name)
        np.testing.assert_allclose(
            getattr(found, name), getattr(expected, name), rtol=0, atol=allowed, equal_nan=True, err_msg=name
        )


def mean_residuals(found: Trajectory, expected: Trajectory) -> dict[str, float]:
    """One mean difference a quantity, for `assert_unbiased`; lines and rows of one run are not independent.

    Losses and norms by their size, since those of other reductions are of another.
    """
    return {
        "losses": float(np.mean((found.losses / expected.losses)[:, 0] - 1)),
        "norms": float(np.mean(found.norms / expected.norms - 1)),
        "log_probabilities": float(np.mean(found.log_probabilities - expected.log_probabilities)),
    }


LEAST_RUNS = 5


def assert_unbiased(residuals: list[float], resolution: float, false_alarms: float = 1e-4) -> None:
    """Fail where residuals of independent runs lean to one side: a t-test of mean zero.

    Parameters
    ----------
    residuals
        One a run.
    resolution
        Unit in the last place of what was subtracted: a mean within half of it is no evidence of anything, and
        where many residuals are exactly zero their spread says nothing.
    false_alarms
        Level of the test.
    """
    assert len(residuals) >= LEAST_RUNS
    mean, count = float(np.mean(residuals)), len(residuals)
    spread = max(float(np.std(residuals, ddof=1)), resolution / 2)
    bound = float(stats.t.isf(false_alarms / 2, count - 1)) * spread / count**0.5
    assert abs(mean) <= bound, f"residuals lean to one side: mean {mean:.3g}, at most {bound:.3g}, of {residuals}"
