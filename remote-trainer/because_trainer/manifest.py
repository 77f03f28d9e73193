"""`manifest.json`: renamed into place last. A run is done when it says so and its hashes hold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .contract import check, contract, manifest_schema
from .files import replace_file, sha256_of, write_text

FILE = "manifest.json"


def is_done(folder: Path, job_sha256: str) -> bool:
    """Whether the run's manifest says `done` for this very job, and all its files have the hashes it states."""
    try:
        manifest = json.loads((folder / FILE).read_bytes())
        return (
            manifest["status"] == "done"
            and manifest["job_sha256"] == job_sha256
            and all(sha256_of(folder / name) == file["sha256"] for name, file in manifest["files"].items())
        )
    except (OSError, ValueError, KeyError, TypeError):
        return False


def describe_files(folder: Path, names: list[str]) -> dict[str, dict[str, Any]]:
    """The manifest's `files`: hash, size and number of rows (Parquet and JSON lines only) of each file."""
    return {
        name: {
            "sha256": sha256_of(folder / name),
            "bytes": (folder / name).stat().st_size,
            "rows": _rows(folder / name),
        }
        for name in sorted(names)
    }


def write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    """Check a manifest against the contract, and rename it into place."""
    manifest = {"contract": contract()["version"], **manifest}
    check(manifest_schema(), manifest, FILE)
    text = json.dumps(manifest, indent=2, allow_nan=False) + "\n"
    replace_file(folder / FILE, lambda beside: write_text(beside, text))


def _rows(path: Path) -> int | None:
    if path.suffix == ".jsonl":
        with path.open("rb") as file:
            return sum(1 for _ in file)
    if path.suffix == ".parquet":
        import pyarrow.parquet as pq

        return int(pq.read_metadata(path).num_rows)
    return None
