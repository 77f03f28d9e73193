"""What a model is asked at scoring: contexts, labels, and the token sequences that hold the answers."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from .sequences import LabelSet
from .trees import Tree, grow_trees


@dataclass(frozen=True)
class Question:
    """One test row as the model sees it.

    Attributes
    ----------
    ids
        Everything before the label, BOS included.
    labels
        The labels to choose from.
    about
        What the question is about, such as (corpus, example): questions about the same share what they begin with.
        None: it shares nothing.
    """

    ids: list[int]
    labels: LabelSet
    about: Hashable = None

    @property
    def context(self) -> list[int]:
        """All tokens up to the decision position, whose next token tells the labels apart."""
        return [*self.ids, *self.labels.shared]

    @property
    def continuations(self) -> list[tuple[int, ...]]:
        """What must follow the context, so that every label's every token is predicted somewhere: one at least."""
        needed = {tail[:-1] for tail in self.labels.tails}
        return sorted(own for own in needed if not any(own != other and other[: len(own)] == own for other in needed))


@dataclass(frozen=True)
class Continued:
    """A label of several tokens, in the sequence that predicts those after its first.

    Attributes
    ----------
    question, label
        Which label of which question.
    start
        Place of the label's first token, which predicts its second.
    tokens
        The tokens to be predicted.
    """

    question: int
    label: int
    start: int
    tokens: tuple[int, ...]


@dataclass(frozen=True)
class Plan:
    """The sequences that answer some questions.

    Attributes
    ----------
    trees
        Sequences, as far as they share what they begin with.
    decided
        Sequence → the question that is decided in it: the sequence begins with the question's context.
    continued
        Sequence → labels that are continued in it.
    """

    trees: list[Tree]
    decided: dict[int, int]
    continued: dict[int, list[Continued]]


def plan_questions(questions: list[Question], share: bool) -> Plan:
    """The sequences that answer the questions, in as few tokens as can be.

    Labels of several tokens need their tokens after the context, so that a question may have several sequences. Those
    of one example share its prompt, or those of one question its context: whichever leaves fewer tokens.
    """
    sequences: list[list[int]] = []
    examples: list[Hashable] = []
    owners: list[Hashable] = []
    decided: dict[int, int] = {}
    continued: dict[int, list[Continued]] = {}
    for number, question in enumerate(questions):
        context, continuations = question.context, question.continuations
        decided[len(sequences)] = number
        for label, tail in enumerate(question.labels.tails):
            if len(tail) > 1:
                place = next(i for i, own in enumerate(continuations) if own[: len(tail) - 1] == tail[:-1])
                found = Continued(number, label, len(context), tail[1:])
                continued.setdefault(len(sequences) + place, []).append(found)
        sequences += [[*context, *continuation] for continuation in continuations]
        examples += [(number,) if question.about is None else question.about] * len(continuations)
        owners += [number] * len(continuations)
    several = len(sequences) > len(questions)
    choices = [grow_trees(sequences, keys, share) for keys in ([examples, owners] if several else [examples])]
    return Plan(min(choices, key=lambda trees: sum(tree.tokens for tree in trees)), decided, continued)
