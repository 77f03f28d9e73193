"""Jobs, manifests, progress lines and Parquet columns keep to the contract."""

from __future__ import annotations

import json
from typing import Any

import pyarrow.parquet as pq
import pytest
from because_trainer.contract import check, contract, manifest_schema, parse_job, progress_schema
from because_trainer.errors import RunFailed
from because_trainer.tables import TYPES
from conftest import Base
from workshop import manifest_of, progress_of


def job_of(base: Base, run: str) -> dict[str, Any]:
    job: dict[str, Any] = json.loads((base.shop.jobs / run / "job.json").read_text(encoding="utf-8"))
    return job


@pytest.fixture(scope="module")
def run(base: Base) -> str:
    run = base.shop.arm(base.train, base.test, base.tokenizer_run, base_run=base.warm_up_run)
    base.shop.done(run)
    return run


def test_job_with_an_unknown_key_is_refused_by_name(base: Base, run: str) -> None:
    job = {**job_of(base, run), "colour": "blue"}
    with pytest.raises(RunFailed, match="colour"):
        parse_job(json.dumps(job).encode())


def test_job_with_a_wrong_value_is_refused_by_its_key(base: Base, run: str) -> None:
    job = job_of(base, run)
    job["optimisation"]["batch"] = 0
    with pytest.raises(RunFailed, match=r"optimisation\.batch"):
        parse_job(json.dumps(job).encode())


def test_job_of_another_contract_is_refused(base: Base, run: str) -> None:
    job = {**job_of(base, run), "contract": 2}
    with pytest.raises(RunFailed, match="contract 2, but this trainer reads contract 1"):
        parse_job(json.dumps(job).encode())


@pytest.mark.parametrize("content", [b"", b"[]", b'{"kind": "dance"}', b"\xff\xfe"])
def test_what_is_no_job_is_refused(content: bytes) -> None:
    with pytest.raises(RunFailed, match=r"job\.json"):
        parse_job(content)


def test_manifest_and_progress_fit_their_schemas(base: Base, run: str) -> None:
    for done in (run, base.warm_up_run, base.tokenizer_run):
        folder = base.shop.runs / done
        check(manifest_schema(), manifest_of(folder), "manifest.json")
        lines = progress_of(folder)
        assert [lines[0]["event"], lines[-1]["event"]] == ["start", "done"]
        for line in lines:
            check(progress_schema(), line, "progress.jsonl")


def test_manifest_counts_what_was_trained(base: Base, run: str) -> None:
    manifest = manifest_of(base.shop.runs / run)
    assert manifest["steps"] == 24
    assert manifest["examples"] == 96
    assert manifest["label_tokens"] == 96
    assert manifest["explanation_tokens"] > 5 * 96
    assert manifest["tokens"] > manifest["label_tokens"] + manifest["explanation_tokens"]
    assert manifest["files"]["predictions.parquet"]["rows"] == len(base.test)
    assert manifest["files"]["layers.parquet"]["rows"] == 3 * len(base.test)


def test_parquet_columns_are_those_of_the_contract(base: Base, run: str) -> None:
    predictions = pq.read_schema(base.shop.runs / run / "predictions.parquet")
    layers = pq.read_schema(base.shop.runs / run / "layers.parquet")
    expected = contract()["prediction_columns"]
    assert {field.name: field.type for field in predictions} == {name: TYPES[kind] for name, kind in expected.items()}
    assert layers.names == [*contract()["layer_keys"], *contract()["estimators"]]


def test_predictions_keep_the_order_of_the_test_rows(base: Base, run: str) -> None:
    table = pq.read_table(base.shop.runs / run / "predictions.parquet").to_pylist()
    assert [row["example_id"] for row in table] == [row.example_id for row in base.test]
    assert [row["gold"] for row in table] == [row.gold for row in base.test]
    layers = pq.read_table(base.shop.runs / run / "layers.parquet").to_pylist()
    assert [(row["example_id"], row["layer"]) for row in layers] == [
        (row.example_id, layer) for row in base.test for layer in range(3)
    ]


def test_every_estimate_is_there_but_attention_of_the_embedding(base: Base, run: str) -> None:
    for row in pq.read_table(base.shop.runs / run / "layers.parquet").to_pylist():
        absent = {name for name in contract()["estimators"] if row[name] is None}
        assert absent == ({"attention"} if row["layer"] == 0 else set())


def test_no_checkpoint_is_left_when_a_run_is_done(base: Base, run: str) -> None:
    assert not (base.shop.runs / run / "checkpoint").exists()
