"""Watches one forward pass by hooks, and keeps scalars only: one number an example, layer and estimator."""

from __future__ import annotations

from types import TracebackType
from typing import Any

import torch
from torch import Tensor, nn

from .attention import Attended, kernel_of
from .contract import CaptureOptions
from .decisions import Decisions
from .errors import RunFailed
from .estimators import UNIT_ESTIMATORS, Softmax, unit_entropies
from .model import LanguageModel
from .spectra import full_precision, gram_matrices, renyi_entropy, von_neumann_entropy

SPECTRAL = ("matrix", "renyi")
LENS = ("logit_lens", "logit_lens_kl")

NUMBERS_AT_A_TIME = {"cpu": 2**17, "cuda": 2**28}
"""Logits that the logit lens has in memory at a time: what a core's cache holds, or what a GPU is busy with."""

MATRICES_AT_A_TIME = {"cpu": 0, "cuda": 2**28}
"""Numbers in Gram matrices that wait for their eigenvalues: on a GPU small ones, which it decomposes at once."""


class Capture:
    """Estimators at the decision position, for every layer of one forward pass after another.

    Layer 0 is what enters the first block; layer ℓ is what block ℓ leaves, before the final norm. (The last of
    transformers' `hidden_states` is after the final norm, which is why it is not used.) Token rows are reduced inside
    the hooks, so that memory does not grow with the number of layers; units of decision positions are kept, and
    reduced for all layers at once.

    Parameters
    ----------
    model
        The model to watch, while the capture is entered.
    options
        Which estimators, and their constants.

    Raises
    ------
    RunFailed
        When attention is wanted of a model whose attention is not registered (`attend_by`), so that none can watch it.
    """

    def __init__(self, model: LanguageModel, options: CaptureOptions) -> None:
        self._model = model
        self._wanted = options["estimators"]
        self._top, self._bins = options["top_units"], options["bins"]
        self._handles: list[Any] = []
        self._layer_of = {module: layer for layer, block in enumerate(model.blocks, 1) for module in block.modules()}
        if self.attends and kernel_of(model) is None:
            raise RunFailed(
                f"the attention of {type(model.decoder).__name__} cannot be watched: leave attention out of "
                "capture.estimators."
            )
        self._at: Decisions
        self._units: dict[int, Tensor] = {}
        self._grams: list[tuple[int, Tensor, Tensor]] = []
        self._values: dict[tuple[int, str], Tensor] = {}

    @property
    def layers(self) -> int:
        """Number of layers, the embedding among them."""
        return len(self._model.blocks) + 1

    @property
    def attends(self) -> bool:
        """Whether the attention's own numbers are wanted, so that the pass must be given `watch`."""
        return "attention" in self._wanted

    def begin(self, decisions: Decisions) -> None:
        """Say what the next forward pass holds."""
        self._at = decisions
        self._units, self._values = {}, {}
        self._grams = []  # of a pass that memory did not hold, if any

    def watch(self, attended: Attended) -> None:
        """See one layer's queries and keys; to be called by the attention, before it computes anything."""
        if not len(self._at.rows):
            return
        layer = self._layer_of[attended.module]
        self._values[layer, "attention"] = attention_entropy(attended, self._at)

    def finish(self, final: Softmax) -> dict[str, Tensor]:
        """All estimates of the pass: estimator → (layers, examples), NaN where there is none.

        Parameters
        ----------
        final
            Of the model's logits at the decision positions, (examples, vocabulary).
        """
        self._decompose()
        found: dict[str, Tensor] = {}
        if set(self._wanted) & {*UNIT_ESTIMATORS, *LENS}:
            units = torch.stack([self._units[layer] for layer in range(self.layers)])
            found = unit_entropies(units, self._wanted, self._top, self._bins)
            if set(self._wanted) & set(LENS):
                found["logit_lens"], found["logit_lens_kl"] = self._lens(units[:-1], final)
        absent = torch.full_like(final.total[:, 0], torch.nan)
        for name in ("attention", *SPECTRAL):
            found[name] = torch.stack([self._values.get((layer, name), absent) for layer in range(self.layers)])
        return {name: found[name] for name in self._wanted}

    def _lens(self, units: Tensor, final: Softmax) -> tuple[Tensor, Tensor]:
        """Entropy of the logit lens, and KL(final ‖ lens): those of the last layer are the model's own and 0."""
        at_a_time = max(1, NUMBERS_AT_A_TIME[_memory_of(units)] // (final.powers.shape[-1] * len(units)))
        entropies, divergences = [], []
        own = final.entropy()
        for start in range(0, len(own), at_a_time):
            chosen = slice(start, start + at_a_time)
            lens = Softmax.of(self._model.head(self._model.norm(units[:, chosen])))
            entropies.append(lens.entropy())
            if "logit_lens_kl" in self._wanted:
                part = Softmax(*(values[chosen] for values in final))
                divergences.append((part.cross_entropy(lens) - own[chosen]).clamp_min_(0))
        last = torch.cat(entropies, 1), torch.cat(divergences or entropies, 1)
        return torch.cat((last[0], own[None])), torch.cat((last[1], torch.zeros_like(own)[None]))

    def __enter__(self) -> Capture:
        blocks = self._model.blocks
        self._handles.append(blocks[0].register_forward_pre_hook(self._entering, with_kwargs=True))
        for layer, block in enumerate(blocks, start=1):
            self._handles.append(block.register_forward_hook(self._leaving(layer)))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for handle in self._handles:
            handle.remove()
        self._handles = []

    def _entering(self, _block: nn.Module, inputs: tuple[Any, ...], named: dict[str, Any]) -> None:
        self._keep(0, inputs[0] if inputs else named["hidden_states"])

    def _leaving(self, layer: int) -> Any:
        def hook(_block: nn.Module, _inputs: Any, output: Any) -> None:
            self._keep(layer, output[0] if isinstance(output, tuple) else output)

        return hook

    def _keep(self, layer: int, hidden: Tensor) -> None:
        if not len(self._at.rows):
            return
        self._units[layer] = hidden[self._at.rows, self._at.columns]
        if not set(self._wanted) & set(SPECTRAL):
            return
        grams, rows = gram_matrices(hidden, self._at.token_rows)
        self._values[layer, "renyi"] = renyi_entropy(grams, rows)
        if "matrix" in self._wanted:
            self._grams.append((layer, grams, rows))
            if sum(held.numel() for _, held, _ in self._grams) > MATRICES_AT_A_TIME[_memory_of(hidden)]:
                self._decompose()

    def _decompose(self) -> None:
        """Von Neumann entropies of the Gram matrices that wait."""
        if self._grams:
            layers, grams, rows = zip(*self._grams)
            entropies = torch.split(von_neumann_entropy(torch.cat(grams), torch.cat(rows)), [len(own) for own in rows])
            self._values.update({(layer, "matrix"): values for layer, values in zip(layers, entropies)})
            self._grams = []


def attention_entropy(attended: Attended, at: Decisions) -> Tensor:
    """Entropy of the decision positions' attention, mean over heads, over the counted tokens alone, (examples,).

    Weights that are renormalised over some keys are the softmax over those keys, whatever else it ran over. Examples
    of one row share its keys.
    """
    rows, heads, _, size = attended.query.shape
    groups = heads // attended.key.shape[1]
    examples = at.grid.shape[1]
    numbers = torch.arange(rows, device=at.grid.device)[:, None]
    with full_precision(attended.query.device):
        query = attended.query[numbers, :, at.grid].float() * attended.scaling
        query = query.view(rows, examples, -1, groups, size).permute(0, 2, 1, 3, 4).flatten(2, 3)
        scores = query @ attended.key.float().mT
    if attended.softcap is not None:
        scores = torch.tanh(scores / attended.softcap) * attended.softcap
    hidden = ~at.counted
    if attended.mask is not None:
        seen = attended.seen(numbers.expand_as(at.grid).flatten(), at.grid.flatten())
        hidden |= ~seen.view(hidden.shape)
    hidden = hidden[:, None, :, None].expand(-1, -1, -1, groups, -1).flatten(2, 3)
    entropy = Softmax.of(scores.masked_fill_(hidden, torch.finfo(scores.dtype).min / 2)).entropy()
    entropy = entropy.masked_fill(hidden.all(-1), torch.nan)
    per_example = entropy.view(rows, -1, examples, groups).mean((1, 3))
    return per_example.flatten()[at.slots]


def _memory_of(values: Tensor) -> str:
    return "cpu" if values.device.type == "cpu" else "cuda"
