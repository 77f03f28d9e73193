"""Mistral-7B's architecture with random weights and LoRA on one GPU, by this trainer and by TRL: a table in Markdown.

`python -m bench.gpu`, with `remote-trainer` and `test/python` on PYTHONPATH and, for the comparison, `trl` and
`datasets` installed. Nothing is downloaded. `--tiny` tries everything out with a model of a few thousand weights, on
any machine.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from datetime import date
from importlib import util
from pathlib import Path
from typing import Any

import torch
from because_trainer.contract import LoraAdapter, contract
from because_trainer.memory import rest_of_memory
from because_trainer.peaks import peak_flops
from workshop import CAPTURE, EXECUTION, OPTIMISATION, TEXT, Workshop, manifest_of

from .contest import table
from .course import read_course
from .measure import measure
from .random_base import AXES, LABELS, MISTRAL_7B, TINY, make_base, make_rows
from .trainer import CHEAP

BATCH = 24
"""Sequences a step: eight dialogues on three axes."""

MICRO_BATCH = BATCH
MAX_TOKENS = 1024
ROW_TOKENS = 4096
SKIP = 6
"""Micro-batches of TRL that are not timed: kernels are chosen in them."""

TARGETS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


class Measurements:
    """Measures one after another while time is left; what doesn't fit or fails has a line that says so.

    Parameters
    ----------
    minutes
        After which nothing more is begun.
    """

    def __init__(self, minutes: float) -> None:
        self._until = time.monotonic() + 60 * minutes
        self.notes: list[str] = []

    def take(self, name: str, task: str, arguments: dict[str, Any]) -> dict[str, Any] | None:
        """Measure, or note why not."""
        if time.monotonic() > self._until:
            self.notes.append(f"{name}: no time was left.")
            return None
        try:
            return measure(sys.executable, task, arguments, threads=4)
        except RuntimeError as error:
            self.notes.append(f"{name}: {str(error).splitlines()[-1]}")
            return None


class Bench:
    """The base, its rows and jobs in a folder.

    Parameters
    ----------
    folder
        Where they are put.
    asked
        The command's options.
    """

    def __init__(self, folder: Path, asked: argparse.Namespace) -> None:
        self.device = "cuda" if torch.cuda.is_available() and not asked.tiny else "cpu"
        self.precision = "bf16" if self.device == "cuda" else "fp32"
        self.shop = Workshop(folder)
        self.base = folder / "base"
        size = TINY if asked.tiny else MISTRAL_7B
        self.parameters = make_base(self.base, size, self.device)
        rest_of_memory(torch.device(self.device))  # what is measured has processes of its own
        self._steps = asked.steps
        vocabulary = size.get("vocab_size", 32000)
        self._train = make_rows(asked.steps * BATCH // len(AXES), vocabulary, seed=1)
        self._test = make_rows(asked.test_rows // len(AXES), vocabulary, seed=2)
        self._rank = 2 if asked.tiny else 16

    def adapter(self, bits: int) -> LoraAdapter:
        """LoRA beside every linear module."""
        return {
            "kind": "lora",
            "bits": bits,  # type: ignore[typeddict-item]
            "rank": self._rank,
            "alpha": 2.0 * self._rank,
            "dropout": 0.0,
            "targets": TARGETS,
            "rank_stabilised": False,
            "dora": False,
        }

    def job(self, bits: int, estimators: list[str], *, train: bool, compiled: bool = False) -> str:
        """A job that trains, or only scores with an untrained adapter; returns its run."""
        steps = self._steps if train else 0
        return self.shop.arm(
            self._train,
            self._test,
            None,
            labels=dict.fromkeys(AXES, LABELS),
            text=TEXT,
            model={"folder": str(self.base)},
            adapter=self.adapter(bits),
            optimisation={
                **OPTIMISATION,
                "steps": steps,
                "batch": BATCH,
                "learning_rate": 1e-4,
                "max_tokens": MAX_TOKENS,
                "checkpoint_every": max(1, steps),
            },
            execution={
                **EXECUTION,
                "precision": self.precision,
                "row_tokens": ROW_TOKENS,
                "micro_batch": MICRO_BATCH,
                "compile": compiled,
            },
            prompt_room=MAX_TOKENS // 2,
            capture={**CAPTURE, "bins": 32, "estimators": estimators},
        )

    def work(self, run: str, note: Path | None) -> dict[str, Any]:
        """Arguments that let this trainer do a job."""
        return {
            "jobs": str(self.shop.jobs),
            "run": run,
            "runs": str(self.shop.runs),
            "note": None if note is None else str(note),
            "device": self.device,
        }


def main(arguments: list[str] | None = None) -> None:
    """Measure and print."""
    asked = _asked(arguments)
    with tempfile.TemporaryDirectory(dir=asked.scratch) as scratch:
        bench = Bench(Path(scratch), asked)
        measurements = Measurements(asked.minutes)
        bits = [16] if bench.device == "cpu" else [16, 4]
        training = [row for each in bits for row in train(bench, measurements, Path(scratch) / f"course-{each}", each)]
        print(_heading(bench))
        print(table(["", "examples/s", "tokens/s", "through the model", "utilisation", "memory"], training))
        print()
        print(table(["capture", "rows/s", "overhead"], capture(bench, measurements)))
        print("\n".join(["", *measurements.notes]))


def train(bench: Bench, measurements: Measurements, folder: Path, bits: int) -> list[list[str]]:
    """Rows of the table about training: this trainer, and TRL in its layouts."""
    name = bench.precision if bits == 16 else f"{bits}-bit"
    run = bench.job(bits, [], train=True)
    ours = measurements.take(f"Because, {name}", "work_ours", bench.work(run, folder))
    if ours is None:
        return []
    course = read_course(folder)
    a_sequence = course.tokens / course.examples
    manifest = manifest_of(bench.shop.runs / run)
    encoded = manifest["encoded_tokens"] / manifest["examples"]
    line = _line(bench, f"Because, {name}, {ours['attention']}", ours["examples"], a_sequence, encoded)
    rows = [[*line, _gigabytes(ours["peak_memory"])]]
    if bench.device == "cuda":
        run = bench.job(bits, [], train=True, compiled=True)
        name_compiled = f"Because, {name}, {ours['attention']}, compiled"
        if ours := measurements.take(name_compiled, "work_ours", bench.work(run, None)):
            line = _line(bench, name_compiled, ours["examples"], a_sequence, encoded)
            rows.append([*line, _gigabytes(ours["peak_memory"])])
    for layout, attention in _layouts():
        arguments: dict[str, Any] = {"folder": str(folder), "base": str(bench.base), "adapter": bench.adapter(bits)}
        arguments |= {"layout": layout, "attention": attention, "skip": SKIP}
        arguments |= {"micro_batch": 4 if layout == "packed" else MICRO_BATCH}
        given = measurements.take(f"TRL, {name}, {layout}, {attention}", "train_trl", arguments)
        if given:
            speed = given["examples"] / given["seconds"]
            line = _line(bench, f"TRL, {name}, {layout}, {attention}", speed, a_sequence, a_sequence)
            rows.append([*line, _gigabytes(given["peak_memory"])])
    return rows


def capture(bench: Bench, measurements: Measurements) -> list[list[str]]:
    """Rows of the table about scoring, with more and more estimators."""
    every = contract()["estimators"]
    fast = [name for name in every if name != "matrix"]
    kinds: dict[str, list[str]] = {"none": [], "cheap": CHEAP, "all but matrix": fast, "all": every}
    rows: list[list[str]] = []
    first: float | None = None
    for name, estimators in kinds.items():
        run = bench.job(16, estimators, train=False)
        given = measurements.take(f"capture {name}", "work_ours", bench.work(run, None))
        if given and given["rows"]:
            first = first or given["rows"]
            rows.append([name, f"{given['rows']:,.1f}", f"{100 * (first / given['rows'] - 1):.1f} %"])
    return rows


def _line(bench: Bench, name: str, speed: float | None, a_sequence: float, encoded: float) -> list[str]:
    """Speed in examples, in tokens as if each sequence were encoded by itself, in tokens that the model read."""
    if not speed:
        return [name, "", "", "", ""]
    peak = peak_flops(torch.cuda.get_device_name(), "bf16") if bench.device == "cuda" else None
    used = f"{100 * 4 * bench.parameters * speed * encoded / peak:.0f} %" if peak else ""
    return [name, f"{speed:,.1f}", f"{speed * a_sequence:,.0f}", f"{speed * encoded:,.0f}", used]


def _layouts() -> list[tuple[str, str]]:
    """What TRL is tried in; none where it isn't installed."""
    if util.find_spec("trl") is None:
        return []
    flash = util.find_spec("flash_attn") is not None
    return [("packed", "flash_attention_2" if flash else "sdpa"), ("padded", "sdpa")]


def _gigabytes(count: int | None) -> str:
    return "" if count is None else f"{count / 2**30:.0f} GiB"


def _heading(bench: Bench) -> str:
    names = ["torch", "transformers", "peft", *(name for name in ("trl", "bitsandbytes") if util.find_spec(name))]
    listed = ", ".join(
        f"{name} {version}" for name, version in measure(sys.executable, "versions", {"names": names}).items()
    )
    where = torch.cuda.get_device_name() if bench.device == "cuda" else "the processor"
    return (
        f"{date.today().isoformat()}, {where}, {bench.parameters / 1e9:.2f} billion parameters, LoRA; {listed}. "
        f"{BATCH} sequences a step, at most {MAX_TOKENS} tokens long. Utilisation is 4 × parameters × tokens through "
        "the model over the device's dense peak.\n"
    )


def _asked(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.gpu", description=__doc__)
    parser.add_argument("--tiny", action="store_true", help="a trial on the processor, with a model of no use")
    parser.add_argument("--steps", type=int, default=40)
    parser.add_argument("--test-rows", type=int, default=1800)
    parser.add_argument("--minutes", type=float, default=8, help="nothing more is begun after so many")
    parser.add_argument("--scratch", type=Path, help="a folder with room for the base (15 GB)")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
