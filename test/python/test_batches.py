"""The order of the data is a pure function of seed and step."""

from __future__ import annotations

import torch
from because_trainer.batches import DataOrder, batches_by_length, collate
from because_trainer.sequences import Sequence
from hypothesis import given
from hypothesis import strategies as st

LENGTHS = st.lists(st.integers(1, 300), min_size=1, max_size=200)


@given(LENGTHS, st.integers(1, 9), st.integers(-(2**53), 2**53))
def test_each_epoch_shows_every_sequence_once(lengths: list[int], batch: int, seed: int) -> None:
    order = DataOrder(lengths, batch, seed)
    steps = -(-len(lengths) // batch)
    for epoch in range(2):
        seen = [i for step in range(epoch * steps, (epoch + 1) * steps) for i in order.batch(step)]
        assert sorted(seen) == list(range(len(lengths)))


@given(LENGTHS, st.integers(1, 9), st.integers(0, 50), st.integers(0, 2**32))
def test_a_step_does_not_depend_on_the_steps_before_it(lengths: list[int], batch: int, step: int, seed: int) -> None:
    walked = DataOrder(lengths, batch, seed)
    for earlier in range(step):
        walked.batch(earlier)
    assert walked.batch(step) == DataOrder(lengths, batch, seed).batch(step)


def test_seeds_and_epochs_differ() -> None:
    lengths = list(range(100))
    first, second = DataOrder(lengths, 4, 1), DataOrder(lengths, 4, 2)
    assert [first.batch(step) for step in range(25)] != [second.batch(step) for step in range(25)]
    assert [first.batch(step) for step in range(25)] != [first.batch(step) for step in range(25, 50)]


@given(LENGTHS)
def test_scoring_batches_hold_every_row_once_by_length(lengths: list[int]) -> None:
    batches = batches_by_length(lengths)
    flat = [i for batch in batches for i in batch]
    assert sorted(flat) == list(range(len(lengths)))
    assert [lengths[i] for i in flat] == sorted(lengths)


def test_targets_are_the_completion_tokens_alone() -> None:
    long = Sequence(ids=[1, 10, 11, 12, 13], parts=[0, 0, 1, 2, 2], prompt_tokens=1, truncated=False)
    short = Sequence(ids=[1, 20, 21], parts=[0, 0, 1], prompt_tokens=1, truncated=False)
    batch = collate([long, short], 0, torch.device("cpu"))
    assert batch.ids.tolist() == [[1, 10, 11, 12, 13], [1, 20, 21, 0, 0]]
    assert batch.targets.tolist() == [11, 12, 13, 21]
    assert batch.label.tolist() == [True, False, False, True]
    assert list(zip(batch.rows.tolist(), batch.columns.tolist())) == [(0, 1), (0, 2), (0, 3), (1, 1)]
    assert batch.tokens == 8
