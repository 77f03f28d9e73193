"""Arms that share a frozen base, trained side by side in one process: one base, an adapter and an optimiser each."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from pathlib import Path

from .contract import TrainJob, parse_job
from .errors import RunFailed
from .interruption import Interruption
from .runs import Report, do_run
from .shared_base import SharedBase


@dataclass(frozen=True)
class Group:
    """Runs that go side by side, or a single run.

    Attributes
    ----------
    runs
        Their ids.
    apart
        Why a single run goes alone; None where nothing is to be said.
    """

    runs: list[str]
    apart: str | None = None


def do_together(
    runs: list[str], jobs: Path, folder: Path, interruption: Interruption, ended: Callable[[Report], None]
) -> None:
    """Do runs side by side as far as they share a base, the others one after another.

    Every run has its own lock, progress, checkpoint and manifest, and fails alone. Its numbers are those it would
    have had alone, bit for bit: runs share weights that none of them changes, and take turns step by step.

    Parameters
    ----------
    runs
        Their ids.
    jobs, folder
        Folders of job folders and of run folders.
    ended
        Told of each run as it ends.

    Raises
    ------
    Interrupted
        When leaving was asked for; every run goes on from its checkpoint the next time.
    """
    for group in groups_of(list(dict.fromkeys(runs)), jobs):
        if len(group.runs) == 1:
            if group.apart is not None:
                print(f"Run {group.runs[0]} goes alone: {group.apart}.", file=sys.stderr, flush=True)
            ended(do_run(group.runs[0], jobs, folder, interruption))
        else:
            from .turns import Turns

            base = SharedBase()
            Turns(interruption).take([_work(run, jobs, folder, base, ended) for run in group.runs])
        interruption.check()


def _work(
    run: str, jobs: Path, folder: Path, base: SharedBase, ended: Callable[[Report], None]
) -> Callable[[Interruption], None]:
    return lambda turn: ended(do_run(run, jobs, folder, turn, base=base))


def groups_of(runs: list[str], jobs: Path) -> list[Group]:
    """Put runs into groups that share a base, in the order of their first runs."""
    found: dict[Hashable, list[str]] = {}
    alone: dict[str, str] = {}
    for run in runs:
        try:
            found.setdefault(shared_part(_job(jobs / run)), []).append(run)
        except RunFailed as reason:
            alone[run] = str(reason)
    together = {members[0]: members for members in found.values()}
    for first, members in together.items():
        if len(members) == 1:
            alone[first] = "no other run of these has the same base and execution"
    return [
        Group([run], alone[run] if len(runs) > 1 else None) if run in alone else Group(together[run])
        for run in runs
        if run in alone or run in together
    ]


def _job(folder: Path) -> TrainJob:
    try:
        job = parse_job((folder / "job.json").read_bytes())
    except OSError as error:
        raise RunFailed(f"{folder / 'job.json'} cannot be read: {error.strerror}.") from error
    if job["kind"] != "train":
        raise RunFailed(f"a job of kind {job['kind']} has no frozen base")
    return job


def shared_part(job: TrainJob) -> Hashable:
    """What jobs must have in common to share a base.

    Raises
    ------
    RunFailed
        When the job can share none, with the reason.
    """
    adapter = job["adapter"]
    if adapter["kind"] == "none":
        raise RunFailed("all its weights are trained, so that none can be shared")
    if job["execution"]["processes"] > 1:
        raise RunFailed(f"it takes {job['execution']['processes']} processes")
    drawn = "scratch" in job["model"] and job["base_run"] is None
    parts = {key: job[key] for key in ("model", "tokenizer_run", "base_run", "execution")}
    return json.dumps({**parts, "bits": adapter["bits"], "seed": job["seed"] if drawn else None}, sort_keys=True)
