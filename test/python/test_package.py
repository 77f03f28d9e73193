"""The package installs alone and does a job folder: no Node, no source tree."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from command import PACKAGE, start
from conftest import Base
from workshop import manifest_of

NO_INDEX = re.compile(r"No matching distribution|Could not find a version|connection|Temporary failure", re.IGNORECASE)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder into which the package alone is installed, from a copy of its sources."""
    root = tmp_path_factory.mktemp("package")
    ignored = shutil.ignore_patterns("__pycache__", "build", "*.egg-info")
    shutil.copytree(PACKAGE, root / "remote-trainer", ignore=ignored)
    target = root / "installed"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(target)]
    said = subprocess.run([*command, str(root / "remote-trainer")], capture_output=True, text=True, timeout=300)
    if said.returncode and NO_INDEX.search(said.stderr):
        pytest.skip(f"NOT TESTED: the package could not be built without an index of packages: {said.stderr[-300:]}")
    assert said.returncode == 0, said.stderr
    shutil.rmtree(root / "remote-trainer")
    return target


def alone(installed: Path, *arguments: str, where: Path) -> str:
    """What the installed trainer prints, with neither Node nor the sources in sight."""
    python = Path(sys.executable).parent
    hidden = {name: value for name, value in os.environ.items() if not name.startswith(("NODE", "npm_"))}
    done = subprocess.run(
        [sys.executable, "-m", "because_trainer", *arguments],
        env={**hidden, "PATH": str(python), "PYTHONPATH": str(installed)},
        cwd=where,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_does_a_job_folder_like_the_source_tree(base: Base, installed: Path, tmp_path: Path) -> None:
    run = base.shop.arm(base.train, base.test, base.tokenizer_run, base_run=base.warm_up_run, seed=71)
    expected = base.shop.done(run)
    jobs, runs = tmp_path / "jobs", tmp_path / "runs"
    shutil.copytree(base.shop.jobs / run, jobs / run)
    for built_on in (base.tokenizer_run, base.warm_up_run):
        shutil.copytree(base.shop.runs / built_on, runs / built_on)
    output = alone(installed, "run", "--jobs", str(jobs), "--runs", str(runs), run, where=tmp_path)
    assert json.loads(output)["status"] == "done"
    for name in ("predictions.parquet", "layers.parquet"):
        assert (runs / run / name).read_bytes() == (expected / name).read_bytes()
    assert manifest_of(runs / run)["trainer_version"] == manifest_of(expected)["trainer_version"]


def test_it_knows_its_version_and_its_pins(installed: Path, tmp_path: Path) -> None:
    here, _ = start("version").communicate(timeout=120)
    assert alone(installed, "version", where=tmp_path) == here
    report = json.loads(alone(installed, "check", where=tmp_path))
    assert report["holds"]
    assert {"torch", "transformers"} <= {library["name"] for library in report["libraries"]}
