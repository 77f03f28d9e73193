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
from .memory import in_parts
from .model import LanguageModel
from .parallel import Processes

TOKENS_ON_GPU = 2**15
"""Padded tokens of one batch that is decoded on a GPU.

There a step of decoding takes as long as its kernels take to launch and the weights to be read, for many rows as for
few; on the processor every row costs, and batches are those of scoring.
"""


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
        For each row, its longest explanation in tokens.
    """

    eos: int
    therefore: tuple[int, ...]
    first_labels: list[frozenset[int]]
    most: list[int]

    def steps(self, row: int) -> int:
        """Tokens after which a row's explanation has ended."""
        return self.most[row] + len(self.therefore) + 1


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
    lengths = [copies * (len(context) + most) for context, most in zip(contexts, ending.most)]
    most = TOKENS_ON_GPU if model.device.type == "cuda" else None

    def decode(part: list[int]) -> list[list[list[int]]]:
        return _decode_batch(model, contexts, part, ending, pad, draws)

    for chosen in processes.share_of(batches_by_length(lengths, most)):
        interruption.check()
        explanations += zip(chosen, in_parts(decode, chosen, model.device))
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
    steps = [ending.steps(i) for i in chosen]
    ends = lengths + torch.tensor(steps, device=ids.device).repeat_interleave(copies, 0)
    choose = _Chooser(chosen, steps, draws)
    written: list[list[int]] = [[] for _ in range(len(last))]
    done: list[list[int] | None] = [None] * len(last)
    for step in range(max(steps)):
        tokens = choose(model.head(last), step)
        for row, token in enumerate(tokens.tolist()):
            if done[row] is None:
                written[row].append(token)
                done[row] = ended(written[row], ending, chosen[row // copies])
        if all(row is not None for row in done):
            break
        mask = torch.cat([mask, torch.ones_like(mask[:, :1])], 1)
        # What has ended is read on beside the others, but not past the positions that the model knows.
        last = _read(model, tokens[:, None], mask, torch.minimum(lengths + step, ends - 1)[:, None], cache)
    rows = [row or [] for row in done]
    return [rows[start : start + copies] for start in range(0, len(rows), copies)]


class _Chooser:
    """Chooses each row's next token: the likeliest, or one by inverting the distribution function."""

    def __init__(self, chosen: list[int], steps: list[int], draws: Draws | None) -> None:
        self._draws = draws
        if draws:
            drawn = [draws.uniform(row, count) for row, count in zip(chosen, steps)]
            even = [np.pad(numbers, ((0, 0), (0, max(steps) - numbers.shape[1]))) for numbers in drawn]
            self._uniform = torch.from_numpy(np.concatenate(even))

    def __call__(self, logits: Tensor, step: int) -> Tensor:
        if not self._draws:
            return logits.argmax(-1)
        p = (logits.double() / self._draws.temperature).softmax(-1)
        below = p.cpu().cumsum(-1)  # on a GPU, sums along a row are not reproducible
        reached = below <= self._uniform[:, step, None] * below[:, -1:]
        return reached.sum(-1).clamp_max_(logits.shape[-1] - 1).to(logits.device)


def ended(written: list[int], ending: Ending, row: int) -> list[int] | None:
    """A row's explanation, when what is written has come to its end; else None."""
    if written[-1] == ending.eos:
        return written[:-1][: ending.most[row]]
    mark = len(ending.therefore)
    if written[-1] in ending.first_labels[row] and tuple(written[-1 - mark : -1]) == ending.therefore:
        return written[: -1 - mark]
    return written[: ending.most[row]] if len(written) >= ending.steps(row) else None


def _read(model: LanguageModel, ids: Tensor, mask: Tensor, positions: Tensor, cache: Any) -> Tensor:
    """Read tokens on top of the cache; returns the hidden states of the last, (rows, units)."""
    output = model.decoder(
        input_ids=ids, attention_mask=mask, position_ids=positions, past_key_values=cache, use_cache=True
    )
    return torch.as_tensor(output.last_hidden_state[:, -1])
