"""Dialogues that are judged on three axes: rows that begin alike and end in a question each."""

from __future__ import annotations

import random
from typing import Any

from because_trainer.tables import Row
from workshop import EXECUTION, LABELS, OPTIMISATION, WORDS

THREE_AXES = {**LABELS, "comprehensiveness": ["low", "middle", "high"]}
SETTINGS: dict[str, Any] = {"labels": THREE_AXES, "prompt_room": 80}
"""What a job on these rows needs besides the defaults of the workshop."""


def make_dialogues(count: int, seed: int) -> list[Row]:
    """Rows of so many examples with three axes each; every label is told by the response."""
    draw = random.Random(seed)
    rows = []
    for example in range(count):
        slips = draw.randint(0, 4)
        response = draw.choices(WORDS, k=draw.randint(3, 12)) + ["teh"] * slips
        draw.shuffle(response)
        turns = [f"user: {' '.join(draw.choices(WORDS, k=draw.randint(2, 12)))}\n" for _ in range(draw.randint(1, 2))]
        turns.append(f"response: {' '.join(response)}\n")
        beginnings = [0, *(sum(map(len, turns[:i])) for i in range(1, len(turns)))]
        level = ["high", "middle", "low"][slips // 2]
        for axis, labels in THREE_AXES.items():
            label = level if axis == "comprehensiveness" else labels[4 - slips]
            rows.append(
                Row(
                    example_id=f"e{seed}-{example}",
                    dialogue_id=f"d{seed}-{example // 2}",
                    corpus=f"corpus-{example % 2}",
                    axis=axis,
                    prompt=f"{''.join(turns)}axis: {axis}\nlabel:",
                    label=label,
                    explanation=f"{slips} slips in {len(response)} words of {axis}",
                    gold=label,
                    turns=",".join(map(str, beginnings)),
                )
            )
    return rows


def optimised(**changes: Any) -> dict[str, Any]:
    """The workshop's optimisation, changed."""
    return {**OPTIMISATION, "max_tokens": 128, **changes}


def executed(**changes: Any) -> dict[str, Any]:
    """The plainest execution, one sequence a row and all rows at once, changed."""
    return {**EXECUTION, "attention": "eager", "share_dialogues": False, **changes}


def lora(**changes: Any) -> dict[str, Any]:
    """A small adapter, changed."""
    plain = {"rank": 4, "alpha": 8.0, "dropout": 0.0, "targets": ["q_proj", "v_proj", "down_proj"]}
    return {"kind": "lora", "bits": 16, **plain, "rank_stabilised": False, "dora": False, **changes}
