"""Starts the processes of a run that asks for several on this machine, and sees to their ends."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from .errors import Interrupted
from .interruption import Interruption
from .runs import Report, report_failure

PATIENCE = 60.0
"""Seconds that processes are given to save a checkpoint and leave, once they are asked to or one of them is gone."""

PAUSE = 0.05


def processes_of(folder: Path) -> int:
    """How many processes the job in a folder asks for; 1 where it does not say, or cannot be read."""
    try:
        return max(1, int(json.loads((folder / "job.json").read_bytes())["execution"]["processes"]))
    except (OSError, ValueError, KeyError, TypeError):
        return 1


def launch_run(run: str, jobs: Path, runs: Path, interruption: Interruption) -> Report:
    """Do a run in as many local processes as its job asks for.

    Each is this trainer, with the variables that torchrun sets. Signals are passed on to all of them. When one is gone
    the others, which would wait for it, are ended, and the run has failed.

    Raises
    ------
    Interrupted
        When leaving was asked for; the run goes on from its checkpoint the next time.
    """
    began = time.time()
    group = _start(run, jobs, runs, processes_of(jobs / run))
    asked: Interrupted | None = None
    deadline = float("inf")
    while any(process.poll() is None for process in group) and time.monotonic() < deadline:
        if asked is None:
            asked = _asked(interruption)
            if asked is not None:
                _signal(group, asked.exit_code - 128)
        if deadline == float("inf") and (asked is not None or any(process.poll() for process in group)):
            deadline = time.monotonic() + PATIENCE
        time.sleep(PAUSE)
    codes = [process.poll() for process in group]
    for process in group:
        process.kill()
    said = group[0].communicate()[0]
    ended = [process.wait() if code is None else code for process, code in zip(group, codes)]
    if asked is None and min(ended) > 128:  # a signal reached all of them, and not this process
        asked = Interrupted("a signal to its processes", min(ended))
    killed = min(ended) < 0
    if said and not killed:
        return Report(**json.loads(said.splitlines()[-1]))
    if asked is not None:
        raise asked
    return report_failure(run, jobs, runs, began, _reason(ended))


def _start(run: str, jobs: Path, runs: Path, count: int) -> list[subprocess.Popen[str]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "because_trainer", "run", "--jobs", str(jobs), "--runs", str(runs), run]
    place = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}
    place |= {"WORLD_SIZE": str(count), "LOCAL_WORLD_SIZE": str(count)}
    return [
        subprocess.Popen(
            command,
            env={**os.environ, **place, "RANK": str(rank), "LOCAL_RANK": str(rank)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if rank == 0 else subprocess.DEVNULL,
            text=True,
        )
        for rank in range(count)
    ]


def _asked(interruption: Interruption) -> Interrupted | None:
    try:
        interruption.check()
    except Interrupted as cause:
        return cause
    return None


def _signal(group: list[subprocess.Popen[str]], number: int) -> None:
    for process in group:
        if process.poll() is None:
            process.send_signal(number)


def _reason(codes: list[int]) -> str:
    """Which process ended first is not known; the one that was killed, or failed, says most."""
    rank = min(range(len(codes)), key=lambda rank: (codes[rank] >= 0, codes[rank] == 0))
    how = f"by signal {-codes[rank]}" if codes[rank] < 0 else f"with exit code {codes[rank]}"
    return f"process {rank + 1} of {len(codes)} ended {how}, and the others with it; see the log for what it said."
