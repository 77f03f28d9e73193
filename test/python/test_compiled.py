"""Compiled blocks give what plain ones give, in training and in scoring; without a compiler the run says so."""

from __future__ import annotations

import shutil

import pyarrow.parquet as pq
import pytest
import torch
from because_trainer.compiled import check_compiler, for_gradients
from because_trainer.errors import RunFailed
from conftest import Base
from workshop import EXECUTION, OPTIMISATION, manifest_of, progress_of

COMPILER = shutil.which("c++") or shutil.which("g++")


@pytest.mark.skipif(COMPILER is None, reason="there is no C++ compiler, without which torch.compile has none either")
def test_a_compiled_run_is_the_plain_run(base: Base) -> None:
    size = {"hidden": 16, "layers": 1, "heads": 2, "feed_forward": 32}
    runs = [
        base.shop.done(
            base.shop.arm(
                base.train,
                base.test,
                base.tokenizer_run,
                model={"scratch": size, "context": 256},
                optimisation={**OPTIMISATION, "steps": 6},
                execution={**EXECUTION, "compile": compiled},
            )
        )
        for compiled in (False, True)
    ]
    # The last line has the mean of all steps, however many lines slow steps wrote before.
    loss, compiled_loss = (progress_of(run, "step")[-1]["loss"] for run in runs)
    assert compiled_loss == pytest.approx(loss, abs=1e-4)
    plain, compiled = (pq.read_table(run / "layers.parquet").to_pylist() for run in runs)
    for row, other in zip(plain, compiled):
        assert {name for name in row if row[name] is None} == {name for name in other if other[name] is None}
        for name in ("softmax", "attention"):
            assert other[name] == pytest.approx(row[name], abs=1e-3)
    assert manifest_of(runs[1])["steps"] == 6


def test_only_passes_with_a_gradient_are_compiled() -> None:
    forward = for_gradients(lambda: "compiled", lambda: "plain")
    assert forward() == "compiled"
    with torch.no_grad():
        assert forward() == "plain"


def test_a_missing_compiler_is_named_with_its_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CXX", "no-such-compiler")
    with pytest.raises(
        RunFailed, match=r"no-such-compiler is not found: install g.. .or name one in CXX., or set exec"
    ):
        check_compiler(torch.device("cpu"))


def test_a_missing_triton_is_named_with_its_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CXX", "sh")
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(RunFailed, match=r"pip install triton, or set execution.compile to false"):
        check_compiler(torch.device("cuda"))
