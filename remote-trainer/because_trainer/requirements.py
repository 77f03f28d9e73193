"""Which libraries are pinned, which are installed, and whether the pins hold. Needs nothing but Python."""

from __future__ import annotations

import platform
import re
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

from .version import REQUIREMENTS

LINE = re.compile(
    r"^(?P<name>[\w.-]+)==(?P<version>[\w.]+)(?:\s*;\s*python_version\s*(?P<sign><|>=)\s*\"3\.(?P<minor>\d+)\")?$"
)
OLDEST = (3, 10)


def check_requirements() -> dict[str, Any]:
    """Compare installed libraries with their pins.

    Returns
    -------
    `holds` (whether all is well), `python` (its version, and whether it is new enough), and one entry a library:
    name, pinned version, installed version or None, and whether the pin holds. A local version such as `2.13.0+cpu`
    fulfils the pin `2.13.0`.
    """
    libraries = [_library(name, pinned) for path in REQUIREMENTS for name, pinned in pins(path)]
    new_enough = sys.version_info >= OLDEST
    return {
        "holds": new_enough and bool(libraries) and all(library["holds"] for library in libraries),
        "python": {"version": platform.python_version(), "needed": ">=3.10", "holds": new_enough},
        "libraries": libraries,
    }


def pins(path: Path) -> list[tuple[str, str]]:
    """Name and version of each pinned library that is meant for this Python."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        text = line.split("#", 1)[0].strip()
        match = LINE.match(text)
        if match and _is_for_this_python(match["sign"], match["minor"]):
            found.append((match["name"], match["version"]))
    return found


def _is_for_this_python(sign: str | None, minor: str | None) -> bool:
    if sign is None or minor is None:
        return True
    older = sys.version_info < (3, int(minor))
    return older if sign == "<" else not older


def _library(name: str, pinned: str) -> dict[str, Any]:
    try:
        installed: str | None = metadata.version(name)
    except metadata.PackageNotFoundError:
        installed = None
    return {
        "name": name,
        "pinned": pinned,
        "installed": installed,
        "holds": installed is not None and installed.split("+")[0] == pinned,
    }
