"""Low-rank adapters beside a frozen base, through `peft`."""

from __future__ import annotations

import warnings
from typing import Any

import torch
from torch import nn

from .contract import LoraAdapter
from .errors import RunFailed


def add_adapter(net: Any, options: LoraAdapter, seed: int, revision: str | None = None) -> Any:
    """Freeze a model and put adapters beside the modules that the options name.

    The adapters' weights are in fp32 whatever the base's are. One half of each is drawn from `seed`, the other is 0, so
    that the model starts as its base (Hu et al. 2021).

    Dropout draws a mask for each token as it is read. Sharing, packing and micro-batches, halved ones among them, draw
    others, and tokens that sequences share have one mask: with dropout they change more than the order of sums.

    Parameters
    ----------
    net
        A causal language model of transformers.
    seed
        Draws the initial weights.
    revision
        Commit of the base on the hub, for the adapter's configuration; None where it has none.

    Returns
    -------
    The model wrapped by `peft`.

    Raises
    ------
    RunFailed
        When a target matches no module, or one that can have no adapter.
    """
    from peft import LoraConfig, get_peft_model

    check_targets(net, options["targets"])
    config = LoraConfig(
        r=options["rank"],
        lora_alpha=options["alpha"],  # type: ignore[arg-type]  # a float is taken as well
        lora_dropout=options["dropout"],
        target_modules=list(options["targets"]),
        use_rslora=options["rank_stabilised"],
        use_dora=options["dora"],
        bias="none",
        task_type="CAUSAL_LM",
    )
    torch.manual_seed(seed)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # GPT-2's transposed layers are told so, and handled
            return get_peft_model(net, config, revision=revision)
    except ValueError as error:
        raise RunFailed(f"no adapter can be put there: {str(error).splitlines()[0].rstrip('.')}.") from error


def check_targets(net: nn.Module, targets: list[str]) -> None:
    """Check that every target is the end of a module's name.

    Raises
    ------
    RunFailed
        Naming the target that matches nothing, and what there is.
    """
    names = [name for name, _ in net.named_modules() if name]
    for target in targets:
        if not any(name == target or name.endswith(f".{target}") for name in names):
            raise RunFailed(
                f"the adapter's target {target!r} matches no module of {type(net).__name__}; its linear modules are "
                f"{', '.join(linear_modules(net))}."
            )


def linear_modules(net: nn.Module) -> list[str]:
    """Last parts of the names of all modules that multiply by a matrix, in the order of the model."""
    found = (name for name, module in net.named_modules() if is_linear(module))
    return list(dict.fromkeys(name.rsplit(".", 1)[-1] for name in found))


def is_linear(module: nn.Module) -> bool:
    """Whether a module multiplies by a matrix: `Linear`, quantised or not, or the `Conv1D` of GPT-2."""
    return isinstance(module, nn.Linear) or type(module).__name__ == "Conv1D"
