"""Whether the system killed processes for want of memory."""

from __future__ import annotations

from pathlib import Path


def memory_kills() -> int | None:
    """How many processes of this process's control group were killed for want of memory; None where nothing says it."""
    for path, key in _counters():
        try:
            lines = path.read_text(encoding="ascii").splitlines()
        except OSError:
            continue
        for line in lines:
            name, _, count = line.partition(" ")
            if name == key and count.isdigit():
                return int(count)
    return None


def _counters() -> list[tuple[Path, str]]:
    root = Path("/sys/fs/cgroup")
    found = []
    try:
        groups = Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines()
    except OSError:
        groups = []
    for line in groups:
        _, controllers, group = line.split(":", 2)
        if controllers == "":
            found.append((root / group.lstrip("/") / "memory.events", "oom_kill"))
        elif "memory" in controllers.split(","):
            found.append((root / "memory" / group.lstrip("/") / "memory.oom_control", "oom_kill"))
    return [*found, (root / "memory.events", "oom_kill")]
