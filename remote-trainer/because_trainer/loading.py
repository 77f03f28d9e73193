"""The model that a run starts from: from scratch, from a folder or from the hub, with what is trained of it."""

from __future__ import annotations

import os
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import torch

from .adapters import add_adapter
from .compiled import compile_blocks
from .contract import AdapterOptions, Execution, ModelSource, NoAdapter, ScratchModel
from .errors import RunFailed
from .hub import check_code, model_folder
from .model import LanguageModel, check_parts, take_apart
from .quantised import keep_differentiable, quantisation
from .shared_base import SharedBase
from .tokenizer import Tokenizer

WHOLE: NoAdapter = {"kind": "none"}


@dataclass(frozen=True)
class Start:
    """What a model is built from.

    Attributes
    ----------
    source
        A size, a folder, or a model on the hub.
    seed
        Draws the initial weights of a model from scratch, and those of adapters.
    base
        Folder of a warm-up's model, whose weights are the start; None for none.
    adapter
        What of it is trained.
    precision
        Of the arithmetic: weights that are trained are in fp32, frozen ones in this.
    gradient_checkpointing
        Whether activations are computed anew in the backward pass.
    compile
        Whether blocks are compiled.
    """

    source: ModelSource
    seed: int
    base: Path | None = None
    adapter: AdapterOptions = field(default_factory=lambda: WHOLE)
    precision: str = "fp32"
    gradient_checkpointing: bool = False
    compile: bool = False

    @property
    def name(self) -> str:
        """What the base is called in files that leave this machine: no path of it."""
        if "hub" in self.source:
            return self.source["hub"]
        return Path(self.source["folder"]).name if "folder" in self.source else ""

    @property
    def dtype(self) -> torch.dtype:
        """Of the base's weights."""
        frozen = self.adapter["kind"] == "lora"
        return torch.bfloat16 if frozen and self.precision == "bf16" else torch.float32


def start_of(job: Any, base: Path | None) -> Start:
    """What the model of a warm-up or train job is built from."""
    execution: Execution = job["execution"]
    return Start(
        job["model"],
        job["seed"],
        base,
        job.get("adapter", WHOLE),
        execution["precision"],
        execution["gradient_checkpointing"],
        execution["compile"],
    )


def build_model(start: Start, tokenizer: Tokenizer, shared: SharedBase | None = None) -> LanguageModel:
    """The model that a run starts from, on the run's device.

    Dropout is off but in adapters, whose options say how much they have: sequences that share a dialogue would
    otherwise share their noise.

    Parameters
    ----------
    tokenizer
        Decides size of the vocabulary and special tokens of a model from scratch.
    shared
        Where other runs of this process start from the same frozen base; None for a base of its own.

    Raises
    ------
    RunFailed
        When there is no model that can be used, the size makes none, or what the job asks for is not installed.
    """
    net = _load_base(start, tokenizer) if shared is None else shared.take(lambda: _load_base(start, tokenizer))
    if tokenizer.size > net.get_input_embeddings().num_embeddings:
        raise RunFailed(f"the tokenizer has {tokenizer.size} tokens, more than the model knows.")
    net.name_or_path = net.config.name_or_path = start.name
    if start.gradient_checkpointing:
        _checkpoint_gradients(net)
    if start.adapter["kind"] == "lora":
        net = add_adapter(net, start.adapter, start.seed, start.source.get("revision"))  # type: ignore[arg-type]
    model = take_apart(net)
    check_parts(model)
    if start.compile:
        compile_blocks(model)
    return model


def _load_base(start: Start, tokenizer: Tokenizer) -> Any:
    """The model before any adapter, on the run's device."""
    torch.manual_seed(start.seed)
    folder = start.base or model_folder(start.source)
    if folder is not None:
        return _from_folder(folder, start)
    if start.adapter["kind"] == "lora" and start.adapter["bits"] != 16:
        raise RunFailed("a model from scratch has no saved weights that could be read in fewer bits: set bits to 16.")
    net = _from_scratch(cast("ScratchModel", start.source), tokenizer)
    return net.to(device=device_name(), dtype=start.dtype)


def device_name() -> str:
    """The device that this process works on: BECAUSE_DEVICE, and of several GPUs the one that its launcher gave it."""
    name, rank = os.environ.get("BECAUSE_DEVICE", "cpu"), os.environ.get("LOCAL_RANK")
    return f"{name}:{rank}" if name == "cuda" and rank is not None else name


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


def _from_folder(folder: Path, start: Start) -> Any:
    from transformers import AutoConfig, AutoModelForCausalLM

    named = start.name if "hub" in start.source else str(folder)
    check_code(folder, named)
    try:
        config = AutoConfig.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
        without_dropout(config)
        loaded: Any = AutoModelForCausalLM.from_pretrained(
            folder,
            config=config,
            local_files_only=True,
            use_safetensors=True,
            trust_remote_code=False,
            output_loading_info=True,
            **_way_of_loading(start),
        )
    except (OSError, ValueError, KeyError) as error:
        raise RunFailed(f"no model can be read from {named}: {_first_line(error)}.") from error
    net, found = loaded
    if found["missing_keys"]:
        missing = sorted(found["missing_keys"])
        raise RunFailed(
            f"{named} is no whole causal language model: its files lack {missing[0]}"
            + (f" and {len(missing) - 1} other weights." if len(missing) > 1 else ".")
        )
    keep_differentiable(net)
    return net


def _way_of_loading(start: Start) -> dict[str, Any]:
    """Precision, place and bits of what is read; every architecture knows eager attention, so that is the start."""
    way: dict[str, Any] = {"dtype": start.dtype, "attn_implementation": "eager", "device_map": {"": device_name()}}
    if start.adapter["kind"] == "lora" and start.adapter["bits"] != 16:
        way["quantization_config"] = quantisation(start.adapter["bits"], start.dtype)
    return way


def without_dropout(config: Any) -> None:
    """Set every rate of dropout in a model's configuration to 0."""
    for part in {id(config): config, id(config.get_text_config()): config.get_text_config()}.values():
        for name, value in list(vars(part).items()):
            rate = isinstance(value, float) and not isinstance(value, bool)
            if rate and ("dropout" in name or "layerdrop" in name or name.endswith("pdrop")):
                setattr(part, name, 0.0)


def _checkpoint_gradients(net: Any) -> None:
    """Recompute activations in the backward pass, by the way that needs no gradient of the frozen embeddings."""
    if not net.supports_gradient_checkpointing:
        raise RunFailed(f"{type(net).__name__} cannot checkpoint gradients: set gradient_checkpointing to false.")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # renamed, but not in every version that is pinned
        net.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")
