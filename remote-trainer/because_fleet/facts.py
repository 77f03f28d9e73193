"""What a machine has: for `because doctor`, and to divide it.

Imports nothing of this package, so that it can be sent as it stands to a machine where nothing is set up.
"""

from __future__ import annotations

import getpass
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any


def machine_facts(root: Path) -> dict[str, Any]:
    """Cores, memory and disk in bytes, GPUs as the driver names them, this Python, and what ends background work."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        "memory": _memory(),
        "free": shutil.disk_usage(root).free,
        "gpus": gpus(),
        "python": {"version": platform.python_version(), "executable": sys.executable},
        "venv": importlib.util.find_spec("venv") is not None and importlib.util.find_spec("ensurepip") is not None,
        "rsync": shutil.which("rsync") is not None,
        "hub": str(hub_cache()),
        "ends_with_link": _ends_with_link(),
    }


def why_unwritable(folder: Path) -> str:
    """What keeps files from being written into a folder; empty where nothing does. Leaves nothing behind."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"0")
            file.flush()
    except OSError as error:
        return error.strerror or str(error)
    return ""


def gpus() -> list[dict[str, str]] | None:
    """Name, memory and driver of each GPU as nvidia-smi says; None where there is no driver."""
    command = ["nvidia-smi", "--query-gpu=name,memory.total,driver_version", "--format=csv,noheader"]
    try:
        said = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    rows = [[cell.strip() for cell in line.split(",")] for line in said.splitlines() if line.count(",") == 2]
    return [{"name": name, "memory": memory, "driver": driver} for name, memory, driver in rows]


def hub_cache() -> Path:
    """Where the Hugging Face client keeps models, by its own variables."""
    home = os.environ.get("HF_HOME") or Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache") / "huggingface"
    return Path(os.environ.get("HF_HUB_CACHE") or Path(home) / "hub").expanduser()


def has_model(name: str, revision: str) -> bool:
    """Whether the hub's cache has weights of a model at a commit."""
    folder = hub_cache() / f"models--{name.replace('/', '--')}" / "snapshots" / revision
    return (folder / "config.json").exists() and any(folder.glob("*.safetensors"))


def _ends_with_link() -> bool:
    """Whether systemd ends a user's processes when the last link of that user does."""
    try:
        lines = Path("/etc/systemd/logind.conf").read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    ends = any(line.strip().lower() in ("killuserprocesses=yes", "killuserprocesses=true") for line in lines)
    return ends and not (Path("/var/lib/systemd/linger") / getpass.getuser()).exists()


def _memory() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (OSError, ValueError):
        return 0
