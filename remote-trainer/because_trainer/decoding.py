"""Explanations written by the model before its label: decoded greedily or drawn, with a key–value cache."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from .batches import batches_by_length
from .interruption import Interruption
from .model import LanguageModel
from .parallel import Processes


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

    @property
    def steps(self) -> int:
        """Tokens after which every explanation has ended."""
        return self.most + len(self.therefore) + 1


@dataclass(frozen=True)
class Draws:
    """Explanations drawn at random, several a row, each a pure function of seed and row.

    Attributes
    ----------
    number
        Explanations a row.
    temperature
        What logits are divided by.
    keys
        For each row, what its random numbers depend on: the job's seed, example and axis.
    """

    number: int
    temperature: float
    keys: list[tuple[int | str, ...]]

    def uniform(self, row: int, steps: int) -> np.typing.NDArray[np.float64]:
        """Numbers in [0, 1) that decide the row's tokens, (number, steps), whatever is decoded beside it."""
        digest = hashlib.sha256(repr(self.keys[row]).encode()).digest()
        random = np.random.Generator(np.random.Philox(np.random.SeedSequence(list(digest))))
        return random.random((self.number, steps))


@torch.no_grad()
def decode_explanations(
    model: LanguageModel,
    contexts: list[list[int]],
    ending: Ending,
    pad: int,
    interruption: Interruption,
    draws: Draws | None = None,
    processes: Processes | None = None,
) -> list[list[list[int]]]:
    """Decode what follows each context, up to its ending.

    Parameters
    ----------
    contexts
        Token ids up to and with the word *because*.
    draws
        How explanations are drawn; None: one a row, decoded greedily.
    processes
        Those that deal the batches among themselves; all have the result.

    Returns
    -------
    For each context, token ids of its explanations.
    """
    processes = processes or Processes()
    model.net.eval()
    copies = draws.number if draws else 1
    explanations: list[tuple[int, list[list[int]]]] = []
    lengths = [copies * (len(context) + ending.most) for context in contexts]
    for chosen in processes.share_of(batches_by_length(lengths)):
        interruption.check()
        explanations += zip(chosen, _decode_batch(model, contexts, chosen, ending, pad, draws))
    found = dict(processes.gather(explanations))
    return [found[i] for i in range(len(contexts))]


def _decode_batch(
    model: LanguageModel, contexts: list[list[int]], chosen: list[int], ending: Ending, pad: int, draws: Draws | None
) -> list[list[list[int]]]:
    """Contexts are padded at the left, so that all go on at the same place; each is read once, however many follow."""
    from transformers import DynamicCache

    copies = draws.number if draws else 1
    longest = max(len(contexts[i]) for i in chosen)
    ids = torch.tensor([[pad] * (longest - len(contexts[i])) + contexts[i] for i in chosen], device=model.device)
    lengths = torch.tensor([len(contexts[i]) for i in chosen], device=ids.device)
    mask = (torch.arange(longest, device=ids.device) >= longest - lengths[:, None]).long()
    cache = DynamicCache(config=model.net.config)
    last = _read(model, ids, mask, (mask.cumsum(1) - 1).clamp_min(0), cache)
    if copies > 1:
        cache.batch_repeat_interleave(copies)
    last, mask, lengths = (given.repeat_interleave(copies, 0) for given in (last, mask, lengths))
    choose = _Chooser(chosen, ending.steps, draws)
    written: list[list[int]] = [[] for _ in range(len(last))]
    done: list[list[int] | None] = [None] * len(last)
    for step in range(ending.steps):
        tokens = choose(model.head(last), step)
        for row, token in enumerate(tokens.tolist()):
            if done[row] is None:
                written[row].append(token)
                done[row] = ended(written[row], ending, ending.first_labels[chosen[row // copies]])
        if all(row is not None for row in done):
            break
        mask = torch.cat([mask, torch.ones_like(mask[:, :1])], 1)
        last = _read(model, tokens[:, None], mask, (lengths + step)[:, None], cache)
    rows = [row if row is not None else words[: ending.most] for row, words in zip(done, written)]
    return [rows[start : start + copies] for start in range(0, len(rows), copies)]


class _Chooser:
    """Chooses each row's next token: the likeliest, or one by inverting the distribution function."""

    def __init__(self, chosen: list[int], steps: int, draws: Draws | None) -> None:
        self._draws = draws
        if draws:
            self._uniform = torch.from_numpy(np.concatenate([draws.uniform(row, steps) for row in chosen]))

    def __call__(self, logits: Tensor, step: int) -> Tensor:
        if not self._draws:
            return logits.argmax(-1)
        p = (logits.double() / self._draws.temperature).softmax(-1)
        below = p.cpu().cumsum(-1)  # on a GPU, sums along a row are not reproducible
        reached = below <= self._uniform[:, step, None] * below[:, -1:]
        return reached.sum(-1).clamp_max_(logits.shape[-1] - 1).to(logits.device)


def ended(written: list[int], ending: Ending, first_labels: frozenset[int]) -> list[int] | None:
    """The explanation, when what is written has come to its end; else None."""
    if written[-1] == ending.eos:
        return written[:-1][: ending.most]
    mark = len(ending.therefore)
    if written[-1] in first_labels and tuple(written[-1 - mark : -1]) == ending.therefore:
        return written[: -1 - mark]
    return None


def _read(model: LanguageModel, ids: Tensor, mask: Tensor, positions: Tensor, cache: Any) -> Tensor:
    """Read tokens on top of the cache; returns the hidden states of the last, (rows, units)."""
    output = model.decoder(
        input_ids=ids, attention_mask=mask, position_ids=positions, past_key_values=cache, use_cache=True
    )
    return torch.as_tensor(output.last_hidden_state[:, -1])
