"""Whatever is trained, and whichever signal comes at whichever moment: what the run leaves in the end is the same."""

from __future__ import annotations

import random
import signal
from pathlib import Path
from typing import Any

import pytest
from because_trainer.interruption import Interruption
from because_trainer.launching import launch_run, processes_of
from because_trainer.runs import do_run
from conftest import Base
from dialogues import SETTINGS, THREE_AXES, executed, lora, make_dialogues, optimised
from killing import in_a_process_of_its_own, left_behind, listening, reached_step, scoring, send_when
from trajectories import Tolerance, assert_close, read_trajectory
from workshop import CAPTURE, Workshop, manifest_of, progress_of

STEPS = 60
SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGUSR2)
LABEL_FIRST = ("explanation", "label-first", "token-mean")
EXPLANATION_FIRST = ("explanation", "explanation-first", "part-mean")
KINDS: dict[str, tuple[tuple[str, str, str], dict[str, Any]]] = {
    "full": (LABEL_FIRST, {}),
    "adapter with dropout": (LABEL_FIRST, {"adapter": lora(dropout=0.3)}),
    "packed and shared": (LABEL_FIRST, {"execution": executed(share_dialogues=True, row_tokens=240)}),
    "accumulated": (LABEL_FIRST, {"execution": executed(micro_batch=2), "adapter": lora(dropout=0.3)}),
    "two processes": (LABEL_FIRST, {"execution": executed(processes=2)}),
    "explanation first, scored along": (EXPLANATION_FIRST, {"capture": {**CAPTURE, "along": [0.25, 0.75]}}),
}


@pytest.fixture(scope="module")
def shop(base: Base, tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return Workshop(tmp_path_factory.mktemp("kills"))


@pytest.fixture(scope="module")
def needed(shop: Workshop) -> dict[str, str]:
    """The runs that all others build on, done."""
    rows = make_dialogues(24, 1)
    tokenizer = shop.tokenizer(rows, labels=THREE_AXES)
    shop.done(tokenizer)
    warm_up = shop.warm_up(rows, tokenizer)
    shop.done(warm_up)
    return {"tokenizer": tokenizer, "warm-up": warm_up}


@pytest.mark.parametrize("kind", KINDS)
def test_killed_at_random_moments(shop: Workshop, needed: dict[str, str], kind: str, tmp_path: Path) -> None:
    arm, changes = KINDS[kind]
    how = {"execution": executed(), "optimisation": optimised(steps=STEPS, checkpoint_every=7)}
    run = shop.arm(
        make_dialogues(24, 1),
        make_dialogues(40, 2),
        needed["tokenizer"],
        arm,
        base_run=needed["warm-up"],
        **{**how, **SETTINGS, **changes},
    )
    do = launch_run if processes_of(shop.jobs / run) > 1 else do_run
    assert do(run, shop.jobs, shop.runs, Interruption()).status == "done"
    undisturbed = shop.runs / run
    for built_on in needed.values():
        (tmp_path / built_on).symlink_to(shop.runs / built_on)
    folder = tmp_path / run
    draw = random.Random(kind)
    steps = sorted(draw.randint(1, STEPS + 20) for _ in SIGNALS)
    ends = []
    for step, number in zip(steps, draw.sample(SIGNALS, len(SIGNALS))):
        child = in_a_process_of_its_own(listening(lambda asked: do(run, shop.jobs, tmp_path, asked)))
        moment = reached_step(step) if step <= STEPS else scoring
        ends.append((number, send_when(child, folder, moment, number, draw.uniform(0, 0.05))))
        assert left_behind(child) == []
    assert any(end != 0 for _, end in ends), "every signal came too late"
    assert all(end in (0, -number if number == signal.SIGKILL else 128 + number) for number, end in ends), ends
    report = do(run, shop.jobs, tmp_path, Interruption())
    assert report.status == "done", report.reason
    assert_same(folder, undisturbed)


def assert_same(folder: Path, undisturbed: Path) -> None:
    """Fail where two runs differ in a byte of their scores, a loss or a count."""
    scores = sorted(path.name for path in undisturbed.glob("*.parquet"))
    assert sorted(path.name for path in folder.glob("*.parquet")) == scores
    for name in scores:
        assert (folder / name).read_bytes() == (undisturbed / name).read_bytes(), name
    assert_close(read_trajectory(folder), read_trajectory(undisturbed), Tolerance(0, 0, 0, 0))
    counted = ("steps", "examples", "tokens", "label_tokens", "explanation_tokens", "truncated_rows")
    mine, other = manifest_of(folder), manifest_of(undisturbed)
    assert [mine[key] for key in counted] == [other[key] for key in counted]
    resumed = len(progress_of(folder, "resume"))
    assert mine["resumed"] <= resumed, "a resumption that was killed before its first checkpoint may go uncounted"
    assert (mine["resumed"] > 0) == (resumed > 0)
    assert not list(folder.rglob("*.part"))
