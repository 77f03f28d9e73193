"""Frozen bases of 8 and 4 bits a weight, through bitsandbytes, which is there only where a study asks for it."""

from __future__ import annotations

from importlib import metadata, util
from typing import Any, Literal

import torch

from .errors import RunFailed

BITSANDBYTES = "bitsandbytes==0.50.2"
"""As pinned in requirements-gpu.txt."""


def quantisation(bits: Literal[4, 8], dtype: torch.dtype) -> Any:
    """How transformers is to load a base of so many bits.

    4 bits are NF4, whose constants are quantised once more (Dettmers et al. 2023, QLoRA, sections 3.1 and 3.2); 8 bits
    are LLM.int8() (Dettmers et al. 2022). The output projection stays as it is.

    Parameters
    ----------
    dtype
        What weights are turned into before they are multiplied.

    Raises
    ------
    RunFailed
        When bitsandbytes is not installed.
    """
    from transformers import BitsAndBytesConfig

    if util.find_spec("bitsandbytes") is None:
        raise RunFailed(
            f"a base of {bits} bits needs bitsandbytes, which is not installed: pip install {BITSANDBYTES}, or set "
            "bits to 16."
        )
    make: Any = BitsAndBytesConfig
    if bits == 8:
        return make(load_in_8bit=True)
    return make(
        load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_use_double_quant=True, bnb_4bit_compute_dtype=dtype
    )


def keep_differentiable(net: torch.nn.Module) -> None:
    """Keep bitsandbytes from repacking weights of 4 bits for the processor.

    On processors with AVX512-BF16 it does so at the first pass in evaluation, for a kernel without a backward pass,
    which it then uses in training as well: gradients would end there, without an error (bitsandbytes 0.50.2,
    `Linear4bit.forward`).
    """
    for module in net.modules():
        if hasattr(module, "support_avx512bf16_for_cpu"):
            setattr(module, "support_avx512bf16_for_cpu", False)  # noqa: B010  # declared by no type


def elements(parameter: torch.nn.Parameter) -> int:
    """Weights that a parameter stands for: one of 4 bits holds two a byte."""
    state = getattr(parameter, "quant_state", None)
    return int(state.shape.numel()) if state is not None else parameter.numel()


def bitsandbytes_version() -> str | None:
    """The installed version of bitsandbytes, or None."""
    try:
        return metadata.version("bitsandbytes")
    except metadata.PackageNotFoundError:
        return None
