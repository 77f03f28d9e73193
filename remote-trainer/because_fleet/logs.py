"""The log of a run, to its end and on."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from .claims import condition
from .place import Place

PAUSE = 0.5


def print_log(place: Place, run: str, most: int, follow: bool) -> None:
    """Write the end of a run's log to standard output, and what is added until the run ends."""
    path = place.log(run)
    at = max(0, _size(path) - most)
    while True:
        ended = not follow or not _goes_on(place, run)  # asked before reading, so that nothing is missed
        at = _print_from(path, at)
        if ended:
            return
        time.sleep(PAUSE)


def _print_from(path: Path, at: int) -> int:
    if _size(path) <= at:
        return min(at, _size(path))
    with path.open("rb") as file:
        file.seek(at)
        content = file.read()
    sys.stdout.buffer.write(content)
    sys.stdout.flush()
    return at + len(content)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _goes_on(place: Place, run: str) -> bool:
    return place.record(run).exists() or condition(place.claim(run)) == "held"
