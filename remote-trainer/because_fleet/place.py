"""What lies where in the folder that a place keeps, and how files are written in it."""

from __future__ import annotations

import json
import os
import re
import uuid
from pathlib import Path
from typing import Any

RUN = re.compile(r"[0-9a-f]{16}")


class Place:
    """The folder that a place keeps.

    Attributes
    ----------
    jobs, runs
        As the trainer takes them: a folder a run.
    incoming
        Job folders that are still arriving, a folder a sender.
    submitted
        What was asked for and has not ended, a file a run.
    claims
        Which process does a run now, a file a run.
    slots
        Which process works for a part of this machine now, a file a part.
    stops
        Runs that are to stop, an empty file each.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.jobs = root / "jobs"
        self.runs = root / "runs"
        self.incoming = root / "incoming"
        self.submitted = root / "submitted"
        self.claims = root / "claims"
        self.slots = root / "slots"
        self.stops = root / "stops"

    def prepare(self) -> None:
        """Make the folders that are missing."""
        for folder in (self.jobs, self.runs, self.incoming, self.submitted, self.claims, self.slots, self.stops):
            folder.mkdir(parents=True, exist_ok=True)

    def record(self, run: str) -> Path:
        """The file that says that a run was asked for."""
        return self.submitted / f"{run}.json"

    def claim(self, run: str) -> Path:
        """The file that says which process does a run."""
        return self.claims / f"{run}.json"

    def stop(self, run: str) -> Path:
        """The file whose presence asks a run to stop."""
        return self.stops / run

    def manifest(self, run: str) -> Path:
        """The run's manifest."""
        return self.runs / run / "manifest.json"

    def ending(self, run: str) -> Path:
        """How the run's last process ended, where no manifest says it."""
        return self.runs / run / "ending.json"

    def attempts(self, run: str) -> Path:
        """One line for each try of a run."""
        return self.runs / run / "attempts.jsonl"

    def log(self, run: str) -> Path:
        """What the run's processes said."""
        return self.runs / run / "trainer.log"


def check_run(run: object) -> str:
    """A run's id, which is safe as a file's name.

    Raises
    ------
    ValueError
        When it is none.
    """
    if not isinstance(run, str) or not RUN.fullmatch(run):
        raise ValueError(f"a run's id is 16 hex digits; found {run!r}")
    return run


def read_json(path: Path) -> Any:
    """A file's content; None where there is none, or none that can be read."""
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None


def write_json(path: Path, value: object) -> None:
    """Write a file beside its place and rename it there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        with beside.open("w", encoding="utf-8") as file:
            file.write(json.dumps(value, allow_nan=False) + "\n")
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise


def create_json(path: Path, value: object) -> bool:
    """Write a file unless there is one. Of several processes that try, on any machine, exactly one succeeds."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        beside.write_text(json.dumps(value, allow_nan=False) + "\n", encoding="utf-8")
        path.hardlink_to(beside)  # atomic on network disks too
        return True
    except FileExistsError:
        return False
    finally:
        beside.unlink(missing_ok=True)


def add_line(path: Path, value: object) -> None:
    """Append one line of JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(value, allow_nan=False) + "\n")
