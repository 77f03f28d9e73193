"""Decoding with a cache writes what recomputing every prefix writes."""

from __future__ import annotations

import pyarrow.parquet as pq
import pytest
import torch
from because_trainer.decoding import Ending, decode_explanations, ended
from because_trainer.interruption import Interruption
from because_trainer.model import LanguageModel
from conftest import Base
from workshop import OPTIMISATION, make_rows

MOST = 10


@pytest.fixture
def model(base: Base) -> LanguageModel:
    return base.model(seed=8)


def recomputed(model: LanguageModel, context: list[int], ending: Ending, first_labels: frozenset[int]) -> list[int]:
    written: list[int] = []
    while len(written) < ending.most + len(ending.therefore) + 1:
        with torch.no_grad():
            logits = model.net(input_ids=torch.tensor([context + written])).logits
        written.append(int(logits[0, -1].argmax()))
        done = ended(written, ending, first_labels)
        if done is not None:
            return done
    return written[: ending.most]


def test_cache_and_recomputation_agree(base: Base, model: LanguageModel) -> None:
    tokenizer = base.tokenizer
    contexts = [[1, *tokenizer.encode(row.prompt), *tokenizer.continuation(" because")] for row in make_rows(12, 6)]
    labels = frozenset(tokenizer.continuation(" 3"))
    ending = Ending(tokenizer.eos, tokenizer.continuation(" so"), [labels] * len(contexts), MOST)
    written = decode_explanations(model, contexts, ending, tokenizer.pad, Interruption())
    assert written == [recomputed(model, context, ending, labels) for context in contexts]
    assert len({tuple(row) for row in written}) > 1


def test_an_explanation_ends_where_the_label_would_begin() -> None:
    ending = Ending(eos=2, therefore=(7, 8), first_labels=[], most=5)
    labels = frozenset({40, 41})
    assert ended([3, 4, 7, 8, 41], ending, labels) == [3, 4]
    assert ended([3, 4, 7, 8, 5], ending, labels) is None
    assert ended([3, 41], ending, labels) is None
    assert ended([7, 8, 40], ending, labels) == []
    assert ended([3, 2], ending, labels) == [3]


def test_explanation_first_keeps_what_it_wrote(base: Base) -> None:
    run = base.shop.arm(
        base.train,
        base.test,
        base.tokenizer_run,
        ("explanation", "explanation-first", "part-mean"),
        optimisation={**OPTIMISATION, "steps": 60, "learning_rate": 1e-2},
    )
    table = pq.read_table(base.shop.done(run) / "predictions.parquet").to_pylist()
    for row in table:
        assert row["generated"] is not None
        assert 0 <= row["generated_tokens"] <= 8
    assert any(row["generated"] for row in table)


def test_label_first_writes_nothing(base: Base) -> None:
    run = base.shop.arm(base.train, base.test, base.tokenizer_run, ("label-only", "label-first", "token-mean"))
    table = pq.read_table(base.shop.done(run) / "predictions.parquet").to_pylist()
    assert {(row["generated"], row["generated_tokens"]) for row in table} == {(None, None)}
