"""Pieces of a sequence are cut into tokens exactly as the whole text would be."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from conftest import Base
from hypothesis import given, settings
from hypothesis import strategies as st
from workshop import LABELS, TEXT, Workshop, make_rows

WORD = st.text(alphabet="abcdefgh0123456789éß", min_size=1, max_size=8)
REASON = st.lists(WORD, min_size=1, max_size=8).map(" ".join)


def test_every_label_is_one_token(base: Base) -> None:
    for label in LABELS["naturalness"]:
        assert len(base.tokenizer.continuation(f" {label}")) == 1


def test_whole_text_is_the_sum_of_its_pieces(base: Base) -> None:
    tokenizer = base.tokenizer

    @settings(max_examples=60, deadline=None)
    @given(REASON, st.sampled_from(LABELS["naturalness"]))
    def check(reason: str, label: str) -> None:
        prompt = f"user: {reason}\nlabel:"
        for pieces in ([f" {label}", " because", f" {reason}"], [" because", f" {reason}", " so", f" {label}"]):
            whole = tokenizer.encode(prompt + "".join(pieces))
            parts = [token for piece in pieces for token in tokenizer.continuation(piece)]
            assert whole == tokenizer.encode(prompt) + parts

    check()


def test_any_text_comes_back(base: Base) -> None:
    tokenizer = base.tokenizer

    @settings(max_examples=60, deadline=None)
    @given(st.text(max_size=40))
    def check(text: str) -> None:
        assert tokenizer.decode(tokenizer.encode(text)) == text

    check()


def test_text_that_spells_a_special_token_stays_text(base: Base) -> None:
    tokenizer = base.tokenizer
    ids = tokenizer.encode("say <eos> and <pad>")
    assert not {tokenizer.eos, tokenizer.pad, tokenizer.bos} & set(ids)


def test_texts_encoded_together_are_those_encoded_one_by_one(base: Base) -> None:
    tokenizer = base.tokenizer

    @settings(max_examples=60, deadline=None)
    @given(st.lists(st.text(max_size=20) | st.sampled_from(["say <eos>", "label:"]), max_size=6))
    def check(texts: list[str]) -> None:
        assert tokenizer.encode_all(texts) == [tokenizer.encode(text) for text in texts]

    check()


def test_training_twice_gives_the_same_file(base: Base, tmp_path: Path) -> None:
    shop = Workshop(tmp_path)
    run = shop.tokenizer(base.train)
    again = (shop.done(run) / "tokenizer.json").read_bytes()
    assert again == (base.shop.runs / base.tokenizer_run / "tokenizer.json").read_bytes()


def test_too_small_a_vocabulary_fails_with_its_reason(tmp_path: Path) -> None:
    shop = Workshop(tmp_path)
    report = shop.do(shop.tokenizer(make_rows(4, 1), vocabulary=100))
    assert report.status == "failed"
    assert "at least 259 tokens" in report.reason


def test_a_label_that_melts_with_its_neighbour_fails(tmp_path: Path) -> None:
    shop = Workshop(tmp_path)
    labels = {"naturalness": ["good", "it'"]}
    rows = [replace(row, explanation="it's what's said") for row in make_rows(40, 1)]
    report = shop.do(shop.tokenizer(rows, labels=labels, text={**TEXT, "because": "s "}))
    assert report.status == "failed"
    assert 'the label "it\'" melts' in report.reason.lower()
