"""Parts of models of many architectures: blocks, final norm and head are found, and make up the whole."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from architectures import ARCHITECTURES, make_model
from because_trainer.errors import RunFailed
from because_trainer.head import project_exactly
from because_trainer.loading import device_name, without_dropout
from because_trainer.model import check_parts, take_apart
from torch import nn
from transformers import GPT2Config, OPTConfig

IDS = torch.arange(3, 20)[None]


@pytest.mark.parametrize("name", ARCHITECTURES)
@torch.no_grad()
def test_parts_make_up_the_model(name: str) -> None:
    net = make_model(name)
    model = take_apart(net)
    check_parts(model)
    assert len(model.blocks) == 2
    wanted = net(input_ids=IDS).logits
    assert float(wanted.std()) > 0.05
    torch.testing.assert_close(model.head(model.hidden(IDS)), wanted)


@pytest.mark.parametrize("name", ["Gemma2", "Cohere", "Granite"])
def test_what_stands_after_the_head_has_a_gradient_too(name: str) -> None:
    net = make_model(name)
    model = take_apart(net)
    weights = list(model.blocks[0].parameters())
    ours = torch.autograd.grad(model.head(model.hidden(IDS)).square().sum(), weights)
    theirs = torch.autograd.grad(net(input_ids=IDS).logits.square().sum(), weights)
    for a, b in zip(ours, theirs):
        torch.testing.assert_close(a, b, rtol=1e-3, atol=1e-4)


def test_logits_that_are_changed_in_an_unknown_way_are_refused() -> None:
    net = make_model("Llama")
    head: Any = net.lm_head.forward
    net.lm_head.forward = head
    original = net.forward

    def forward(**inputs: Any) -> Any:
        output = original(**inputs)
        output.logits = output.logits.sin()
        return output

    net.forward = forward
    with pytest.raises(RunFailed, match="LlamaForCausalLM does more than a norm"):
        check_parts(take_apart(net))


def test_a_model_without_a_final_norm_is_refused() -> None:
    net = make_model("Llama")
    net.model.norm = None
    with pytest.raises(RunFailed, match="not built of blocks, a final norm and a head"):
        take_apart(net)


def test_all_dropout_is_switched_off() -> None:
    for config in (GPT2Config(), OPTConfig(layerdrop=0.1)):
        rates = [name for name, value in vars(config).items() if isinstance(value, float) and "drop" in name]
        assert any(getattr(config, name) for name in rates)
        without_dropout(config)
        assert not any(getattr(config, name) for name in rates)


@pytest.mark.parametrize("bias", [False, True])
def test_logits_of_half_precision_are_summed_in_fp32(bias: bool) -> None:
    torch.manual_seed(1)
    layer = nn.Linear(64, 40_000, bias=bias)
    hidden = torch.randn(3, 64)
    half = layer.to(torch.bfloat16)
    logits = project_exactly(hidden.bfloat16(), half.weight, half.bias)
    exact = hidden.bfloat16().double() @ half.weight.double().t() + (half.bias.double() if bias else 0)
    assert logits.dtype == torch.float32
    torch.testing.assert_close(logits.double(), exact, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(
    ("device", "rank", "wanted"), [("cpu", "1", "cpu"), ("cuda", None, "cuda"), ("cuda", "1", "cuda:1")]
)
def test_each_process_has_a_gpu_of_its_own(
    monkeypatch: pytest.MonkeyPatch, device: str, rank: str | None, wanted: str
) -> None:
    monkeypatch.setenv("BECAUSE_DEVICE", device)
    monkeypatch.delenv("LOCAL_RANK", raising=False)
    if rank is not None:
        monkeypatch.setenv("LOCAL_RANK", rank)
    assert device_name() == wanted
