"""Several runs in one process that take turns: one works at a time, and passes the turn on at its safe points."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

import torch

from .interruption import Interruption
from .loading import device_name
from .randomness import random_state, restore_random_state


class Turns:
    """A ring of workers. Each has a thread of its own, but no two ever work at the same time.

    What PyTorch keeps once a process and a run relies on, the states of the random generators, goes with the turn, so
    that every worker draws what it would have drawn alone.

    Parameters
    ----------
    interruption
        The process's own: all workers leave when it asks them to.
    """

    def __init__(self, interruption: Interruption) -> None:
        self._interruption = interruption
        self._device = torch.device(device_name())
        self._ring: deque[Turn] = deque()
        self._broken: list[BaseException] = []

    def take(self, works: list[Callable[[Interruption], None]]) -> None:
        """Let all works take turns until each has ended.

        Parameters
        ----------
        works
            Each is given the interruption that it asks at its safe points.

        Raises
        ------
        BaseException
            What the first work that failed to catch it raised, after all have ended.
        """
        threads = []
        for work in works:
            turn = Turn(self, self._interruption)
            self._ring.append(turn)
            threads.append(threading.Thread(target=self._work, args=(turn, work), daemon=True))
        for thread in threads:
            thread.start()
        if self._ring:
            self._ring[0].go.release()
        for thread in threads:
            thread.join()
        if self._broken:
            raise self._broken[0]

    def pass_on(self, turn: Turn) -> None:
        """Let the others work until it is this one's turn again."""
        self._ring.rotate(-1)
        if self._ring[0] is turn:
            return
        state, began = random_state(self._device), time.monotonic()
        self._ring[0].go.release()
        turn.go.acquire()
        turn.waited += time.monotonic() - began
        restore_random_state(state, self._device)

    def _work(self, turn: Turn, work: Callable[[Interruption], None]) -> None:
        began = time.monotonic()
        turn.go.acquire()
        turn.waited += time.monotonic() - began
        try:
            work(turn)
        except BaseException as error:  # it belongs to the process, which waits for the others first
            self._broken.append(error)
        self._ring.remove(turn)
        if self._ring:
            self._ring[0].go.release()


class Turn(Interruption):
    """What one of several workers asks at its safe points: it passes the turn on, then says whether to leave."""

    def __init__(self, turns: Turns, interruption: Interruption) -> None:
        super().__init__()
        self._turns = turns
        self._shared = interruption
        self.go = threading.Semaphore(0)
        self.waited = 0.0

    def check(self) -> None:
        """Let the others work, then raise `Interrupted` where leaving was asked for."""
        self._turns.pass_on(self)
        self._shared.check()

    def clock(self) -> float:
        """Seconds by the monotonic clock, which stands still while others work."""
        return time.monotonic() - self.waited
