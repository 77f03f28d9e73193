"""Several processes that train and score one run together, through `accelerate` and PyTorch's DDP and FSDP.

Launched by torchrun, `accelerate launch`, srun with their variables set, or by this trainer itself (launching.py).
Gradients are averaged by DDP or FSDP of losses that were multiplied by the number of processes, so that they add up.
"""

from __future__ import annotations

import os
from datetime import timedelta
from functools import cache
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

from .contract import Execution
from .errors import RunFailed
from .launched import is_launched
from .model import LanguageModel
from .sharding import is_shard

LONGEST_WAIT = timedelta(minutes=30)
"""After so long without the others a process gives up: one of them is gone, or a step takes that long."""

T = TypeVar("T")


class Processes:
    """The processes of a run, as one of them sees them.

    Attributes
    ----------
    rank, count
        Which process this is, of how many.
    """

    def __init__(self, rank: int = 0, count: int = 1, state: Any = None) -> None:
        self.rank = rank
        self.count = count
        self._state = state
        self._sharded = False

    @property
    def first(self) -> bool:
        """Whether this process writes progress, checkpoints and what the run leaves."""
        return self.rank == 0

    def deal(self, batches: list[T]) -> list[T]:
        """The batches that this process does: every `count`-th."""
        return batches[self.rank :: self.count]

    def share_of(self, batches: list[T]) -> list[T]:
        """The batches that this process scores; all of them where the model is sharded.

        Processes that hold shards fetch the others' at every pass, and so must make the same passes.
        """
        return batches if self._sharded else self.deal(batches)

    def gather(self, items: list[T]) -> list[T]:
        """What the processes made of their shares, in all of them: the first one's items, the second one's, and so on.

        Every process must call it. Items are pickled; their order within a process is kept.
        """
        if self.count == 1 or self._sharded:
            return items
        return self.collect(items)

    def collect(self, items: list[T]) -> list[T]:
        """The items of all processes, in all of them, in the order of the processes. Every process must call it."""
        if self.count == 1:
            return items
        from accelerate.utils import gather_object

        return list(gather_object(items))

    def agree(self, number: int) -> int:
        """The largest number that any process gave. Every process must call it."""
        if self.count == 1:
            return number
        numbers = torch.tensor([number], device=self.device)
        torch.distributed.all_reduce(numbers, op=torch.distributed.ReduceOp.MAX)
        return int(numbers.item())

    def sum(self, values: Tensor) -> Tensor:
        """The sum of all processes' values. Every process must call it."""
        if self.count > 1:
            torch.distributed.all_reduce(values)
        return values

    def wait(self) -> None:
        """Wait until all processes are here."""
        if self.count > 1:
            self._state.wait_for_everyone()

    @property
    def device(self) -> torch.device:
        """The device of this process among several."""
        return torch.device(self._state.device)

    def wrap(self, module: nn.Module, model: LanguageModel, execution: Execution) -> Any:
        """A module whose gradients are those of all processes together.

        The model's own modules stay in their places: DDP puts hooks on their weights, FSDP puts shards in the place of
        those of the blocks. Embedding, norm and head are whole in every process, so that they can be used by
        themselves; `average` sees to their gradients.

        Raises
        ------
        RunFailed
            When the weights of the base cannot be sharded.
        """
        if self.count == 1:
            return module
        if execution["parallel"] == "fsdp":
            self._shard(model)
            return module
        from torch.nn.parallel import DistributedDataParallel

        return DistributedDataParallel(module, forward_sync_buffers=False, gradient_as_bucket_view=True)

    def _shard(self, model: LanguageModel) -> None:
        from torch.distributed.device_mesh import init_device_mesh
        from torch.distributed.fsdp import fully_shard

        if any(not weights.dtype.is_floating_point for weights in model.net.parameters()):
            raise RunFailed(
                "a base of 4 or 8 bits cannot be sharded by FSDP, which would cut its packed weights: set "
                "execution.parallel to ddp, which keeps a whole quantised base on every GPU, or adapter.bits to 16."
            )
        self._sharded = True
        mesh = init_device_mesh(self.device.type, (self.count,))
        sharded = {weights for block in model.blocks for weights in block.parameters()}
        whole = {weights for weights in model.net.parameters() if weights not in sharded}
        for block in model.blocks:
            fully_shard(block, mesh=mesh)
        fully_shard(model.decoder, mesh=mesh, ignored_params=whole)

    def average(self, trained: list[nn.Parameter]) -> None:
        """Average the gradients that no hook averages: those of whole weights beside shards."""
        if not self._sharded:
            return
        for weights in trained:
            if not is_shard(weights) and weights.grad is not None:
                torch.distributed.all_reduce(weights.grad)
                weights.grad /= self.count


@cache
def processes() -> Processes:
    """The processes that this one was launched with; the first call meets the others."""
    if not is_launched():
        return Processes()
    from accelerate import PartialState

    on_cpu = os.environ.get("BECAUSE_DEVICE", "cpu") == "cpu"
    state = PartialState(cpu=on_cpu, timeout=LONGEST_WAIT)
    return Processes(state.process_index, state.num_processes, state)
