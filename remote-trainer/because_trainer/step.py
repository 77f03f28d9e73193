"""One step's gradient: micro-batches through the model, one after another, adding up to the batch."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import torch
from torch import Tensor, nn

from .attention import hidden
from .contract import Execution
from .errors import RunFailed
from .largest import composed_batches, largest_micro_batches
from .loss import Loss, Targets, loss_of, weighted_loss
from .memory import halved, is_out_of_memory, rest_of_memory
from .microbatches import MicroBatch, Recipe, cut_batch
from .model import LanguageModel
from .packing import Pack
from .parallel import Processes
from .randomness import random_state, restore_random_state
from .sharding import held_elements
from .throughput import Throughput


class Forward(nn.Module):
    """A pack's loss, as one module: what several processes wrap, so that they exchange gradients by its hooks."""

    def __init__(self, model: LanguageModel, execution: Execution) -> None:
        super().__init__()
        self.net = model.net
        self._parts = (model,)  # in a tuple, so that its modules are not registered twice
        self._half = execution["precision"] == "bf16"
        self._vocabulary = int(model.net.get_input_embeddings().num_embeddings)

    def forward(self, pack: Pack, targets: Targets) -> tuple[Tensor, Tensor]:
        """The loss that is minimised, and the sums of its parts; see `weighted_loss`."""
        (model,) = self._parts
        with torch.autocast(pack.ids.device.type, torch.bfloat16, enabled=self._half):
            return weighted_loss(model.head, hidden(model, pack), targets, self._vocabulary)


class Gradients:
    """Computes the gradient of batches, and halves the micro-batch where memory does not suffice.

    Parameters
    ----------
    recipe
        How batches are made.
    model
        Whose gradients are computed.
    execution
        How it is carried out.
    batch
        Sequences of a step over all processes.
    processes
        Those that share the work.

    Attributes
    ----------
    micro_batch
        Most sequences in the model at a time, after any halving.
    forward
        The module that computes a pack's loss, wrapped for the processes.
    throughput
        Counts the operations of all micro-batches, those of other processes among them.
    """

    def __init__(
        self, recipe: Recipe, model: LanguageModel, execution: Execution, batch: int, processes: Processes
    ) -> None:
        self._recipe = recipe
        self._model = model
        self._processes = processes
        self._batch = min(batch, len(recipe.sequences))
        self.micro_batch = halved(min(execution["micro_batch"] or batch, -(-batch // processes.count)))
        self.forward: Any = processes.wrap(Forward(model, execution), model, execution)
        self.throughput = Throughput(model, execution["precision"])
        self._device = model.device
        self._trained = [weights for weights in model.net.parameters() if weights.requires_grad]

    def of(self, batch: list[int]) -> tuple[Loss, int]:
        """Set the gradients of the trained weights to those of a batch.

        Returns
        -------
        Its loss, and the tokens that went through the model.

        Raises
        ------
        RunFailed
            Of cause out-of-memory, when not even one sequence fits.
        """
        random = random_state(self._device)
        while True:
            try:
                return self._of(cut_batch(self._recipe, batch, self.micro_batch, self._processes.count), batch)
            except (RuntimeError, MemoryError) as error:
                if not is_out_of_memory(error):
                    raise
            self._halve(batch, can=self._processes.count == 1)
            restore_random_state(random, self._device)

    def fit(self, batches: list[list[int]], *, moments: bool = True) -> None:
        """Halve the micro-batch until memory holds the largest there is, before anything is trained.

        A forward and a backward pass, or two; weights, gradients and random state stay as they are.

        Parameters
        ----------
        batches
            Those of the first epoch, among which the largest is looked for. Another epoch's may be larger, so that the
            worst that can be composed of the data are tried with them.
        moments
            Whether the optimiser's moments are still to be made, and need room beside it.

        Raises
        ------
        RunFailed
            Of cause out-of-memory, when not even one sequence fits.
        """
        batches = batches + composed_batches(self._recipe, self._batch)
        random = random_state(self._device)
        while True:
            batch = self._too_large(batches, moments)
            restore_random_state(random, self._device)
            if batch is None:
                return
            self._halve(batch, can=True)

    def _too_large(self, batches: list[list[int]], moments: bool) -> list[int] | None:
        """A batch of which a micro-batch needs more memory than there is, in any process."""
        count = self._processes.count
        for batch, number in largest_micro_batches(self._recipe, batches, self.micro_batch, count):
            fits = self._fits(cut_batch(self._recipe, batch, self.micro_batch, count)[number], moments)
            self._model.net.zero_grad(set_to_none=True)
            if self._processes.agree(int(not fits)):
                return batch
        return None

    def _fits(self, micro: MicroBatch, moments: bool) -> bool:
        trained = sum(map(held_elements, self._trained))
        try:
            # AdamW's two moments, in fp32, are made at the first step; on the CPU they would only slow the check.
            room = torch.empty(2 * trained if moments and self._device.type == "cuda" else 0, device=self._device)
            self._backward(micro, last=False)
            del room
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
            return False
        return True

    def _of(self, cut: list[MicroBatch], batch: list[int]) -> tuple[Loss, int]:
        self._model.net.zero_grad(set_to_none=True)
        for micro in cut:
            if micro.examples:
                self.throughput.count(micro.pack, len(micro.targets.ids))
        mine = self._processes.deal(cut)
        sums = [self._backward(micro, last=micro is mine[-1]) for micro in mine]
        self._processes.average(self._trained)
        total, of_label, of_explanation = self._processes.sum(torch.stack(sums).sum(0)).tolist()
        label = [self._recipe.completion(i).label for i in batch]
        return loss_of(total, of_label, of_explanation, label), sum(m.pack.tokens for m in cut if m.examples)

    def _backward(self, micro: MicroBatch, last: bool) -> Tensor:
        """Add one micro-batch's gradient; returns [loss, label sum, explanation sum] as far as it counts."""
        count = self._processes.count
        with nullcontext() if last or not hasattr(self.forward, "no_sync") else self.forward.no_sync():
            loss, parts = self.forward(micro.pack.to(self._device), micro.targets.to(self._device))
            # Processes average their gradients, where the parts of a batch add up.
            (loss * count if count > 1 else loss).backward()
        sums = torch.cat((loss.detach()[None], parts))
        return sums if micro.examples else torch.zeros_like(sums)

    def _halve(self, batch: list[int], can: bool) -> None:
        """Go on with half the micro-batch.

        Parameters
        ----------
        can
            Whether that is possible now: in the middle of a step other processes wait for this one.
        """
        self._model.net.zero_grad(set_to_none=True)
        rest_of_memory(self._device)
        if self.micro_batch > 1 and can:
            self.micro_batch = -(-self.micro_batch // 2)
            return
        longest = max(batch, key=lambda i: len(self._recipe.sequences[i].ids))
        corpus, example = self._recipe.keys[longest]
        raise RunFailed(
            f"memory does not suffice for {self.micro_batch} example{'s'[: self.micro_batch > 1]} at a time, of which "
            f"the longest, {example} of {corpus}, has {len(self._recipe.sequences[longest].ids)} tokens: set a smaller "
            "optimisation.max_tokens, execution.gradient_checkpointing or a base of fewer adapter.bits, or take a "
            "device with more memory.",
            "out-of-memory",
        )
