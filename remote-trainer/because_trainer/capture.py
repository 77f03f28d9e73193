"""Watches one forward pass by hooks, and keeps scalars only: one number an example, layer and estimator."""

from __future__ import annotations

from types import TracebackType
from typing import Any

import torch
from torch import Tensor, nn

from .contract import CaptureOptions
from .errors import RunFailed
from .estimators import UNIT_ESTIMATORS, attention_entropy, lens_entropies, spectral_entropies
from .model import LanguageModel

ATTENTIONS = ("self_attn", "attn", "attention", "self_attention")
"""What the architectures of transformers call the attention of a block."""


class Capture:
    """Estimators at the decision position, for every layer of one forward pass after another.

    Layer 0 is what enters the first block; layer ℓ is what block ℓ leaves, before the final norm. (The last of
    transformers' `hidden_states` is after the final norm, which is why it is not used.) Token rows are reduced inside
    the hooks, so that memory does not grow with the number of layers.

    Parameters
    ----------
    model
        The model to watch, while the capture is entered.
    options
        Which estimators, and their constants.
    """

    def __init__(self, model: LanguageModel, options: CaptureOptions) -> None:
        self._model = model
        self._wanted = options["estimators"]
        self._top, self._bins = options["top_units"], options["bins"]
        self._handles: list[Any] = []
        self._decision = torch.empty(0)
        self._counted = torch.empty(0)
        self._units: dict[int, Tensor] = {}
        self._values: dict[tuple[int, str], Tensor] = {}

    @property
    def layers(self) -> int:
        """Number of layers, the embedding among them."""
        return len(self._model.blocks) + 1

    def begin(self, decision: Tensor, counted: Tensor) -> None:
        """Say what the next forward pass holds.

        Parameters
        ----------
        decision
            Position of each example whose next token is the label, (examples,).
        counted
            Which tokens count, boolean (examples, tokens): neither padding nor BOS, nor anything after the decision.
        """
        self._decision, self._counted = decision, counted
        self._units, self._values = {}, {}

    def finish(self, final: Tensor) -> dict[str, Tensor]:
        """All estimates of the pass: estimator → (layers, examples), NaN where there is none.

        Parameters
        ----------
        final
            The model's logits at the decision position, (examples, vocabulary).
        """
        for layer, units in self._units.items():
            for name in self._wanted:
                if name in UNIT_ESTIMATORS:
                    self._values[layer, name] = UNIT_ESTIMATORS[name](units, self._top, self._bins)
            if "logit_lens" in self._wanted or "logit_lens_kl" in self._wanted:
                lens = self._model.head(self._model.norm(units))
                self._values[layer, "logit_lens"], self._values[layer, "logit_lens_kl"] = lens_entropies(lens, final)
        absent = torch.full_like(final[:, 0], torch.nan)
        return {
            name: torch.stack([self._values.get((layer, name), absent) for layer in range(self.layers)])
            for name in self._wanted
        }

    def __enter__(self) -> Capture:
        blocks = self._model.blocks
        self._handles.append(blocks[0].register_forward_pre_hook(self._entering, with_kwargs=True))
        for layer, block in enumerate(blocks, start=1):
            self._handles.append(block.register_forward_hook(self._leaving(layer)))
            if "attention" in self._wanted:
                self._handles.append(attention_of(block).register_forward_hook(self._attending(layer)))
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

    def _attending(self, layer: int) -> Any:
        def hook(_attention: nn.Module, _inputs: Any, output: Any) -> None:
            weights = output[1]
            if weights is None:
                raise RunFailed(
                    "the model's attention keeps no weights, so the attention estimator cannot be computed."
                )
            examples = torch.arange(len(weights), device=weights.device)
            last = weights[examples, :, self._decision]
            self._values[layer, "attention"] = attention_entropy(last, self._counted)

        return hook

    def _keep(self, layer: int, hidden: Tensor) -> None:
        examples = torch.arange(len(hidden), device=hidden.device)
        self._units[layer] = hidden[examples, self._decision]
        if "matrix" in self._wanted or "renyi" in self._wanted:
            first, second = spectral_entropies(hidden, self._counted, "matrix" in self._wanted)
            self._values[layer, "matrix"], self._values[layer, "renyi"] = first, second


def attention_of(block: nn.Module) -> nn.Module:
    """The attention of a block."""
    found = next((module for name, module in block.named_children() if name in ATTENTIONS), None)
    if found is None:
        raise RunFailed(f"no attention is found in {type(block).__name__}, so its entropy cannot be computed.")
    return found
