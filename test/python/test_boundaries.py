"""Prompt tokens + label tokens = tokens of the whole text, whatever the tokenizer; where not, the run says so."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import cast

import pytest
from because_trainer.boundaries import check_meeting
from because_trainer.contract import CompletionText
from because_trainer.errors import RunFailed
from because_trainer.sequences import LABEL, Layout
from because_trainer.tables import Row
from because_trainer.tokenizer import Tokenizer
from conftest import Base
from sentencepiece import train_bpe, train_unigram
from workshop import LABELS, TEXT, make_rows

KINDS = ["bpe", "always", "first", "never"]


@cache
def tokenizer_of(kind: str) -> Tokenizer:
    rows = make_rows(48, 1)
    texts = [f"{row.prompt} {row.label} because {row.explanation} so {row.label}" for row in rows] * 4
    backend = train_bpe(texts) if kind == "bpe" else train_unigram(texts, kind)
    return Tokenizer(backend, bos=1, eos=2, pad=2)


def layout(tokenizer: Tokenizer, *, label_first: bool = True, **text: str) -> Layout:
    words = cast("CompletionText", {**TEXT, **text})
    return Layout(tokenizer, words, label_first=label_first, max_tokens=400, prompt_room=300)


def ending(rows: list[Row], end: str) -> list[Row]:
    return [replace(row, prompt=row.prompt.removesuffix(":") + end, turns="") for row in rows]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("end", [":", ":\n", ".", "?", "]", '"', " is", "）", "é"])
@pytest.mark.parametrize("label_first", [True, False])
def test_prompts_and_labels_meet(base: Base, kind: str, end: str, label_first: bool) -> None:
    made = layout(tokenizer_of(kind), label_first=label_first)
    rows = ending(base.train, end)
    check_meeting(made, rows, LABELS)
    row = rows[0]
    sequence = made.training_sequences([row], False)[0]
    assert sequence.ids[1:] == made.tokenizer.encode(f"{row.prompt} {row.label}")
    assert LABEL in sequence.parts


def test_a_digit_leaves_its_space_to_the_prompt(base: Base) -> None:
    made = layout(tokenizer_of("bpe"))
    labels = made.label_set(LABELS["adherence"])
    assert [made.tokenizer.backend.id_to_token(token) for token in labels.shared] == ["▁"]
    assert [[made.tokenizer.backend.id_to_token(token) for token in tail] for tail in labels.tails] == [
        [label] for label in LABELS["adherence"]
    ]
    context = [*made.contexts(base.test[:1])[0].ids, *labels.shared]
    for label, tail in zip(labels.labels, labels.tails):
        assert [*context[1:], *tail] == made.tokenizer.encode(f"{base.test[0].prompt} {label}")


def test_a_prompt_that_melts_with_its_label_is_named(base: Base) -> None:
    made = layout(base.tokenizer, label_prefix="")
    with pytest.raises(
        RunFailed, match=r"the label 'e' is cut into other tokens after a prompt that ends in '.* respons'"
    ):
        check_meeting(made, ending(base.train, " respons"), {axis: ["e"] for axis in LABELS})


def test_the_studys_own_tokenizer_meets(base: Base) -> None:
    for label_first in (True, False):
        check_meeting(layout(base.tokenizer, label_first=label_first), base.train, LABELS)
