"""The trainer as a process of its own, which does one group of runs after another."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from .place import Place

REMEMBERED = 2000
"""Characters of what it said last."""


@dataclass(frozen=True)
class Kind:
    """Which trainer does a run, and with what of the machine.

    Attributes
    ----------
    python
        The interpreter that has the trainer's libraries.
    package
        Folder of the trainer's package.
    environment
        Environment variables beside those of this process.
    """

    python: str
    package: str
    environment: tuple[tuple[str, str], ...] = field(default=())


class Child:
    """A trainer that takes groups of runs on its standard input.

    Parameters
    ----------
    place
        Whose jobs and runs.
    kind
        Which trainer.
    hear
        Called with what it says on standard error, from another thread.
    """

    def __init__(self, place: Place, kind: Kind, hear: Callable[[str], None]) -> None:
        self.kind = kind
        self.said = ""
        self._hear = hear
        self._reports: queue.Queue[dict[str, str] | None] = queue.Queue()
        environment = {**os.environ, **dict(kind.environment), "PYTHONPATH": kind.package, "PYTHONUNBUFFERED": "1"}
        self._process = subprocess.Popen(
            [kind.python, "-m", "because_trainer", "worker", "--jobs", str(place.jobs), "--runs", str(place.runs)],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            start_new_session=True,  # signals reach it through this process alone, once
        )
        self._threads = [
            threading.Thread(target=self._read, args=(self._process.stdout,), daemon=True),
            threading.Thread(target=self._listen, args=(self._process.stderr,), daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def ask(self, runs: list[str]) -> None:
        """Ask for a group of runs."""
        if self._process.stdin is not None:
            with suppress(OSError):  # it is gone: `report` says so
                self._process.stdin.write(" ".join(runs) + "\n")
                self._process.stdin.flush()

    def report(self, seconds: float) -> dict[str, str] | None:
        """How the next run ended (`run`, `status`, `reason`), or None once the process has ended.

        Raises
        ------
        TimeoutError
            When neither happened in so many seconds.
        """
        try:
            return self._reports.get(timeout=seconds)
        except queue.Empty:
            raise TimeoutError from None

    def leave(self) -> None:
        """Ask it to save a checkpoint and end."""
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it and all processes that it started."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def end(self) -> int:
        """Wait for it to end, without anything more to do; returns its exit code, negative for a signal."""
        if self._process.stdin is not None:
            with suppress(OSError):
                self._process.stdin.close()
        code = self._process.wait()
        for thread in self._threads:
            thread.join(timeout=5)
        return code

    def _signal(self, number: int) -> None:
        with suppress(ProcessLookupError):
            self._process.send_signal(number)

    def _read(self, lines: IO[str] | None) -> None:
        for line in lines or ():
            with suppress(ValueError):
                report = json.loads(line)
                if isinstance(report, dict) and "run" in report:
                    self._reports.put(report)
        self._reports.put(None)

    def _listen(self, lines: IO[str] | None) -> None:
        for line in lines or ():
            self.said = (self.said + line)[-REMEMBERED:]
            self._hear(line)


def write_log(path: Path, text: str) -> None:
    """Add to a run's log; a log is worth less than the run."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(text)
