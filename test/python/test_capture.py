"""What is measured within the pass is what a naive recomputation from stored states finds, in float64."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from because_trainer.attention import Kernel, attend_by
from because_trainer.contract import contract
from because_trainer.errors import RunFailed
from because_trainer.model import LanguageModel, take_apart
from because_trainer.packing import Pack, pack_trees
from because_trainer.trees import grow_trees
from conftest import Base
from stored_states import StoredPass, captured
from transformers import MistralConfig, MistralForCausalLM
from workshop import CAPTURE

PROMPTS = [17, 9, 40]
"""Lengths of what the axes of three examples share; models have 16 units, so that both Gram matrices are had."""

LAYOUTS = {"separate": (False, None), "shared": (True, None), "packed": (False, 96), "shared and packed": (True, 128)}


def sequences_of() -> tuple[list[list[int]], list[int]]:
    """Contexts of three examples on three axes, and which example each is of."""
    draw = np.random.default_rng(7)
    sequences, examples = [], []
    for example, length in enumerate(PROMPTS):
        prompt = draw.integers(3, 300, length).tolist()
        for axis in range(3):
            sequences.append([1, *prompt, 5 + axis, *draw.integers(3, 300, axis + 1).tolist()])
            examples.append(example)
    return sequences, examples


def packed(layout: str) -> Pack:
    share, row_tokens = LAYOUTS[layout]
    sequences, examples = sequences_of()
    [pack] = pack_trees(grow_trees(sequences, list(examples), share), row_tokens, pad=0)
    return pack


def watched(model: LanguageModel, layout: str, cut: int = 0, **options: Any) -> StoredPass:
    """A pass whose decision positions are so many tokens before the ends of the sequences."""
    sequences = [sequence[: len(sequence) - cut] for sequence in sequences_of()[0]]
    return StoredPass(model, packed(layout), sequences, {**CAPTURE, **options})  # type: ignore[typeddict-item]


def check(stored: StoredPass) -> None:
    """Every estimator at every layer, to 1e-4."""
    for index in range(len(sequences_of()[0])):
        for found, expected in stored.compared(index):
            assert found == pytest.approx(expected, abs=1e-4, nan_ok=True)


@pytest.fixture(params=[0.0, 1e3, 1e4])
def model(base: Base, request: pytest.FixtureRequest) -> LanguageModel:
    """A model whose residual stream has one massive unit."""
    model = base.model()
    model.net.get_input_embeddings().weight.data[:, 3] += request.param
    assert attend_by(model, "sdpa")
    return model


@pytest.fixture
def plain(base: Base) -> LanguageModel:
    """A model without massive units."""
    model = base.model()
    assert attend_by(model, "sdpa")
    return model


@pytest.mark.parametrize("layout", LAYOUTS)
def test_naive_recomputation(model: LanguageModel, layout: str) -> None:
    stored = watched(model, layout)
    assert list(stored.estimates) == contract()["estimators"]
    assert all(values.shape == (3, 9) for values in stored.estimates.values())
    check(stored)


def test_what_follows_the_decision_does_not_count(plain: LanguageModel) -> None:
    """Labels of several tokens stand after the decision, in its sequence."""
    check(watched(plain, "shared", cut=1))


@pytest.mark.parametrize("layout", ["separate", "shared and packed"])
@pytest.mark.parametrize("kernel", ["eager", "sdpa"])
def test_grouped_heads_and_a_sliding_window(kernel: Kernel, layout: str) -> None:
    """The decision position sees less than what counts."""
    torch.manual_seed(1)
    config = MistralConfig(
        vocab_size=300,
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        sliding_window=11,
    )
    net: Any = MistralForCausalLM(config)
    net.eval()
    for parameter in net.parameters():
        if parameter.dim() > 1:
            parameter.data.mul_(8)
    model = take_apart(net)
    assert attend_by(model, kernel)
    check(watched(model, layout))


def test_layers_are_before_the_final_norm(plain: LanguageModel) -> None:
    stored = watched(plain, "separate")
    for index, sequence in enumerate(sequences_of()[0]):
        with torch.no_grad():
            reported = plain.net(input_ids=torch.tensor([sequence]), output_hidden_states=True).hidden_states
        for layer in range(2):
            assert torch.allclose(stored.rows(layer, index), reported[layer][0, 1:], atol=1e-5)
        assert not torch.allclose(stored.rows(2, index), reported[2][0, 1:], atol=1e-2)
        with torch.no_grad():
            assert torch.allclose(plain.norm(stored.rows(2, index)), reported[2][0, 1:], atol=1e-5)


def test_logit_lens_of_the_last_layer_is_the_model_itself(model: LanguageModel) -> None:
    stored = watched(model, "shared")
    assert stored.estimates["logit_lens_kl"][2].tolist() == [0.0] * 9
    p = stored.final.double().softmax(-1)
    expected = -torch.special.xlogy(p, p).sum(-1)
    assert stored.estimates["logit_lens"][2].tolist() == pytest.approx(expected.tolist(), abs=1e-5)


def test_attention_that_cannot_be_watched_is_said_before_training(base: Base) -> None:
    model = base.model()
    model.net.set_attn_implementation("eager")
    with pytest.raises(RunFailed, match="leave attention out"):
        watched(model, "separate")
    rest = [name for name in contract()["estimators"] if name != "attention"]
    assert list(watched(model, "separate", estimators=rest).estimates) == rest


def test_hooks_are_gone_afterwards(plain: LanguageModel) -> None:
    watched(plain, "shared")
    for module in plain.net.modules():
        assert not module._forward_hooks
        assert not module._forward_pre_hooks


@pytest.mark.parametrize("names", [["softmax"], ["renyi"], ["attention", "logit_lens_kl"], ["matrix", "histogram"]])
def test_each_estimator_alone_is_what_it_is_among_all(plain: LanguageModel, names: list[str]) -> None:
    among_all = watched(plain, "shared").estimates
    options = {**CAPTURE, "estimators": names}
    alone, _ = captured(plain, packed("shared"), sequences_of()[0], options)  # type: ignore[arg-type]
    assert list(alone) == names
    for name in names:
        assert torch.equal(alone[name].nan_to_num(-1), among_all[name].nan_to_num(-1))
