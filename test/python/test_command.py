"""The command line: a worker that outlives bad jobs, signals and their exit codes, version and check."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import because_trainer
import pytest
from because_trainer import __main__ as command
from because_trainer import version as version_module
from because_trainer.environment import choose_device
from because_trainer.interruption import Interruption
from because_trainer.requirements import pins
from because_trainer.version import REQUIREMENTS, trainer_version
from conftest import Base
from workshop import OPTIMISATION, Workshop, manifest_of, progress_of

PACKAGE = Path(because_trainer.__file__).parent


def start(*arguments: str, package: Path = PACKAGE) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(package.parent), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.Popen(
        [sys.executable, "-m", "because_trainer", *arguments],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def folders(shop: Workshop) -> list[str]:
    return ["--jobs", str(shop.jobs), "--runs", str(shop.runs)]


def wait_for(folder: Path, process: subprocess.Popen[str]) -> None:
    """Wait until a run has trained a few steps."""
    deadline = time.monotonic() + 120
    while not ((folder / "progress.jsonl").exists() and progress_of(folder, "step")):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_worker_reports_each_run_and_leaves_at_a_signal(base: Base) -> None:
    shop = base.shop
    good = shop.arm(base.train, base.test, base.tokenizer_run, seed=31)
    broken = shop.arm(base.train, base.test, "e" * 16, seed=31)
    endless = {**OPTIMISATION, "steps": 10**6}
    long = shop.arm(base.train, base.test, base.tokenizer_run, seed=32, optimisation=endless)
    worker = start("worker", *folders(shop))
    assert worker.stdin is not None
    assert worker.stdout is not None
    worker.stdin.write(f"{good}\n{broken}\n\n{long}\n")
    worker.stdin.flush()
    reports = [json.loads(worker.stdout.readline()) for _ in range(2)]
    assert [(report["run"], report["status"]) for report in reports] == [(good, "done"), (broken, "failed")]
    assert reports[0]["reason"] == "finished"
    wait_for(shop.runs / long, worker)
    worker.send_signal(signal.SIGTERM)
    output, said = worker.communicate(timeout=120)
    assert worker.returncode == 143
    assert output == ""
    assert said == f"Interrupted by SIGTERM at run {long}: it goes on from its checkpoint the next time.\n"
    assert not (shop.runs / long / "manifest.json").exists()
    assert (shop.runs / long / "checkpoint" / "state.pt").exists()
    own = shop.done(shop.arm(base.train, base.test, base.tokenizer_run, seed=31))
    assert manifest_of(own)["device"]["threads"] == 1


def test_run_ends_with_1_when_a_run_failed_and_130_at_ctrl_c(base: Base) -> None:
    shop = base.shop
    endless = {**OPTIMISATION, "steps": 10**6}
    long = shop.arm(base.train, base.test, base.tokenizer_run, seed=34, optimisation=endless)
    process = start("run", *folders(shop), "0123456789abcdef")
    output, _ = process.communicate(timeout=120)
    assert process.returncode == 1
    assert f"{shop.jobs / '0123456789abcdef' / 'job.json'} cannot be read" in json.loads(output)["reason"]
    assert not (shop.runs / "0123456789abcdef").exists()
    process = start("run", *folders(shop), long)
    wait_for(shop.runs / long, process)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=120)
    assert process.returncode == 130


def test_an_idle_worker_ends_with_its_input(base: Base) -> None:
    worker = start("worker", *folders(base.shop))
    output, _ = worker.communicate("", timeout=120)
    assert (worker.returncode, output) == (0, "")


def ask(*arguments: str, package: Path = PACKAGE) -> str:
    process = start(*arguments, package=package)
    output, _ = process.communicate(timeout=120)
    return output


def test_version_changes_with_sources_and_pins_alone(tmp_path: Path) -> None:
    copy = tmp_path / "trainer" / "because_trainer"
    shutil.copytree(PACKAGE, copy)
    for path in REQUIREMENTS:
        shutil.copy(path, copy.parent / path.name)
    here = ask("version").strip()
    assert len(here) == 16
    assert int(here, 16) >= 0
    assert ask("version", package=copy).strip() == here
    (copy / "notes.md").write_text("no code", encoding="utf-8")
    assert ask("version", package=copy).strip() == here
    with (copy / "loss.py").open("a", encoding="utf-8") as file:
        file.write("# another line\n")
    changed = ask("version", package=copy).strip()
    assert changed != here
    with (copy.parent / "requirements.txt").open("a", encoding="utf-8") as file:
        file.write("# another line\n")
    assert ask("version", package=copy).strip() != changed


def test_a_process_keeps_the_version_that_it_started_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "source.py"
    source.write_text("a = 1", encoding="utf-8")
    monkeypatch.setattr(version_module, "PACKAGE", tmp_path)
    asked: list[str] = []

    def edit(*_: Any) -> None:
        source.write_text("a = 2", encoding="utf-8")
        asked.append(trainer_version())

    monkeypatch.setattr(command, "_do_group", edit)
    monkeypatch.setattr(Interruption, "install", lambda self: None)
    trainer_version.cache_clear()
    try:
        command._do_all(tmp_path, tmp_path, [["a-run"]], watch_parent=False)
        after = trainer_version.__wrapped__()
        source.write_text("a = 1", encoding="utf-8")
        assert asked == [trainer_version.__wrapped__()]
        assert asked != [after]
    finally:
        trainer_version.cache_clear()


def test_check_lists_every_pin() -> None:
    report: dict[str, Any] = json.loads(ask("check"))
    names = {library["name"] for library in report["libraries"]}
    assert {"torch", "transformers", "tokenizers", "pyarrow", "scikit-learn", "numpy"} <= names
    assert report["holds"] == (report["python"]["holds"] and all(library["holds"] for library in report["libraries"]))
    for library in report["libraries"]:
        assert library["holds"] == (library["installed"] or "").startswith(library["pinned"])


def test_every_line_of_the_requirements_is_a_pin_for_each_python(monkeypatch: pytest.MonkeyPatch) -> None:
    for minor in (10, 11, 12, 13):
        monkeypatch.setattr(sys, "version_info", (3, minor, 0))
        found = [name for path in REQUIREMENTS for name, _ in pins(path)]
        assert sorted(found) == sorted(
            [
                "torch",
                "transformers",
                "tokenizers",
                "safetensors",
                "pyarrow",
                "jsonschema",
                "numpy",
                "scipy",
                "scikit-learn",
                "peft",
                "accelerate",
            ]
        )


@pytest.mark.parametrize(("said", "seen", "taken"), [("", True, "cuda"), ("", False, "cpu"), ("cpu", True, "cpu")])
def test_a_gpu_is_taken_unless_the_environment_says_otherwise(
    said: str, seen: bool, taken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BECAUSE_DEVICE", said)
    monkeypatch.setattr("torch.cuda.is_available", lambda: seen)
    choose_device()
    assert os.environ["BECAUSE_DEVICE"] == taken
