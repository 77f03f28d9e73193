"""Trains and scores the same model on the same data with this trainer, TRL and lm-eval, and prints tables in Markdown.

`python -m bench.trainer --rows FOLDER [--peers PYTHON]`; FOLDER holds `train.parquet` and `test.parquet`. Every
measurement is a process of its own. Without `--peers`, the Python of an environment in which `requirements-peers.txt`
is installed, this trainer is measured alone.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from datetime import date
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

from because_trainer.contract import contract
from because_trainer.environment import processor_name

from .contest import Candidate, compete, fastest, table
from .material import BATCH, SIZES, STEPS, TEST_ROWS, Material
from .measure import measure

LAYOUTS = (("padded", "eager"), ("padded", "sdpa"), ("padding-free", "sdpa"), ("packed", "sdpa"))
CHEAP = ["softmax", "energy", "energy_trimmed", "histogram"]


def main(arguments: list[str] | None = None) -> None:
    """Measure what is asked for and print it."""
    asked = _asked(arguments)
    with tempfile.TemporaryDirectory() as scratch:
        material = Material(Path(scratch), asked.rows)
        print(_heading(asked, material), flush=True)
        for size in asked.sizes:
            steps = asked.steps or STEPS[size]
            print(train(material, Path(scratch) / size, size, steps, asked), flush=True)
            if not asked.training_only:
                print(score(material, Path(scratch) / size, size, asked), flush=True)


def train(material: Material, folder: Path, size: str, steps: int, asked: argparse.Namespace) -> str:
    """Training of one size: a table of speeds, and how far the trajectories of the loss are apart."""
    run = material.training(size, steps)
    jobs = str(material.shop.jobs)
    course = measure(
        sys.executable,
        "train_ours",
        {"jobs": jobs, "run": run, "runs": str(material.fresh_runs(f"{size}-note")), "note": str(folder)},
    )

    def ours() -> dict[str, Any]:
        runs = str(material.fresh_runs(f"{size}-timed"))
        return measure(sys.executable, "train_ours", {"jobs": jobs, "run": run, "runs": runs})

    def speed(given: dict[str, Any]) -> float:
        return float(given["examples"] / given["seconds"])

    candidates = [Candidate("Because", "1 thread", ours, speed)]
    for (layout, attention), threads in product(LAYOUTS, asked.threads) if asked.peers else ():
        arguments = {"folder": str(folder), "layout": layout, "attention": attention}
        once = partial(measure, asked.peers, "train_trl", arguments, threads)
        candidates.append(Candidate("TRL", f"{layout}, {attention}, {_threads(threads)}", once, speed))
    compete(candidates, asked.rounds, _say)
    differences = [
        max(abs(theirs - own) for theirs, own in zip(each.first["losses"], course["losses"], strict=True))
        for each in candidates
        if each.first["losses"]
    ]
    return "\n".join(
        [
            f"\n### Training, {size} parameters, {steps} steps of {BATCH} sequences\n",
            speeds(candidates, "examples/s"),
            "",
            f"Loss from {course['losses'][0]:.4f} to {course['losses'][-1]:.4f}; "
            + (f"no step's differs between the two by more than {max(differences):.1e}." if differences else ""),
        ]
    )


def score(material: Material, folder: Path, size: str, asked: argparse.Namespace) -> str:
    """Scoring with the model that the training led to: a table of speeds, and how far the probabilities are apart."""
    rows = asked.test_rows or TEST_ROWS[size]
    captures = {"no capture": [], "cheap capture": CHEAP, "all estimators": contract()["estimators"]}
    runs = {name: material.scoring(folder / "trained", estimators, rows) for name, estimators in captures.items()}
    jobs = material.shop.jobs
    test = jobs / runs["no capture"] / "test.parquet"

    def speed(given: dict[str, Any]) -> float:
        return float(len(given["log_probabilities"]) / given["seconds"])

    def ours(run: str) -> dict[str, Any]:
        done = str(material.fresh_runs(f"{size}-scores"))
        return measure(sys.executable, "score_ours", {"jobs": str(jobs), "run": run, "runs": done})

    def theirs(cache: bool, attention: str, batch: int, threads: int) -> Candidate:
        where = {"folder": str(folder / "trained"), "rows": str(test), "labels": material.labels}
        arguments = {**where, "attention": attention, "batch": batch, "cache": cache}
        once = partial(measure, asked.peers, "score_lm_eval", arguments, threads)
        side = f"lm-eval, {'with' if cache else 'without'} cache"
        return Candidate(side, f"{attention}, batch {batch}, {_threads(threads)}", once, speed)

    candidates = [Candidate(f"Because, {name}", "1 thread", partial(ours, run), speed) for name, run in runs.items()]
    settings = list(product(("eager", "sdpa"), (16, 64), asked.threads)) if asked.peers else []
    candidates += [theirs(cache, *setting) for cache in (True, False) for setting in settings]
    compete(candidates, asked.rounds, _say)
    own = candidates[0].first["log_probabilities"]
    apart = max(_apart(own, each.first["log_probabilities"]) for each in candidates[1:])
    return "\n".join(
        [
            f"\n### Scoring, {size} parameters, {len(own):,} rows, {len(own[0])} labels each\n",
            speeds(candidates, "rows/s"),
            "",
            f"No label's log-probability is further than {apart:.1e} from that of the first line.",
            "Speeds are from texts to probabilities. Of texts that are cut into tokens already they are, in the first "
            f"round, {'; '.join(_of_tokens(candidates))}.",
        ]
    )


def _of_tokens(candidates: list[Candidate]) -> list[str]:
    """The fastest of each side, without the time for cutting texts into tokens."""
    return [
        f"{len(best.first['log_probabilities']) / best.first['seconds_of_tokens']:,.0f} rows/s ({side})"
        for side, best in fastest(candidates).items()
    ]


def _apart(one: list[list[float]], other: list[list[float]]) -> float:
    return max(abs(a - b) for first, second in zip(one, other, strict=True) for a, b in zip(first, second, strict=True))


def speeds(candidates: list[Candidate], unit: str) -> str:
    """All candidates, the fastest of each side in bold, and how many times faster the first is."""
    ours, best = candidates[0].best, fastest(candidates).values()
    rows = []
    for each in candidates:
        bold = "**" if any(each is chosen for chosen in best) else ""
        rows.append([each.side, each.name, f"{bold}{each.best:,.0f}{bold}", f"{bold}{ours / each.best:.2f} ×{bold}"])
    return table(["", "setting", unit, f"{candidates[0].side} is faster by"], rows)


def _heading(asked: argparse.Namespace, material: Material) -> str:
    versions = measure(sys.executable, "versions", {"names": ["torch", "transformers"]})
    if asked.peers:
        versions |= measure(asked.peers, "versions", {"names": ["trl", "lm_eval", "accelerate", "datasets"]})
    listed = ", ".join(f"{name} {version}" for name, version in versions.items())
    return (
        f"{date.today().isoformat()}, {processor_name()}, {os.cpu_count()} cores, fp32; {listed}. "
        f"{len(material.train):,} training sequences, a prompt of {material.prompt_tokens:.0f} tokens on average, "
        f"a completion of {material.completion_tokens:.0f}; fastest of {asked.rounds} rounds."
    )


def _threads(count: int) -> str:
    return "1 thread" if count == 1 else f"{count} threads"


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _asked(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.trainer", description=__doc__)
    parser.add_argument("--rows", type=Path, required=True, help="folder of train.parquet and test.parquet")
    parser.add_argument("--peers", help="Python of the peers' environment")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sizes", nargs="+", choices=SIZES, default=list(SIZES))
    parser.add_argument("--steps", type=int, help="steps of a training; by default as many as take some seconds")
    parser.add_argument("--test-rows", type=int, help="rows to score; by default as many as take some seconds")
    parser.add_argument("--training-only", action="store_true", help="leave scoring out")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, os.cpu_count() or 1], help="of the peers")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
