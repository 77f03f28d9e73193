"""What was asked for: job folders that arrived are put in place, and each run is noted once, whoever asks."""

from __future__ import annotations

import shutil
import time
from contextlib import suppress
from typing import Any

from .claims import condition
from .place import Place, check_run, create_json, read_json, write_json

ABANDONED_SECONDS = 86_400.0
"""After which what a sender left half arrived is removed."""


def accept_jobs(place: Place, sender: str) -> list[str]:
    """Put the job folders of a sender in place; those that are there already stay as they are.

    Returns
    -------
    Runs whose job arrived whole.
    """
    arrived = place.incoming / check_sender(sender)
    accepted = []
    for folder in sorted(arrived.iterdir()) if arrived.is_dir() else []:
        run = check_run(folder.name)
        if not (folder / "job.json").is_file():
            continue
        with suppress(OSError):  # somebody else's copy is there: jobs are immutable
            folder.rename(place.jobs / run)
        accepted.append(run)
    shutil.rmtree(arrived, ignore_errors=True)
    _forget_abandoned(place)
    return accepted


def request_runs(place: Place, asked: list[dict[str, Any]]) -> dict[str, str]:
    """Note runs as asked for.

    Parameters
    ----------
    asked
        One record a run: `run`, `group` (all runs that are trained with it, in order), `order` (what comes first is
        begun first), `needs` (runs that it starts from), and whatever who carries it out needs to know.

    Returns
    -------
    What became of each: `new`, `known` (asked for before, by whomever, and not ended), `done`, or `no job`.
    """
    answers: dict[str, str] = {}
    for record in asked:
        run = check_run(record.get("run"))
        if not (place.jobs / run / "job.json").is_file():
            answers[run] = "no job"
        elif is_done(place, run):
            answers[run] = "done"
        elif condition(place.claim(run)) == "held":
            answers[run] = "known"
        else:
            answers[run] = _note(place, run, record)
    return answers


def _note(place: Place, run: str, record: dict[str, Any]) -> str:
    if not create_json(place.record(run), {**record, "at": time.time(), "job": None}):
        return "known"
    place.stop(run).unlink(missing_ok=True)
    place.ending(run).unlink(missing_ok=True)
    place.manifest(run).unlink(missing_ok=True)  # of a try that failed
    return "new"


def confirm_job(place: Place, runs: list[str], job: str) -> None:
    """Note under which id a scheduler knows runs."""
    for run in map(check_run, runs):
        record = read_json(place.record(run))
        if isinstance(record, dict):
            write_json(place.record(run), {**record, "job": job})


def withdraw_runs(place: Place, runs: list[str], reason: str | None = None) -> None:
    """Forget that runs were asked for, and ask those that are being done to stop.

    Parameters
    ----------
    reason
        Why they count as failed; None where they are cancelled.
    """
    ending = {"status": "failed" if reason else "cancelled", "reason": reason or "cancelled"}
    for run in map(check_run, runs):
        held = condition(place.claim(run)) == "held"
        if held:
            place.stop(run).touch()
        if place.record(run).exists() or held:
            place.record(run).unlink(missing_ok=True)
            write_json(place.ending(run), {**ending, "at": time.time()})


def is_done(place: Place, run: str) -> bool:
    """Whether the run's manifest says so; whoever collects it checks the hashes."""
    manifest = read_json(place.manifest(run))
    return isinstance(manifest, dict) and manifest.get("status") == "done"


def check_sender(sender: str) -> str:
    """The name of a folder in `incoming`.

    Raises
    ------
    ValueError
        When it is none.
    """
    if not sender.isalnum() or not sender.isascii():
        raise ValueError(f"a sender is letters and digits; found {sender!r}")
    return sender


def _forget_abandoned(place: Place) -> None:
    for folder in place.incoming.iterdir():
        with suppress(OSError):
            if time.time() - folder.stat().st_mtime > ABANDONED_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)
