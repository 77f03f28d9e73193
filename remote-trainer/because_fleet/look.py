"""How runs are getting on, as their folders say: any number of runs in one answer."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

from .claims import condition, silence
from .place import Place, check_run, read_json

TAIL_BYTES = 4096


def look_at(place: Place, run: str) -> dict[str, Any]:
    """What is known of one run; what is not there is null.

    Returns
    -------
    `job` (whether its folder is there), `manifest`, `ending` (how its last process ended, where no manifest says it),
    `submitted` (what was asked for), `claim` (who does it, whether that process is `held` or `lost`, for how many
    seconds it has been silent, and how old the claim is), `progress` (the last whole line), `attempts`, and `said`, the
    end of its log where it failed.
    """
    check_run(run)
    manifest = read_json(place.manifest(run))
    ending = read_json(place.ending(run))
    claim = read_json(place.claim(run))
    failed = (isinstance(manifest, dict) and manifest.get("status") == "failed") or ending is not None
    return {
        "run": run,
        "job": (place.jobs / run / "job.json").is_file(),
        "manifest": manifest,
        "ending": ending,
        "submitted": read_json(place.record(run)),
        "claim": None
        if claim is None
        else {
            **claim,
            "condition": condition(place.claim(run)),
            "silent": silence(place.claim(run)),
            "age": time.time() - claim.get("at", time.time()),
        },
        "progress": None if manifest else last_line(place.runs / run / "progress.jsonl"),
        "attempts": attempts(place, run),
        "said": tail(place.log(run)).decode(errors="replace") if failed else None,
    }


def attempts(place: Place, run: str) -> int:
    """How often the run was begun."""
    try:
        with place.attempts(run).open("rb") as file:
            return sum(1 for _ in file)
    except OSError:
        return 0


def last_line(path: Path) -> Any:
    """The last line of a file that is whole JSON; None where there is none yet."""
    for line in reversed(tail(path).split(b"\n")[:-1]):
        try:
            return json.loads(line)
        except ValueError:
            continue
    return None


def tail(path: Path, most: int = TAIL_BYTES) -> bytes:
    """The last bytes of a file; none where there is none."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - most))
            return file.read(most)
    except OSError:
        return b""
