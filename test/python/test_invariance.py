"""How a run is carried out changes its last digits, and nothing else: through the command line, from job to scores.

Each class is one job carried out in many ways, for both orders and all three reductions. A residual is the difference
to the plainest way: one sequence a row, the whole batch at once, eager attention, one process.
"""

from __future__ import annotations

import signal
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from command import run_all, start
from dialogues import SETTINGS, THREE_AXES, executed, lora, make_dialogues, optimised
from killing import left_behind, reached_step
from trajectories import (
    Tolerance,
    Trajectory,
    assert_close,
    assert_unbiased,
    mean_residuals,
    read_trajectory,
)
from workshop import Workshop, manifest_of

ORDERS = ("label-first", "explanation-first")
REDUCTIONS = ("token-mean", "example-mean", "part-mean")
STEPS = 12
BATCH = 8

ROUNDING = Tolerance(losses=8e-6, norms=4e-6, log_probabilities=4e-6, entropies=1e-5)
"""fp32 keeps 24 bits: the unit in the last place is 9.5e-7 between 8 and 16, where losses of two parts lie, and 4.8e-7
below. Residuals of one or two units are what is seen; eight leave room for other processors, and for the few steps that
carry rounding to the weights."""

RESOLUTION = 4e-8
"""Of a mean: a number is good to 6e-8 of its size, and a mean of some twelve to a third of that."""

EXACT = Tolerance(0, 0, 0, 0)

WAYS: dict[str, dict[str, Any]] = {
    "accumulated 1 × 8": {"micro_batch": 1},
    "accumulated by threes": {"micro_batch": 3},
    "packed": {"row_tokens": 256},
    "shared": {"share_dialogues": True},
    "checkpointed": {"gradient_checkpointing": True},
    "sdpa": {"attention": "sdpa"},
    "all of these": {
        "micro_batch": 5,
        "row_tokens": 200,
        "share_dialogues": True,
        "gradient_checkpointing": True,
        "attention": "sdpa",
    },
}
TWO = {"processes": 2}
SHARDED = {"processes": 2, "parallel": "fsdp"}


@dataclass(frozen=True)
class Class:
    """One job, but for how it is carried out."""

    order: str
    reduction: str
    seed: int
    adapter: bool


FULL = [Class(order, reduction, seed, False) for seed, (order, reduction) in enumerate(product(ORDERS, REDUCTIONS))]
ADAPTED = [replace(kind, adapter=True) for kind in FULL]
SHARDED_KIND = FULL[-1]


@dataclass(frozen=True)
class Bench:
    """A workshop whose runs are done by the command line."""

    shop: Workshop

    @cached_property
    def needed(self) -> dict[str, str]:
        """The runs that all others build on."""
        rows = make_dialogues(24, 1)
        tokenizer = self.shop.tokenizer(rows, labels=THREE_AXES)
        warm_up = self.shop.warm_up(rows, tokenizer, optimisation=optimised(steps=10))
        run_all(self.shop, [tokenizer, warm_up])
        return {"tokenizer_run": tokenizer, "base_run": warm_up}

    def job(self, kind: Class, **changes: Any) -> str:
        """Write the job of a class, carried out as the changes say."""
        needed = self.needed
        return self.shop.arm(
            make_dialogues(24, 1),
            make_dialogues(6, 2),
            needed["tokenizer_run"],
            ("explanation", kind.order, kind.reduction),
            seed=kind.seed,
            base_run=needed["base_run"],
            adapter=lora() if kind.adapter else {"kind": "none"},
            label_weight=2.0,
            optimisation=optimised(steps=STEPS, batch=BATCH, checkpoint_every=9),
            execution=executed(**changes),
            **SETTINGS,
        )

    def trajectory(self, kind: Class, **changes: Any) -> Trajectory:
        """What the job of a class did, carried out as the changes say."""
        return read_trajectory(self.shop.runs / self.job(kind, **changes))


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """All runs of one process, done by one command line."""
    found = Bench(Workshop(tmp_path_factory.mktemp("invariance")))
    ways = [{}, *WAYS.values()]
    run_all(found.shop, [found.job(kind, **way) for kind in FULL for way in ways])
    run_all(found.shop, [found.job(kind, **way) for kind in ADAPTED for way in ({}, WAYS["all of these"])])
    return found


