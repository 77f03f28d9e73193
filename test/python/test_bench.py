"""The benchmarks on sizes that measure nothing: that they run, and that what is compared is the same."""

from __future__ import annotations

import dataclasses
import random
import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from because_trainer.contract import contract
from because_trainer.tables import Row
from bench import gpu, trainer
from bench.contest import Candidate, compete
from bench.material import Material
from bench.measure import PROJECT, TASKS, measure
from bench.ours import steady_rate
from bench.random_base import LENGTHS, drawn
from workshop import WORDS

AXES = ("naturalness", "on-topic", "comprehensiveness")
PEERS = PROJECT / ".because" / "bench-peers" / "bin" / "python"
SPEED = re.compile(r"\| +\**([\d,.]+)\**(?: [×%])? +\|")


def in_process(_python: str, task: str, arguments: dict[str, Any], threads: int = 1) -> dict[str, Any]:
    """What `measure` gives, without a process of its own."""
    assert threads >= 1
    result = TASKS[task](**arguments)
    return dict(result) if isinstance(result, dict) else dataclasses.asdict(result)


def write_rows(folder: Path, dialogues: int) -> None:
    """Dialogues on three axes, as `train.parquet` and `test.parquet`."""
    draw = random.Random(5)
    rows = []
    for number in range(dialogues):
        dialogue = " ".join(draw.choices(WORDS, k=draw.randint(12, 40)))
        for axis in AXES:
            label, reason = str(draw.randint(1, 5)), " ".join(draw.choices(WORDS, k=6))
            name = f"e{number}"
            rows.append(Row(name, name, "made", axis, f"user: {dialogue}\n{axis}:", label, reason, label, "0"))
    for side in ("train", "test"):
        columns = {column: [getattr(row, column) for row in rows] for column in contract()["data_columns"]}
        pq.write_table(pa.table(columns), folder / f"{side}.parquet")


def test_the_trainer_bench_measures_training_and_scoring(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_rows(tmp_path, 40)
    monkeypatch.setattr(trainer, "measure", in_process)
    trainer.main(["--rows", str(tmp_path), "--rounds", "2", "--sizes", "0.2M", "--steps", "3", "--test-rows", "30"])
    printed = capsys.readouterr().out
    speeds = [float(speed.replace(",", "")) for speed in SPEED.findall(printed)]
    assert len(re.findall(r"^\| Because", printed, re.MULTILINE)) == 4
    assert len(speeds) == 4
    assert min(speeds) > 0
    apart = re.search(r"is further than ([\d.e+-]+) from", printed)
    assert apart is not None
    assert float(apart[1]) < 1e-5


def test_the_course_is_what_was_trained_on(tmp_path: Path) -> None:
    write_rows(tmp_path, 40)
    material = Material(tmp_path / "shop", tmp_path)
    run, jobs = material.training("0.2M", 3), str(material.shop.jobs)
    note = str(tmp_path / "course")
    noted = in_process(
        "", "train_ours", {"jobs": jobs, "run": run, "runs": str(material.fresh_runs("a")), "note": note}
    )
    timed = in_process("", "train_ours", {"jobs": jobs, "run": run, "runs": str(material.fresh_runs("b"))})
    assert len(noted["losses"]) == 3
    assert noted["examples"] == timed["examples"] == 72
    assert (tmp_path / "course" / "trained" / "config.json").exists()
    if not PEERS.exists():
        return
    theirs = measure(str(PEERS), "train_trl", {"folder": note, "layout": "padded", "attention": "eager"})
    assert theirs["examples"] == noted["examples"]
    assert theirs["losses"] == pytest.approx(noted["losses"], abs=1e-4)
    scoring = material.scoring(tmp_path / "course" / "trained", [], 30)
    own = in_process("", "score_ours", {"jobs": jobs, "run": scoring, "runs": str(material.fresh_runs("c"))})
    arguments = {"folder": str(tmp_path / "course" / "trained"), "rows": f"{jobs}/{scoring}/test.parquet"}
    options = {"labels": material.labels, "attention": "eager", "batch": 16, "cache": True}
    others = measure(str(PEERS), "score_lm_eval", {**arguments, **options})
    for row, other in zip(own["log_probabilities"], others["log_probabilities"], strict=True):
        assert row == pytest.approx(other, abs=1e-5)


def test_the_gpu_bench_runs_on_a_processor_with_a_tiny_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(gpu, "measure", in_process)
    gpu.main(["--tiny", "--steps", "20", "--test-rows", "90", "--scratch", str(tmp_path)])
    printed = capsys.readouterr().out
    assert re.search(r"^\| Because, fp32, \w+ +\| +[\d.,]+ \|", printed, re.MULTILINE), printed
    assert "failed" not in printed


def test_lengths_are_quantiles_and_numbers_are_drawn_between_them() -> None:
    text = LENGTHS.read_text(encoding="utf-8")
    assert '"coqa"' in text
    draw = random.Random(1)
    values = sorted(drawn([0, 10, 100], draw) for _ in range(2000))
    assert values[1000] == pytest.approx(10, abs=2)
    assert 0 <= values[0] <= values[-1] <= 100


def test_only_the_fastest_of_each_side_is_measured_again() -> None:
    def candidate(side: str, *speeds: float) -> Candidate:
        left = iter(speeds)
        return Candidate(side, "", lambda: {"speed": next(left)}, lambda given: float(given["speed"]))

    candidates = [candidate("ours", 1, 3), candidate("theirs", 2, 2.5), candidate("theirs", 1)]
    compete(candidates, 2, lambda _line: None)
    assert [each.best for each in candidates] == [3, 2.5, 1]
    assert [len(each.speeds) for each in candidates] == [2, 2, 1]


def test_a_steady_rate_is_that_of_the_second_half() -> None:
    def rate(*counted: tuple[float, int]) -> float | None:
        return steady_rate([{"event": "step", "time": time, "examples": count} for time, count in counted], "step")

    assert rate((0, 0), (90, 10), (100, 50), (110, 80), (115, 100)) == pytest.approx(50 / 15)
    assert rate((90, 10), (100, 60)) == pytest.approx(5)
    assert rate((0, 0), (90, 10)) is None
