"""What stands where in a sequence, and what is cut when it is too long."""

from __future__ import annotations

from dataclasses import replace

import pytest
from because_trainer.errors import RunFailed
from because_trainer.sequences import EXPLANATION, LABEL, PROMPT, Layout, check_labels
from because_trainer.tables import Row
from conftest import Base
from hypothesis import given, settings
from hypothesis import strategies as st
from workshop import LABELS, TEXT


def layout(base: Base, *, label_first: bool = True, max_tokens: int = 96) -> Layout:
    return Layout(base.tokenizer, TEXT, label_first=label_first, max_tokens=max_tokens)  # type: ignore[arg-type]


def spell(base: Base, ids: list[int], parts: list[int], part: int) -> str:
    return base.tokenizer.decode([token for token, of in zip(ids, parts) if of == part])


def test_label_first(base: Base) -> None:
    row = base.train[0]
    sequence = layout(base).training_sequence(row, True)
    assert spell(base, sequence.ids, sequence.parts, PROMPT) == row.prompt
    assert spell(base, sequence.ids, sequence.parts, LABEL) == f" {row.label}"
    assert spell(base, sequence.ids, sequence.parts, EXPLANATION) == f" because {row.explanation}"
    assert [sequence.ids[0], sequence.ids[-1]] == [base.tokenizer.bos, base.tokenizer.eos]
    assert sequence.parts[-1] == EXPLANATION


def test_explanation_first(base: Base) -> None:
    row = base.train[0]
    sequence = layout(base, label_first=False).training_sequence(row, True)
    assert base.tokenizer.decode(sequence.ids) == f"{row.prompt} because {row.explanation} so {row.label}"
    assert spell(base, sequence.ids, sequence.parts, EXPLANATION) == f" because {row.explanation} so"
    assert sequence.parts[-1] == LABEL


@pytest.mark.parametrize(("with_explanation", "explanation"), [(False, "a reason"), (True, "")])
def test_without_an_explanation_the_label_ends_the_sequence(
    base: Base, with_explanation: bool, explanation: str
) -> None:
    row = replace(base.train[0], explanation=explanation)
    for label_first in (True, False):
        sequence = layout(base, label_first=label_first).training_sequence(row, with_explanation)
        assert base.tokenizer.decode(sequence.ids) == f"{row.prompt} {row.label}"
        assert set(sequence.parts) == {PROMPT, LABEL}


def test_what_is_too_long_is_cut_and_said_to_be(base: Base) -> None:
    tokenizer = base.tokenizer
    word = st.sampled_from(["teh", "reply", "é", "answers"])

    @settings(max_examples=80, deadline=None)
    @given(st.lists(word, max_size=80), st.lists(word, max_size=60), st.integers(24, 128), st.booleans())
    def check(prompt: list[str], reason: list[str], max_tokens: int, label_first: bool) -> None:
        row = replace(base.train[0], prompt=" ".join([*prompt, "label:"]), explanation=" ".join(reason))
        built = layout(base, label_first=label_first, max_tokens=max_tokens)
        sequence = built.training_sequence(row, True)
        whole = layout(base, label_first=label_first, max_tokens=10_000).training_sequence(row, True)
        assert len(sequence.ids) <= max_tokens
        assert sequence.truncated == (len(whole.ids) > max_tokens)
        assert spell(base, sequence.ids, sequence.parts, LABEL) == f" {row.label}"
        kept = [token for token, part in zip(sequence.ids, sequence.parts) if part == PROMPT][1:]
        assert tokenizer.encode(row.prompt)[-len(kept) :] == kept
        context = built.context(row.prompt, 8)
        assert len(context.ids) + 8 <= max_tokens
        assert context.truncated == (context.prompt_tokens + 1 + 8 > max_tokens)

    check()


def test_no_room_for_a_prompt_is_a_failure(base: Base) -> None:
    with pytest.raises(RunFailed, match="max_tokens is 4"):
        layout(base, max_tokens=4).context("label:", 3)


def test_labels_that_begin_alike_share_their_beginning(base: Base) -> None:
    labels = layout(base).label_set(["very good", "very bad", "very"])
    shared = layout(base).label("very")
    assert labels.shared == shared[: len(labels.shared)]
    assert all(labels.tails)
    assert [labels.shared + tail for tail in labels.tails] == [layout(base).label(label) for label in labels.labels]


def test_rows_that_do_not_fit_the_labels_are_named(base: Base) -> None:
    stray: list[Row] = [*base.train[:2], replace(base.train[2], label="6")]
    with pytest.raises(RunFailed, match="row 3: '6' is no label"):
        check_labels(stray, LABELS, "train.parquet", need_label=True)
    with pytest.raises(RunFailed, match="row 1: the job has no labels for the axis 'mood'"):
        check_labels([replace(base.train[0], axis="mood")], LABELS, "test.parquet", need_label=False)
