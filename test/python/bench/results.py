"""What a measurement took and gave."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Training:
    """A training.

    Attributes
    ----------
    seconds
        From the first step to the last; models are loaded and data cut into tokens before.
    examples
        Sequences that were learnt from.
    losses
        Of each step, in nats; empty where steps are not known, or hold other sequences than the course's.
    peak_memory
        Most bytes that were taken of a GPU's memory; None without one.
    """

    seconds: float
    examples: int
    losses: list[float]
    peak_memory: int | None = None


@dataclass(frozen=True)
class Scoring:
    """Labels of rows.

    Attributes
    ----------
    seconds
        From texts to label probabilities; the model is loaded before.
    seconds_of_tokens
        The same without cutting texts into tokens.
    log_probabilities
        Of each row's labels, in nats.
    """

    seconds: float
    seconds_of_tokens: float
    log_probabilities: list[list[float]]


@dataclass(frozen=True)
class Steady:
    """What a run of this trainer did once it was under way: kernels are compiled and chosen before.

    Attributes
    ----------
    examples
        Sequences a second in training; None for a job that only scores.
    rows
        Test rows a second in scoring.
    peak_memory
        Most bytes that were taken of the GPU's memory; None without one.
    attention, micro_batch
        As the manifest has them.
    """

    examples: float | None
    rows: float
    peak_memory: int | None
    attention: str
    micro_batch: int
