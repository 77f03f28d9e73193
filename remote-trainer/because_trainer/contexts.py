"""Prompts as tokens within their frame; what is too long loses whole turns, alike on all axes of one example."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from .errors import RunFailed
from .tables import Row
from .templates import Frame
from .tokenizer import Tokenizer


@dataclass(frozen=True)
class Context:
    """A prompt as tokens, with BOS and what its template puts around it.

    Attributes
    ----------
    ids
        Token ids.
    prompt_tokens
        Length of the prompt alone before any cut, without BOS and template.
    truncated
        Whether it was cut.
    """

    ids: list[int]
    prompt_tokens: int
    truncated: bool


@dataclass(frozen=True)
class Framed:
    """A whole prompt in its frame, as tokens.

    Attributes
    ----------
    ids
        Token ids, BOS and template among them.
    start, end
        Where in `ids` the prompt begins and ends.
    turns
        Where in `ids` its turns begin; `start` alone where they are not known. What stands between `start` and the
        first is never cut.
    """

    ids: list[int]
    start: int
    end: int
    turns: list[int]

    @property
    def tokens(self) -> int:
        """Length of the prompt alone."""
        return self.end - self.start

    def without(self, tokens: int) -> list[int]:
        """Token ids without so many tokens or more: whole turns, the first ones first, but never the last turn.

        If those do not suffice, the last turn, which is the judged response, loses tokens from its front.
        """
        first = self.turns[0]
        cut = next((turn for turn in self.turns if turn - first >= tokens), first + tokens)
        return self.ids[:first] + self.ids[cut:]


class Contexts:
    """Makes contexts of rows.

    Parameters
    ----------
    tokenizer
        The tokenizer.
    frame
        What stands around every prompt.
    room
        Tokens that a prompt keeps at most, with what its template puts around it, but without BOS.

    Attributes
    ----------
    start
        What every context begins with and no estimator counts: BOS, or nothing.
    plain
        Whether there is nothing around the prompts.
    """

    def __init__(self, tokenizer: Tokenizer, frame: Frame, room: int) -> None:
        self._tokenizer = tokenizer
        self._frame = frame
        self._room = room
        self._bos = [] if frame.bos is None else [frame.bos]
        first = tokenizer.locate(frame.before, special=True)[0][:1]
        self.start = self._bos or [token for token in first if token == tokenizer.bos]
        self.plain = frame.plain

    def make(self, rows: list[Row]) -> list[Context]:
        """One context a row. The axes of one example lose the same, so that what they begin with stays alike.

        Raises
        ------
        RunFailed
            When what may not be cut leaves no room for anything else.
        """
        whole = self._whole(rows)
        excess: dict[tuple[str, str], int] = {}
        for row, context in zip(rows, whole):
            key = (row.corpus, row.example_id)
            excess[key] = max(excess.get(key, 0), len(context.ids) - len(self.start) - self._room)
        return [self._cut(row, context, excess[row.corpus, row.example_id]) for row, context in zip(rows, whole)]

    def _whole(self, rows: list[Row]) -> list[Context]:
        """One context a row, before any cut. Where its parts begin matters only if there is a frame, or a cut."""
        if not self.plain:
            framed = [self.frame(row) for row in rows]
            return [Context(whole.ids, whole.tokens, False) for whole in framed]
        for row in rows:
            turn_starts(row)  # refuses bad ones, whether they will be needed or not
        encoded = self._tokenizer.encode_all([row.prompt for row in rows])
        return [Context([*self._bos, *ids], len(ids), False) for ids in encoded]

    def frame(self, row: Row) -> Framed:
        """A row's whole prompt in the frame."""
        before, prompt = self._frame.before, row.prompt
        if self.plain:
            ids, starts = self._tokenizer.locate(prompt)
        elif self._tokenizer.spells_special(prompt):
            ids, starts = self._piece_by_piece(prompt)
        else:
            ids, starts = self._tokenizer.locate(before + prompt + self._frame.after, special=True)
        lead = len(self._bos)
        begin, end = (bisect_left(starts, len(before) + at) + lead for at in (0, len(prompt)))
        turns = [bisect_left(starts, len(before) + at) + lead for at in turn_starts(row)]
        return Framed([*self._bos, *ids], begin, end, turns or [begin])

    def text(self, prompt: str) -> str:
        """The whole text around and with a prompt, special tokens spelled out."""
        return self._frame.before + prompt + self._frame.after

    def _piece_by_piece(self, prompt: str) -> tuple[list[int], list[int]]:
        """A prompt that spells a special token is encoded by itself, so that what it spells stays text."""
        ids: list[int] = []
        starts: list[int] = []
        at = 0
        for text, special in ((self._frame.before, True), (prompt, False), (self._frame.after, True)):
            tokens, places = self._tokenizer.locate(text, special=special)
            ids += tokens
            starts += [at + place for place in places]
            at += len(text)
        return ids, starts

    def _cut(self, row: Row, context: Context, excess: int) -> Context:
        if excess <= 0:
            return context
        whole = self.frame(row)
        if whole.turns[0] + excess >= whole.end:
            fixed = len(whole.ids) - len(self.start) - (whole.end - whole.turns[0])
            raise RunFailed(
                f"prompts may take {self._room} tokens, but what stands around the turns of {row.example_id} takes "
                f"{fixed} alone: shorten it, or raise max_tokens."
            )
        return Context(whole.without(excess), whole.tokens, True)


def turn_starts(row: Row) -> list[int]:
    """Where in a row's prompt its turns begin, in code points.

    Raises
    ------
    RunFailed
        When they are no ascending places within the prompt.
    """
    try:
        starts = [int(text) for text in row.turns.split(",")] if row.turns else []
    except ValueError:
        starts = [-1]
    if any(a >= b for a, b in zip([-1, *starts], [*starts, len(row.prompt) + 1])):
        raise RunFailed(
            f"the turns of {row.example_id} must be ascending places in its prompt of {len(row.prompt)} characters; "
            f"found {row.turns!r}."
        )
    return starts
