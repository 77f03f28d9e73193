"""A model whose blocks FSDP keeps in shards, whole for a while."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .model import LanguageModel


@contextmanager
def gathered(model: LanguageModel) -> Iterator[None]:
    """Gather the blocks' weights in every process; afterwards each has its shards again.

    Forward passes then exchange nothing, so that processes may do different numbers of them. It takes the memory of
    the whole model, but neither gradients nor moments of the optimiser are there beside it. Every process must enter
    it; where nothing is sharded it does nothing.
    """
    blocks: list[Any] = [block for block in model.blocks if hasattr(block, "unshard")]
    for block in blocks:
        block.set_reshard_after_forward(False, recurse=False)
        block.unshard()
    try:
        yield
    finally:
        for block in blocks:
            block.reshard()
            block.set_reshard_after_forward(True, recurse=False)
