"""Out of memory: how it is told from other errors, and what is given back then."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from typing import TypeVar

import torch

from .errors import RunFailed

T = TypeVar("T")

MARKS = (
    "out of memory",
    "can't allocate memory",
    "not enough memory",
    "CUBLAS_STATUS_ALLOC_FAILED",
    "cuDNN error: CUDNN_STATUS_NOT_SUPPORTED",
)
"""How libraries below torch say it in a plain RuntimeError."""


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error says that memory, of the GPU or of the machine, did not suffice."""
    if isinstance(error, (MemoryError, torch.OutOfMemoryError)):
        return True
    return isinstance(error, RuntimeError) and any(mark in str(error) for mark in MARKS)


def halved(micro_batch: int) -> int:
    """A micro-batch after as many halvings as BECAUSE_HALVINGS says.

    Where the machine's own memory does not suffice, the system ends the process, which can say nothing itself. Who
    begins the run again then sets the variable.
    """
    times = os.environ.get("BECAUSE_HALVINGS", "")
    return max(1, -(-micro_batch // 2 ** int(times))) if times.isdigit() else micro_batch


def rest_of_memory(device: torch.device) -> None:
    """Give back what the failed pass held."""
    gc.collect()
    if device.type == "cuda":
        torch.cuda.empty_cache()


def in_parts(work: Callable[[list[int]], list[T]], batch: list[int], device: torch.device) -> list[T]:
    """What `work` gives for a batch, or for its halves one after another if memory does not hold it at once.

    Not for work that waits for other processes, whose memory may suffice.

    Raises
    ------
    RunFailed
        Of cause out-of-memory, when not even one element of the batch fits.
    """
    try:
        return work(batch)
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
        reason = str(error).strip().partition("\n")[0]
    rest_of_memory(device)
    if len(batch) == 1:
        raise RunFailed(
            f"memory does not suffice to read one test row at a time ({reason}): set a smaller "
            "optimisation.max_tokens, a base of fewer adapter.bits or fewer capture.estimators, or take a device with "
            "more memory.",
            "out-of-memory",
        )
    half = len(batch) // 2
    return in_parts(work, batch[:half], device) + in_parts(work, batch[half:], device)
