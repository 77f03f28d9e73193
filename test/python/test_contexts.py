"""Prompts that are too long lose whole turns, alike on all axes of an example, and say so."""

from __future__ import annotations

from dataclasses import replace

import pytest
from because_trainer.contexts import Context, Contexts
from because_trainer.errors import RunFailed
from because_trainer.tables import Row
from because_trainer.templates import Frame
from because_trainer.trees import grow_trees
from conftest import Base
from hypothesis import given, settings
from hypothesis import strategies as st

HEAD = "rules: be strict\n"
TURNS = st.lists(st.lists(st.sampled_from(["reply", "é", "answers", "teh"]), min_size=1, max_size=9), min_size=1)


def rows_of(base: Base, turns: list[str], *, head: str = HEAD, axes: tuple[str, ...] = ("a", "b")) -> list[Row]:
    """One row an axis; the axis comes last, and longer for each axis."""
    starts, at = [], len(head)
    for turn in turns:
        starts.append(at)
        at += len(turn)
    return [
        replace(
            base.train[0],
            axis=axis,
            prompt=head + "".join(turns) + "question about " * number + f"{axis}:",
            turns=",".join(map(str, starts)),
        )
        for number, axis in enumerate(axes, start=1)
    ]


def make(base: Base, rows: list[Row], room: int, frame: Frame | None = None) -> list[Context]:
    return Contexts(base.tokenizer, frame or Frame(bos=base.tokenizer.bos), room).make(rows)


def lengths(base: Base, texts: list[str]) -> list[int]:
    return [len(base.tokenizer.encode(text)) for text in texts]


def test_whole_turns_go_from_the_front(base: Base) -> None:
    turns = ["user: the question\n", "bot: the answer answers\n", "user: away from it\n", "response: teh reply\n"]
    rows = rows_of(base, turns)
    whole = len(base.tokenizer.encode(rows[1].prompt))
    _, second, third, _ = lengths(base, turns)
    for lost, left in ((0, turns), (1, turns[1:]), (lengths(base, turns)[0], turns[1:])):
        assert [base.tokenizer.decode(c.ids) for c in make(base, rows, whole - lost)] == [
            HEAD + "".join(left) + row.prompt[len(HEAD + "".join(turns)) :] for row in rows
        ]
    contexts = make(base, rows, whole - lengths(base, turns)[0] - second - 1)
    assert base.tokenizer.decode(contexts[0].ids) == HEAD + turns[3] + rows[0].prompt.rsplit("\n", 1)[1]
    assert third > 1
    assert [context.truncated for context in contexts] == [True, True]
    assert [context.prompt_tokens for context in contexts] == lengths(base, [row.prompt for row in rows])


def test_the_response_alone_loses_tokens_from_its_front(base: Base) -> None:
    turns = ["user: the question\n", "response: " + "every part of this reply " * 5 + "\n"]
    rows = rows_of(base, turns, axes=("a",))
    room = len(base.tokenizer.encode(HEAD)) + 12
    [context] = make(base, rows, room)
    assert len(context.ids) == 1 + room
    assert context.ids[1:] == (base.tokenizer.encode(HEAD) + base.tokenizer.encode(rows[0].prompt)[-12:])
    assert base.tokenizer.decode(context.ids).endswith("question about a:")


def test_axes_of_an_example_are_cut_alike_and_share_what_is_left(base: Base) -> None:
    @settings(max_examples=60, deadline=None)
    @given(TURNS, st.integers(60, 110))
    def check(words: list[list[str]], room: int) -> None:
        rows = rows_of(base, [f"u: {' '.join(turn)}\n" for turn in words], axes=("a", "b", "c"))
        contexts = make(base, rows, room)
        assert len({context.truncated for context in contexts}) == 1
        assert all(len(context.ids) <= 1 + room for context in contexts)
        [first, *_] = grow_trees([c.ids for c in contexts], [0, 0, 0], True)
        questions = [row.prompt.rsplit("\n", 1)[1] for row in rows]
        kept = [base.tokenizer.decode(context.ids).removesuffix(end) for context, end in zip(contexts, questions)]
        assert len(set(kept)) == 1
        assert kept[0].startswith(HEAD)
        assert len(first.branches) == 3
        assert base.tokenizer.decode(first.trunk).startswith(kept[0])

    check()


def test_other_examples_are_cut_by_themselves(base: Base) -> None:
    long, short = rows_of(base, ["u: reply\n", "u: reply\n"], axes=("a",)), rows_of(base, ["u: it\n"], axes=("a",))
    rows = [*long, *(replace(row, example_id="other") for row in short)]
    room = max(lengths(base, [row.prompt for row in rows])) - 1
    assert [context.truncated for context in make(base, rows, room)] == [True, False]


def test_no_room_beside_what_is_never_cut_is_a_failure(base: Base) -> None:
    rows = rows_of(base, ["u: reply\n"], head="rules: " + "be strict " * 20)
    with pytest.raises(RunFailed, match=r"prompts may take 30 tokens, but what stands around the turns of .* takes"):
        make(base, rows, 30)


@pytest.mark.parametrize("turns", ["5,3", "one", "-1", "0,9999"])
def test_turns_that_are_no_places_of_the_prompt_are_refused(base: Base, turns: str) -> None:
    with pytest.raises(RunFailed, match="must be ascending places in its prompt of"):
        make(base, [replace(base.train[0], turns=turns)], 50)
