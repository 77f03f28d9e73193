"""Runs are repeatable, are done once, and fail with a reason that does not hurt the next."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from because_trainer.contract import contract
from conftest import Base
from workshop import CAPTURE, MODEL, OPTIMISATION, Workshop, manifest_of, progress_of

SCORES = ("predictions.parquet", "layers.parquet")


@pytest.fixture
def run(base: Base) -> str:
    return base.shop.arm(base.train, base.test, base.tokenizer_run, base_run=base.warm_up_run)


def test_the_same_job_twice_gives_the_same_bytes(base: Base, run: str) -> None:
    folder = base.shop.done(run)
    first = [(folder / name).read_bytes() for name in SCORES]
    (folder / "manifest.json").unlink()
    base.shop.done(run)
    assert [(folder / name).read_bytes() for name in SCORES] == first


def test_seeds_differ_in_the_order_of_the_data(base: Base, run: str) -> None:
    other = base.shop.arm(base.train, base.test, base.tokenizer_run, base_run=base.warm_up_run, seed=2)
    losses = [[line["loss"] for line in progress_of(base.shop.done(r), "step")] for r in (run, other)]
    assert losses[0] != losses[1]


def test_a_run_that_is_done_is_not_done_again(base: Base, run: str) -> None:
    folder = base.shop.done(run)
    before = (folder / "manifest.json").read_bytes()
    base.shop.done(run)
    assert (folder / "manifest.json").read_bytes() == before


def test_a_run_whose_files_changed_is_done_again(base: Base, run: str) -> None:
    folder = base.shop.done(run)
    whole = (folder / "predictions.parquet").read_bytes()
    (folder / "predictions.parquet").write_bytes(whole[:-1])
    base.shop.done(run)
    assert (folder / "predictions.parquet").read_bytes() == whole


def test_divergence_names_its_step_and_the_run_is_tried_again(base: Base) -> None:
    wild = {**OPTIMISATION, "learning_rate": 1e30}
    run = base.shop.arm(base.train, base.test, base.tokenizer_run, optimisation=wild)
    report = base.shop.do(run)
    assert report.status == "failed"
    assert "diverged at step 2" in report.reason
    manifest = manifest_of(base.shop.runs / run)
    assert (manifest["status"], manifest["reason"]) == ("failed", report.reason)
    assert progress_of(base.shop.runs / run)[-1]["reason"] == report.reason
    assert base.shop.do(run) == report
    assert len(progress_of(base.shop.runs / run, "failed")) == 1


def test_a_broken_job_has_a_failed_manifest(base: Base) -> None:
    run = base.shop.arm(base.train, base.test, base.tokenizer_run, seed=77)
    path = base.shop.jobs / run / "job.json"
    job = json.loads(path.read_text(encoding="utf-8"))
    del job["labels"]
    path.write_text(json.dumps(job), encoding="utf-8")
    report = base.shop.do(run)
    assert report.status == "failed"
    assert "'labels' is a required property" in report.reason
    assert manifest_of(base.shop.runs / run)["reason"] == report.reason


@pytest.mark.parametrize("content", [None, "{", '{"kind": "dance"}'])
def test_what_is_no_job_fails_without_a_manifest(tmp_path: Path, content: str | None) -> None:
    shop = Workshop(tmp_path)
    run = "0" * 16
    (shop.jobs / run).mkdir(parents=True)
    if content is not None:
        (shop.jobs / run / "job.json").write_text(content, encoding="utf-8")
    report = shop.do(run)
    assert report.status == "failed"
    assert "job.json" in report.reason
    assert not (shop.runs / run / "manifest.json").exists()
    if content is None:
        assert not (shop.runs / run).exists()
    else:
        assert progress_of(shop.runs / run)[-1]["reason"] == report.reason


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        ("missing", "train.parquet cannot be read"),
        ("column", "train.parquet lacks the column prompt"),
        ("rows", "train.parquet has 47 rows, but the job says 48"),
        ("bytes", "train.parquet cannot be read"),
    ],
)
def test_data_that_do_not_fit_the_job(base: Base, tmp_path: Path, damage: str, reason: str) -> None:
    import pyarrow.parquet as pq

    shop = Workshop(tmp_path)
    run = shop.tokenizer(base.train)
    path = shop.jobs / run / "train.parquet"
    table = pq.read_table(path)
    if damage == "missing":
        path.unlink()
    elif damage == "column":
        pq.write_table(table.drop_columns(["prompt"]), path)
    elif damage == "rows":
        pq.write_table(table.slice(1), path)
    else:
        path.write_bytes(path.read_bytes()[:-20])
    report = shop.do(run)
    assert report.status == "failed"
    assert reason in report.reason


def test_a_label_out_of_range_is_named(base: Base) -> None:
    stray = [*base.train[:3], replace(base.train[3], label="6")]
    report = base.shop.do(base.shop.arm(stray, base.test, base.tokenizer_run))
    assert report.reason == "train.parquet, row 4: '6' is no label of adherence (1, 2, 3, 4, 5)."


def test_a_run_that_builds_on_nothing_fails(base: Base, tmp_path: Path) -> None:
    report = base.shop.do(base.shop.arm(base.train, base.test, "f" * 16))
    assert report.reason == f"the tokenizer run {'f' * 16} that this run builds on is missing, not done."


def test_untrained_models_can_be_scored(base: Base) -> None:
    still = {**OPTIMISATION, "steps": 0}
    folder = base.shop.done(base.shop.arm(base.train, base.test, base.tokenizer_run, optimisation=still))
    assert manifest_of(folder)["files"]["predictions.parquet"]["rows"] == len(base.test)


def test_only_the_estimators_that_are_asked_for_are_written(base: Base) -> None:
    import pyarrow.parquet as pq

    capture = {**CAPTURE, "estimators": ["energy", "renyi"]}
    run = base.shop.arm(base.train, base.test, base.tokenizer_run, capture=capture)
    assert pq.read_schema(base.shop.done(run) / "layers.parquet").names == [
        *contract()["layer_keys"],
        "energy",
        "renyi",
    ]


@pytest.mark.parametrize(
    "arm",
    [
        ("label-only", "label-first", "token-mean"),
        ("explanation", "label-first", "part-mean"),
        ("explanation", "explanation-first", "token-mean"),
    ],
)
def test_prompts_are_cut_alike_in_every_arm_and_said_to_be(base: Base, arm: tuple[str, str, str]) -> None:
    import pyarrow.parquet as pq

    room = 30
    short = {**OPTIMISATION, "max_tokens": 40}
    folder = base.shop.done(
        base.shop.arm(base.train, base.test, base.tokenizer_run, arm, optimisation=short, prompt_room=room)
    )
    table = pq.read_table(folder / "predictions.parquet").to_pylist()
    lengths = [len(base.tokenizer.encode(row.prompt)) for row in base.test]
    assert [row["prompt_tokens"] for row in table] == lengths
    assert [row["truncated"] for row in table] == [length > room for length in lengths]
    manifest = manifest_of(folder)
    prompts = [row.prompt for row in [*base.train, *base.test]]
    assert manifest["truncated_rows"] == sum(len(base.tokenizer.encode(prompt)) > room for prompt in prompts) > 0
    assert (manifest["shortened_explanations"] > 0) == (arm[0] == "explanation")


def test_a_model_of_shorter_context_takes_it_from_the_prompt(base: Base) -> None:
    import pyarrow.parquet as pq

    narrow = {**MODEL, "context": 60}
    wide = {**OPTIMISATION, "max_tokens": 70}
    folder = base.shop.done(
        base.shop.arm(base.train, base.test, base.tokenizer_run, model=narrow, optimisation=wide, prompt_room=40)
    )
    table = pq.read_table(folder / "predictions.parquet").to_pylist()
    assert [row["truncated"] for row in table] == [row["prompt_tokens"] > 30 for row in table]


def test_a_warm_up_is_where_its_arms_start(base: Base) -> None:
    still = {**OPTIMISATION, "steps": 0}
    cold = base.shop.arm(base.train, base.test, base.tokenizer_run, optimisation=still)
    warm = base.shop.arm(base.train, base.test, base.tokenizer_run, optimisation=still, base_run=base.warm_up_run)
    bytes_of = [(base.shop.done(run) / SCORES[0]).read_bytes() for run in (cold, warm)]
    assert bytes_of[0] != bytes_of[1]
    assert set(manifest_of(base.shop.runs / base.warm_up_run)["files"]) >= {
        "model/config.json",
        "model/model.safetensors",
    }


def test_a_size_that_makes_no_model_fails(base: Base) -> None:
    odd = {**MODEL, "scratch": {"hidden": 15, "layers": 1, "heads": 2, "feed_forward": 8}}
    report = base.shop.do(base.shop.arm(base.train, base.test, base.tokenizer_run, model=odd))
    assert report.reason == "hidden (15) must be an even multiple of heads (2)."
