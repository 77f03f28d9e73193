"""Adapters beside frozen bases: what is trained, from which start, and what is refused."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any, cast

import pytest
import torch
from architectures import make_model
from because_trainer.adapters import add_adapter
from because_trainer.contract import LoraAdapter
from because_trainer.errors import RunFailed
from because_trainer.loading import Start, build_model
from because_trainer.model import LanguageModel, check_parts, take_apart
from because_trainer.quantised import quantisation
from because_trainer.tokenizer import Tokenizer
from conftest import Base
from test_folder_model import save_tokenizer
from workshop import manifest_of

LORA: LoraAdapter = {
    "kind": "lora",
    "bits": 16,
    "rank": 4,
    "alpha": 8.0,
    "dropout": 0.0,
    "targets": ["q_proj", "v_proj", "down_proj"],
    "rank_stabilised": False,
    "dora": False,
}
IDS = torch.arange(3, 20)[None]
BITSANDBYTES = importlib.util.find_spec("bitsandbytes") is not None


def lora(**changes: Any) -> LoraAdapter:
    return cast("LoraAdapter", {**LORA, **changes})


def llama_folder(base: Base, folder: Path) -> Tokenizer:
    make_model("Llama", save_tokenizer(base, folder)).save_pretrained(folder)
    return base.tokenizer


def start(folder: Path, **changes: Any) -> Start:
    return Start({"folder": str(folder)}, 5, **{"adapter": LORA, **changes})


def gradients(model: LanguageModel) -> dict[str, torch.Tensor]:
    model.net.train()
    model.net.zero_grad()
    model.head(model.hidden(IDS)).float().square().mean().backward()
    return {name: p.grad.clone() for name, p in model.net.named_parameters() if p.grad is not None}


def stir(model: LanguageModel) -> None:
    """Give the halves that start at 0 other values, so that both have gradients."""
    torch.manual_seed(9)
    for parameter in model.net.parameters():
        if parameter.requires_grad:
            parameter.data.add_(torch.randn_like(parameter) * 0.1)


@pytest.mark.parametrize("name", ["Llama", "GPT2", "GPTNeoX", "Gemma2", "OPT"])
@torch.no_grad()
def test_a_model_with_fresh_adapters_is_its_base(name: str) -> None:
    targets = {"GPT2": ["c_attn"], "GPTNeoX": ["query_key_value"]}.get(name, ["q_proj", "fc1"][: 1 + (name == "OPT")])
    net = make_model(name)
    wanted = net(input_ids=IDS).logits
    model = take_apart(add_adapter(net, lora(targets=targets), 1))
    check_parts(model)
    torch.testing.assert_close(model.head(model.hidden(IDS)), wanted)
    assert 0 < model.trainable_parameters < model.parameters / 4


def test_only_adapters_are_trained_and_they_are_seeded(base: Base, tmp_path: Path) -> None:
    tokenizer = llama_folder(base, tmp_path)
    first, second = (build_model(start(tmp_path), tokenizer) for _ in range(2))
    trained = {name: p for name, p in first.net.named_parameters() if p.requires_grad}
    assert trained
    assert all("lora_" in name for name in trained)
    for name, parameter in second.net.named_parameters():
        assert torch.equal(parameter, dict(first.net.named_parameters())[name])
    other = build_model(Start({"folder": str(tmp_path)}, 6, adapter=LORA), tokenizer)
    assert any(not torch.equal(p, trained[name]) for name, p in other.net.named_parameters() if name in trained)


@pytest.mark.parametrize("change", [{"dora": True}, {"rank_stabilised": True}, {"alpha": 16.0}])
def test_options_change_the_model_once_it_is_trained(base: Base, tmp_path: Path, change: dict[str, Any]) -> None:
    tokenizer = llama_folder(base, tmp_path)
    outputs = []
    for options in (LORA, lora(**change)):
        model = build_model(start(tmp_path, adapter=options), tokenizer)
        stir(model)
        with torch.no_grad():
            outputs.append(model.head(model.hidden(IDS)))
    first, second = outputs
    assert not torch.allclose(first, second, atol=1e-3)


def test_a_target_that_matches_nothing_names_what_there_is(base: Base, tmp_path: Path) -> None:
    tokenizer = llama_folder(base, tmp_path)
    with pytest.raises(
        RunFailed, match="'query' matches no module of LlamaForCausalLM; its linear modules are q_proj, k"
    ):
        build_model(start(tmp_path, adapter=lora(targets=["q_proj", "query"])), tokenizer)


def test_a_target_that_can_have_no_adapter_is_refused(base: Base, tmp_path: Path) -> None:
    tokenizer = llama_folder(base, tmp_path)
    with pytest.raises(RunFailed, match="no adapter can be put there"):
        build_model(start(tmp_path, adapter=lora(targets=["input_layernorm"])), tokenizer)


def test_frozen_weights_are_in_bf16_and_adapters_in_fp32(base: Base, tmp_path: Path) -> None:
    tokenizer = llama_folder(base, tmp_path)
    for options in (LORA, lora(dora=True)):
        model = build_model(start(tmp_path, adapter=options, precision="bf16"), tokenizer)
        kinds = {(p.requires_grad, p.dtype) for p in model.net.parameters()}
        assert kinds == {(True, torch.float32), (False, torch.bfloat16)}
    whole = build_model(start(tmp_path, adapter={"kind": "none"}, precision="bf16"), tokenizer)
    assert {(p.requires_grad, p.dtype) for p in whole.net.parameters()} == {(True, torch.float32)}


@pytest.mark.parametrize("adapter", [LORA, {"kind": "none"}])
def test_checkpointed_gradients_are_the_same(base: Base, tmp_path: Path, adapter: Any) -> None:
    tokenizer = llama_folder(base, tmp_path)
    plain, checkpointed = (
        build_model(start(tmp_path, adapter=adapter, gradient_checkpointing=on), tokenizer) for on in (False, True)
    )
    for model in (plain, checkpointed):
        stir(model)
    wanted, found = gradients(plain), gradients(checkpointed)
    assert wanted.keys() == found.keys()
    assert any(float(gradient.abs().max()) > 0 for gradient in found.values())
    assert all(torch.equal(wanted[name], found[name]) for name in wanted)
    assert any(block.gradient_checkpointing for block in checkpointed.blocks)


def test_an_adapter_is_trained_scored_and_counted(base: Base, tmp_path: Path) -> None:
    llama_folder(base, tmp_path)
    run = base.shop.arm(base.train, base.test, None, model={"folder": str(tmp_path)}, adapter=LORA)
    manifest = manifest_of(base.shop.done(run))
    assert 0 < manifest["trainable_parameters"] < manifest["parameters"]


def test_bits_without_a_saved_base_are_refused(base: Base) -> None:
    with pytest.raises(RunFailed, match="no saved weights that could be read in fewer bits"):
        build_model(Start(cast("Any", scratch()), 1, adapter=lora(bits=4)), base.tokenizer)


def scratch() -> dict[str, Any]:
    return {"scratch": {"hidden": 16, "layers": 1, "heads": 2, "feed_forward": 32}, "context": 64}


def test_missing_bitsandbytes_is_named_with_its_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(RunFailed, match=r"not installed: pip install bitsandbytes==\d.*or set bits to 16"):
        quantisation(4, torch.float32)


@pytest.mark.skipif(not BITSANDBYTES, reason="bitsandbytes is not installed (remote-trainer/requirements-gpu.txt)")
@pytest.mark.parametrize("bits", [4, 8])
@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_a_quantised_base_is_near_the_whole_and_trains(base: Base, tmp_path: Path, bits: int, precision: str) -> None:
    # Kernels of 4 bits take rows of 64 weights and more.
    net = make_model("Llama", save_tokenizer(base, tmp_path), hidden_size=64, intermediate_size=128)
    for parameter in net.parameters():
        parameter.data.div_(8 if parameter.dim() > 1 else 1)
    net.save_pretrained(tmp_path)
    whole, small = (
        build_model(start(tmp_path, adapter=lora(bits=width), precision=precision), base.tokenizer)
        for width in (16, bits)
    )
    assert small.parameters == whole.parameters
    with torch.no_grad():
        wanted, found = (model.head(model.hidden(IDS)) for model in (whole, small))
    assert 0 < float((wanted - found).abs().max()) < 0.2 * float(wanted.abs().max())
    assert all(p.dtype == torch.float32 for p in small.net.parameters() if p.requires_grad)
    stir(small)
    assert all(float(gradient.abs().sum()) > 0 for gradient in gradients(small).values())


@pytest.mark.skipif(not BITSANDBYTES, reason="bitsandbytes is not installed (remote-trainer/requirements-gpu.txt)")
def test_gradients_through_4_bits_are_those_of_the_same_weights_unpacked(base: Base, tmp_path: Path) -> None:
    functional: Any = importlib.import_module("bitsandbytes.functional")
    make_model("Llama", save_tokenizer(base, tmp_path), hidden_size=64, intermediate_size=128).save_pretrained(tmp_path)
    small, whole = (build_model(start(tmp_path, adapter=lora(bits=bits)), base.tokenizer) for bits in (4, 16))
    packed = dict(small.net.named_modules())
    for name, module in whole.net.named_modules():
        state = getattr(getattr(packed[name], "weight", None), "quant_state", None)
        if state is not None:
            module.weight.data = functional.dequantize_4bit(packed[name].weight.data, state)
    for model in (small, whole):
        stir(model)
    found, wanted = gradients(small), gradients(whole)
    for name, gradient in wanted.items():
        torch.testing.assert_close(found[name], gradient, rtol=1e-3, atol=1e-5)
