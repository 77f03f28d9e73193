"""AdamW, and a learning rate that rises, then falls along a cosine."""

from __future__ import annotations

import math

import torch

from .contract import Optimisation
from .model import LanguageModel


def make_optimiser(model: LanguageModel, options: Optimisation) -> torch.optim.AdamW:
    """AdamW; norms and biases are not decayed."""
    weights = [p for p in model.net.parameters() if p.requires_grad and p.dim() > 1]
    others = [p for p in model.net.parameters() if p.requires_grad and p.dim() <= 1]
    first, second = options["betas"]
    return torch.optim.AdamW(
        [
            {"params": weights, "weight_decay": options["weight_decay"]},
            {"params": others, "weight_decay": 0.0},
        ],
        lr=options["learning_rate"],
        betas=(first, second),
        fused=True,
    )


def learning_rate(step: int, options: Optimisation) -> float:
    """Learning rate of a step, counted from 0: linear rise over `warmup_fraction` of the steps, then a cosine to 0.

    A pure function of the step, so that no scheduler has a state to save.
    """
    rising = max(1, round(options["warmup_fraction"] * options["steps"]))
    if step < rising:
        return options["learning_rate"] * (step + 1) / rising
    progress = (step - rising) / max(1, options["steps"] - rising)
    return options["learning_rate"] * 0.5 * (1 + math.cos(math.pi * progress))
