"""What stands where in a sequence, and what is cut when it is too long."""

from __future__ import annotations

from dataclasses import replace

import pytest
from because_trainer.errors import RunFailed
from because_trainer.sequences import EXPLANATION, LABEL, PROMPT, Layout, Sequence, check_labels
from because_trainer.tables import Row
from conftest import Base
from hypothesis import given, settings
from hypothesis import strategies as st
from workshop import LABELS, TEXT


def layout(base: Base, *, label_first: bool = True, max_tokens: int = 96, prompt_room: int = 64) -> Layout:
    return Layout(
        base.tokenizer,
        TEXT,  # type: ignore[arg-type]
        label_first=label_first,
        max_tokens=max_tokens,
        prompt_room=prompt_room,
    )


def sequence_of(made: Layout, row: Row, with_explanation: bool) -> Sequence:
    return made.training_sequences([row], with_explanation)[0]


def prompt_of(ids: list[int], parts: list[int]) -> list[int]:
    return [token for token, part in zip(ids, parts) if part == PROMPT]


def spell(base: Base, ids: list[int], parts: list[int], part: int) -> str:
    return base.tokenizer.decode([token for token, of in zip(ids, parts) if of == part])


def test_label_first(base: Base) -> None:
    row = base.train[0]
    sequence = sequence_of(layout(base), row, True)
    assert spell(base, sequence.ids, sequence.parts, PROMPT) == row.prompt
    assert spell(base, sequence.ids, sequence.parts, LABEL) == f" {row.label}"
    assert spell(base, sequence.ids, sequence.parts, EXPLANATION) == f" because {row.explanation}"
    assert [sequence.ids[0], sequence.ids[-1]] == [base.tokenizer.bos, base.tokenizer.eos]
    assert sequence.parts[-1] == EXPLANATION


def test_explanation_first(base: Base) -> None:
    row = base.train[0]
    sequence = sequence_of(layout(base, label_first=False), row, True)
    assert base.tokenizer.decode(sequence.ids) == f"{row.prompt} because {row.explanation} so {row.label}"
    assert spell(base, sequence.ids, sequence.parts, EXPLANATION) == f" because {row.explanation} so"
    assert sequence.parts[-1] == LABEL


@pytest.mark.parametrize(("with_explanation", "explanation"), [(False, "a reason"), (True, "")])
def test_without_an_explanation_the_label_ends_the_sequence(
    base: Base, with_explanation: bool, explanation: str
) -> None:
    row = replace(base.train[0], explanation=explanation)
    for label_first in (True, False):
        sequence = sequence_of(layout(base, label_first=label_first), row, with_explanation)
        assert base.tokenizer.decode(sequence.ids) == f"{row.prompt} {row.label}"
        assert set(sequence.parts) == {PROMPT, LABEL}


def test_what_is_too_long_is_cut_and_said_to_be(base: Base) -> None:
    tokenizer = base.tokenizer
    word = st.sampled_from(["teh", "reply", "é", "answers"])

    @settings(max_examples=80, deadline=None)
    @given(st.lists(word, max_size=80), st.lists(word, max_size=60), st.integers(24, 128), st.booleans())
    def check(prompt: list[str], reason: list[str], max_tokens: int, label_first: bool) -> None:
        row = replace(base.train[0], prompt=" ".join([*prompt, "label:"]), turns="", explanation=" ".join(reason))
        room = max_tokens // 2
        made = layout(base, label_first=label_first, max_tokens=max_tokens, prompt_room=room)
        sequence = sequence_of(made, row, True)
        assert len(sequence.ids) <= max_tokens
        assert sequence.truncated == (sequence.prompt_tokens > room)
        assert spell(base, sequence.ids, sequence.parts, LABEL) == f" {row.label}"
        kept = prompt_of(sequence.ids, sequence.parts)[1:]
        assert kept == tokenizer.encode(row.prompt)[-room:]
        roomy = layout(base, label_first=label_first, max_tokens=10_000, prompt_room=room)
        whole = sequence_of(roomy, row, True)
        assert sequence.shortened == (len(whole.ids) > max_tokens)
        assert sequence.shortened or sequence == whole

    check()


def test_every_arm_and_every_test_row_keeps_the_same_prompt(base: Base) -> None:
    word = st.sampled_from(["teh", "reply", "é", "answers"])

    @settings(max_examples=80, deadline=None)
    @given(st.lists(word, max_size=80), st.lists(word, max_size=60), st.integers(8, 60))
    def check(prompt: list[str], reason: list[str], room: int) -> None:
        row = replace(base.train[0], prompt=" ".join([*prompt, "label:"]), turns="", explanation=" ".join(reason))
        [kept] = layout(base, prompt_room=room).contexts([row])
        for label_first in (True, False):
            built = layout(base, label_first=label_first, prompt_room=room)
            for with_explanation in (True, False):
                sequence = sequence_of(built, row, with_explanation)
                assert prompt_of(sequence.ids, sequence.parts) == kept.ids
                assert (sequence.prompt_tokens, sequence.truncated) == (kept.prompt_tokens, kept.truncated)

    check()


def test_no_room_for_a_prompt_is_a_failure(base: Base) -> None:
    with pytest.raises(RunFailed, match="max_tokens is 4, which leaves no room for a prompt"):
        layout(base, max_tokens=4, prompt_room=0)


def test_no_room_for_a_label_is_a_failure(base: Base) -> None:
    with pytest.raises(RunFailed, match="max_tokens is 4, which leaves no room for 3 tokens after 2"):
        layout(base, max_tokens=4, prompt_room=3).room_after([1, 2], 3)


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
