"""The trainer's version: a hash of everything in it that can change a number."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from .contract import SCHEMA_FILE

PACKAGE = Path(__file__).parent
PINS = ("requirements-torch.txt", "requirements.txt")
INSIDE = (PACKAGE / PINS[0]).exists()
"""Whether the package was built, which puts the pins into it; in the source tree they lie beside it."""

REQUIREMENTS = [(PACKAGE if INSIDE else PACKAGE.parent) / name for name in PINS]


@cache
def trainer_version() -> str:
    """16 hex digits of a SHA-256 over the package's sources, the contract's schema and the pinned requirements.

    Read once a process, by `run` and `worker` before anything else: a package that is edited meanwhile is not what ran.
    """
    digest = hashlib.sha256()
    for path in [*sorted(PACKAGE.glob("*.py")), SCHEMA_FILE, *REQUIREMENTS]:
        content = path.read_bytes() if path.exists() else b""
        digest.update(f"{path.name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:16]
