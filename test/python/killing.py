"""Runs in processes of their own that are sent signals at chosen moments."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from because_trainer.errors import Interrupted
from because_trainer.interruption import Interruption
from workshop import progress_of

Moment = Callable[[Path], bool]


def started(folder: Path) -> bool:
    """Whether the run has begun to say something."""
    return (folder / "progress.jsonl").exists()


def with_checkpoint(folder: Path) -> bool:
    """Whether the run has a checkpoint."""
    return (folder / "checkpoint" / "state.pt").exists()


def reached_step(step: int) -> Moment:
    """When the run has said that it did a step."""
    return lambda folder: _last(folder, "step", "step") >= step


def scoring(folder: Path) -> bool:
    """Whether the run has scored something."""
    return _last(folder, "score", "examples") > 0


def _last(folder: Path, event: str, field: str) -> int:
    try:
        return max((int(line.get(field, 0)) for line in progress_of(folder, event)), default=0)
    except (OSError, ValueError):
        return 0


def in_a_process_of_its_own(work: Callable[[], object]) -> int:
    """Fork, do the work in the child, and return the child's id; the libraries are loaded already.

    The child leads a session of its own, so that the processes it starts can be told from others.
    """
    child = os.fork()
    if child:
        return child
    try:
        os.setsid()
        work()
    finally:
        os._exit(0)


def listening(work: Callable[[Interruption], object]) -> Callable[[], None]:
    """The work with the signal handlers of the command line, and its exit code."""

    def whole() -> None:
        interruption = Interruption()
        interruption.install()
        interruption.busy = True
        try:
            work(interruption)
        except Interrupted as cause:
            os._exit(cause.exit_code)

    return whole


def send_when(child: int, folder: Path, moment: Moment, number: signal.Signals, delay: float = 0.0) -> int:
    """Send a signal so many seconds after a moment; returns how the child ended, negative by a signal."""
    while not moment(folder):
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.002)
    time.sleep(delay)
    os.kill(child, number)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def left_behind(session: int, patience: float = 20.0) -> list[str]:
    """Command lines of a session's processes that are still there after so many seconds."""
    deadline = time.monotonic() + patience
    while (found := _members(session)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


def _members(session: int) -> list[str]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, _, _, own = (folder / "stat").read_text().rsplit(")", 1)[1].split()[:4]
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if int(own) == session and state not in ("Z", "X"):
            found.append(f"{folder.name} {command}")
    return found
