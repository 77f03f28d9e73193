"""What the hooks see is what the model itself reports."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from because_trainer.capture import Capture
from because_trainer.estimators import energy_entropy, softmax_entropy, spectral_entropies
from because_trainer.model import LanguageModel
from conftest import Base
from workshop import CAPTURE

LENGTHS = [17, 9, 13]


@pytest.fixture
def model(base: Base) -> LanguageModel:
    return base.model()


def watched(model: LanguageModel) -> tuple[dict[str, torch.Tensor], list[torch.Tensor]]:
    """Estimates of three padded sequences, and the sequences."""
    generator = torch.Generator().manual_seed(7)
    sequences = [torch.randint(3, 300, (length,), generator=generator) for length in LENGTHS]
    ids = torch.nn.utils.rnn.pad_sequence(sequences, batch_first=True)
    decision = torch.tensor(LENGTHS) - 1
    positions = torch.arange(ids.shape[1])[None]
    capture = Capture(model, CAPTURE)  # type: ignore[arg-type]
    with torch.no_grad(), capture:
        capture.begin(decision, (positions >= 1) & (positions <= decision[:, None]))
        hidden = model.hidden(ids)
        estimates = capture.finish(model.head(hidden[torch.arange(3), decision]))
    return estimates, sequences


def reported(model: LanguageModel, sequence: torch.Tensor) -> Any:
    with torch.no_grad():
        return model.net(input_ids=sequence[None], output_hidden_states=True, output_attentions=True)


def test_units_are_those_before_the_final_norm(model: LanguageModel) -> None:
    estimates, sequences = watched(model)
    for i, sequence in enumerate(sequences):
        output = reported(model, sequence)
        for layer in (0, 1):
            units = output.hidden_states[layer][:, -1]
            assert estimates["softmax"][layer, i].item() == pytest.approx(softmax_entropy(units).item(), abs=1e-5)
            assert estimates["energy"][layer, i].item() == pytest.approx(energy_entropy(units).item(), abs=1e-5)
        after_norm = output.hidden_states[2][:, -1]
        assert abs(estimates["softmax"][2, i].item() - softmax_entropy(after_norm).item()) > 1e-3


def test_logit_lens_of_the_last_layer_is_the_model_itself(model: LanguageModel) -> None:
    estimates, sequences = watched(model)
    assert estimates["logit_lens_kl"][2].tolist() == pytest.approx([0, 0, 0], abs=1e-9)
    for i, sequence in enumerate(sequences):
        p = reported(model, sequence).logits[0, -1].double().softmax(-1)
        assert estimates["logit_lens"][2, i].item() == pytest.approx(-(p * p.log()).sum().item(), abs=1e-5)
    assert (estimates["logit_lens_kl"][:2] > 1e-6).all()


def test_attention_is_the_model_s_own(model: LanguageModel) -> None:
    estimates, sequences = watched(model)
    assert estimates["attention"][0].isnan().all()
    for i, sequence in enumerate(sequences):
        attentions = reported(model, sequence).attentions
        for layer in (1, 2):
            weights = attentions[layer - 1][0, :, -1, 1:].numpy().astype(np.float64)
            weights = weights / weights.sum(-1, keepdims=True)
            expected = float(-(weights * np.log(weights)).sum(-1).mean())
            assert estimates["attention"][layer, i].item() == pytest.approx(expected, abs=1e-5)


def test_padding_does_not_touch_the_token_rows(model: LanguageModel) -> None:
    estimates, sequences = watched(model)
    for i, sequence in enumerate(sequences):
        rows = reported(model, sequence).hidden_states[1]
        counted = torch.arange(len(sequence))[None] >= 1
        first, second = spectral_entropies(rows, counted, von_neumann=True)
        assert estimates["matrix"][1, i].item() == pytest.approx(first.item(), abs=1e-5)
        assert estimates["renyi"][1, i].item() == pytest.approx(second.item(), abs=1e-5)


def test_hooks_are_gone_afterwards(model: LanguageModel) -> None:
    watched(model)
    for module in model.net.modules():
        assert not module._forward_hooks
        assert not module._forward_pre_hooks
