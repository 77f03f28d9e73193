"""Candidates measured in turn: all of them once, then again and again those that have a chance to be the fastest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Measured = dict[str, Any]


@dataclass
class Candidate:
    """Something whose speed is measured.

    Attributes
    ----------
    side
        Whose it is; the fastest of each side is measured in every round.
    name
        Its setting.
    run
        Measures it once, in a process of its own.
    speed
        Examples or rows a second, of what `run` gave.
    speeds
        Of each round in which it was measured.
    first
        What the first round gave.
    """

    side: str
    name: str
    run: Callable[[], Measured]
    speed: Callable[[Measured], float]
    speeds: list[float] = field(default_factory=list)
    first: Measured = field(default_factory=dict)

    @property
    def best(self) -> float:
        """Speed of its fastest round: other work on the machine only ever slows a round down."""
        return max(self.speeds)

    def measure(self) -> None:
        """Measure it once more."""
        given = self.run()
        self.speeds.append(self.speed(given))
        self.first = self.first or given


def compete(candidates: list[Candidate], rounds: int, say: Callable[[str], None]) -> None:
    """Measure all in the first round, and in each later one the fastest of each side, one after another."""
    for number in range(rounds):
        chosen = candidates if number == 0 else list(fastest(candidates).values())
        for candidate in chosen:
            candidate.measure()
            say(f"round {number + 1}: {candidate.side}, {candidate.name}: {candidate.speeds[-1]:,.1f} a second")


def fastest(candidates: list[Candidate]) -> dict[str, Candidate]:
    """The fastest candidate of each side."""
    best: dict[str, Candidate] = {}
    for candidate in candidates:
        if candidate.side not in best or candidate.best > best[candidate.side].best:
            best[candidate.side] = candidate
    return best


def table(head: list[str], rows: list[list[str]]) -> str:
    """A table in Markdown; all columns but the first are aligned at the right."""
    widths = [max(3, *(len(row[i]) for row in [head, *rows])) for i in range(len(head))]
    lines = [_line(row, widths) for row in [head, *rows]]
    rule = "".join(f"| {'-' * (width - 1)}{':' if i else '-'} " for i, width in enumerate(widths)) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])


def _line(cells: list[str], widths: list[int]) -> str:
    padded = [cell.rjust(width) if i else cell.ljust(width) for i, (cell, width) in enumerate(zip(cells, widths))]
    return f"| {' | '.join(padded)} |"
