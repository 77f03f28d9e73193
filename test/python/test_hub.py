"""Models from the hub, at a commit: fetched once, read without a network, and refused in words that help."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from architectures import make_model
from because_trainer.errors import RunFailed
from because_trainer.hub import fetch_model, licence_of
from because_trainer.loading import Start, build_model
from because_trainer.tokenizer import folder_tokenizer
from command import start
from conftest import Base
from hub_server import REVISION, TOKEN, Hub, serve_hub
from huggingface_hub import constants
from test_folder_model import save_tokenizer
from workshop import CAPTURE, OPTIMISATION, manifest_of

OTHER = "f" * 40
NOWHERE = "http://127.0.0.1:9"


def point_at(monkeypatch: pytest.MonkeyPatch, endpoint: str, *, offline: bool = False) -> None:
    """Set what the hub's client reads from the environment when it is imported."""
    monkeypatch.setattr(constants, "ENDPOINT", endpoint)
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", endpoint + "/{repo_id}/resolve/{revision}/{filename}")
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", offline)
    fetch_model.cache_clear()


@pytest.fixture
def hub(base: Base, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A hub with one model, and a client with an empty cache."""
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("HF_TOKEN", raising=False)
    with serve_hub() as hub:
        folder = tmp_path / "model"
        make_model("Llama", save_tokenizer(base, folder)).save_pretrained(folder)
        (folder / "README.md").write_text("---\nlicense: apache-2.0\n---\n# Tiny\n", encoding="utf-8")
        (folder / "consolidated.safetensors").write_bytes(b"the same weights once more, which nobody needs")
        hub.models["someone/tiny"] = folder
        point_at(monkeypatch, hub.endpoint)
        yield hub
        fetch_model.cache_clear()


def copy_of(hub: Hub, name: str) -> Path:
    """Put a copy of the model on the hub under another name."""
    folder = hub.models["someone/tiny"].with_name(name)
    shutil.copytree(hub.models["someone/tiny"], folder)
    hub.models[f"someone/{name}"] = folder
    return folder


def test_a_model_is_fetched_once_and_then_needs_no_network(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = fetch_model("someone/tiny", REVISION)
    assert licence_of(folder) == "apache-2.0"
    assert not any("consolidated" in path for path in hub.asked)
    asked = len(hub.asked)
    for endpoint, offline in ((hub.endpoint, False), (NOWHERE, False), (NOWHERE, True)):
        point_at(monkeypatch, endpoint, offline=offline)
        assert fetch_model("someone/tiny", REVISION) == folder
    assert len(hub.asked) == asked


def test_a_fetched_model_is_the_one_on_the_hub(hub: Hub) -> None:
    tokenizer = folder_tokenizer(fetch_model("someone/tiny", REVISION), "someone/tiny")
    model = build_model(Start({"hub": "someone/tiny", "revision": REVISION}, 1), tokenizer)
    ids = torch.arange(3, 20)[None]
    with torch.no_grad():
        wanted = make_model("Llama", tokenizer.size)(input_ids=ids).logits
        torch.testing.assert_close(model.head(model.hidden(ids)), wanted)
    assert model.net.name_or_path == "someone/tiny"


def test_what_is_not_there_is_said_with_its_mend(hub: Hub) -> None:
    reasons = {
        ("someone/nowhere", REVISION): "someone/nowhere is not on the hub, or is private: look at its name",
        ("someone/tiny", OTHER): f"someone/tiny has no commit {OTHER}: copy the commit's hash",
        ("someone/tiny", "main"): "the revision of someone/tiny must be a commit of 40 hex digits; found 'main'",
    }
    for (name, revision), reason in reasons.items():
        with pytest.raises(RunFailed) as failure:
            fetch_model(name, revision)
        assert reason in str(failure.value)


def test_pickled_weights_are_never_fetched(hub: Hub) -> None:
    folder = copy_of(hub, "pickled")
    (folder / "model.safetensors").unlink()
    torch.save({}, folder / "pytorch_model.bin")
    with pytest.raises(RunFailed, match=r"has no weights as safetensors .* and the trainer reads no pickled weights"):
        fetch_model("someone/pickled", REVISION)
    assert not any("pytorch_model.bin" in path for path in hub.asked)


def test_code_of_a_repository_is_never_run(hub: Hub) -> None:
    config = copy_of(hub, "code") / "config.json"
    own = {"model_type": "of-my-own", "auto_map": {"AutoModelForCausalLM": "mine.Model"}}
    config.write_text(json.dumps({**json.loads(config.read_bytes()), **own}), encoding="utf-8")
    with pytest.raises(RunFailed, match=r"needs code of its own to be built .model type 'of-my-own'.*never runs"):
        fetch_model("someone/code", REVISION)


def test_a_gated_model_needs_the_token_of_the_environment(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy_of(hub, "secret")
    hub.gated.add("someone/secret")
    with pytest.raises(RunFailed, match="gated: accept its terms on the hub, and put a token that may read it into HF"):
        fetch_model("someone/secret", REVISION)
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    folder = fetch_model("someone/secret", REVISION)
    kept = [path.read_bytes() for path in (tmp_path / "cache").rglob("*") if path.is_file()]
    assert (folder / "model.safetensors").is_file()
    assert not any(TOKEN.encode() in content for content in kept)


@pytest.mark.parametrize("offline", [True, False])
def test_without_a_network_and_a_cache_it_says_how_to_fetch(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, offline: bool
) -> None:
    point_at(monkeypatch, NOWHERE, offline=offline)
    why = "HF_HUB_OFFLINE forbids to fetch it" if offline else "the hub cannot be reached"
    with pytest.raises(RunFailed, match=f"{why}.*hf download someone/tiny --revision {REVISION}") as failure:
        fetch_model("someone/tiny", REVISION)
    assert failure.value.cause == "error"


def test_a_run_reads_the_hub_that_the_environment_names(
    base: Base, hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes: dict[str, Any] = {
        "model": {"hub": "someone/tiny", "revision": REVISION},
        "optimisation": {**OPTIMISATION, "steps": 2},
        "capture": {**CAPTURE, "estimators": ["softmax"]},
    }
    run = base.shop.arm(base.train[:8], base.test[:4], None, **changes)
    for name, value in {"HF_ENDPOINT": hub.endpoint, "HF_HOME": str(tmp_path / "home"), "HF_TOKEN": TOKEN}.items():
        monkeypatch.setenv(name, value)
    for name in set(os.environ) & {"HF_HUB_OFFLINE", "HF_HUB_CACHE"}:
        monkeypatch.delenv(name)
    process = start("run", "--jobs", str(base.shop.jobs), "--runs", str(base.shop.runs), run)
    output, errors = process.communicate(timeout=300)
    assert json.loads(output)["reason"] == "finished"
    assert manifest_of(base.shop.runs / run)["status"] == "done"
    written = [path.read_bytes() for path in (base.shop.runs / run).rglob("*") if path.is_file()]
    assert not any(TOKEN.encode() in content for content in [*written, output.encode(), errors.encode()])
