"""AdamW, and a learning rate that rises, then falls along a cosine."""

from __future__ import annotations

import math

import torch

from .contract import Optimisation
from .model import LanguageModel
from .sharding import is_shard, whole


def make_optimiser(model: LanguageModel, options: Optimisation) -> torch.optim.AdamW:
    """AdamW; norms and biases are not decayed. Shards and whole weights are updated apart, which torch asks for."""
    first, second = options["betas"]
    groups = [
        {"params": alike, "weight_decay": options["weight_decay"] if decayed else 0.0}
        for part in by_shard([weights for weights in model.net.parameters() if weights.requires_grad])
        for decayed in (True, False)
        if (alike := [weights for weights in part if (weights.dim() > 1) == decayed])
    ]
    return torch.optim.AdamW(groups, lr=options["learning_rate"], betas=(first, second), fused=True)


def learning_rate(step: int, options: Optimisation) -> float:
    """Learning rate of a step, counted from 0: linear rise over `warmup_fraction` of the steps, then a cosine to 0.

    A pure function of the step, so that no scheduler has a state to save.
    """
    rising = max(1, round(options["warmup_fraction"] * options["steps"]))
    if step < rising:
        return options["learning_rate"] * (step + 1) / rising
    progress = (step - rising) / max(1, options["steps"] - rising)
    return options["learning_rate"] * 0.5 * (1 + math.cos(math.pi * progress))


def clip_gradients(parameters: list[torch.nn.Parameter], most: float) -> float:
    """Scale gradients down to a norm of `most` where theirs is more; returns their norm before."""
    parts = by_shard(parameters)
    norms = [torch.nn.utils.get_total_norm([p.grad for p in part if p.grad is not None]) for part in parts]
    norm = torch.linalg.vector_norm(torch.stack([whole(norm) for norm in norms]))
    for part in parts:
        torch.nn.utils.clip_grads_with_norm_(part, most, norm)
    return float(norm)


def by_shard(parameters: list[torch.nn.Parameter]) -> list[list[torch.nn.Parameter]]:
    """Parameters that are whole in this process, and those of which FSDP keeps a part; only groups that have any."""
    groups = ([p for p in parameters if not is_shard(p)], [p for p in parameters if is_shard(p)])
    return [group for group in groups if group]
