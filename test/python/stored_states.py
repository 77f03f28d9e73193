"""One pass whose hidden states are stored beside what is captured in it, so that the two can be compared."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from because_trainer.attention import hidden
from because_trainer.capture import Capture
from because_trainer.contract import CaptureOptions
from because_trainer.decisions import Decisions
from because_trainer.estimators import Softmax
from because_trainer.model import LanguageModel
from because_trainer.packing import Pack
from naive_estimators import Matrix, Stored, naive_estimates


class StoredPass:
    """A pass over a pack of sequences that begin with BOS.

    Parameters
    ----------
    model
        A model whose attention is registered.
    pack
        What is read.
    sequences
        Token ids up to and with the decision position; the i-th is the beginning of the pack's sequence i.
    options
        What is captured.

    Attributes
    ----------
    estimates
        Estimator → (layers, sequences).
    states
        Hidden states of each layer, before the final norm.
    """

    def __init__(self, model: LanguageModel, pack: Pack, sequences: list[list[int]], options: CaptureOptions) -> None:
        self._model, self._pack, self._sequences, self._options = model, pack, sequences, options
        self.states: list[torch.Tensor] = []
        handles = [model.blocks[0].register_forward_pre_hook(self._entering, with_kwargs=True)]
        handles += [block.register_forward_hook(self._leaving) for block in model.blocks]
        self.estimates, self.final = captured(model, pack, sequences, options)
        for handle in handles:
            handle.remove()

    def _entering(self, _block: Any, inputs: Any, named: Any) -> None:
        self.states.append(inputs[0] if inputs else named["hidden_states"])

    def _leaving(self, _block: Any, _inputs: Any, output: Any) -> None:
        self.states.append(output[0] if isinstance(output, tuple) else output)

    def rows(self, layer: int, index: int) -> torch.Tensor:
        """Hidden states of a sequence up to its decision position, BOS left out."""
        row, columns = self._pack.place(index)
        return self.states[layer][row, columns[1 : len(self._sequences[index])]]

    @torch.no_grad()
    def stored(self, layer: int, index: int, attentions: list[Matrix]) -> Stored:
        """What a naive recomputation needs of a sequence at a layer."""
        rows = self.rows(layer, index)
        lens = self._model.head(self._model.norm(rows[-1:]))[0]
        return Stored(
            rows.double().numpy(),
            lens.double().numpy(),
            self.final[index].double().numpy(),
            attentions[layer - 1] if layer else None,
        )

    def compared(self, index: int) -> list[tuple[dict[str, float], dict[str, float]]]:
        """What was captured of a sequence, and what is recomputed naively, layer by layer."""
        attentions = last_attentions(self._model, self._sequences[index])
        top, bins = self._options["top_units"], self._options["bins"]
        return [
            (
                {name: values[layer, index].item() for name, values in self.estimates.items()},
                naive_estimates(self.stored(layer, index, attentions), top, bins),
            )
            for layer in range(len(self.states))
        ]


def captured(
    model: LanguageModel, pack: Pack, sequences: list[list[int]], options: CaptureOptions
) -> tuple[dict[str, torch.Tensor], torch.Tensor]:
    """Estimates of one pass, and the logits at its decision positions."""
    capture = Capture(model, options)
    decisions = Decisions.of(pack, [(i, len(sequence)) for i, sequence in enumerate(sequences)], bos=1)
    with torch.no_grad(), capture:
        capture.begin(decisions)
        states = hidden(model, pack, capture.watch)
        final = model.head(states[decisions.rows, decisions.columns])
        return capture.finish(Softmax.of(final)), final


def last_attentions(model: LanguageModel, sequence: list[int]) -> list[Matrix]:
    """Weights of the last query, layer by layer, from a plain pass of transformers' own eager attention."""
    chosen = model.net.config._attn_implementation
    model.net.set_attn_implementation("eager")
    with torch.no_grad():
        output = model.net(input_ids=torch.tensor([sequence]), output_attentions=True)
    model.net.set_attn_implementation(chosen)
    return [np.asarray(weights[0, :, -1, 1:].double().numpy()) for weights in output.attentions]
