"""Decoding with a cache writes what recomputing every prefix writes."""

from __future__ import annotations

import json
import math
from typing import Any

import pyarrow.parquet as pq
import pytest
import torch
from because_trainer import decoding
from because_trainer.attention import Kernel, attend_by
from because_trainer.decoding import Draws, Ending, decode_explanations, ended
from because_trainer.errors import RunFailed
from because_trainer.interruption import Interruption
from because_trainer.model import LanguageModel
from conftest import Base
from workshop import CAPTURE, OPTIMISATION, make_rows

MOST = 10


@pytest.fixture
def model(base: Base) -> LanguageModel:
    return base.model(seed=8)


def recomputed(model: LanguageModel, context: list[int], ending: Ending, row: int) -> list[int]:
    written: list[int] = []
    while True:
        with torch.no_grad():
            logits = model.net(input_ids=torch.tensor([context + written])).logits
        written.append(int(logits[0, -1].argmax()))
        done = ended(written, ending, row)
        if done is not None:
            return done


def openings_of(base: Base, count: int) -> list[list[int]]:
    because = base.tokenizer.continuation(" because")
    return [[1, *base.tokenizer.encode(row.prompt), *because] for row in make_rows(count, 6)]


def ending_of(base: Base, count: int) -> Ending:
    labels = frozenset(base.tokenizer.continuation(" 3"))
    return Ending(base.tokenizer.eos, base.tokenizer.continuation(" so"), [labels] * count, [MOST] * count)


def test_cache_and_recomputation_agree(base: Base, model: LanguageModel) -> None:
    contexts, ending = openings_of(base, 12), ending_of(base, 12)
    written = decode_explanations(model, contexts, ending, base.tokenizer.pad, Interruption())
    assert written == [[recomputed(model, context, ending, row)] for row, context in enumerate(contexts)]
    assert len({tuple(row) for [row] in written}) > 1


