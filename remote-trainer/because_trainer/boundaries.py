"""Whether prompts and labels meet: the tokens of the whole text must be those of its pieces, put together."""

from __future__ import annotations

from .contract import Labels
from .errors import RunFailed
from .sequences import Layout
from .tables import Row
from .tokenizer import split_because

ENDINGS_AN_AXIS = 8
"""So many prompts of an axis are looked at, which end in different characters where there are such."""

ENDING = 12
"""Characters of a prompt that are told apart, and shown."""


def check_meeting(layout: Layout, rows: list[Row], labels: Labels) -> None:
    """Check on real prompts, for every label, that prompt tokens + label tokens = tokens of the whole text.

    Where it holds, the decision position is the same in training, in scoring, and for any program that encodes the
    text as a whole. Where the label begins with a token of its own for the space before it, as a digit does in
    Mistral's vocabulary, that token ends the context (`LabelSet.shared`).

    Raises
    ------
    RunFailed
        Naming the label and how the prompt ends.
    """
    for axis, names in labels.items():
        label_set = layout.label_set(names)
        for prompt in _endings([row.prompt for row in rows if row.axis == axis]):
            for label, tail in zip(names, label_set.tails):
                _check(layout, prompt, label, (*label_set.shared, *tail))


def _check(layout: Layout, prompt: str, label: str, tokens: tuple[int, ...]) -> None:
    text = layout.text
    mark = text["label_prefix"] + label
    _compare(layout, prompt, [(mark, tokens)], label)
    if not layout.label_first:
        because, space = split_because(text)
        reason = f"{space}it is"
        pieces = [
            (because, layout.because),
            (reason, layout.tokenizer.continuation(reason)),
            (text["therefore"], layout.therefore),
            (mark, tokens),
        ]
        _compare(layout, prompt, pieces, label)


def _compare(layout: Layout, prompt: str, pieces: list[tuple[str, tuple[int, ...]]], label: str) -> None:
    front = layout.prompts.text(prompt)
    parts = [*_encode(layout, front), *(token for _, tokens in pieces for token in tokens)]
    whole = _encode(layout, front + "".join(text for text, _ in pieces))
    if parts != whole:
        raise RunFailed(
            f"the label {label!r} is cut into other tokens after a prompt that ends in {front[-ENDING:]!r} than by "
            "itself: end prompts in a word or a colon, without white space after it."
        )


def _encode(layout: Layout, text: str) -> list[int]:
    return layout.tokenizer.locate(text, special=not layout.prompts.plain)[0]


def _endings(prompts: list[str]) -> list[str]:
    """A few prompts: the shortest of each ending."""
    by_ending: dict[str, str] = {}
    for prompt in prompts:
        ending = prompt[-ENDING:]
        if ending not in by_ending or len(prompt) < len(by_ending[ending]):
            by_ending[ending] = prompt
    return list(by_ending.values())[:ENDINGS_AN_AXIS]
