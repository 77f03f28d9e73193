"""Attention under a block mask: branches of one dialogue and dialogues of one row never see each other.

Implementations are registered with transformers under names of ours, so that every architecture that asks its
`AttentionInterface` gets our mask, whichever kernel computes it; a mask's pattern (causal, sliding, chunked; one for
each of the model's layer types) is that of the model, taken at the tokens' positions in their own sequences.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import torch
from torch import Tensor, nn
from transformers import AttentionInterface, AttentionMaskInterface
from transformers.masking_utils import causal_mask_function, eager_mask, sdpa_mask
from transformers.modeling_utils import ALL_ATTENTION_FUNCTIONS
from transformers.models.llama import modeling_llama

from .model import LanguageModel
from .packing import Pack

COMPILATIONS = 64
"""Most compilations of FlexAttention: for one row or several, one block of keys or several, with a gradient or without,
under autocast or not. After torch's own 8 it would be computed without a kernel, in the full square."""

Kernel: TypeAlias = Literal["eager", "sdpa", "flex"]
KERNELS: tuple[Kernel, ...] = ("eager", "sdpa", "flex")


@dataclass(frozen=True)
class Attended:
    """What one attention module is about to compute; queries and keys after rotary embedding.

    Attributes
    ----------
    module
        The attention module, a child of its block.
    query
        (rows, heads, tokens, units of a head).
    key
        (rows, key heads, tokens, units of a head); heads may be a multiple of key heads.
    scaling
        Factor on the dot products.
    mask
        What stands in the way: None for causal attention alone, boolean (True: seen) or additive (rows, 1, queries,
        keys), or a `BlockMask` of FlexAttention.
    softcap
        c of scores c·tanh(s/c); None for none.
    sinks
        One logit a head that takes part in the softmax without a key; None for none.
    """

    module: nn.Module
    query: Tensor
    key: Tensor
    scaling: float
    mask: Any
    softcap: float | None
    sinks: Tensor | None

    def weights(self, rows: Tensor, columns: Tensor) -> Tensor:
        """Attention weights of chosen queries in fp32, (queries, heads, tokens); each sums to 1 (less with sinks).

        Parameters
        ----------
        rows, columns
            Where the queries stand, (queries,) each.
        """
        query = self.query[rows, :, columns].float()
        key = self.key[rows].float()
        groups = query.shape[1] // key.shape[1]
        query = query.view(len(query), -1, groups, query.shape[-1])
        scores = torch.einsum("nhgd,nhtd->nhgt", query, key).flatten(1, 2) * self.scaling
        if self.softcap is not None:
            scores = self.softcap * torch.tanh(scores / self.softcap)
        scores = scores.masked_fill(~self.seen(rows, columns)[:, None], -torch.inf)
        if self.sinks is None:
            return scores.softmax(-1)
        sinks = self.sinks.float().reshape(1, -1, 1).expand(len(scores), -1, 1)
        return torch.cat((scores, sinks), -1).softmax(-1)[..., :-1]

    def seen(self, rows: Tensor, columns: Tensor) -> Tensor:
        """Which keys chosen queries see, boolean (queries, tokens)."""
        keys = torch.arange(self.key.shape[2], device=rows.device)
        if self.mask is None:
            return keys <= columns[:, None]
        if not isinstance(self.mask, Tensor):
            zero = torch.zeros_like(rows[:, None])
            return torch.as_tensor(self.mask.mask_mod(rows[:, None], zero, columns[:, None], keys[None]))
        mask = self.mask.expand(len(self.query), *self.mask.shape[1:])[rows, 0, columns]
        return mask if mask.dtype == torch.bool else mask > torch.finfo(mask.dtype).min


Watch: TypeAlias = Callable[[Attended], None]


@dataclass
class _Now:
    """What the forward pass in hand is of."""

    pack: Pack | None = None
    watch: Watch | None = None


_now = _Now()


def hidden(model: LanguageModel, pack: Pack, watch: Watch | None = None) -> Tensor:
    """Hidden states after the final norm, (rows, tokens, units), under the pack's block mask.

    Where every row is one sequence, attention is causal and nothing else, and no mask is built.

    Parameters
    ----------
    pack
        What is read; it is moved to the model's device.
    watch
        Called by every attention module with what it is about to compute, in the order of the layers. Only models
        whose attention is registered (`attend_by`) call it.
    """
    pack = pack.to(model.decoder.get_input_embeddings().weight.device)
    inputs: dict[str, Any] = {"input_ids": pack.ids, "use_cache": False}
    if not pack.plain:
        if kernel_of(model) is None:
            raise ValueError("a pack of trees needs an attention that knows the block mask")
        # A mask of ones keeps transformers from taking restarted positions for the beginnings of other sequences.
        inputs["attention_mask"] = torch.ones_like(pack.ids, dtype=torch.bool)
        inputs["position_ids"] = pack.positions
    with _during(pack, watch):
        return torch.as_tensor(model.decoder(**inputs).last_hidden_state)


