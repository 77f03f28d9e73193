"""A frozen base that several runs share: each has modules of its own over the same weights."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import nn


class SharedBase:
    """Loads a base once, and gives every run that asks its own modules over it."""

    def __init__(self) -> None:
        self._net: Any = None

    def take(self, load: Callable[[], Any]) -> Any:
        """Modules of the base, whose weights and buffers are the very same ones at every call.

        Parameters
        ----------
        load
            Loads the base, before any adapter; called once.
        """
        if self._net is None:
            self._net = load()
        return copy_over_same_weights(self._net)


def copy_over_same_weights(net: nn.Module) -> Any:
    """A copy of a model's modules and configuration that holds the original's parameters and buffers.

    Adapters, hooks, attention implementation and training mode are then each copy's own. bitsandbytes moves the
    weights of an 8-bit layer into the layer's `state` when it is first used, so that is held in common as well.
    """
    kept: dict[int, Any] = {id(tensor): tensor for tensor in [*net.parameters(), *net.buffers()]}
    for module in net.modules():
        state = getattr(module, "state", None)
        if type(state).__name__ == "MatmulLtState":
            kept[id(state)] = state
    return copy.deepcopy(net, kept)
