"""Scores along the training change nothing of it, and a killed run ends with the same ones."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from because_trainer.along import steps_along
from because_trainer.checkpoint import FOLDER as CHECKPOINT
from because_trainer.contract import contract
from because_trainer.errors import Interrupted
from because_trainer.interruption import Interruption
from because_trainer.runs import do_run
from conftest import Base
from workshop import CAPTURE, EXECUTION, OPTIMISATION, manifest_of, progress_of

ALONG = [0.25, 0.5]
STEPS = 24
FILES = ["predictions.parquet", "layers.parquet", "along.parquet", "along_layers.parquet"]
ARMS = [("explanation", "label-first", "token-mean"), ("explanation", "explanation-first", "part-mean")]


class After(Interruption):
    """Asks to leave at the n-th look."""

    def __init__(self, looks: int) -> None:
        super().__init__()
        self.looks = looks

    def check(self) -> None:
        self.looks -= 1
        if self.looks < 0:
            raise Interrupted("a test", 143)


def arm_of(base: Base, arm: tuple[str, str, str], along: list[float], **optimisation: Any) -> str:
    return base.shop.arm(
        base.train,
        base.test,
        base.tokenizer_run,
        arm,
        capture={**CAPTURE, "along": along},
        optimisation={**OPTIMISATION, "steps": STEPS, **optimisation},
    )


def test_steps() -> None:
    assert steps_along([0.5, 0.25], 24) == [6, 12]
    assert steps_along([0.01, 0.02, 0.5], 10) == [1, 5]
    assert steps_along([], 10) == []
    assert steps_along([0.5], 0) == []


@pytest.mark.parametrize("arm", ARMS)
def test_training_is_what_it_is_without(base: Base, arm: tuple[str, str, str]) -> None:
    plain = base.shop.done(arm_of(base, arm, []))
    along = base.shop.done(arm_of(base, arm, ALONG))
    for name in FILES[:2]:
        assert (plain / name).read_bytes() == (along / name).read_bytes()
    losses = [[(line["step"], line["loss"]) for line in progress_of(folder, "step")] for folder in (plain, along)]
    assert losses[0] == losses[1]
    assert not (plain / FILES[2]).exists()
    assert set(FILES) <= set(manifest_of(along)["files"])


def test_they_are_the_scores_of_a_training_that_stopped_there(base: Base) -> None:
    """With a constant learning rate, fewer steps are the beginning of more."""
    changes: dict[str, Any] = {"warmup_fraction": 0.0, "learning_rate": 0.0}
    folder = base.shop.done(arm_of(base, ARMS[0], ALONG, **changes))
    along = pq.read_table(folder / "along.parquet").to_pylist()
    whole = pq.read_table(folder / "predictions.parquet").to_pylist()
    assert [{"step": step, **row} for step in (6, 12) for row in whole] == along


def test_columns_and_rows(base: Base) -> None:
    folder = base.shop.done(arm_of(base, ARMS[0], ALONG))
    along, layers = (pq.read_table(folder / name) for name in FILES[2:])
    assert along.column_names == ["step", *contract()["prediction_columns"]]
    assert layers.column_names == ["step", *contract()["layer_keys"], *contract()["estimators"]]
    assert along.column("step").to_pylist() == [6] * len(base.test) + [12] * len(base.test)
    assert layers.num_rows == 3 * along.num_rows
    first, second = (along.slice(i * len(base.test), len(base.test)).to_pylist() for i in (0, 1))
    assert [row["label_logits"] for row in first] != [row["label_logits"] for row in second]
    assert not (folder / CHECKPOINT).exists()


@pytest.mark.parametrize("arm", ARMS)
@pytest.mark.parametrize("looks", [5, 7, 8, 13, 14, 20, 26])
def test_a_run_that_left_anywhere_ends_alike(base: Base, tmp_path: Path, arm: tuple[str, str, str], looks: int) -> None:
    run = arm_of(base, arm, ALONG)
    whole = base.shop.done(run)
    (tmp_path / base.tokenizer_run).symlink_to(base.shop.runs / base.tokenizer_run)
    with pytest.raises(Interrupted):
        do_run(run, base.shop.jobs, tmp_path, After(looks))
    report = do_run(run, base.shop.jobs, tmp_path, Interruption())
    assert report.status == "done", report.reason
    for name in FILES:
        assert (tmp_path / run / name).read_bytes() == (whole / name).read_bytes()


def of_two(base: Base, parallel: str) -> Path:
    """An explanation-first run of two processes, of which one has nothing to score: there is one batch."""
    run = base.shop.arm(
        base.train,
        base.test,
        base.tokenizer_run,
        ARMS[1],
        capture={**CAPTURE, "along": ALONG, "samples": 2},
        optimisation={**OPTIMISATION, "steps": STEPS},
        execution={**EXECUTION, "processes": 2, "parallel": parallel},
    )
    folders = ["--jobs", str(base.shop.jobs), "--runs", str(base.shop.runs)]
    command = [sys.executable, "-m", "because_trainer", "run", *folders, run]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    return base.shop.runs / run


def test_processes_score_together_also_where_blocks_are_in_shards(base: Base) -> None:
    whole, sharded = of_two(base, "ddp"), of_two(base, "fsdp")
    for name in FILES:
        a, b = (pq.read_table(folder / name).to_pylist() for folder in (whole, sharded))
        assert len(a) == len(b) > 0
        for left, right in zip(a, b):
            assert left.keys() == right.keys()
            assert left["example_id"] == right["example_id"]
            if "label_logits" in left:
                assert left["label_logits"] == pytest.approx(right["label_logits"], abs=1e-3)