def attend_by(model: LanguageModel, kernel: Kernel) -> bool:
    """Let the model's attention be computed by one of our implementations; whether its architecture allows that."""
    net = model.net.get_base_model() if hasattr(model.net, "get_base_model") else model.net
    if not net._can_set_attn_implementation():
        return False
    try:
        net.set_attn_implementation(_name(kernel))
    except (ValueError, ImportError):  # transformers knows that the architecture, or the machine, cannot
        return False
    return kernel_of(model) == kernel


def kernel_of(model: LanguageModel) -> Kernel | None:
    """Which of our implementations computes the model's attention; None for none of them."""
    name = model.decoder.config._attn_implementation
    return next((kernel for kernel in KERNELS if name == _name(kernel)), None)


def _name(kernel: Kernel) -> str:
    """Our name of an implementation; it holds transformers' own, by which that checks what an architecture supports."""
    return "because_flex_attention" if kernel == "flex" else f"because_{kernel}"


@contextmanager
def _during(pack: Pack, watch: Watch | None) -> Iterator[None]:
    before = (_now.pack, _now.watch)
    _now.pack, _now.watch = pack, watch
    try:
        yield
    finally:
        _now.pack, _now.watch = before


def _mask_for(kernel: Kernel) -> Callable[..., Any]:
    """What transformers calls for the mask of one layer type."""

    @torch.compiler.disable  # type: ignore[untyped-decorator]  # the pack is no input of the compiled model
    def make(*, mask_function: Any = causal_mask_function, **given: Any) -> Any:
        pack = _now.pack
        if pack is None or pack.plain:
            return (eager_mask if kernel == "eager" else sdpa_mask)(mask_function=mask_function, **given)
        if kernel == "flex":
            return _flex_mask(pack, mask_function)
        visible = pack.visible[:, None]
        if mask_function is not causal_mask_function:
            visible = visible & _pattern(pack, mask_function)
        dtype = given["dtype"]
        return torch.zeros(visible.shape, dtype=dtype, device=visible.device).masked_fill_(
            ~visible, torch.finfo(dtype).min
        )

    return make  # type: ignore[no-any-return]


def _pattern(pack: Pack, mask_function: Any) -> Tensor:
    """The model's own pattern, at the tokens' positions, boolean (rows, 1, queries, keys)."""
    rows = torch.arange(len(pack.ids), device=pack.ids.device)[:, None, None, None]
    queries, keys = pack.positions[:, None, :, None], pack.positions[:, None, None, :]
    return torch.as_tensor(mask_function(rows, torch.zeros_like(rows), queries, keys))


def _flex_mask(pack: Pack, mask_function: Any) -> Any:
    """A `BlockMask` of FlexAttention: blocks of which no query sees a key are skipped."""
    from torch._dynamo import config
    from torch.nn.attention.flex_attention import create_block_mask

    if config.recompile_limit < COMPILATIONS:  # every thread has a limit of its own
        config.recompile_limit = COMPILATIONS
    positions, trees, branches = pack.positions, pack.trees, pack.branches

    def sees(row: Tensor, head: Tensor, query: Tensor, key: Tensor) -> Tensor:
        same_tree = trees[row, query] == trees[row, key]
        same_branch = (branches[row, key] == 0) | (branches[row, query] == branches[row, key])
        pattern = mask_function(row, head, positions[row, query], positions[row, key])
        return (key <= query) & same_tree & same_branch & pattern  # type: ignore[no-any-return]

    rows, tokens = pack.ids.shape
    on_gpu = pack.ids.device.type == "cuda"
    return create_block_mask(sees, rows, None, tokens, tokens, device=pack.ids.device, _compile=on_gpu)


def _attention_by(kernel: Kernel) -> Callable[..., Any]:
    """What transformers calls for the attention of one layer."""

    def attend(module: nn.Module, query: Tensor, key: Tensor, value: Tensor, attention_mask: Any, **given: Any) -> Any:
        if _now.watch is not None:
            scaling = given.get("scaling")
            _now.watch(
                Attended(
                    module=module,
                    query=query,
                    key=key,
                    scaling=query.shape[-1] ** -0.5 if scaling is None else scaling,
                    mask=attention_mask,
                    softcap=given.get("softcap"),
                    sinks=given.get("s_aux"),
                )
            )
        return _delegate(kernel, module, attention_mask)(module, query, key, value, attention_mask, **given)

    return attend


def _delegate(kernel: Kernel, module: nn.Module, mask: Any) -> Callable[..., Any]:
    """The function of transformers that computes it; FlexAttention only where there are blocks to skip."""
    flexible = mask is not None and not isinstance(mask, Tensor)
    chosen: Callable[..., Any]
    if kernel == "eager":
        own = sys.modules[type(module).__module__]
        chosen = getattr(own, "eager_attention_forward", modeling_llama.eager_attention_forward)
    else:
        chosen = ALL_ATTENTION_FUNCTIONS["flex_attention" if kernel == "flex" and flexible else "sdpa"]
    return chosen


for _kernel in KERNELS:
    AttentionInterface.register(_name(_kernel), _attention_by(_kernel))
    AttentionMaskInterface.register(_name(_kernel), _mask_for(_kernel))
