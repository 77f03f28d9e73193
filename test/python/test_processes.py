"""Runs of several processes on this machine: they leave together, and none waits for one that is gone."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from conftest import Base
from workshop import EXECUTION, OPTIMISATION, Workshop, manifest_of, progress_of

SLOW = {**OPTIMISATION, "steps": 4000, "checkpoint_every": 4000}
LONGEST = 240.0


def command(shop: Workshop, run: str) -> list[str]:
    folders = ["--jobs", str(shop.jobs), "--runs", str(shop.runs)]
    return [sys.executable, "-m", "because_trainer", "run", *folders, run]


def two(base: Base, parallel: str, **changes: Any) -> str:
    execution = {**EXECUTION, "processes": 2, "parallel": parallel}
    return base.shop.arm(base.train, base.test, base.tokenizer_run, execution=execution, **changes)


def children_of(process: int) -> list[int]:
    listed = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
    return [int(child) for child in listed.split()]


def started(shop: Workshop, run: str) -> tuple[subprocess.Popen[str], list[int]]:
    """A run that trains, and its processes."""
    process = subprocess.Popen(command(shop, run), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    began = time.monotonic()
    while not (shop.runs / run / "progress.jsonl").exists() or not progress_of(shop.runs / run, "step"):
        assert process.poll() is None, process.communicate()[1]
        assert time.monotonic() - began < LONGEST
        time.sleep(0.05)
    return process, children_of(process.pid)


def gone(process: int) -> bool:
    return not Path(f"/proc/{process}").exists()


def test_a_warning_signal_lets_all_leave_with_a_checkpoint(base: Base) -> None:
    run = two(base, "fsdp", optimisation=SLOW)
    process, ranks = started(base.shop, run)
    assert len(ranks) == 2
    process.send_signal(signal.SIGUSR2)
    process.communicate(timeout=LONGEST)
    assert process.returncode == 128 + signal.SIGUSR2
    assert all(map(gone, ranks))
    folder = base.shop.runs / run
    left = progress_of(folder)[-1]
    assert (left["event"], left["reason"]) == ("left", "Interrupted by SIGUSR2")
    assert (folder / "checkpoint" / "state.pt").exists()
    assert not (folder / "manifest.json").exists()
    reached = max(line["step"] for line in progress_of(folder, "step"))
    again, _ = started_again(base.shop, run, reached)
    again.send_signal(signal.SIGTERM)
    again.communicate(timeout=LONGEST)
    assert again.returncode == 128 + signal.SIGTERM
    assert [line["event"] for line in progress_of(folder)].count("resume") == 1


def started_again(shop: Workshop, run: str, reached: int) -> tuple[subprocess.Popen[str], list[int]]:
    """The run again, once it has gone beyond the step that it had reached."""
    process, ranks = started(shop, run)
    began = time.monotonic()
    while max(line["step"] for line in progress_of(shop.runs / run, "step")) <= reached:
        assert process.poll() is None, process.communicate()[1]
        assert time.monotonic() - began < LONGEST
        time.sleep(0.05)
    return process, ranks


def test_a_process_that_dies_fails_the_run(base: Base) -> None:
    run = two(base, "ddp", optimisation={**SLOW, "clip": 0.9})
    process, ranks = started(base.shop, run)
    os.kill(ranks[1], signal.SIGKILL)
    said, _ = process.communicate(timeout=LONGEST)
    assert process.returncode == 1
    report = json.loads(said)
    assert report["status"] == "failed"
    assert "process 2 of 2 ended by signal 9" in report["reason"]
    assert all(map(gone, ranks))
    manifest = manifest_of(base.shop.runs / run)
    assert (manifest["status"], manifest["cause"], manifest["reason"]) == ("failed", "error", report["reason"])