def assert_invariant(bench: Bench, kinds: list[Class], way: dict[str, Any]) -> None:
    """Fail where a way changes more than rounding does, or always changes it to the same side."""
    pairs = [(bench.trajectory(kind, **way), bench.trajectory(kind)) for kind in kinds]
    for found, expected in pairs:
        assert_close(found, expected, ROUNDING)
    means = [mean_residuals(found, expected) for found, expected in pairs]
    for quantity in means[0]:
        assert_unbiased([mean[quantity] for mean in means], RESOLUTION)


@pytest.mark.parametrize("way", WAYS)
def test_the_same_trajectory(bench: Bench, way: str) -> None:
    assert_invariant(bench, FULL, WAYS[way])


def test_the_same_trajectory_of_adapters(bench: Bench) -> None:
    assert_invariant(bench, ADAPTED, WAYS["all of these"])


def test_runs_were_carried_out_as_their_jobs_ask(bench: Bench) -> None:
    kind = FULL[0]
    plain, shared = (manifest_of(bench.shop.runs / bench.job(kind, **way)) for way in ({}, WAYS["all of these"]))
    assert (plain["micro_batch"], plain["attention"], plain["shared_dialogues"]) == (BATCH, "eager", False)
    assert (shared["micro_batch"], shared["attention"], shared["shared_dialogues"]) == (5, "sdpa", True)
    assert plain["encoded_tokens"] == plain["tokens"] == shared["tokens"]
    assert shared["encoded_tokens"] < 0.75 * plain["encoded_tokens"]


@pytest.fixture(scope="module")
def in_two(bench: Bench) -> Bench:
    """The same, and the runs of two processes, done by PyTorch's own launcher."""
    run_all(bench.shop, [bench.job(kind, **TWO) for kind in FULL] + [bench.job(SHARDED_KIND, **SHARDED)], torchrun=2)
    return bench


def test_two_processes_do_what_one_does(in_two: Bench) -> None:
    assert_invariant(in_two, FULL, TWO)
    assert all(manifest_of(in_two.shop.runs / in_two.job(kind, **TWO))["processes"] == 2 for kind in FULL)


def test_two_processes_that_share_the_weights_do_what_one_does(in_two: Bench) -> None:
    assert_close(in_two.trajectory(SHARDED_KIND, **SHARDED), in_two.trajectory(SHARDED_KIND), ROUNDING)


@pytest.mark.parametrize("mistake", ["averaged", "leaning"])
def test_a_mistake_is_found(bench: Bench, mistake: str, tmp_path: Path) -> None:
    folder, way = linked(bench, tmp_path), WAYS["accumulated by threes"]
    runs = [bench.job(kind, **way) for kind in FULL]
    run_all(bench.shop, runs, folder=folder, mistake=mistake)
    pairs = [(read_trajectory(folder / run), bench.trajectory(kind)) for run, kind in zip(runs, FULL)]
    if mistake == "averaged":
        for found, expected in pairs:
            with pytest.raises(AssertionError, match="losses"):
                assert_close(found, expected, ROUNDING)
    else:
        for found, expected in pairs:
            assert_close(found, expected, ROUNDING)
        with pytest.raises(AssertionError, match="lean to one side"):
            assert_unbiased([mean_residuals(found, expected)["losses"] for found, expected in pairs], RESOLUTION)


def linked(bench: Bench, folder: Path) -> Path:
    """An empty folder of runs, but for those that others build on."""
    for run in bench.needed.values():
        (folder / run).symlink_to(bench.shop.runs / run)
    return folder


def test_side_by_side_does_what_each_does_alone(bench: Bench, tmp_path: Path) -> None:
    runs = [bench.job(kind) for kind in ADAPTED]
    folder = linked(bench, tmp_path)
    run_all(bench.shop, runs, "--together", folder=folder)
    for run in runs:
        assert_close(read_trajectory(folder / run), read_trajectory(bench.shop.runs / run), EXACT)
        predictions = [(runs_of / run / "predictions.parquet").read_bytes() for runs_of in (folder, bench.shop.runs)]
        assert predictions[0] == predictions[1]


def test_resumed_it_does_what_it_does_undisturbed(bench: Bench, tmp_path: Path) -> None:
    run = bench.job(FULL[0], **WAYS["all of these"])
    folder = linked(bench, tmp_path)
    process = start("run", "--jobs", str(bench.shop.jobs), "--runs", str(folder), run)
    while not reached_step(10)(folder / run):
        assert process.poll() is None, process.communicate()
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode == 128 + signal.SIGTERM
    assert left_behind(process.pid) == []
    run_all(bench.shop, [run], folder=folder)
    assert manifest_of(folder / run)["resumed"] == 1
    assert_close(read_trajectory(folder / run), read_trajectory(bench.shop.runs / run), EXACT)
