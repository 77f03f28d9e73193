"""What a run keeps of its model is read by plain transformers and plain peft, and tells nothing private."""

from __future__ import annotations

import getpass
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import torch
from because_trainer.model_card import model_card
from conftest import Base
from peft import PeftModel
from test_adapters import LORA, llama_folder, lora
from transformers import AutoModelForCausalLM, AutoTokenizer
from workshop import OPTIMISATION, manifest_of

PREDICTIONS = "predictions.parquet"


def files_of(run: Path, folder: str) -> set[str]:
    return {name for name in manifest_of(run)["files"] if name.startswith(f"{folder}/")}


def label_logits(base: Base, net: Any) -> list[list[float]]:
    """Label logits of the first test rows, by transformers alone."""
    tokenizer = base.tokenizer
    found = []
    for row in base.test[:4]:
        ids = [tokenizer.bos or 0, *tokenizer.encode(row.prompt)]
        with torch.no_grad():
            logits = net(input_ids=torch.tensor([ids])).logits[0, -1]
        found.append([logits[tokenizer.continuation(f" {label}")[0]].item() for label in "12345"])
    return found


def written_logits(run: Path) -> list[list[float]]:
    rows: list[list[float]] = pq.read_table(run / PREDICTIONS)["label_logits"].to_pylist()
    return rows[:4]


@pytest.mark.parametrize("change", [{}, {"dora": True}, {"rank_stabilised": True}])
def test_an_adapter_is_read_by_peft(base: Base, tmp_path: Path, change: dict[str, Any]) -> None:
    llama_folder(base, tmp_path)
    source = {"folder": str(tmp_path)}
    options = {**OPTIMISATION, "steps": 6, "learning_rate": 0.02}
    run = base.shop.done(
        base.shop.arm(
            base.train, base.test, None, model=source, adapter=lora(**change), keep_model=True, optimisation=options
        )
    )
    assert {Path(name).name for name in files_of(run, "adapter")} == {
        "README.md",
        "adapter_config.json",
        "adapter_model.safetensors",
    }
    plain: Any = AutoModelForCausalLM.from_pretrained(tmp_path)
    untrained = label_logits(base, plain)
    loaded: Any = PeftModel.from_pretrained(plain, run / "adapter").eval()
    found = label_logits(base, loaded)
    torch.testing.assert_close(torch.tensor(found), torch.tensor(written_logits(run)), rtol=1e-4, atol=1e-4)
    assert not torch.allclose(torch.tensor(found), torch.tensor(untrained), atol=1e-2)


def test_a_whole_model_is_read_by_transformers(base: Base) -> None:
    run = base.shop.done(
        base.shop.arm(base.train, base.test, base.tokenizer_run, base_run=base.warm_up_run, keep_model=True)
    )
    net: Any = AutoModelForCausalLM.from_pretrained(run / "model")
    torch.testing.assert_close(
        torch.tensor(label_logits(base, net)), torch.tensor(written_logits(run)), rtol=1e-4, atol=1e-4
    )
    tokenizer = AutoTokenizer.from_pretrained(run / "model")
    prompt = base.test[0].prompt
    assert tokenizer(prompt, add_special_tokens=False)["input_ids"] == base.tokenizer.encode(prompt)
    assert (tokenizer.bos_token, tokenizer.eos_token) == ("<bos>", "<eos>")
    assert "model/README.md" in files_of(run, "model")


def test_nothing_is_kept_unasked(base: Base) -> None:
    run = base.shop.done(base.shop.arm(base.train[:8], base.test[:4], base.tokenizer_run, base_run=base.warm_up_run))
    assert not files_of(run, "model") | files_of(run, "adapter")
    assert not (run / "model").exists()


def test_kept_files_tell_nothing_of_the_machine(base: Base, tmp_path: Path) -> None:
    llama_folder(base, tmp_path / "my-base")
    run = base.shop.done(
        base.shop.arm(
            base.train[:8],
            base.test[:4],
            None,
            model={"folder": str(tmp_path / "my-base")},
            adapter=LORA,
            keep_model=True,
        )
    )
    config = json.loads((run / "adapter/adapter_config.json").read_bytes())
    assert config["base_model_name_or_path"] == "my-base"
    for path in (run / "adapter").iterdir():
        content = path.read_bytes()
        assert str(tmp_path).encode() not in content
        assert f"/{getpass.getuser()}".encode() not in content


def test_the_card_says_what_was_trained_on_what(base: Base) -> None:
    job = json.loads(
        (base.shop.jobs / base.shop.arm(base.train, base.test, None, adapter=LORA) / "job.json").read_bytes()
    )
    job["model"] = {"hub": "someone/tiny", "revision": "a" * 40}
    card = model_card(job, "0123456789abcdef", "mit", "fedcba9876543210")
    front, body = card.removeprefix("---\n").split("\n---\n", 1)
    assert {"base_model: someone/tiny", "library_name: peft", "license: mit"} <= set(front.splitlines())
    for part in ("someone/tiny at " + "a" * 40, job["data"]["train"]["content"], "rank 4, alpha 8", "explanation"):
        assert part in body
    assert "license: unknown" in model_card(job, "0123456789abcdef", None, "fedcba9876543210")
