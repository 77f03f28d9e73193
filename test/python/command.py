"""The trainer's command line, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import because_trainer
from workshop import Workshop

PACKAGE = Path(because_trainer.__file__).parent.parent


def start(
    *arguments: str, package: Path = PACKAGE, mistake: str | None = None, torchrun: int = 1
) -> subprocess.Popen[str]:
    """Start `python -m because_trainer …`; it leads a session of its own.

    Parameters
    ----------
    package
        Folder in which the package lies.
    mistake
        One of `mutated.MISTAKES`, to be made.
    torchrun
        In so many processes, by PyTorch's own launcher.
    """
    launcher = ["torch.distributed.run", "--standalone", f"--nproc-per-node={torchrun}", "-m"] if torchrun > 1 else []
    module = [*launcher, *(["because_trainer"] if mistake is None else ["mutated", mistake])]
    path = os.pathsep.join(map(str, (package, Path(__file__).parent)))
    return subprocess.Popen(
        [sys.executable, "-m", *module, *arguments],
        env={**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def run_all(shop: Workshop, runs: list[str], *options: str, folder: Path | None = None, **how: Any) -> None:
    """Do runs, which must all succeed; `how` is as in `start`."""
    where = ["--jobs", str(shop.jobs), "--runs", str(folder or shop.runs)]
    process = start("run", *where, *options, *runs, **how)
    output, said = process.communicate(timeout=600)
    assert process.returncode == 0, f"{output}\n{said}"
