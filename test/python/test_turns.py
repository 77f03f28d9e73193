"""Workers that take turns: one at a time, each with its own random numbers, and all leave when asked to."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
import torch
from because_trainer.errors import Interrupted
from because_trainer.interruption import Interruption
from because_trainer.turns import Turn, Turns


def noting(name: str, steps: int, notes: list[str]) -> Callable[[Interruption], None]:
    def work(turn: Interruption) -> None:
        for step in range(steps):
            notes.append(f"{name}{step}")
            turn.check()

    return work


def test_they_alternate_until_each_has_ended() -> None:
    notes: list[str] = []
    before = threading.active_count()
    Turns(Interruption()).take([noting("a", 3, notes), noting("b", 1, notes), noting("c", 2, notes)])
    assert notes == ["a0", "b0", "c0", "a1", "c1", "a2"]
    assert threading.active_count() <= before


def test_no_two_work_at_the_same_time() -> None:
    working: list[int] = []

    def work(turn: Interruption) -> None:
        for _ in range(20):
            working.append(1)
            threading.Event().wait(0.001)
            assert working == [1]
            working.pop()
            turn.check()

    Turns(Interruption()).take([work] * 4)


def test_each_draws_what_it_would_draw_alone() -> None:
    def drawing(seed: int, drawn: list[float]) -> Callable[[Interruption], None]:
        def work(turn: Interruption) -> None:
            torch.manual_seed(seed)
            for _ in range(seed):
                drawn.append(float(torch.rand(())))
                turn.check()

        return work

    alone: list[list[float]] = [[], [], []]
    together: list[list[float]] = [[], [], []]
    for i, drawn in enumerate(alone):
        drawing(i + 3, drawn)(Interruption())
    Turns(Interruption()).take([drawing(i + 3, drawn) for i, drawn in enumerate(together)])
    assert together == alone


def test_the_clock_of_one_stands_still_while_others_work() -> None:
    spent: list[float] = []

    def slow(turn: Interruption) -> None:
        threading.Event().wait(0.2)
        turn.check()

    def quick(turn: Interruption) -> None:
        assert isinstance(turn, Turn)
        began = turn.clock()
        turn.check()
        spent.append(turn.clock() - began)

    Turns(Interruption()).take([quick, slow])
    assert spent[0] < 0.1


class Asked(Interruption):
    """Asks to leave from the third time it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.times = 0

    def check(self) -> None:
        self.times += 1
        if self.times > 2:
            raise Interrupted("SIGTERM", 143)


def test_all_leave_when_the_process_is_asked_to() -> None:
    notes: list[str] = []
    with pytest.raises(Interrupted):
        Turns(Asked()).take([noting("a", 9, notes), noting("b", 9, notes)])
    assert notes == ["a0", "b0", "a1", "b1"]


def test_an_error_of_one_comes_out_when_all_have_ended() -> None:
    notes: list[str] = []

    def broken(turn: Interruption) -> None:
        turn.check()
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        Turns(Interruption()).take([broken, noting("a", 3, notes)])
    assert notes == ["a0", "a1", "a2"]
