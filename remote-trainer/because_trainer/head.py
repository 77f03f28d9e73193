"""From hidden states to logits: the projection to the vocabulary, and what some architectures do to its result."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import linear

HALVES = frozenset((torch.bfloat16, torch.float16))

WORDS_AT_A_TIME = 32768
"""Rows of the vocabulary that are turned into fp32 at a time, where the device cannot do without."""


class Head(nn.Module):
    """The whole way from the decoder's hidden states to logits; call it, rather than multiply by its weights.

    Logits are `scale` times the projection, then `cap`·tanh(logits/`cap`) where there is a cap. Where no gradient is
    wanted, weights of half precision are multiplied into fp32: logits of 16 bits are rounded to steps of 1/16 beyond 8,
    which would tie labels.

    Parameters
    ----------
    projection
        The model's own output embedding.
    scale
        Factor on the logits: `logit_scale` of Cohere, 1/`logits_scaling` of Granite.
    cap
        `final_logit_softcapping` of Gemma; None for none.
    """

    def __init__(self, projection: nn.Module, scale: float = 1.0, cap: float | None = None) -> None:
        super().__init__()
        self.projection = projection
        self.scale = scale
        self.cap = cap

    def forward(self, hidden: Tensor) -> Tensor:
        """Logits (…, vocabulary) of hidden states (…, units) that passed the final norm."""
        logits = self.projection(hidden) if torch.is_grad_enabled() else self._exactly(hidden)
        if self.scale != 1:
            logits = logits * self.scale
        return logits if self.cap is None else torch.tanh(logits / self.cap) * self.cap

    def _exactly(self, hidden: Tensor) -> Tensor:
        projection = self.projection
        if type(projection) is not nn.Linear or projection.weight.dtype not in HALVES | {torch.float32}:
            return torch.as_tensor(projection(hidden)).float()
        with torch.autocast(hidden.device.type, enabled=False):
            return project_exactly(hidden, projection.weight, projection.bias)


def project_exactly(hidden: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    """Multiply hidden states by the transposed weight, with products summed, and left, in fp32.

    Parameters
    ----------
    hidden
        (…, units).
    weight
        (vocabulary, units), of any floating-point type.
    """
    if hidden.is_cuda and hidden.dtype == weight.dtype and weight.dtype in HALVES:
        flat = torch.mm(hidden.reshape(-1, hidden.shape[-1]), weight.t(), out_dtype=torch.float32)
        logits = flat.view(*hidden.shape[:-1], -1)
    elif weight.dtype in HALVES:
        parts = [linear(hidden.float(), part.float()) for part in torch.split(weight, WORDS_AT_A_TIME)]
        logits = torch.cat(parts, -1)
    else:
        logits = linear(hidden.to(weight.dtype), weight)
    return logits if bias is None else logits + bias.to(logits.dtype)


def make_head(projection: nn.Module, config: Any) -> Head:
    """The head of a model of transformers, by what its configuration says of its logits."""
    scale = float(getattr(config, "logit_scale", None) or 1.0)
    divisor = float(getattr(config, "logits_scaling", None) or 1.0)
    cap = getattr(config, "final_logit_softcapping", None)
    return Head(projection, scale / divisor, None if cap is None else float(cap))
