"""One measurement in a process of its own: `python -m bench.measure TASK ARGUMENTS-AS-JSON` prints a line of JSON.

Peers run in their own environment, and every measurement starts with an empty allocator.
"""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parents[2]
PATHS = [str(PROJECT / "remote-trainer"), str(HERE.parent)]


def measure(python: str, task: str, arguments: dict[str, Any], threads: int = 1) -> dict[str, Any]:
    """Measure in a process of its own, on so many threads.

    Raises
    ------
    RuntimeError
        When it fails, with the end of what it said.
    """
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([*PATHS, *filter(None, [os.environ.get("PYTHONPATH")])]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "OMP_NUM_THREADS": str(threads),
        "MKL_NUM_THREADS": str(threads),
        "TOKENIZERS_PARALLELISM": "false",
        "HF_HUB_OFFLINE": "1",
        "TRANSFORMERS_VERBOSITY": "error",
    }
    done = subprocess.run(
        [python, "-m", "bench.measure", task, json.dumps(arguments)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{task} {arguments} failed:\n{done.stderr[-3000:]}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def train_ours(jobs: str, run: str, runs: str, note: str | None = None) -> object:
    """Train with this trainer."""
    from because_trainer.environment import fix_threads

    fix_threads()
    from .ours import train_ours

    return train_ours(Path(jobs), run, Path(runs), None if note is None else Path(note))


def score_ours(jobs: str, run: str, runs: str) -> object:
    """Score with this trainer."""
    from because_trainer.environment import fix_threads

    fix_threads()
    from .ours import score_ours

    return score_ours(Path(jobs), run, Path(runs))


def work_ours(jobs: str, run: str, runs: str, note: str | None, device: str) -> object:
    """Train and score with this trainer on a GPU."""
    os.environ["BECAUSE_DEVICE"] = device
    from because_trainer.environment import fix_threads

    fix_threads()
    from .ours import work_ours

    return work_ours(Path(jobs), run, Path(runs), None if note is None else Path(note))


def train_trl(folder: str, layout: str, attention: str, base: str | None = None, **others: Any) -> object:
    """Train with TRL."""
    _set_threads()
    from .trl_training import train_with_trl

    return train_with_trl(Path(folder), layout, attention, base=None if base is None else Path(base), **others)


def score_lm_eval(folder: str, rows: str, **options: Any) -> object:
    """Score with lm-eval."""
    _set_threads()
    from .lm_eval_scores import score_with_lm_eval
    from .material import read_parquet

    return score_with_lm_eval(Path(folder), read_parquet(Path(rows)), **options)


def versions(names: list[str]) -> dict[str, str]:
    """Versions of packages."""
    return {name: metadata.version(name) for name in names}


def _set_threads() -> None:
    import torch

    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))


TASKS: dict[str, Callable[..., Any]] = {
    task.__name__: task for task in (train_ours, score_ours, work_ours, train_trl, score_lm_eval, versions)
}

if __name__ == "__main__":
    result = TASKS[sys.argv[1]](**json.loads(sys.argv[2]))
    print(json.dumps(result if isinstance(result, dict) else dataclasses.asdict(result)))
