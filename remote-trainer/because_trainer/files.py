"""Files that a reader never sees half-written."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from .launched import is_first


def replace_file(path: Path, write: Callable[[Path], None]) -> None:
    """Let `write` fill a file beside `path`, flush it to disk, and rename it into place.

    Of the processes that do a run together, only the first writes; in the others nothing happens.

    Parameters
    ----------
    path
        The file to replace; its folder is made where it is missing.
    write
        Called with the path to write to.
    """
    if not is_first():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.part")
    write(beside)
    sync(beside)
    beside.replace(path)
    sync(path.parent)


def replace_folder(path: Path, write: Callable[[Path], None]) -> list[str]:
    """Let `write` fill a folder beside `path`, flush it to disk, and rename it into place.

    Returns
    -------
    Its files, as names relative to the folder that `path` lies in, sorted; none in a process that is not the first of
    its run, which writes nothing.
    """
    if not is_first():
        return []
    beside = path.with_name(f"{path.name}.part")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    write(beside)
    files = sorted(file for file in beside.rglob("*") if file.is_file())
    for file in files:
        sync(file)
    shutil.rmtree(path, ignore_errors=True)
    beside.replace(path)
    sync(path.parent)
    return [f"{path.name}/{file.relative_to(beside).as_posix()}" for file in files]


def write_text(path: Path, text: str) -> None:
    """Write text as UTF-8, for use with `replace_file`."""
    path.write_text(text, encoding="utf-8")


def sync(path: Path) -> None:
    """Flush a file or folder to disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex digits."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()
