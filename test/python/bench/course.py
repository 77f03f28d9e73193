"""What a model is trained on, step by step, in a form that any trainer can follow: files in a folder."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from because_trainer.contract import Optimisation

IGNORED = -100
"""Stands for a token that is not predicted, as everywhere in transformers."""


@dataclass(frozen=True)
class Course:
    """The training sequences of a run in the order of its steps, and how its model is optimised.

    Beside it lie `tokenizer.json`, the model that it starts from in `model/`, and the one that it leads to in
    `trained/`.

    Attributes
    ----------
    ids
        Token ids of each sequence.
    targets
        The same with `IGNORED` for tokens of the prompt.
    batches
        For each step, which sequences are learnt from.
    options
        The job's optimisation.
    pad
        Id of the padding token.
    """

    ids: list[list[int]]
    targets: list[list[int]]
    batches: list[list[int]]
    options: Optimisation
    pad: int

    @property
    def examples(self) -> int:
        """Sequences of all steps together."""
        return sum(map(len, self.batches))

    @property
    def tokens(self) -> int:
        """Tokens of all steps together, without any padding; a trunk that sequences share counts for each."""
        return sum(len(self.ids[i]) for batch in self.batches for i in batch)

    def write(self, folder: Path) -> None:
        """Write `course.json`."""
        (folder / "course.json").write_text(json.dumps(asdict(self)), encoding="utf-8")


def read_course(folder: Path) -> Course:
    """Read what `Course.write` wrote."""
    return Course(**json.loads((folder / "course.json").read_text(encoding="utf-8")))
