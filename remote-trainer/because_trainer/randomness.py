"""The states of the random generators that training draws from."""

from __future__ import annotations

import torch
from torch import Tensor


def random_state(device: torch.device) -> list[Tensor]:
    """Random state of the CPU and, where the model lies on a GPU, of that."""
    return [torch.get_rng_state(), *([torch.cuda.get_rng_state(device)] if device.type == "cuda" else [])]


def restore_random_state(state: list[Tensor], device: torch.device) -> None:
    """Put back what `random_state` gave."""
    torch.set_rng_state(state[0])
    if len(state) > 1:
        torch.cuda.set_rng_state(state[1], device)
