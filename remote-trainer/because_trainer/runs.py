"""Does one run: from its job folder to its manifest, whatever its kind, and whatever goes wrong."""

from __future__ import annotations

import fcntl
import hashlib
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from .checkpoint import remove_checkpoint
from .contract import KINDS, Job, TokenizerJob, parse_job
from .environment import (
    determinism,
    device_report,
    forget_peak_memory,
    library_versions,
    make_deterministic,
    peak_memory,
    spare_imports,
)
from .errors import Cause, Interrupted, RunFailed
from .files import replace_file
from .interruption import Interruption
from .launched import is_launched
from .manifest import FILE as MANIFEST
from .manifest import describe_files, is_done, write_manifest
from .progress import FILE as PROGRESS
from .progress import Progress, append_line
from .shared_base import SharedBase
from .tables import read_rows
from .task import Outcome, Task
from .version import trainer_version

FINISHED = "finished"


@dataclass(frozen=True)
class Report:
    """How a run ended: `done` or `failed`, and why."""

    run: str
    status: str
    reason: str


def do_run(run: str, jobs: Path, runs: Path, interruption: Interruption, base: SharedBase | None = None) -> Report:
    """Do a run, unless it is done.

    Parameters
    ----------
    run
        Its id: the name of its folder under `jobs` and under `runs`.
    base
        Where it shares a frozen base with other runs of this process; None where it has its own.

    Raises
    ------
    Interrupted
        When leaving was asked for; the run goes on from its checkpoint the next time.
    """
    folder = runs / run
    try:
        content = (jobs / run / "job.json").read_bytes()
    except OSError as error:
        _nothing_to_do(True)
        reason = f"{jobs / run / 'job.json'} cannot be read: {error.strerror}."
        return _failed(folder, run, None, time.time(), reason) if folder.is_dir() else Report(run, "failed", reason)
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder, interruption):
        began = time.time()
        job_sha256 = hashlib.sha256(content).hexdigest()
        if _nothing_to_do(is_done(folder, job_sha256)):
            return Report(run, "done", FINISHED)
        (folder / MANIFEST).unlink(missing_ok=True)
        task = Task(run, jobs / run, folder, job_sha256, time.monotonic(), interruption, base)
        forget_peak_memory()
        try:
            job = parse_job(content)
            make_deterministic()
            outcome = _by_kind(task, job)
        except Interrupted:
            raise
        except RunFailed as failure:
            return _failed(folder, run, content, began, str(failure), failure.cause)
        except Exception as error:  # whatever it is, the next run must not suffer from it
            return _failed(
                folder, run, content, began, f"{type(error).__name__}: {_first_line(error)}.", cause_of(error)
            )
        write_manifest(folder, _manifest(task, job["kind"], "done", FINISHED, began, outcome))
        remove_checkpoint(folder)
        return Report(run, "done", FINISHED)


def follow_run(run: str, jobs: Path, runs: Path, interruption: Interruption) -> Report:
    """Do the part of a run that is not its first process's: train and score with it, and write nothing."""
    if _nothing_to_do(False):
        return Report(run, "done", FINISHED)
    content = (jobs / run / "job.json").read_bytes()
    task = Task(run, jobs / run, runs / run, hashlib.sha256(content).hexdigest(), time.monotonic(), interruption)
    try:
        job = parse_job(content)
        make_deterministic()
        _by_kind(task, job)
    except RunFailed as failure:  # the first process says so in the manifest
        return Report(run, "failed", str(failure))
    return Report(run, "done", FINISHED)


def _nothing_to_do(done: bool) -> bool:
    """Whether the run is done, as its first process sees it; every process must ask."""
    if not is_launched():
        return done
    from .parallel import processes

    return bool(processes().agree(int(done)))


def _by_kind(task: Task, job: Job) -> Outcome:
    """Kinds are imported when they are needed: none pays for the libraries of another."""
    if job["kind"] == "tokenizer":
        return _tokenizer(task, job)
    if job["kind"] == "warm-up":
        from .warm_up import warm_up

        return warm_up(task, job)
    if job["kind"] == "train":
        from .arm import train_arm

        spare_imports()
        return train_arm(task, job)
    from .baselines import score_baseline

    return score_baseline(task, job)


