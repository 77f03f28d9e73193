"""Stands for the trainer in tests of places: does with a run what the first digit of its id says.

a: done · d: dies the first time, then done · e: dies always · f: a failed manifest · c: ends with an error of its
code · b: stays busy until it is told to stop, then done · 5: done after half a second · 0: names a file outside its
folder
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sys
import time
from pathlib import Path


def manifest(run: str, status: str, reason: str, files: dict[str, bytes]) -> dict[str, object]:
    """A manifest as the contract has it."""
    listed = {
        name: {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content), "rows": 1}
        for name, content in files.items()
    }
    numbers = ("wall_seconds", "train_seconds", "score_seconds", "peak_memory_bytes", "parameters", "steps")
    counts = ("examples", "tokens", "label_tokens", "explanation_tokens", "truncated_rows", "resumed")
    return {
        "contract": 1,
        "run": run,
        "kind": "train",
        "status": status,
        "reason": reason,
        "job_sha256": hashlib.sha256(b"job").hexdigest(),
        "trainer_version": "fake",
        "files": listed,
        "libraries": {},
        "device": {"kind": "cpu", "name": "fake", "threads": 1, "instruction_set": "none"},
        "started": 0,
        "finished": 1,
        **dict.fromkeys((*numbers, *counts), 1),
    }


def train(run: str, runs: Path) -> tuple[str, str]:
    """Do one run; returns its status and reason."""
    folder = runs / run
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "tries").open("a") as file:
        file.write("x")
    with Path(runs.parent / "trained").open("a") as file:
        file.write(f"{run}\n")
    with (folder / "progress.jsonl").open("a") as file:
        file.write(json.dumps({"event": "step", "time": time.time(), "step": 3, "steps": 9, "loss": 1.5}) + "\n")
    kind = run[0]
    if kind == "e" or (kind == "d" and not (folder / "died").exists()):
        (folder / "died").touch()
        sys.stderr.write("something dreadful\n")
        sys.stderr.flush()
        os.kill(os.getpid(), signal.SIGKILL)
    if kind == "c":
        raise ValueError("a mistake in the code")
    while kind == "b" and not (runs.parent / "enough").exists():
        time.sleep(0.05)
    if kind == "5":
        time.sleep(0.5)
    if kind == "f":
        return leave(run, folder, "failed", "The loss is not a number at step 3.", {})
    files = {"predictions.parquet": f"predictions of {run}".encode()}
    if kind == "0":
        files["../../../escaped"] = b"out"
    return leave(run, folder, "done", "finished", files)


def leave(run: str, folder: Path, status: str, reason: str, files: dict[str, bytes]) -> tuple[str, str]:
    """Write files and manifest."""
    for name, content in files.items():
        if not name.startswith("."):
            (folder / name).write_bytes(content)
    (folder / "manifest.part").write_text(json.dumps(manifest(run, status, reason, files)))
    (folder / "manifest.part").rename(folder / "manifest.json")
    return status, reason


def stop(number: int, _frame: object) -> None:
    """Leave as the trainer does."""
    raise SystemExit(128 + number)


def main(arguments: list[str]) -> None:
    """What `python -m because_trainer` is asked for."""
    if arguments[0] == "version":
        print("fake")
    elif arguments[0] == "devices":
        print(json.dumps({"cuda": [], "bitsandbytes": {"pinned": "", "installed": None}}))
    else:
        signal.signal(signal.SIGTERM, stop)
        runs = Path(arguments[arguments.index("--runs") + 1])
        for line in iter(sys.stdin.readline, ""):
            for run in line.split():
                status, reason = train(run, runs)
                print(json.dumps({"run": run, "status": status, "reason": reason}), flush=True)


main(sys.argv[1:])
