"""Models and tokenizers from a local folder, as transformers saves them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import torch
from because_trainer.contract import contract
from because_trainer.tokenizer import folder_tokenizer
from conftest import Base
from tokenizers import Tokenizer as Backend
from tokenizers import models, normalizers, pre_tokenizers, trainers
from transformers import GPT2Config, GPT2LMHeadModel, GPTNeoXConfig, GPTNeoXForCausalLM, PreTrainedTokenizerFast
from workshop import LABELS, manifest_of


def save_fast(backend: Backend, folder: Path, *, bos: str, eos: str) -> None:
    make: Any = PreTrainedTokenizerFast
    make(tokenizer_object=backend, bos_token=bos, eos_token=eos).save_pretrained(folder)


def save_tokenizer(base: Base, folder: Path) -> int:
    backend = Backend.from_file(str(base.shop.runs / base.tokenizer_run / "tokenizer.json"))
    save_fast(backend, folder, bos="<bos>", eos="<eos>")
    return int(backend.get_vocab_size())


def gpt2(size: int) -> Any:
    torch.manual_seed(4)
    return GPT2LMHeadModel(GPT2Config(vocab_size=size, n_embd=16, n_layer=2, n_head=2, n_positions=128))


def neox(size: int) -> Any:
    torch.manual_seed(4)
    shape: dict[str, Any] = {
        "hidden_size": 16,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "intermediate_size": 32,
    }
    return GPTNeoXForCausalLM(GPTNeoXConfig(vocab_size=size, max_position_embeddings=128, **shape))


@pytest.mark.parametrize("make", [gpt2, neox])
@pytest.mark.parametrize("order", ["label-first", "explanation-first"])
def test_other_architectures_are_trained_and_scored(base: Base, tmp_path: Path, make: Any, order: str) -> None:
    make(save_tokenizer(base, tmp_path)).save_pretrained(tmp_path)
    arm = ("explanation", order, "token-mean")
    folder = base.shop.done(base.shop.arm(base.train, base.test, None, arm, model={"folder": str(tmp_path)}))
    first = (folder / "predictions.parquet").read_bytes()
    layers = pq.read_table(folder / "layers.parquet").to_pylist()
    assert all(row[name] is not None for row in layers if row["layer"] for name in contract()["estimators"])
    (folder / "manifest.json").unlink()
    base.shop.done(folder.name)
    assert (folder / "predictions.parquet").read_bytes() == first


def test_a_warm_up_of_a_folder_is_where_its_arm_starts(base: Base, tmp_path: Path) -> None:
    gpt2(save_tokenizer(base, tmp_path)).save_pretrained(tmp_path)
    model = {"folder": str(tmp_path)}
    warm_up = base.shop.warm_up(base.train, None, model=model)
    base.shop.done(warm_up)
    folder = base.shop.done(base.shop.arm(base.train, base.test, None, model=model, base_run=warm_up))
    assert manifest_of(folder)["parameters"] == manifest_of(base.shop.runs / warm_up)["parameters"] > 0


def test_a_folder_that_is_not_there_is_named(base: Base, tmp_path: Path) -> None:
    missing = str(tmp_path / "nowhere")
    report = base.shop.do(base.shop.arm(base.train, base.test, None, model={"folder": missing}))
    assert report.reason == f"the model folder {missing} does not exist."


def test_a_folder_without_weights_fails_with_its_reason(base: Base, tmp_path: Path) -> None:
    size = save_tokenizer(base, tmp_path)
    gpt2(size).config.save_pretrained(tmp_path)
    report = base.shop.do(base.shop.arm(base.train, base.test, None, model={"folder": str(tmp_path)}))
    assert report.status == "failed"
    assert "no model can be read from" in report.reason.lower()


def test_a_tokenizer_larger_than_its_model_fails(base: Base, tmp_path: Path) -> None:
    gpt2(save_tokenizer(base, tmp_path) - 1).save_pretrained(tmp_path)
    report = base.shop.do(base.shop.arm(base.train, base.test, None, model={"folder": str(tmp_path)}))
    assert "more than the model knows" in report.reason


def test_word_start_marks_do_not_leak_into_pieces(base: Base, tmp_path: Path) -> None:
    backend = Backend(models.BPE(unk_token="<unk>"))
    backend.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    backend.pre_tokenizer = pre_tokenizers.Split("▁", "isolated")
    special = ["<unk>", "<s>", "</s>"]
    backend.train_from_iterator(
        [row.prompt + " 5 because it is" for row in base.train], trainers.BpeTrainer(special_tokens=special)
    )
    save_fast(backend, tmp_path, bos="<s>", eos="</s>")
    tokenizer = folder_tokenizer(tmp_path, "it")
    prompt = base.train[0].prompt
    for label in LABELS["naturalness"]:
        whole = tokenizer.encode(f"{prompt} {label} because")
        pieces = [*tokenizer.encode(prompt), *tokenizer.continuation(f" {label}"), *tokenizer.continuation(" because")]
        assert whole == pieces
