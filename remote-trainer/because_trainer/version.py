"""The trainer's version: a hash of everything in it that can change a number."""

from __future__ import annotations

import hashlib
from pathlib import Path

from .contract import SCHEMA_FILE

PACKAGE = Path(__file__).parent
REQUIREMENTS = [PACKAGE.parent / "requirements-torch.txt", PACKAGE.parent / "requirements.txt"]


def trainer_version() -> str:
    """16 hex digits of a SHA-256 over the package's sources, the contract's schema and the pinned requirements."""
    digest = hashlib.sha256()
    for path in [*sorted(PACKAGE.glob("*.py")), SCHEMA_FILE, *REQUIREMENTS]:
        content = path.read_bytes() if path.exists() else b""
        digest.update(f"{path.name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:16]
