"""Workers of one machine: each does what was asked for, in order, and ends when nothing is left."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from .carry_out import Carrier
from .child import Kind
from .claims import BEAT_SECONDS, Claim, condition
from .place import Place, read_json
from .requests import is_done

PACKAGE = Path(__file__).parent.parent


def start_workers(place: Place, slots: list[dict[str, str]]) -> int:
    """See to it that a worker is there for each part of this machine; returns how many were started.

    Parameters
    ----------
    slots
        For each part, the environment variables that its trainers get, such as which GPUs are theirs.
    """
    started = 0
    for number, environment in enumerate(slots):
        if condition(place.slots / f"{number}.json") == "held":
            continue
        with (place.slots / f"{number}.log").open("ab") as log:
            subprocess.Popen(
                [sys.executable, "-m", "because_fleet", "--root", str(place.root), "work", "--slot", str(number)],
                env={**os.environ, **environment, "PYTHONPATH": str(PACKAGE)},
                cwd=place.root,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # it outlives the link
            )
        started += 1
    return started


def work(place: Place, slot: int) -> int:
    """Do what was asked for until nothing is left; returns the exit code."""
    claim = Claim(place.slots / f"{slot}.json")
    carrier = Carrier(place, {"slot": slot})
    carrier.install()
    while carrier.asked is None and claim.take():
        while carrier.asked is None and claim.beat():
            group = next_group(place)
            if group is None:
                break
            carrier.do(group[0], group[1])
        claim.release()
        if next_group(place) is None:  # else it was asked for between the last look and the release
            break
    carrier.close()
    return 0 if carrier.asked is None else 143


def next_group(place: Place) -> tuple[list[str], Kind] | None:
    """The first group of which nothing is being done, and with which trainer; None where nothing waits."""
    records = [read_json(path) for path in place.submitted.glob("*.json")]
    waiting = [record for record in records if isinstance(record, dict) and _waits(place, record)]
    if not waiting:
        return None
    first = min(waiting, key=lambda record: (record.get("order", 0), record["run"]))
    runs = [record["run"] for record in waiting if record.get("group") == first.get("group")]
    group = [run for run in first.get("group", []) if run in runs] or [first["run"]]
    return group, kind_of(first)


def _waits(place: Place, record: dict[str, Any]) -> bool:
    """Whether nobody does the run, and all that it starts from is done."""
    if "run" not in record or condition(place.claim(record["run"])) == "held":
        return False
    return all(is_done(place, needed) for needed in record.get("needs", []))


def kind_of(record: dict[str, Any]) -> Kind:
    """Which trainer a record asks for; this interpreter and the trainer beside this package where it says nothing."""
    environment = tuple(sorted((str(name), str(value)) for name, value in (record.get("environment") or {}).items()))
    return Kind(record.get("python") or sys.executable, record.get("package") or str(PACKAGE), environment)


def wait_for_workers(place: Place, slots: int, seconds: float) -> None:
    """Wait until workers hold their parts, or have ended with nothing to do."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and next_group(place) is not None:
        if any(condition(place.slots / f"{number}.json") == "held" for number in range(slots)):
            return
        time.sleep(min(0.1, BEAT_SECONDS))
