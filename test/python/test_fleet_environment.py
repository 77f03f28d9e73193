"""The Python environment of a place, made from a folder of wheels and without a network."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import because_fleet
import pytest
from because_fleet.facts import machine_facts
from because_fleet.place import read_json

PACKAGE = Path(because_fleet.__file__).parent


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """What is sent to a place, with pins that a small folder of wheels fulfils."""
    folder = tmp_path / "trainer"
    shutil.copytree(PACKAGE, folder / "because_fleet", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "requirements-torch.txt").write_text("# first\ntorch==9.9.9\n")
    (folder / "requirements.txt").write_text("small==1.0\n")
    (tmp_path / "wheels").mkdir()
    for name, version in (("torch", "9.9.9"), ("small", "1.0")):
        write_wheel(tmp_path / "wheels", name, version)
    return folder


def write_wheel(folder: Path, name: str, version: str) -> None:
    """The least that pip installs."""
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}/__init__.py": f"version = {version!r}\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{path},,\n" for path in [*files, f"{info}/RECORD"])
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as wheel:
        for path, text in {**files, f"{info}/RECORD": record}.items():
            wheel.writestr(path, text)


def start(package: Path, tmp_path: Path, wheels: str = "wheels") -> subprocess.Popen[str]:
    """Ask for the environment, as a link does."""
    command = [sys.executable, "-m", "because_fleet", "--root", str(tmp_path / "root"), "environment"]
    return subprocess.Popen(
        [*command, str(tmp_path / "root" / "python" / "x"), "--wheels", str(tmp_path / wheels)],
        env={**os.environ, "PYTHONPATH": str(package)},
        stdout=subprocess.PIPE,
        text=True,
    )


def test_asked_for_twice_it_is_made_once_and_both_hear_of_it(package: Path, tmp_path: Path) -> None:
    asked = [start(package, tmp_path), start(package, tmp_path)]
    said = [process.communicate(timeout=300)[0] for process in asked]
    assert [process.returncode for process in asked] == [0, 0], said
    assert all("Installing torch==9.9.9" in text for text in said)
    folder = tmp_path / "root" / "python" / "x"
    assert read_json(folder / "because.json")["python"]
    assert said[0].count("Making a virtual environment") == 1
    python = str(folder / "bin" / "python")
    found = subprocess.run([python, "-c", "import small, torch; print(small.version)"], capture_output=True, text=True)
    assert found.stdout == "1.0\n"
    made = (folder / "because.json").stat().st_mtime_ns
    assert start(package, tmp_path).wait(timeout=60) == 0
    assert (folder / "because.json").stat().st_mtime_ns == made


def test_it_goes_on_when_the_link_breaks(package: Path, tmp_path: Path) -> None:
    first = start(package, tmp_path)
    claim = tmp_path / "root" / "python" / "x.claim.json"
    while not claim.exists():
        assert first.poll() is None
        time.sleep(0.02)
    first.send_signal(signal.SIGKILL)
    first.wait()
    builder = read_json(claim)["pid"]
    again = start(package, tmp_path)
    said = again.communicate(timeout=300)[0]
    assert again.returncode == 0, said
    assert said.count("Making a virtual environment") == 1, "the builder that was there went on"
    assert builder > 0


def test_a_wheel_that_is_missing_is_named_and_nothing_half_is_left(package: Path, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    process = start(package, tmp_path, "none")
    said = process.communicate(timeout=300)[0]
    assert process.returncode == 1
    assert "torch==9.9.9" in said
    assert not (tmp_path / "root" / "python" / "x").exists()


def test_facts_need_nothing_of_the_package(tmp_path: Path) -> None:
    script = (PACKAGE / "facts.py").read_text() + "\nprint(sorted(machine_facts(Path('/'))))\n"
    found = subprocess.run([sys.executable, "-I", "-"], input=script, capture_output=True, text=True, check=True)
    assert found.stdout == f"{sorted(machine_facts(tmp_path))}\n"
