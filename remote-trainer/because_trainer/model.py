"""Causal language models and the parts of them that are trained and watched."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from .contract import ModelSource
from .errors import RunFailed
from .head import Head, make_head
from .quantised import elements

FINAL_NORMS = ("norm", "ln_f", "final_layer_norm", "final_layernorm", "norm_f", "layer_norm")


@dataclass(frozen=True)
class LanguageModel:
    """A causal language model and its parts.

    Attributes
    ----------
    net
        The whole model of transformers, wrapped by `peft` where it has adapters (`net.get_base_model()` then is
        what transformers made).
    decoder
        Token ids to hidden states, after the final norm; through the adapters where there are any.
    norm
        The final norm: what a block leaves must pass it before the head.
    head
        Hidden states to logits, all that the architecture does to them included. Call it: its projection alone is
        not the whole way.
    blocks
        The decoder's blocks, in order.
    """

    net: Any
    decoder: Any
    norm: nn.Module
    head: Head
    blocks: list[nn.Module]

    @property
    def device(self) -> torch.device:
        """Where the model lies."""
        return torch.device(next(self.net.parameters()).device)

    @property
    def parameters(self) -> int:
        """Number of parameters, tied ones once."""
        return sum(map(elements, self.net.parameters()))

    @property
    def trainable_parameters(self) -> int:
        """Number of parameters that training changes."""
        return sum(parameter.numel() for parameter in self.net.parameters() if parameter.requires_grad)

    def hidden(self, ids: torch.Tensor) -> torch.Tensor:
        """Hidden states after the final norm, (sequences, tokens, units), of ids that are padded at the right."""
        output = self.decoder(input_ids=ids, use_cache=False).last_hidden_state
        return torch.as_tensor(output)

    def save(self, folder: Path) -> None:
        """Write configuration and weights (safetensors) into a folder."""
        self.net.save_pretrained(folder, safe_serialization=True)


def take_apart(net: Any) -> LanguageModel:
    """Find the parts of a model of transformers, wrapped by `peft` or not.

    Raises
    ------
    RunFailed
        When it is not built of an embedding, blocks, a final norm and a head.
    """
    whole = net.get_base_model() if hasattr(net, "get_base_model") else net
    config = whole.config.get_text_config()
    decoder = whole.get_decoder()
    depth = config.num_hidden_layers
    lists = [child for child in decoder.children() if isinstance(child, nn.ModuleList) and len(child) == depth]
    norm = next(
        (getattr(decoder, name) for name in FINAL_NORMS if isinstance(getattr(decoder, name, None), nn.Module)),
        None,
    )
    head = whole.get_output_embeddings()
    if not lists or norm is None or head is None:
        raise RunFailed(
            f"{type(whole).__name__} is not built of blocks, a final norm and a head, as the trainer needs."
        )
    return LanguageModel(net, decoder, norm, make_head(head, config), list(lists[0]))


def context_length(source: ModelSource, model: LanguageModel) -> int:
    """Longest sequence that the model can read, in tokens."""
    if "scratch" in source:
        return source["context"]
    return int(getattr(model.net.config.get_text_config(), "max_position_embeddings", 2**31))


@torch.no_grad()
def check_parts(model: LanguageModel) -> None:
    """Check that the parts make up the whole: last block, final norm, head, logits, with nothing between.

    Logits are taken at few positions only, and hidden states are read through norm and head after every block.

    Raises
    ------
    RunFailed
        When the architecture does more than the trainer knows of.
    """
    model.net.eval()
    ids = torch.arange(8, device=model.device)[None]
    left: list[torch.Tensor] = []
    hook = model.blocks[-1].register_forward_hook(
        lambda _block, _inputs, output: left.append(output[0] if isinstance(output, tuple) else output)
    )
    try:
        logits = model.net(input_ids=ids).logits.float()
    finally:
        hook.remove()
    whole = type(model.net.get_base_model() if hasattr(model.net, "get_base_model") else model.net).__name__
    if not _alike(model.head(model.norm(left[0])).float(), logits):
        raise RunFailed(f"{whole} does more than a norm after its last block, which the trainer cannot follow.")
    if not _alike(model.head(model.hidden(ids)).float(), logits):
        raise RunFailed(f"{whole} changes its logits after the head, which the trainer cannot follow.")


def _alike(a: torch.Tensor, b: torch.Tensor) -> bool:
    """Equal but for rounding; half precision keeps 8 bits of a number."""
    scale = float(b.abs().max())
    exact = bool(torch.allclose(a, b, rtol=1e-4, atol=1e-4))
    return exact or bool((a - b).abs().max() <= 0.02 * max(scale, 1.0) and _rounded(b))


def _rounded(values: torch.Tensor) -> bool:
    return bool((values == values.bfloat16().float()).all() or (values == values.half().float()).all())
