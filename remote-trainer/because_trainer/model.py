"""Causal language models: built from a size, or loaded from a folder, and the parts of them that are watched."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from .contract import ModelSource, ScratchModel
from .errors import RunFailed
from .tokenizer import Tokenizer

FINAL_NORMS = ("norm", "ln_f", "final_layer_norm", "final_layernorm", "layer_norm")


@dataclass(frozen=True)
class LanguageModel:
    """A causal language model and its parts.

    Attributes
    ----------
    net
        The whole model of transformers.
    decoder
        Token ids to hidden states, after the final norm.
    norm
        The final norm: what a block leaves must pass it before the head.
    head
        Hidden states to logits.
    blocks
        The decoder's blocks, in order.
    """

    net: Any
    decoder: Any
    norm: nn.Module
    head: nn.Module
    blocks: list[nn.Module]

    @property
    def device(self) -> torch.device:
        """Where the model lies."""
        return torch.device(self.net.device)

    @property
    def parameters(self) -> int:
        """Number of parameters, tied ones once."""
        return sum(parameter.numel() for parameter in self.net.parameters())

    def hidden(self, ids: torch.Tensor) -> torch.Tensor:
        """Hidden states after the final norm, (sequences, tokens, units), of ids that are padded at the right."""
        output = self.decoder(input_ids=ids, use_cache=False).last_hidden_state
        return torch.as_tensor(output)

    def save(self, folder: Path) -> None:
        """Write configuration and weights (safetensors) into a folder."""
        self.net.save_pretrained(folder, safe_serialization=True)


def build_model(source: ModelSource, tokenizer: Tokenizer, seed: int, base: Path | None) -> LanguageModel:
    """The model that a run starts from.

    Parameters
    ----------
    source
        A size, or a folder.
    tokenizer
        Decides size of the vocabulary and special tokens of a model from scratch.
    seed
        Draws the initial weights of a model from scratch.
    base
        Folder of a warm-up's model, whose weights are the start; None for none.

    Raises
    ------
    RunFailed
        When the folder holds no model that can be used, or the size makes no model.
    """
    torch.manual_seed(seed)
    if base is not None:
        net = _from_folder(base)
    elif "scratch" in source:
        net = _from_scratch(source, tokenizer)
    else:
        net = _from_folder(Path(source["folder"]))
    net.to(os.environ.get("BECAUSE_DEVICE", "cpu"))
    model = take_apart(net)
    _check_head(model)
    if tokenizer.size > net.get_input_embeddings().num_embeddings:
        raise RunFailed(f"the tokenizer has {tokenizer.size} tokens, more than the model knows.")
    return model


def take_apart(net: Any) -> LanguageModel:
    """Find the parts of a model of transformers.

    Raises
    ------
    RunFailed
        When it is not built of an embedding, blocks, a final norm and a head.
    """
    decoder = net.base_model
    decoder = getattr(decoder, "decoder", decoder)
    depth = net.config.num_hidden_layers
    lists = [child for child in decoder.children() if isinstance(child, nn.ModuleList) and len(child) == depth]
    norm = next(
        (getattr(decoder, name) for name in FINAL_NORMS if isinstance(getattr(decoder, name, None), nn.Module)),
        None,
    )
    head = net.get_output_embeddings()
    if not lists or norm is None or head is None:
        raise RunFailed(f"{type(net).__name__} is not built of blocks, a final norm and a head, as the trainer needs.")
    return LanguageModel(net, decoder, norm, head, list(lists[0]))


def context_length(source: ModelSource, model: LanguageModel) -> int:
    """Longest sequence that the model can read, in tokens."""
    if "scratch" in source:
        return source["context"]
    return int(getattr(model.net.config, "max_position_embeddings", 2**31))


def _from_scratch(source: ScratchModel, tokenizer: Tokenizer) -> Any:
    from transformers import LlamaConfig, LlamaForCausalLM

    size = source["scratch"]
    if size["hidden"] % (2 * size["heads"]):
        raise RunFailed(f"hidden ({size['hidden']}) must be an even multiple of heads ({size['heads']}).")
    config = LlamaConfig(
        vocab_size=tokenizer.size,
        hidden_size=size["hidden"],
        intermediate_size=size["feed_forward"],
        num_hidden_layers=size["layers"],
        num_attention_heads=size["heads"],
        num_key_value_heads=size["heads"],
        max_position_embeddings=source["context"],
        tie_word_embeddings=True,
        bos_token_id=tokenizer.bos,
        eos_token_id=tokenizer.eos,
        pad_token_id=tokenizer.pad,
    )
    config._attn_implementation = "eager"
    return LlamaForCausalLM(config)


def _from_folder(folder: Path) -> Any:
    from transformers import AutoModelForCausalLM

    if not folder.is_dir():
        raise RunFailed(f"the model folder {folder} does not exist.")
    try:
        return AutoModelForCausalLM.from_pretrained(
            folder, local_files_only=True, dtype=torch.float32, attn_implementation="eager"
        )
    except (OSError, ValueError, KeyError) as error:
        raise RunFailed(f"no model can be read from {folder}: {str(error).splitlines()[0].rstrip('.')}.") from error


@torch.no_grad()
def _check_head(model: LanguageModel) -> None:
    """Logits are taken at few positions only, so the head must be all that stands between hidden states and logits."""
    model.net.eval()
    ids = torch.arange(8, device=model.device)[None]
    if not torch.allclose(model.head(model.hidden(ids)), model.net(input_ids=ids).logits, rtol=1e-4, atol=1e-4):
        raise RunFailed(
            f"{type(model.net).__name__} changes its logits after the head, which the trainer cannot follow."
        )