def test_what_memory_does_not_hold_is_decoded_in_halves(
    base: Base, model: LanguageModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    contexts, ending, whole = openings_of(base, 7), ending_of(base, 7), decoding._decode_batch
    expected = decode_explanations(model, contexts, ending, base.tokenizer.pad, Interruption())
    sizes: list[int] = []

    def short(own: Any, contexts: Any, chosen: list[int], *others: Any) -> Any:
        sizes.append(len(chosen))
        if len(chosen) > most:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
        return whole(own, contexts, chosen, *others)

    monkeypatch.setattr(decoding, "_decode_batch", short)
    most = 2
    assert decode_explanations(model, contexts, ending, base.tokenizer.pad, Interruption()) == expected
    assert sizes == [7, 3, 1, 2, 4, 2, 2]
    most = 0
    with pytest.raises(RunFailed, match="one test row at a time") as failure:
        decode_explanations(model, contexts, ending, base.tokenizer.pad, Interruption())
    assert failure.value.cause == "out-of-memory"


@pytest.mark.parametrize("kernel", ["eager", "sdpa"])
def test_cache_under_the_trainer_s_own_attention(base: Base, model: LanguageModel, kernel: Kernel) -> None:
    contexts, ending = openings_of(base, 6), ending_of(base, 6)
    expected = decode_explanations(model, contexts, ending, base.tokenizer.pad, Interruption())
    assert attend_by(model, kernel)
    assert decode_explanations(model, contexts, ending, base.tokenizer.pad, Interruption()) == expected


def draws_of(numbers: list[int], temperature: float = 1.0, seed: int = 1) -> Draws:
    return Draws(3, temperature, [(seed, "corpus", f"e{number}", "axis") for number in numbers])


def test_draws_do_not_depend_on_what_is_decoded_beside_them(base: Base, model: LanguageModel) -> None:
    contexts, pad = openings_of(base, 8), base.tokenizer.pad
    together = decode_explanations(model, contexts, ending_of(base, 8), pad, Interruption(), draws_of(list(range(8))))
    assert [len(explanations) for explanations in together] == [3] * 8
    for i in (7, 2, 5):
        alone = decode_explanations(model, [contexts[i]], ending_of(base, 1), pad, Interruption(), draws_of([i]))
        assert alone == [together[i]]
    assert len({tuple(words) for explanations in together for words in explanations}) > 12
    other = decode_explanations(
        model, contexts, ending_of(base, 8), pad, Interruption(), draws_of(list(range(8)), seed=2)
    )
    assert other != together


@pytest.mark.parametrize("drawn", [False, True])
def test_a_short_limit_shortens_no_other_row(base: Base, model: LanguageModel, drawn: bool) -> None:
    contexts, pad = openings_of(base, 6), base.tokenizer.pad

    def written(rows: list[int], most: list[int]) -> list[list[list[int]]]:
        ending = Ending(base.tokenizer.eos, (), [frozenset()] * len(rows), most)
        draws = draws_of(rows, 4.0) if drawn else None
        return decode_explanations(model, [contexts[i] for i in rows], ending, pad, Interruption(), draws)

    limits = [MOST, 2, MOST, 0, 7, MOST]
    together = written(list(range(6)), limits)
    assert together == [written([i], [most])[0] for i, most in enumerate(limits)]
    assert max(len(words) for words in together[0]) > 2
    assert all(len(words) <= most for row, most in zip(together, limits) for words in row)


def test_cold_draws_are_greedy(base: Base, model: LanguageModel) -> None:
    contexts, ending, pad = openings_of(base, 5), ending_of(base, 5), base.tokenizer.pad
    greedy = decode_explanations(model, contexts, ending, pad, Interruption())
    cold = decode_explanations(model, contexts, ending, pad, Interruption(), draws_of(list(range(5)), 1e-4))
    assert cold == [words * 3 for words in greedy]


def test_draws_follow_the_model_s_distribution(base: Base, model: LanguageModel) -> None:
    """First tokens of 4000 draws after one context, against softmax(logits / T), by a chi-squared statistic."""
    [context], pad, number = openings_of(base, 1), base.tokenizer.pad, 4000
    ending = Ending(base.tokenizer.eos, (), [frozenset()], [1])
    draws = Draws(number, 2.0, [(1, "corpus", "e", "axis")])
    [drawn] = decode_explanations(model, [context], ending, pad, Interruption(), draws)
    with torch.no_grad():
        p = (model.net(input_ids=torch.tensor([context])).logits[0, -1].double() / 2.0).softmax(-1)
    counts = torch.bincount(torch.tensor([words[0] if words else ending.eos for words in drawn]), minlength=len(p))
    likely = p * number >= 20
    expected = torch.cat([p[likely], p[~likely].sum()[None]]) * number
    found = torch.cat([counts[likely], counts[~likely].sum()[None]])
    degrees = int(likely.sum())
    assert degrees >= 2
    statistic = ((found - expected).square() / expected).sum().item()
    assert statistic < degrees + 5 * math.sqrt(2 * degrees)


def test_an_explanation_ends_where_the_label_would_begin() -> None:
    ending = Ending(eos=2, therefore=(7, 8), first_labels=[frozenset(), frozenset({40, 41})], most=[0, 5])
    assert ended([3, 4, 7, 8, 41], ending, 1) == [3, 4]
    assert ended([3, 4, 7, 8, 5], ending, 1) is None
    assert ended([3, 41], ending, 1) is None
    assert ended([7, 8, 40], ending, 1) == []
    assert ended([3, 2], ending, 1) == [3]
    assert ended([3, 4, 5, 6, 9, 7, 3, 4], ending, 1) == [3, 4, 5, 6, 9]


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


def test_drawn_explanations_average_the_label(base: Base) -> None:
    def run(samples: int) -> list[dict[str, Any]]:
        arm = ("explanation", "explanation-first", "part-mean")
        changes = {"capture": {**CAPTURE, "samples": samples}, "optimisation": {**OPTIMISATION, "steps": 30}}
        folder = base.shop.done(base.shop.arm(base.train, base.test, base.tokenizer_run, arm, **changes))
        rows: list[dict[str, Any]] = pq.read_table(folder / "predictions.parquet").to_pylist()
        assert pq.read_table(folder / "layers.parquet").num_rows == 3 * len(rows)
        return rows

    one, four = run(1), run(4)
    for row in four:
        texts = json.loads(row["generated"])
        assert len(texts) == 4
        assert 0 <= row["generated_tokens"] <= 8
        mass = sum(math.exp(logit - row["log_sum_exp"]) for logit in row["label_logits"])
        assert 1 - mass == pytest.approx(row["off_label_mass"], abs=1e-9)
    assert all(json.loads(a["generated"])[0] == json.loads(b["generated"])[0] for a, b in zip(one, four))
    assert any(a["label_logits"] != b["label_logits"] for a, b in zip(one, four))
