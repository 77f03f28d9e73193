"""What a task of an array does: its group of runs, once what they start from is there."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from .arrays import Arrays
from .carry_out import Carrier
from .child import Kind
from .claims import BEAT_SECONDS, condition, remove_if, silence
from .place import Place, read_json, write_json
from .requests import is_done
from .slurm import Slurm
from .work import kind_of

NEEDS_SECONDS = 60.0
"""A network disk may show late what another node wrote."""

TAKE_BACK_SECONDS = 60.0

LIMIT_SIGNAL = "SIGUSR1"
"""Slurm is asked to send it before the time limit; a task that is preempted or cancelled gets another."""


@dataclass(frozen=True)
class Task:
    """One start of one task.

    Attributes
    ----------
    array, index
        Which array, and which of its groups.
    job
        Slurm's id of the array.
    restarts
        How often Slurm has queued the task again.
    requeues
        How often it is queued again near its time limit.
    python
        Interpreter of the trainer, where the run's record does not name the right one; else empty.
    """

    array: str
    index: int
    job: str
    restarts: int
    requeues: int
    python: str


def do_task(place: Place, slurm: Slurm, task: Task) -> int:
    """Do a task's runs; returns the exit code."""
    arrays = Arrays(place, slurm)
    arrays.note_job(task.array, task.job)
    runs = arrays.group(task.array, task.index)
    if runs is None:
        return 0  # void: its runs are another array's
    name = f"{task.job}_{task.index}"
    carrier = Carrier(place, {"job": name, "array": task.array})
    carrier.install()
    for run in runs:
        _take_back(place, run, name)
    waiting = _wait_for_needs(place, runs, carrier)
    if not waiting:
        carrier.do(runs, _kind(place, runs, task.python))
        carrier.close()
    if carrier.asked == LIMIT_SIGNAL:
        _note_limit(place, runs)
    if waiting or carrier.asked == LIMIT_SIGNAL:
        if task.restarts < task.requeues and any(place.record(run).exists() for run in runs):
            slurm.ask("scontrol", "requeue", name)
        return 143
    if carrier.asked is not None:
        return 143
    return 0 if all(is_done(place, run) for run in runs) else 1


def _take_back(place: Place, run: str, job: str) -> None:
    """Remove the claim of an earlier start of this very task, which Slurm has ended, or lost with its node.

    A node that is only cut off may still be training: its claim then shows signs of life, and stays.
    """
    deadline = time.monotonic() + TAKE_BACK_SECONDS
    while time.monotonic() < deadline:
        found = read_json(place.claim(run))
        if not isinstance(found, dict) or found.get("job") != job or condition(place.claim(run)) != "held":
            return
        if silence(place.claim(run)) > 3 * BEAT_SECONDS:
            remove_if(place.claim(run), found)
            return
        time.sleep(1)


def _wait_for_needs(place: Place, runs: list[str], carrier: Carrier) -> bool:
    """Whether something that the runs start from is still to come. What will not come ends them."""
    deadline = time.monotonic() + NEEDS_SECONDS
    while carrier.asked is None:
        missing = {need for run in runs for need in _record(place, run).get("needs", []) if not is_done(place, need)}
        if not missing:
            return False
        if time.monotonic() > deadline:
            coming = [need for need in missing if place.record(need).exists() or _held(place, need)]
            if len(coming) < len(missing):
                _give_up(place, runs, sorted(missing - set(coming))[0])
                return False
            return True
        time.sleep(1)
    return True


def _give_up(place: Place, runs: list[str], need: str) -> None:
    for run in runs:
        if place.record(run).exists():
            write_json(
                place.ending(run),
                {"status": "failed", "reason": f"the run that it starts from was not done ({need})", "at": time.time()},
            )
            place.record(run).unlink(missing_ok=True)


def _note_limit(place: Place, runs: list[str]) -> None:
    """Say of runs that left why they did."""
    for run in runs:
        ending = read_json(place.ending(run))
        if isinstance(ending, dict) and ending.get("status") == "left":
            write_json(place.ending(run), {**ending, "reason": "its time limit was near", "cause": "timeout"})


def _kind(place: Place, runs: list[str], python: str) -> Kind:
    records = [record for run in runs if (record := _record(place, run))]
    kind = kind_of(records[0] if records else {})
    return Kind(python or kind.python, kind.package, kind.environment)


def _record(place: Place, run: str) -> dict[str, Any]:
    found = read_json(place.record(run))
    return found if isinstance(found, dict) else {}


def _held(place: Place, run: str) -> bool:
    return condition(place.claim(run)) == "held"
