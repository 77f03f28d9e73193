"""Makes the trainer's Python environment at a place, once, however many ask for it and whatever becomes of the link."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from .claims import Claim, condition
from .facts import gpus
from .place import Place, read_json, write_json

PACKAGE = Path(__file__).parent.parent
TORCH, OTHERS = "requirements-torch.txt", "requirements.txt"
STAMP = "because.json"
PAUSE = 0.3


def ensure_environment(place: Place, folder: Path, wheels: str | None, torch_index: str | None) -> int:
    """Wait until the environment is there, having it made by a process of its own; returns the exit code.

    That process outlives the link. Whoever asks again meanwhile hears how it goes on.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    claim, log = _beside(folder, "claim.json"), _beside(folder, "log")
    if not _is_ready(folder) and condition(claim) != "held":
        _start_builder(place, folder, wheels, torch_index, log)
        _wait_for(claim, folder)
    at = 0
    while True:
        going = condition(claim) == "held"  # asked before reading, so that nothing is missed
        at = _print_from(log, at)
        if not going:
            break
        time.sleep(PAUSE)
    if _is_ready(folder):
        return 0
    return 1


def build_environment(folder: Path, wheels: str | None, torch_index: str | None) -> int:
    """Make the environment beside its place and rename it there; returns the exit code."""
    claim = Claim(_beside(folder, "claim.json"))
    if not claim.take():
        return 0
    partial = folder.with_name(f"{folder.name}.partial")
    try:
        if _is_ready(folder):
            return 0
        print(f"Making a virtual environment with {sys.executable} …", flush=True)
        shutil.rmtree(partial, ignore_errors=True)
        _call([sys.executable, "-m", "venv", str(partial)], claim)
        python = str(partial / "bin" / "python")
        offline = ["--no-index", "--find-links", wheels] if wheels else []
        _install_torch(python, offline, torch_index, claim)
        print("Installing the trainer's packages …", flush=True)
        _install(python, [*offline, "-r", str(PACKAGE / TORCH), "-r", str(PACKAGE / OTHERS)], claim)
        write_json(partial / STAMP, {"python": sys.version.split()[0]})
        shutil.rmtree(folder, ignore_errors=True)
        partial.rename(folder)
    except subprocess.CalledProcessError as error:
        print(f"{' '.join(error.cmd[:4])} ended with exit code {error.returncode}.", flush=True)
        return 1
    except OSError as error:
        print(f"{error.strerror}: {error.filename}", flush=True)
        return 1
    finally:
        claim.release()
    return 0


def _install_torch(python: str, offline: list[str], torch_index: str | None, claim: Claim) -> None:
    """Torch first: without a GPU its build for processors, where there is one, so that no CUDA comes along."""
    pinned = _pin()
    if pinned is None:
        return
    print(f"Installing {pinned} …", flush=True)
    source = [*offline, *(["--index-url", torch_index] if torch_index and not offline else []), "--no-deps"]
    if not torch_index and not gpus():
        try:
            _install(python, [*source, f"{pinned}+cpu"], claim)
            return
        except subprocess.CalledProcessError:
            print("There is no build for processors alone: taking the usual one.", flush=True)
    _install(python, [*source, pinned], claim)


def _pin() -> str | None:
    lines = (PACKAGE / TORCH).read_text(encoding="utf-8").splitlines()
    return next((line.strip() for line in lines if line.startswith("torch==")), None)


def _install(python: str, arguments: list[str], claim: Claim) -> None:
    options = ["--no-input", "--progress-bar", "off", "--disable-pip-version-check"]
    _call([python, "-m", "pip", "install", *options, *arguments], claim)


def _call(command: list[str], claim: Claim) -> None:
    environment = {**os.environ, "PYTHONNOUSERSITE": "1", "PIP_USER": "0"}
    if "--no-index" in command:  # the folder alone decides, whatever pip is told there
        environment = {name: value for name, value in environment.items() if not name.startswith("PIP_")}
        environment["PIP_CONFIG_FILE"] = os.devnull
    environment.pop("PYTHONPATH", None)
    process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL)
    while True:
        try:
            code = process.wait(timeout=5)
            break
        except subprocess.TimeoutExpired:
            claim.beat()
    if code != 0:
        raise subprocess.CalledProcessError(code, command)


def _start_builder(place: Place, folder: Path, wheels: str | None, torch_index: str | None, log: Path) -> None:
    options = [*(["--wheels", wheels] if wheels else []), *(["--torch-index", torch_index] if torch_index else [])]
    with log.open("wb") as file:
        subprocess.Popen(
            [
                *(sys.executable, "-m", "because_fleet", "--root", str(place.root)),
                *("environment", str(folder), "--build", *options),
            ],
            cwd=place.root,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            start_new_session=True,  # it outlives the link
        )


def _wait_for(claim: Path, folder: Path) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and condition(claim) != "held" and not _is_ready(folder):
        time.sleep(PAUSE / 3)


def _is_ready(folder: Path) -> bool:
    return read_json(folder / STAMP) is not None


def _beside(folder: Path, ending: str) -> Path:
    return folder.with_name(f"{folder.name}.{ending}")


def _print_from(path: Path, at: int) -> int:
    try:
        with path.open("rb") as file:
            file.seek(at)
            content = file.read()
    except OSError:
        return at
    sys.stdout.buffer.write(content)
    sys.stdout.flush()
    return at + len(content)
