"""Killed at any moment and started again, a run ends as if it had never been killed."""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest
from because_trainer.errors import Interrupted
from because_trainer.interruption import Interruption
from because_trainer.runs import do_run
from conftest import Base
from killing import Moment, in_a_process_of_its_own, reached_step, scoring, send_when, started, with_checkpoint
from workshop import OPTIMISATION, Workshop, manifest_of, progress_of

SCORES = ("predictions.parquet", "layers.parquet")
STEPS = 90


@pytest.fixture(scope="module")
def shop(base: Base) -> Workshop:
    return base.shop


@pytest.fixture(scope="module")
def run(base: Base) -> str:
    steps = {**OPTIMISATION, "steps": STEPS, "checkpoint_every": 13}
    return base.shop.arm(base.train, base.test * 8, base.tokenizer_run, base_run=base.warm_up_run, optimisation=steps)


@pytest.fixture(scope="module")
def undisturbed(shop: Workshop, run: str) -> Path:
    return shop.done(run)


@pytest.fixture
def runs(undisturbed: Path, tmp_path: Path) -> Path:
    """An empty folder of runs, but for those that the run builds on."""
    for needed in (path for path in undisturbed.parent.iterdir() if path != undisturbed):
        (tmp_path / needed.name).symlink_to(needed)
    return tmp_path


def losses(folder: Path) -> list[tuple[Any, ...]]:
    keys = ("step", "loss", "loss_label", "loss_explanation", "tokens", "examples", "learning_rate", "gradient_norm")
    return [tuple(line[key] for key in keys) for line in progress_of(folder, "step")]


def assert_same(folder: Path, undisturbed: Path) -> None:
    for name in SCORES:
        assert (folder / name).read_bytes() == (undisturbed / name).read_bytes()
    windows = [line for line in losses(folder) if line[0] % 10 == 0]
    assert windows == [line for line in losses(undisturbed) if line[0] % 10 == 0]
    counted = (
        "steps",
        "examples",
        "tokens",
        "label_tokens",
        "explanation_tokens",
        "truncated_rows",
        "shortened_explanations",
    )
    mine, other = manifest_of(folder), manifest_of(undisturbed)
    assert [mine[key] for key in counted] == [other[key] for key in counted]


@pytest.mark.parametrize(
    "moments",
    [
        [started],
        [with_checkpoint],
        [reached_step(20), reached_step(40), reached_step(60), reached_step(80)],
        [reached_step(50), scoring],
        [scoring, scoring],
    ],
    ids=["start", "checkpoint", "four times", "training and scoring", "scoring twice"],
)
def test_killed_and_started_again(
    shop: Workshop, run: str, undisturbed: Path, runs: Path, moments: list[Moment]
) -> None:
    kills = 0
    for moment in moments:
        child = in_a_process_of_its_own(lambda: shop.do(run, runs))
        kills += send_when(child, runs / run, moment, signal.SIGKILL) < 0
    assert kills > 0
    report = shop.do(run, runs)
    assert report.status == "done", report.reason
    assert_same(runs / run, undisturbed)
    assert not list((runs / run).rglob("*.part"))


class AfterChecks(Interruption):
    """Asks to leave after being asked so many times."""

    def __init__(self, checks: int) -> None:
        super().__init__()
        self._left = checks

    def check(self) -> None:
        self._left -= 1
        if self._left == 0:
            raise Interrupted("SIGTERM", 128 + signal.SIGTERM)


@pytest.mark.parametrize("checks", [1, 2, 30, STEPS + 1, STEPS + 2])
def test_asked_to_leave_it_goes_on_from_that_very_step(
    shop: Workshop, run: str, undisturbed: Path, runs: Path, checks: int
) -> None:
    with pytest.raises(Interrupted, match="SIGTERM"):
        do_run(run, shop.jobs, runs, AfterChecks(checks))
    assert not (runs / run / "manifest.json").exists()
    assert shop.do(run, runs).status == "done"
    assert_same(runs / run, undisturbed)
    resumed = [line["event"] for line in progress_of(runs / run)].count("resume")
    assert manifest_of(runs / run)["resumed"] == resumed == (0 if checks == 1 else 1)


def test_a_torn_checkpoint_is_not_taken_up(shop: Workshop, run: str, undisturbed: Path, runs: Path) -> None:
    with pytest.raises(Interrupted):
        do_run(run, shop.jobs, runs, AfterChecks(20))
    path = runs / run / "checkpoint" / "state.pt"
    path.write_bytes(path.read_bytes()[:1000])
    assert shop.do(run, runs).status == "done"
    assert_same(runs / run, undisturbed)


def test_a_progress_line_cut_in_the_middle_is_dropped(shop: Workshop, run: str, undisturbed: Path, runs: Path) -> None:
    with pytest.raises(Interrupted):
        do_run(run, shop.jobs, runs, AfterChecks(25))
    with (runs / run / "progress.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"event": "step", "time": 1, "st')
    assert shop.do(run, runs).status == "done"
    assert_same(runs / run, undisturbed)


def test_a_run_waits_while_another_process_works_on_it(shop: Workshop, run: str, undisturbed: Path, runs: Path) -> None:
    (runs / run).mkdir()
    with (runs / run / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)

        def do_without_the_inherited_lock() -> None:
            lock.close()
            shop.do(run, runs)

        child = in_a_process_of_its_own(do_without_the_inherited_lock)
        time.sleep(0.5)
        assert not started(runs / run)
    os.waitpid(child, 0)
    assert_same(runs / run, undisturbed)


def test_waiting_for_another_process_can_be_interrupted(shop: Workshop, run: str, runs: Path) -> None:
    (runs / run).mkdir()
    with (runs / run / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(Interrupted):
            do_run(run, shop.jobs, runs, AfterChecks(2))


def test_a_worker_leaves_when_its_parent_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    interruption = Interruption(watch_parent=True)
    interruption.check()
    monkeypatch.setattr(os, "getppid", lambda: 1)
    with pytest.raises(Interrupted, match="parent"):
        interruption.check()


def test_a_full_disk_is_reported(shop: Workshop, run: str, runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("because_trainer.progress.replace_file", full)
    monkeypatch.setattr("because_trainer.manifest.replace_file", full)
    report = shop.do(run, runs)
    assert (report.status, report.reason) == ("failed", "OSError: [Errno 28] No space left on device.")