def _tokenizer(task: Task, job: TokenizerJob) -> Outcome:
    from .tokenizer import train_tokenizer

    with Progress(task.folder, None) as progress:
        progress.write("start")
        began = time.monotonic()
        backend = train_tokenizer(job, read_rows(task.inputs, job["data"]["train"]))
        replace_file(task.folder / "tokenizer.json", lambda beside: backend.save(str(beside)))
        progress.write("done")
    return Outcome(files=[PROGRESS, "tokenizer.json"], train_seconds=time.monotonic() - began)


def cause_of(error: Exception) -> Cause:
    """What kind of failure an error is that nobody foresaw."""
    from .memory import is_out_of_memory

    return "out-of-memory" if is_out_of_memory(error) else "error"


def _manifest(task: Task, kind: str, status: str, reason: str, began: float, outcome: Outcome) -> dict[str, Any]:
    since = task.began if outcome.trained_at is None else outcome.trained_at
    return {
        "run": task.run,
        "kind": kind,
        "status": status,
        "reason": reason,
        "job_sha256": task.job_sha256,
        "trainer_version": trainer_version(),
        "files": describe_files(task.folder, outcome.files),
        "libraries": library_versions(),
        "device": device_report(),
        "started": began,
        "finished": time.time(),
        "wall_seconds": outcome.wall_seconds + time.monotonic() - since,
        "train_seconds": outcome.train_seconds,
        "score_seconds": outcome.score_seconds,
        "peak_memory_bytes": max(outcome.peak_memory, peak_memory()),
        "parameters": outcome.parameters,
        "steps": outcome.steps,
        "examples": outcome.examples,
        "tokens": outcome.tokens,
        "label_tokens": outcome.label_tokens,
        "explanation_tokens": outcome.explanation_tokens,
        "truncated_rows": outcome.truncated_rows,
        "shortened_explanations": outcome.shortened_explanations,
        "resumed": outcome.resumed,
        "determinism": determinism(),
        **outcome.conduct,
    }


def report_failure(run: str, jobs: Path, runs: Path, began: float, reason: str) -> Report:
    """Say why a run failed that other processes did, and could not say so themselves."""
    try:
        content = (jobs / run / "job.json").read_bytes()
    except OSError:
        content = None
    return _failed(runs / run, run, content, began, reason, "error")


def _failed(
    folder: Path, run: str, content: bytes | None, began: float, reason: str, cause: Cause = "bad-input"
) -> Report:
    """Say why a run failed, in its progress and its manifest.

    A job so broken that its kind cannot be told has no manifest, since the contract knows none without a kind. On a
    disk that is full neither can be written, and the report alone says why.
    """
    with suppress(OSError):
        _write_failure(folder, run, content, began, reason, cause)
    return Report(run, "failed", reason)


def _write_failure(folder: Path, run: str, content: bytes | None, began: float, reason: str, cause: Cause) -> None:
    append_line(folder, "failed", reason=reason)
    kind = _kind_of(content)
    if content is not None and kind is not None:
        task = Task(run, folder, folder, hashlib.sha256(content).hexdigest(), time.monotonic(), Interruption())
        outcome = Outcome(files=[PROGRESS], wall_seconds=time.time() - began)
        write_manifest(folder, {**_manifest(task, kind, "failed", reason, began, outcome), "cause": cause})


def _kind_of(content: bytes | None) -> str | None:
    try:
        kind = json.loads(content or b"")["kind"]
    except (ValueError, KeyError, TypeError):
        return None
    return kind if kind in KINDS else None


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or ["no further reason given"])[0].rstrip(".")


@contextmanager
def _alone(folder: Path, interruption: Interruption) -> Iterator[None]:
    """Wait until no other process works on the run; the system lifts the lock of a process that dies."""
    with (folder / ".lock").open("w") as file:
        while not _locked(file):
            interruption.check()
            time.sleep(0.1)
        yield


def _locked(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
