"""Runs that share a frozen base: who may, what is shared, and that none harms another."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from because_trainer.errors import Interrupted
from because_trainer.interruption import Interruption
from because_trainer.runs import Report
from because_trainer.shared_base import copy_over_same_weights
from because_trainer.together import do_together, groups_of
from conftest import Base
from dialogues import lora
from workshop import EXECUTION, OPTIMISATION, Workshop, manifest_of, progress_of


def adapted(base: Base, seed: int, **changes: Any) -> str:
    """Write a job with an adapter."""
    plain = {"adapter": lora(), "base_run": base.warm_up_run, "seed": seed}
    return base.shop.arm(base.train, base.test, base.tokenizer_run, **{**plain, **changes})


def linked(base: Base, folder: Path) -> Path:
    """An empty folder of runs, but for those that others build on."""
    for run in (base.tokenizer_run, base.warm_up_run):
        (folder / run).symlink_to(base.shop.runs / run)
    return folder


def test_runs_are_grouped_by_their_base(base: Base) -> None:
    same = [
        adapted(base, 61),
        adapted(base, 62, adapter=lora(rank=2, dropout=0.5)),
        adapted(base, 63, label_weight=3.0),
    ]
    full = base.shop.arm(base.train, base.test, base.tokenizer_run, base_run=base.warm_up_run, seed=61)
    packed = adapted(base, 61, execution={**EXECUTION, "row_tokens": 128})
    two = adapted(base, 61, execution={**EXECUTION, "processes": 2})
    drawn = [adapted(base, seed, base_run=None) for seed in (61, 62)]
    groups = groups_of([same[0], full, same[1], packed, two, *drawn, "0" * 16, same[2]], base.shop.jobs)
    assert [group.runs for group in groups] == [same, [full], [packed], [two], *([run] for run in drawn), ["0" * 16]]
    reasons = [group.apart or "" for group in groups]
    assert reasons[0] == ""
    for reason, part in zip(
        reasons[1:], ["all its weights", "no other", "2 processes", "no other", "no other", "read"]
    ):
        assert part in reason
    assert [groups_of([run], base.shop.jobs)[0].apart for run in (packed, full)] == [None, None]


def test_copies_share_weights_and_nothing_else(base: Base) -> None:
    net = base.model().net
    copy = copy_over_same_weights(net)
    assert all(a is b for a, b in zip(net.parameters(), copy.parameters()))
    assert all(a is b for a, b in zip(net.buffers(), copy.buffers()))
    assert all(a is not b for a, b in zip(net.modules(), copy.modules()))
    assert copy.config is not net.config
    assert copy.get_output_embeddings().weight is copy.get_input_embeddings().weight


def test_one_that_diverges_and_one_that_is_wrong_hurt_no_other(
    base: Base, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = [adapted(base, seed, adapter=lora(dropout=0.2)) for seed in (64, 65)]
    wild = adapted(base, 66, optimisation={**OPTIMISATION, "learning_rate": 1e6, "clip": 1e9})
    wrong = adapted(base, 67, adapter=lora(targets=["no_such_module"]))
    loads = counted_loads(monkeypatch)
    folder = linked(base, tmp_path)
    reports: list[Report] = []
    do_together([good[0], wild, wrong, good[1]], base.shop.jobs, folder, Interruption(), reports.append)
    assert len(loads) == 1
    status = {report.run: report.status for report in reports}
    assert status == {good[0]: "done", good[1]: "done", wild: "failed", wrong: "failed"}
    assert manifest_of(folder / wild)["cause"] == "diverged"
    assert "no_such_module" in manifest_of(folder / wrong)["reason"]
    for run in good:
        alone = base.shop.done(run)
        for name in ("predictions.parquet", "layers.parquet"):
            assert (folder / run / name).read_bytes() == (alone / name).read_bytes()


def counted_loads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A list that grows by one whenever a base is loaded."""
    from because_trainer import loading

    loads: list[int] = []
    load = loading._load_base

    def counted(*given: Any) -> Any:
        loads.append(1)
        return load(*given)

    monkeypatch.setattr(loading, "_load_base", counted)
    return loads


class AfterChecks(Interruption):
    """Asks to leave after being asked so many times."""

    def __init__(self, checks: int) -> None:
        super().__init__()
        self._left = checks

    def check(self) -> None:
        self._left -= 1
        if self._left <= 0:
            raise Interrupted("SIGUSR2", 140)


def test_interrupted_all_of_them_go_on_from_their_checkpoints(base: Base, tmp_path: Path) -> None:
    runs = [adapted(base, seed, adapter=lora(dropout=0.2)) for seed in (68, 69, 70)]
    folder = linked(base, tmp_path)
    reports: list[Report] = []
    with pytest.raises(Interrupted, match="SIGUSR2"):
        do_together(runs, base.shop.jobs, folder, AfterChecks(30), reports.append)
    assert reports == []
    assert not list(folder.glob("*/manifest.json.part"))
    reached = [
        max(line["step"] for line in progress_of(folder / run, "step")) for run in runs if any_step(folder / run)
    ]
    assert max(reached, default=0) - min(reached, default=0) <= 10
    do_together(runs, base.shop.jobs, folder, Interruption(), reports.append)
    assert {report.status for report in reports} == {"done"}
    for run in runs:
        assert manifest_of(folder / run)["resumed"] == 1
        alone = base.shop.done(run)
        assert (folder / run / "predictions.parquet").read_bytes() == (alone / "predictions.parquet").read_bytes()


def any_step(folder: Path) -> bool:
    """Whether a run has said that it did a step."""
    return bool(progress_of(folder, "step"))


def test_a_broken_job_is_reported_and_the_others_are_done(tmp_path: Path) -> None:
    shop = Workshop(tmp_path)
    (shop.jobs / ("a" * 16)).mkdir(parents=True)
    (shop.jobs / ("a" * 16) / "job.json").write_text(json.dumps({"kind": "train"}))
    reports: list[Report] = []
    do_together(["a" * 16, "b" * 16], shop.jobs, shop.runs, Interruption(), reports.append)
    assert [report.status for report in reports] == ["failed", "failed"]
    assert torch.is_grad_enabled()
