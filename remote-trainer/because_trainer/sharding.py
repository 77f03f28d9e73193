"""What a checkpoint holds of model and optimiser, whole, also where FSDP keeps them in shards."""

from __future__ import annotations

from typing import Any, cast

import torch

from .launched import is_first
from .model import LanguageModel


def whole_state(model: LanguageModel, optimiser: torch.optim.Optimizer) -> tuple[dict[str, Any], dict[str, Any]]:
    """Trained weights by name, and the state of the optimiser. Every process must call it.

    What lies in shards is put together in the first process's main memory, one tensor after another: no device has room
    for all of it. In the others nothing is left of it.
    """
    trained = {name: weights for name, weights in model.net.named_parameters() if weights.requires_grad}
    moments = optimiser.state_dict()
    moments["state"] = {
        number: {name: _collected(value) for name, value in state.items()} for number, state in moments["state"].items()
    }
    return {name: _collected(weights.detach()) for name, weights in trained.items()}, moments


@torch.no_grad()
def put_whole_state(
    model: LanguageModel, optimiser: torch.optim.Optimizer, weights: dict[str, Any], moments: dict[str, Any]
) -> None:
    """Put back what `whole_state` gave; the names must be the same."""
    trained = {name: parameter for name, parameter in model.net.named_parameters() if parameter.requires_grad}
    if trained.keys() != weights.keys():
        raise ValueError("the checkpoint holds other weights than are trained")
    for name, parameter in trained.items():
        parameter.copy_(_like(weights[name], parameter))
    order = [parameter for group in optimiser.param_groups for parameter in group["params"]]
    moments["state"] = {
        number: {
            name: _like(value, order[number]) if value.shape == order[number].shape else value
            for name, value in state.items()
        }
        for number, state in moments["state"].items()
    }
    optimiser.load_state_dict(moments)


def is_shard(weights: torch.Tensor) -> bool:
    """Whether FSDP keeps but a part of these weights in this process."""
    return hasattr(weights, "placements")


def held_elements(weights: torch.Tensor) -> int:
    """How many of these weights this process keeps."""
    return int(cast("Any", weights).to_local().numel()) if is_shard(weights) else weights.numel()


def whole(value: Any) -> Any:
    """A tensor that FSDP keeps in shards, put together; anything else as it is. Every process must call it."""
    return cast("Any", value).full_tensor() if isinstance(value, torch.Tensor) and is_shard(value) else value


def _collected(value: Any) -> Any:
    if not (isinstance(value, torch.Tensor) and is_shard(value)):
        return value
    found = whole(value)
    return found.cpu() if is_first() else None


def _like(value: torch.Tensor, parameter: Any) -> torch.Tensor:
    """A whole tensor on the device of a parameter, cut as that is."""
    moved = value.to(parameter.device)
    if not is_shard(parameter):
        return moved
    from torch.distributed.tensor import distribute_tensor  # a second of imports, that shards alone need

    return distribute_tensor(moved, parameter.device_mesh, parameter.placements)
