"""Out of memory: how it is told from other errors, and how it is found out before training begins."""

from __future__ import annotations

import gc
from collections.abc import Sequence as Ordered

import torch

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


def rest_of_memory(device: torch.device) -> None:
    """Give back what the failed pass held."""
    gc.collect()
    if device.type == "cuda":
        torch.cuda.empty_cache()


def largest_batch(tokens: Ordered[int], batch: int) -> list[int]:
    """The `batch` longest sequences, longest first: no batch of any epoch needs more memory.

    Parameters
    ----------
    tokens
        Length of each sequence, whatever it shares.
    """
    return sorted(range(len(tokens)), key=lambda i: (-tokens[i], i))[:batch]
