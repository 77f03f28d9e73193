"""Carries out groups of runs: each is claimed, done by a trainer process, and begun again where that helps.

A process that is killed is replaced and its runs go on from their checkpoints, each by itself, within a bound. One that
ends with an error of its code does not get better by being asked again.
"""

from __future__ import annotations

import signal
import time
from contextlib import suppress
from types import FrameType
from typing import Any

from .attempts import note_attempt, starved, tries
from .child import Child, Kind, write_log
from .claims import BEAT_SECONDS, Claim
from .memory_kills import memory_kills
from .place import Place, read_json, write_json
from .requests import is_done

GLANCE_SECONDS = 1.0
"""Until a request to leave is seen: a scheduler that sends one waits for half a minute, or less."""

GRACE_SECONDS = 60.0
"""Given to a trainer that was asked to leave, to save its checkpoint."""

RETRIES = 2
"""How often a run is begun again, unless its record says otherwise."""

TOLD = (-signal.SIGTERM, 128 + signal.SIGTERM)
"""Exit codes of a trainer that was asked to leave."""

WARNINGS = (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1, signal.SIGUSR2)


class Carrier:
    """Does groups of runs for one part of a machine.

    Parameters
    ----------
    place
        Whose runs.
    facts
        What claims and attempts say of this process, such as the scheduler's id of its job.
    """

    def __init__(self, place: Place, facts: dict[str, Any]) -> None:
        self._place = place
        self._facts = facts
        self._child: Child | None = None
        self._claims: dict[str, Claim] = {}
        self._leaving_at: float | None = None
        self.asked: str | None = None

    def install(self) -> None:
        """Take signals as requests to leave, with checkpoints."""
        for number in WARNINGS:
            signal.signal(number, self._note)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # the link that started it may end

    def do(self, runs: list[str], kind: Kind) -> None:
        """Do what can be claimed of a group, side by side; what dies is done again alone."""
        mine = [run for run in runs if self._take(run)]
        waiting = [mine] if mine else []
        while waiting and self.asked is None:
            group = waiting.pop(0)
            waiting += [[run] for run in self._once(group, kind)]
        for run in list(self._claims):
            self._let_go(run)

    def close(self) -> None:
        """Let the trainer process end."""
        if self._child is not None:
            self._child.end()
            self._child = None

    def _note(self, number: int, _frame: FrameType | None) -> None:
        self.asked = signal.Signals(number).name

    def _take(self, run: str) -> bool:
        if is_done(self._place, run):
            self._place.record(run).unlink(missing_ok=True)
            return False
        claim = Claim(self._place.claim(run), self._facts)
        if not self._place.record(run).exists() or not claim.take():
            return False
        self._claims[run] = claim
        record = read_json(self._place.record(run))
        if record is None or is_done(self._place, run):  # ended, or withdrawn, meanwhile
            self._let_go(run)
            return False
        if tries(self._place, run) > record.get("retries", RETRIES):
            reason = "its machine or process was lost each time that it was begun"
            self._write_ending(run, {"status": "failed", "reason": reason, "lost": True})
            self._place.record(run).unlink(missing_ok=True)
            self._let_go(run)
            return False
        return True

    def _let_go(self, run: str) -> None:
        self._claims.pop(run).release()

    def _once(self, group: list[str], kind: Kind) -> list[str]:
        """Do a group once; returns runs that are to be done again, whose claims are kept."""
        child = self._child_for(kind, max(starved(self._place, run) for run in group))
        before = memory_kills()
        pending = set(group)
        for run in group:
            self._place.ending(run).unlink(missing_ok=True)
            note_attempt(self._place, run, "begun", **self._facts)
        child.ask(group)
        beaten = time.monotonic()
        while pending:
            try:
                report = child.report(GLANCE_SECONDS)
            except TimeoutError:
                if self.asked or time.monotonic() - beaten >= BEAT_SECONDS:
                    beaten = time.monotonic()
                    self._beat(pending, child)
                continue
            if report is None:
                return self._ended(pending, before)
            if report.get("run") in pending:
                pending.discard(report["run"])
                self._settle(report["run"], report)
            self._beat(pending, child)
        return []

    def _child_for(self, kind: Kind, halvings: int) -> Child:
        """The process that is there, if it is of the right kind, else a new one."""
        if halvings:
            kind = Kind(kind.python, kind.package, (*kind.environment, ("BECAUSE_HALVINGS", str(halvings))))
        if self._child is not None and self._child.kind != kind:
            self.close()
        if self._child is None:
            self._leaving_at = None
            self._child = Child(self._place, kind, self._hear)
        return self._child

    def _hear(self, text: str) -> None:
        for run in list(self._claims):
            write_log(self._place.log(run), text)

    def _beat(self, pending: set[str], child: Child) -> None:
        """Give signs of life, and pass requests to leave on."""
        lost = [run for run in pending if not self._claims[run].beat()]
        stopped = [run for run in pending if self._place.stop(run).exists()]
        if self._leaving_at is None and (self.asked or lost or stopped):
            self._leaving_at = time.monotonic()
            child.leave()
        elif self._leaving_at is not None and time.monotonic() - self._leaving_at > GRACE_SECONDS:
            child.kill()

    def _settle(self, run: str, report: dict[str, str]) -> None:
        """A run ended by itself. Where it could not even leave a manifest, its ending says why."""
        if read_json(self._place.manifest(run)) is None:
            self._write_ending(run, {"status": "failed", "reason": report.get("reason", "")})
        note_attempt(self._place, run, report.get("status", ""))
        self._place.record(run).unlink(missing_ok=True)
        self._let_go(run)

    def _ended(self, pending: set[str], kills: int | None) -> list[str]:
        """The process ended before these runs did; returns those to be done again."""
        child, self._child = self._child, None
        code = child.end() if child is not None else 0
        if code in TOLD and self.asked is None:
            time.sleep(1)  # a scheduler tells all processes of a job at once: this one hears it too, if later
        asked = self._leaving_at is not None or self.asked is not None
        now = memory_kills()
        hungry = kills is not None and now is not None and now > kills
        again = []
        for run in sorted(pending):
            ending = {"code": code, "memory": hungry, "last": child.said if child is not None else ""}
            note_attempt(self._place, run, "left" if asked else "ended", code=code, memory=hungry)
            if is_done(self._place, run):
                self._place.record(run).unlink(missing_ok=True)
            elif self._place.stop(run).exists():
                self._place.stop(run).unlink(missing_ok=True)
                self._write_ending(run, {**ending, "status": "cancelled", "reason": "cancelled"})
            elif self.asked:  # stays asked for: whoever comes next goes on from the checkpoint
                self._write_ending(run, {**ending, "status": "left", "reason": f"left on {self.asked}"})
            elif asked or self._may_try_again(run, code):
                again.append(run)
                continue
            else:
                self._write_ending(run, {**ending, "status": "failed", "reason": _how(code, hungry)})
                self._place.record(run).unlink(missing_ok=True)
            self._let_go(run)
        return [run for run in again if self._claims[run].beat()]

    def _may_try_again(self, run: str, code: int) -> bool:
        record = read_json(self._place.record(run)) or {}
        killed = code < 0 or code > 128
        return killed and record != {} and tries(self._place, run) <= record.get("retries", RETRIES)

    def _write_ending(self, run: str, ending: dict[str, Any]) -> None:
        with suppress(OSError):
            write_json(self._place.ending(run), {**ending, **self._facts, "at": time.time()})


def _how(code: int, hungry: bool) -> str:
    if hungry:
        return "the machine's memory did not suffice, and the system ended its process"
    if code < 0:
        return f"its process was ended by {signal.Signals(-code).name}"
    return f"its process ended with exit code {code}"
