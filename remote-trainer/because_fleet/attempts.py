"""What is kept of a run's tries: one line when it is begun, one when it ended."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from typing import Any

from .place import Place, add_line, read_json


def note_attempt(place: Place, run: str, event: str, **facts: Any) -> None:
    """Add one line. A disk that is full loses the line, and not the run."""
    with suppress(OSError):
        add_line(place.attempts(run), {"at": time.time(), "event": event, **facts})


def tries(place: Place, run: str) -> int:
    """How often the run was begun since it was asked for, without those times that it left when it was asked to."""
    record = read_json(place.record(run)) or {}
    lines = [line for line in _lines(place, run) if line.get("at", 0) >= record.get("at", 0)]
    return sum((line.get("event") == "begun") - (line.get("event") == "left") for line in lines)


def starved(place: Place, run: str) -> int:
    """How often the run was ended for want of the machine's memory."""
    return sum(1 for line in _lines(place, run) if line.get("event") == "ended" and line.get("memory"))


def _lines(place: Place, run: str) -> list[dict[str, Any]]:
    try:
        text = place.attempts(run).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    found = []
    for line in text.splitlines():
        with suppress(ValueError):
            value = json.loads(line)
            if isinstance(value, dict):
                found.append(value)
    return found
