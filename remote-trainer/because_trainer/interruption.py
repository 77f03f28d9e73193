"""Signals as requests to leave at the next safe point, so that nothing finished is lost."""

from __future__ import annotations

import os
import signal
import time
from types import FrameType

from .errors import Interrupted

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1, signal.SIGUSR2)
"""SIGTERM and SIGINT ask any process to leave; SIGUSR1 or SIGUSR2 is what Slurm sends as a warning (`--signal`)."""


class Interruption:
    """Notes signals while a run is busy; between runs a signal ends the process at once.

    Parameters
    ----------
    watch_parent
        Whether to leave as well when the process that started this one is gone.
    """

    def __init__(self, watch_parent: bool = False) -> None:
        self.busy = False
        self._pending: signal.Signals | None = None
        self._parent = os.getppid() if watch_parent else None

    def install(self) -> None:
        """Handle the signals from now on."""
        for number in SIGNALS:
            signal.signal(number, self._note)

    def check(self) -> None:
        """Raise `Interrupted` where leaving was asked for."""
        if self._pending is not None:
            raise Interrupted(self._pending.name, 128 + self._pending)
        if self._parent is not None and os.getppid() != self._parent:
            raise Interrupted("the end of its parent process", 128 + signal.SIGHUP)

    def clock(self) -> float:
        """Seconds by the monotonic clock, as far as they are spent on this run."""
        return time.monotonic()

    def _note(self, number: int, _frame: FrameType | None) -> None:
        self._pending = signal.Signals(number)
        if not self.busy:
            raise SystemExit(128 + number)
