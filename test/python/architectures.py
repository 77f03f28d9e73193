"""Tiny models of many architectures, with random weights that are large enough for their outputs to differ."""

from __future__ import annotations

from typing import Any

import torch
import transformers

SHAPE: dict[str, Any] = {
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 128,
}
ALIKE = {key: value for key, value in SHAPE.items() if key != "num_key_value_heads"}
GEMMA = {**SHAPE, "head_dim": 8}
ARCHITECTURES: dict[str, dict[str, Any]] = {
    "Llama": SHAPE,
    "Mistral": {**SHAPE, "sliding_window": 6},
    "Qwen2": SHAPE,
    "Qwen3": {**SHAPE, "head_dim": 8},
    "Gemma2": {**GEMMA, "final_logit_softcapping": 3.0, "attn_logit_softcapping": 5.0, "sliding_window": 6},
    "Gemma3": {**GEMMA, "final_logit_softcapping": 3.0, "sliding_window": 6},
    "Cohere": {**SHAPE, "logit_scale": 0.25},
    "Granite": {**SHAPE, "logits_scaling": 4.0},
    "GPT2": {"n_embd": 32, "n_layer": 2, "n_head": 4, "n_positions": 128},
    "GPTNeoX": ALIKE,
    "Phi": SHAPE,
    "OPT": {
        "hidden_size": 32,
        "ffn_dim": 48,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "max_position_embeddings": 128,
        "word_embed_proj_dim": 32,
    },
    "Falcon": ALIKE,
}
CONFIGURATIONS = {"Gemma3": "Gemma3TextConfig"}
MODELS = {"GPT2": "GPT2LMHeadModel"}


def make_model(name: str, vocabulary: int = 64, seed: int = 4, **changes: Any) -> Any:
    """A causal language model of an architecture, as transformers makes it; `changes` are of its configuration."""
    configuration = getattr(transformers, CONFIGURATIONS.get(name, f"{name}Config"))
    config = configuration(
        vocab_size=vocabulary, bos_token_id=1, eos_token_id=2, pad_token_id=0, **{**ARCHITECTURES[name], **changes}
    )
    config._attn_implementation = "eager"
    torch.manual_seed(seed)
    net = getattr(transformers, MODELS.get(name, f"{name}ForCausalLM"))(config)
    for parameter in net.parameters():
        if parameter.dim() > 1:
            parameter.data.mul_(8)
    return net.eval()
