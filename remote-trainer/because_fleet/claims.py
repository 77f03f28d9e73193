"""Claims: a file says which process holds a run, or a part of a machine, and only one can make it.

A claim whose process is gone is taken over. On the holder's own machine its process is looked up; from another, the
claim's last sign of life is compared with the disk's own clock, so that clocks need not agree.
"""

from __future__ import annotations

import os
import socket
import time
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal, TypeAlias

from .place import create_json, read_json

BEAT_SECONDS = 5.0
"""Seconds between two signs of life."""

SILENT_SECONDS = 180.0
"""Seconds without one after which the holder on another machine is taken for gone: a network disk may lag."""

Condition: TypeAlias = Literal["free", "held", "lost"]


class Claim:
    """One file that this process holds, or wants to.

    Parameters
    ----------
    path
        The file.
    facts
        What else it says, such as the scheduler's id of the job.
    """

    def __init__(self, path: Path, facts: dict[str, Any] | None = None) -> None:
        self.path = path
        self._token = uuid.uuid4().hex
        self._facts = facts or {}

    def take(self) -> bool:
        """Hold the claim, if it is free or its holder is gone."""
        while not create_json(
            self.path, {**identity(os.getpid()), **self._facts, "at": time.time(), "token": self._token}
        ):
            found = read_json(self.path)
            if condition(self.path) == "held":
                return False
            if found is not None:
                remove_if(self.path, found)
        return True

    def beat(self) -> bool:
        """Give a sign of life; False where another has taken the claim over meanwhile."""
        found = read_json(self.path)
        if not isinstance(found, dict) or found.get("token") != self._token:
            return False
        with suppress(OSError):
            os.utime(self.path)
        return True

    def release(self) -> None:
        """Give the claim back, if it is still this process's."""
        remove_if(self.path, {"token": self._token})


def condition(path: Path) -> Condition:
    """Whether a claim is free, held, or held by a process that is gone."""
    found = read_json(path)
    if not isinstance(found, dict):
        return "held" if path.exists() and silence(path) < SILENT_SECONDS else "free"
    here = identity(os.getpid())
    if found.get("host") == here["host"]:
        same_boot = found.get("boot") == here["boot"]
        return "held" if same_boot and is_process(found.get("pid"), found.get("began")) else "lost"
    return "held" if silence(path) < SILENT_SECONDS else "lost"


def identity(pid: int) -> dict[str, Any]:
    """What tells a process from all others of all machines, as far as the system says it."""
    return {"host": socket.gethostname(), "boot": _boot(), "pid": pid, "began": _began(pid)}


def is_process(pid: object, began: object) -> bool:
    """Whether the process with this number still runs, and is the one that began then."""
    if not isinstance(pid, int) or pid <= 0:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return _state(pid) != "Z" and (began is None or _began(pid) in (None, began))


def silence(path: Path) -> float:
    """Seconds since a claim's last sign of life, by the clock of the disk that it lies on."""
    probe = path.with_name(f".clock-{uuid.uuid4().hex}")
    try:
        probe.touch()
        return probe.stat().st_mtime - path.stat().st_mtime
    except OSError:
        return 0.0
    finally:
        probe.unlink(missing_ok=True)


def remove_if(path: Path, expected: dict[str, Any]) -> None:
    """Remove a claim that still says what is expected: by a rename, which only one of several processes can do."""
    aside = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        path.rename(aside)
    except OSError:
        return
    found = read_json(aside)
    if isinstance(found, dict) and found.get("token") != expected.get("token"):
        with suppress(OSError):
            path.hardlink_to(aside)  # another holds it by now
    aside.unlink(missing_ok=True)


def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""


def _stat(pid: int) -> list[str]:
    """Fields of /proc/PID/stat after the command's name, which may hold anything."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return []


def _state(pid: int) -> str:
    return (_stat(pid) or [""])[0]


def _began(pid: int) -> int | None:
    fields = _stat(pid)
    return int(fields[19]) if len(fields) > 19 else None
