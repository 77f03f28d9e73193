"""What the manifest says of speed: operations are those of the model, counted by hand here."""

from __future__ import annotations

import pytest
import torch
from architectures import make_model
from because_trainer.adapters import add_adapter
from because_trainer.environment import determinism
from because_trainer.model import take_apart
from because_trainer.packing import pack_trees
from because_trainer.peaks import PEAKS, peak_flops
from because_trainer.throughput import Throughput, attended_pairs
from because_trainer.trees import Branch, Tree
from conftest import Base
from test_adapters import LORA
from torch.utils.flop_counter import FlopCounterMode
from workshop import manifest_of

TREES = [Tree([5, 6, 7], [Branch([8, 9], 0), Branch([10], 1)]), Tree([], [Branch([11, 12, 13], 2)])]


@pytest.mark.parametrize("row_tokens", [None, 32])
def test_pairs_are_those_of_the_mask(row_tokens: int | None) -> None:
    packs = pack_trees(TREES, row_tokens, 0)
    seen = sum(int(pack.visible[pack.trees >= 0].sum()) for pack in packs)
    assert sum(map(attended_pairs, packs)) == seen == (1 + 2 + 3) + (4 + 5) + 4 + (1 + 2 + 3)


def test_operations_are_those_that_pytorch_counts() -> None:
    model = take_apart(make_model("Llama"))
    tokens = 48
    [pack] = pack_trees([Tree([], [Branch(list(range(5, 5 + tokens)), 0)])], None, 0)
    throughput = Throughput(model, "fp32")
    throughput.count(pack, targets=tokens)
    with FlopCounterMode(display=False) as counter:
        model.head(model.hidden(pack.ids)).sum().backward()
    pairs = 12 * 32 * 2 * (tokens * tokens - attended_pairs(pack))
    assert throughput.flops + pairs == pytest.approx(counter.get_total_flops(), rel=0.01)


def test_frozen_weights_cost_two_thirds() -> None:
    frozen = take_apart(add_adapter(make_model("Llama"), LORA, 1))
    [pack] = pack_trees(TREES[1:], None, 0)
    whole, part = Throughput(take_apart(make_model("Llama")), "fp32"), Throughput(frozen, "fp32")
    for throughput in (whole, part):
        throughput.count(pack, targets=1)
    adapters = 6 * frozen.trainable_parameters * pack.tokens
    attention = 12 * 32 * 2 * attended_pairs(pack)
    assert part.flops - adapters - attention == pytest.approx((whole.flops - attention) * 4 / 6)


@pytest.mark.parametrize(
    ("device", "bf16"),
    [
        ("NVIDIA A100-SXM4-80GB", 312),
        ("NVIDIA H100 80GB HBM3", 989.4),
        ("NVIDIA H100 PCIe", 756),
        ("NVIDIA H200", 989.4),
        ("NVIDIA L40S", 362.1),
        ("NVIDIA L4", 121),
        ("NVIDIA A10", 125),
        ("NVIDIA GeForce RTX 4090", 165.2),
    ],
)
def test_peaks_of_known_devices(device: str, bf16: float) -> None:
    assert peak_flops(device, "bf16") == bf16 * 1e12
    assert 0 < (peak_flops(device, "fp32") or 0) < bf16 * 1e12


def test_what_is_not_known_has_no_peak() -> None:
    assert peak_flops("NVIDIA GeForce GT 710", "bf16") is None
    assert peak_flops("NVIDIA A1000", "bf16") is None
    assert peak_flops("", "fp32") is None
    assert all(bf16 > fp32 > 0 for bf16, fp32 in PEAKS.values())


def test_the_manifest_says_how_fast_and_how(base: Base) -> None:
    run = base.shop.arm(base.train, base.test, base.tokenizer_run, base_run=base.warm_up_run, seed=23)
    manifest = manifest_of(base.shop.done(run))
    seconds = manifest["train_seconds"]
    assert manifest["examples_per_second"] == pytest.approx(manifest["examples"] / seconds)
    assert manifest["tokens_per_second"] == pytest.approx(manifest["tokens"] / seconds)
    weights = 6 * manifest["parameters"] * manifest["encoded_tokens"]
    assert 0.2 * weights < manifest["flops_per_second"] * seconds < 2 * weights
    assert manifest["flops_utilisation"] is None
    assert manifest["peak_device_memory_bytes"] is None
    assert manifest["trainable_parameters"] == manifest["parameters"]
    assert manifest["determinism"]["deterministic_algorithms"] is True
    assert manifest["determinism"]["matmul_precision"] == "highest"


def test_determinism_is_read_and_not_assumed(base: Base) -> None:
    assert base.shop
    torch.set_float32_matmul_precision("high")
    try:
        assert determinism()["matmul_precision"] == "high"
    finally:
        torch.set_float32_matmul_precision("highest")


def test_a_failed_run_tells_its_cause(base: Base) -> None:
    report = base.shop.do(base.shop.arm(base.train, base.test, None, model={"folder": "/nowhere"}))
    assert manifest_of(base.shop.runs / report.run)["cause"] == "bad-input"
