"""Which implementation computes a model's attention, and whether the model can read trees at all."""

from __future__ import annotations

import sys
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import torch

from .attention import Kernel, attend_by, hidden, kernel_of
from .contract import Execution
from .errors import RunFailed
from .memory import is_out_of_memory, rest_of_memory
from .model import LanguageModel
from .packing import Pack, pack_trees
from .trees import Branch, Tree, grow_trees

LEAST_FLEX_UNITS = 16
"""Units of a head that FlexAttention's kernels need."""

PROBED_EXAMPLES = 100
PROBED_TREES = 2
PROBED_TOKENS = 1024
"""The self-check reads so many trees of the first examples, none longer than this."""

CLOSE = {torch.float32: 1e-3, torch.bfloat16: 5e-2, torch.float16: 2e-2}
"""Largest error of the self-check, as the norm of the difference over the norm of the hidden states. Another kernel
or another padding rounds differently; a token that sees what it must not changes by far more."""


@dataclass(frozen=True)
class Settled:
    """What was settled for a model.

    Attributes
    ----------
    attention
        The implementation: `eager`, `sdpa` or `flex`; `own` where the architecture knows only its own.
    trees
        Whether the model gives trees and packed rows the hidden states of separate sequences. If not, every sequence
        has a row of its own.
    """

    attention: str
    trees: bool


def settle_attention(
    model: LanguageModel, execution: Execution, sequences: list[list[int]], keys: Sequence[Hashable], pad: int
) -> Settled:
    """Choose the model's attention, set it, and check on a few real sequences that it reads trees right.

    Parameters
    ----------
    sequences, keys
        Token ids of what will be read, and what each is about; some of them are tried.
    pad
        Id of the padding token.

    Raises
    ------
    RunFailed
        When the job names an implementation that the model or the device does not have.
    """
    chosen = _choose(model, execution)
    if chosen is None:
        return Settled("own", trees=False)
    wanted = execution["share_dialogues"] or execution["row_tokens"] is not None
    probe = _probe(sequences, keys) if wanted else []
    trees = wanted and _reads_trees(model, probe, pad)
    if not trees and probe and chosen == "flex" and execution["attention"] == "auto" and attend_by(model, "sdpa"):
        chosen, trees = "sdpa", _reads_trees(model, probe, pad)
    return Settled(chosen, trees)


def _choose(model: LanguageModel, execution: Execution) -> Kernel | None:
    asked = execution["attention"]
    if asked == "auto":
        return next((kernel for kernel in _fastest(model) if attend_by(model, kernel)), None)
    if asked == "flex" and "flex" not in _fastest(model):
        raise RunFailed(
            f"execution.attention is flex, which needs a GPU and heads of {LEAST_FLEX_UNITS} units or more: "
            "set it to auto."
        )
    if not attend_by(model, asked):
        raise RunFailed(
            f"execution.attention is {asked}, which {type(model.decoder).__name__} does not have: set it to auto."
        )
    return asked


def _fastest(model: LanguageModel) -> tuple[Kernel, ...]:
    """Implementations, the fastest first. FlexAttention skips blocks of the mask, but has kernels for GPUs alone."""
    if model.device.type == "cuda" and _head_units(model) >= LEAST_FLEX_UNITS:
        return ("flex", "sdpa", "eager")
    return ("sdpa", "eager")


def _head_units(model: LanguageModel) -> int:
    config = model.decoder.config
    return int(getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads)


def _probe(sequences: list[list[int]], keys: Sequence[Hashable]) -> list[Tree]:
    """The shortest trees that branch, else the shortest there are, of the first examples."""
    examples = set(list(dict.fromkeys(keys))[:PROBED_EXAMPLES])
    among = [i for i, key in enumerate(keys) if key in examples]
    grown = grow_trees([sequences[i] for i in among], [keys[i] for i in among], share=True)
    trees = [tree for tree in grown if tree.tokens <= PROBED_TOKENS]
    trees.sort(key=lambda tree: (len(tree.branches) == 1, tree.tokens))
    return trees[:PROBED_TREES]


def _reads_trees(model: LanguageModel, trees: list[Tree], pad: int) -> bool:
    """Whether hidden states of trees in one row are those of separate sequences; without any trees, so it is said.

    Standard error says why not. What memory does not hold tells nothing of the attention: one tree is tried then.
    """
    if not trees:
        return True
    kernel, worst = kernel_of(model), CLOSE.get(next(model.blocks[0].parameters()).dtype, CLOSE[torch.bfloat16])
    try:
        error = _error(model, trees, pad)
    except (TypeError, ValueError, ImportError, RuntimeError, MemoryError) as problem:
        # no positions, no such mask, no compiler, no kernel
        if not is_out_of_memory(problem):
            said = str(problem).strip().partition("\n")[0]
            _say(f"the check of {kernel} attention on trees failed ({type(problem).__name__}: {said})")
            return False
        reason = str(problem).strip().partition("\n")[0]
    else:
        if error <= worst:
            return True
        _say(f"{kernel} attention gives trees other hidden states than separate sequences (off by {error:.1e})")
        return False
    rest_of_memory(model.device)
    if len(trees) > 1:
        return _reads_trees(model, trees[:1], pad)
    raise RunFailed(
        f"memory does not suffice to read an example of {trees[0].tokens} tokens once with {kernel} attention "
        f"({reason}): set a base of fewer adapter.bits, or take a device with more memory.",
        "out-of-memory",
    )


def _say(reason: str) -> None:
    print(f"{reason}: trees are not read by it.", file=sys.stderr)


def _error(model: LanguageModel, trees: list[Tree], pad: int) -> float:
    """Norm of what trees in one row change in the hidden states, over the norm of those."""
    training = model.net.training
    model.net.eval()
    compiled = kernel_of(model) == "flex"
    try:
        with torch.set_grad_enabled(compiled):
            together, alone = (_states(model, pack) for pack in _laid_out_both_ways(trees, pad))
            error = sum((together[i] - alone[i]).square().sum() for i in alone)
            if compiled:  # its backward pass is a kernel of its own, which may not fit the device
                torch.as_tensor(error).backward()  # type: ignore[no-untyped-call]
    finally:
        model.net.zero_grad(set_to_none=True)
        model.net.train(training)
    scale = sum(float(alone[i].square().sum()) for i in alone)
    return float((float(error) / max(scale, 1e-30)) ** 0.5)


def _laid_out_both_ways(trees: list[Tree], pad: int) -> tuple[Pack, Pack]:
    """All trees in one row, and every sequence in a row of its own."""
    [together] = pack_trees(trees, sum(tree.tokens for tree in trees), pad)
    separate = [Tree([], [Branch([*tree.trunk, *b.ids], b.index)]) for tree in trees for b in tree.branches]
    [alone] = pack_trees(separate, None, pad)
    return together, alone


def _states(model: LanguageModel, pack: Pack) -> dict[int, torch.Tensor]:
    states = hidden(model, pack).float()
    found = {}
    for index in pack.indices:
        row, columns = pack.place(index)
        found[index] = states[row, torch.from_numpy(columns).to(states.device)]
    return found
