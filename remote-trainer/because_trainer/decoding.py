"""Greedy decoding of explanations with a key–value cache, for arms that explain before they judge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from .batches import batches_by_length, pad_right
from .interruption import Interruption
from .model import LanguageModel


@dataclass(frozen=True)
class Ending:
    """What ends an explanation.

    Attributes
    ----------
    eos
        The end-of-sequence token, not kept.
    therefore
        Tokens between explanation and label. They end it when a label follows, and are not kept; an explanation may
        hold them otherwise.
    first_labels
        For each row, the tokens that its labels can begin with.
    most
        Longest explanation in tokens.
    """

    eos: int
    therefore: tuple[int, ...]
    first_labels: list[frozenset[int]]
    most: int


@torch.no_grad()
def decode_explanations(
    model: LanguageModel, contexts: list[list[int]], ending: Ending, pad: int, interruption: Interruption
) -> list[list[int]]:
    """Greedily decode what follows each context, up to its ending.

    Parameters
    ----------
    contexts
        Token ids up to and with the word *because*.

    Returns
    -------
    Token ids of each explanation, in the order of the contexts.
    """
    model.net.eval()
    explanations: dict[int, list[int]] = {}
    for chosen in batches_by_length(list(map(len, contexts))):
        interruption.check()
        rows = _decode_batch(
            model, [contexts[i] for i in chosen], ending, [ending.first_labels[i] for i in chosen], pad
        )
        explanations.update(zip(chosen, rows))
    return [explanations[i] for i in range(len(contexts))]


def _decode_batch(
    model: LanguageModel,
    contexts: list[list[int]],
    ending: Ending,
    first_labels: list[frozenset[int]],
    pad: int,
) -> list[list[int]]:
    """Contexts are padded at the right; the mask hides the gap, and positions go on from each context's own end."""
    from transformers import DynamicCache

    ids = pad_right(contexts, pad).to(model.device)
    lengths = torch.tensor(list(map(len, contexts)), device=ids.device)
    mask = (torch.arange(ids.shape[1], device=ids.device)[None] < lengths[:, None]).long()
    cache = DynamicCache(config=model.net.config)
    output = model.decoder(input_ids=ids, attention_mask=mask, past_key_values=cache, use_cache=True)
    last = output.last_hidden_state[torch.arange(len(ids), device=ids.device), lengths - 1]
    written: list[list[int]] = [[] for _ in contexts]
    done: list[list[int] | None] = [None] * len(contexts)
    for position in range(ending.most + len(ending.therefore) + 1):
        tokens = model.head(last).argmax(-1)
        for row, token in enumerate(tokens.tolist()):
            if done[row] is None:
                written[row].append(token)
                done[row] = ended(written[row], ending, first_labels[row])
        if all(row is not None for row in done):
            break
        mask = torch.cat([mask, torch.ones_like(mask[:, :1])], 1)
        last = _next_hidden(model, tokens, mask, lengths + position, cache)
    return [row if row is not None else words[: ending.most] for row, words in zip(done, written)]


def ended(written: list[int], ending: Ending, first_labels: frozenset[int]) -> list[int] | None:
    """The explanation, when what is written has come to its end; else None."""
    if written[-1] == ending.eos:
        return written[:-1][: ending.most]
    mark = len(ending.therefore)
    if written[-1] in first_labels and tuple(written[-1 - mark : -1]) == ending.therefore:
        return written[: -1 - mark]
    return None


def _next_hidden(model: LanguageModel, tokens: Tensor, mask: Tensor, positions: Tensor, cache: Any) -> Tensor:
    output = model.decoder(
        input_ids=tokens[:, None],
        attention_mask=mask,
        position_ids=positions[:, None],
        past_key_values=cache,
        use_cache=True,
    )
    return torch.as_tensor(output.last_hidden_state[:, 0])
