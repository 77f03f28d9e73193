"""Rows to token sequences: which tokens are prompt, label and explanation, and what is cut when they are too many."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile

from .contexts import Context, Contexts
from .contract import CompletionText, Labels
from .errors import RunFailed
from .tables import Row
from .templates import Frame
from .tokenizer import Tokenizer, split_because

PROMPT, LABEL, EXPLANATION = 0, 1, 2


@dataclass(frozen=True)
class Sequence:
    """A training sequence.

    Attributes
    ----------
    ids
        Token ids.
    parts
        For each token, PROMPT (no loss), LABEL or EXPLANATION.
    prompt_tokens
        Length of the whole prompt in tokens, before any cut; sequences are bucketed by it.
    truncated
        Whether the prompt was cut; the same for every arm of a study.
    shortened
        Whether the explanation was cut.
    """

    ids: list[int]
    parts: list[int]
    prompt_tokens: int
    truncated: bool
    shortened: bool = False


@dataclass(frozen=True)
class LabelSet:
    """The labels of one axis as tokens.

    Attributes
    ----------
    labels
        The labels, in the job's order.
    shared
        Tokens that all labels begin with (a lone word-start mark, in some vocabularies). They belong to the
        context, so that the decision position is where the labels part.
    tails
        For each label, its tokens after `shared`; at least one.
    """

    labels: list[str]
    shared: tuple[int, ...]
    tails: list[tuple[int, ...]]

    @property
    def room(self) -> int:
        """Tokens that the longest label takes."""
        return len(self.shared) + max(map(len, self.tails))

    @property
    def beginnings(self) -> frozenset[int]:
        """Tokens that a label can begin with."""
        return frozenset(self.shared[:1] or (tail[0] for tail in self.tails))


class Layout:
    """Puts sequences together.

    Parameters
    ----------
    tokenizer
        The tokenizer.
    text
        The fixed words around label and explanation.
    label_first
        Whether the label comes before the explanation.
    max_tokens
        Longest sequence.
    prompt_room
        Tokens that a prompt keeps at most. All arms of a study are given the same, so that their prompts are cut alike
        whatever follows, and test prompts like training prompts.
    frame
        What stands around every prompt; None for a plain prompt after the tokenizer's BOS.

    Attributes
    ----------
    start
        What every context begins with and no estimator counts: BOS, or nothing.
    prompts
        Makes the contexts.

    Raises
    ------
    RunFailed
        When there is no room for a prompt.
    """

    def __init__(
        self,
        tokenizer: Tokenizer,
        text: CompletionText,
        *,
        label_first: bool,
        max_tokens: int,
        prompt_room: int,
        frame: Frame | None = None,
    ) -> None:
        if prompt_room < 1:
            raise RunFailed(f"max_tokens is {max_tokens}, which leaves no room for a prompt.")
        self.tokenizer = tokenizer
        self.max_tokens = max_tokens
        self.text = text
        self.label_first = label_first
        word, self._before_reason = split_because(text)
        self.because = tokenizer.continuation(word)
        self.therefore = tokenizer.continuation(text["therefore"])
        self.prompts = Contexts(tokenizer, frame or Frame(bos=tokenizer.bos), prompt_room)
        self.start = self.prompts.start

    def label(self, label: str) -> tuple[int, ...]:
        """Tokens of a label, with the prefix before it."""
        return self.tokenizer.continuation(self.text["label_prefix"] + label)

    def label_set(self, labels: list[str]) -> LabelSet:
        """The labels of one axis as tokens.

        Raises
        ------
        RunFailed
            When two labels are the same tokens.
        """
        tokens = [self.label(label) for label in labels]
        if len(set(tokens)) < len(tokens):
            raise RunFailed(f"two of the labels {', '.join(labels)} are the same tokens.")
        columns = takewhile(lambda column: len(set(column)) == 1, zip(*tokens))
        shared = min(len(list(columns)), min(map(len, tokens)) - 1)
        return LabelSet(labels, tokens[0][:shared], [token[shared:] for token in tokens])

    def contexts(self, rows: list[Row]) -> list[Context]:
        """One context a row; what is more than `prompt_room` is cut, alike on all axes of one example."""
        return self.prompts.make(rows)

    def training_sequences(self, rows: list[Row], with_explanation: bool) -> list[Sequence]:
        """One training sequence a row.

        Label first: prompt, label, *because*, explanation, end. Explanation first: prompt, *because*, explanation,
        *so*, label. Without an explanation: prompt, label. A prompt loses its front beyond `prompt_room`, and an
        explanation its end beyond what then is left.
        """
        return [self._sequence(row, context, with_explanation) for row, context in zip(rows, self.contexts(rows))]

    def _sequence(self, row: Row, context: Context, with_explanation: bool) -> Sequence:
        label = list(self.label(row.label))
        reason = list(self.tokenizer.continuation(self._before_reason + row.explanation))
        explained = with_explanation and row.explanation != ""
        if not explained:
            reason, fixed = [], len(label)
        elif self.label_first:
            fixed = len(label) + len(self.because) + 1
        else:
            fixed = len(self.because) + len(self.therefore) + len(label)
        front = context.ids
        kept_reason = reason[: self.room_after(front, fixed)]
        if not explained:
            pieces = [(label, LABEL)]
        elif self.label_first:
            pieces = [(label, LABEL), ([*self.because, *kept_reason, self.tokenizer.eos], EXPLANATION)]
        else:
            pieces = [([*self.because, *kept_reason, *self.therefore], EXPLANATION), (label, LABEL)]
        return Sequence(
            ids=front + [token for tokens, _ in pieces for token in tokens],
            parts=[PROMPT] * len(front) + [part for tokens, part in pieces for _ in tokens],
            prompt_tokens=context.prompt_tokens,
            truncated=context.truncated,
            shortened=len(kept_reason) < len(reason),
        )

    def room_after(self, context: list[int], fixed: int) -> int:
        """Tokens left for an explanation after a context, beside `fixed` tokens.

        Raises
        ------
        RunFailed
            When even the `fixed` tokens do not fit.
        """
        room = self.max_tokens - len(context) - fixed
        if room < 0:
            raise RunFailed(
                f"max_tokens is {self.max_tokens}, which leaves no room for {fixed} tokens after {len(context)}."
            )
        return room


def check_labels(rows: list[Row], labels: Labels, file: str, need_label: bool) -> None:
    """Check that every row's axis is known, and its label is one of the axis.

    Raises
    ------
    RunFailed
        Naming the first row that does not fit.
    """
    for number, row in enumerate(rows, start=1):
        known = labels.get(row.axis)
        if not known:
            raise RunFailed(f"{file}, row {number}: the job has no labels for the axis {row.axis!r}.")
        if need_label and row.label not in known:
            raise RunFailed(f"{file}, row {number}: {row.label!r} is no label of {row.axis} ({', '.join(known)}).")
