"""`progress.jsonl`: what a run says while it runs, one JSON object a line, flushed."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from types import TracebackType
from typing import Any

from .errors import Interrupted
from .files import replace_file, write_text
from .launched import is_first

FILE = "progress.jsonl"


class Progress:
    """Appends lines to a run's progress file.

    Going on from a checkpoint drops the lines that lie past it, so that every step has one line in the end, and
    that line is the one an undisturbed run would have written, times aside. Of the processes that do a run together,
    only the first writes.

    Parameters
    ----------
    folder
        The run's folder.
    resume_at
        The checkpoint's step, or None to begin the file anew.
    """

    def __init__(self, folder: Path, resume_at: int | None) -> None:
        path = folder / FILE
        kept = [] if resume_at is None else kept_lines(path, resume_at)
        text = "".join(f"{line}\n" for line in kept)
        replace_file(path, lambda beside: write_text(beside, text))
        self._file = (path if is_first() else Path(os.devnull)).open("a", encoding="utf-8")

    def write(self, event: str, **fields: Any) -> None:
        """Write one line. Fields are those of the contract's progress line."""
        self._file.write(_line(event, fields))
        self._file.flush()

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, Interrupted):
            self.write("left", reason=str(error))
        self._file.close()


def kept_lines(path: Path, step: int) -> list[str]:
    """The start, resume and step lines up to `step`; a line that was cut in the middle is dropped."""
    if not path.exists():
        return []
    kept = []
    for text in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            line = json.loads(text)
        except ValueError:
            continue
        if line["event"] in ("start", "resume") or (line["event"] == "step" and line["step"] <= step):
            kept.append(text)
    return kept


def append_line(folder: Path, event: str, **fields: Any) -> None:
    """Add one line to a progress file that is not open, such as that of a run that failed."""
    with (folder / FILE).open("a", encoding="utf-8") as file:
        file.write(_line(event, fields))


def _line(event: str, fields: dict[str, Any]) -> str:
    return json.dumps({"event": event, "time": round(time.time(), 3), **fields}, allow_nan=False) + "\n"
