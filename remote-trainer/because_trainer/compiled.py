"""torch.compile for a model's blocks, where the machine can compile."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from importlib import util
from typing import Any, TypeAlias

import torch

from .errors import RunFailed
from .model import LanguageModel

Forward: TypeAlias = Callable[..., Any]


def compile_blocks(model: LanguageModel) -> None:
    """Compile each block's `forward` in place, for passes that have a gradient.

    Blocks alone: they are alike, so that one compilation serves all; lengths are dynamic, so that it serves every
    batch. Passes without a gradient stay as they were: those are watched from within blocks, by hooks and by
    `attention.hidden`, which compiled code would leave out or be compiled anew for.

    Raises
    ------
    RunFailed
        When there is no compiler.
    """
    check_compiler(model.device)
    for block in model.blocks:
        block.forward = for_gradients(torch.compile(block.forward, dynamic=True), block.forward)


def for_gradients(compiled: Forward, plain: Forward) -> Forward:
    """Call `compiled` where gradients are wanted, else `plain`."""

    def forward(*inputs: Any, **named: Any) -> Any:
        return compiled(*inputs, **named) if torch.is_grad_enabled() else plain(*inputs, **named)

    return forward


def check_compiler(device: torch.device) -> None:
    """Check that torch.compile has what it needs on a device.

    Raises
    ------
    RunFailed
        Naming what is missing.
    """
    compiler = os.environ.get("CXX", "c++" if shutil.which("c++") else "g++")
    if shutil.which(compiler) is None:
        raise RunFailed(
            f"torch.compile needs a C++ compiler, and {compiler} is not found: install g++ (or name one in CXX), or "
            "set execution.compile to false."
        )
    if device.type == "cuda" and util.find_spec("triton") is None:
        raise RunFailed(
            "torch.compile needs triton on a GPU, which is not installed: pip install triton, or set execution.compile "
            "to false."
        )
