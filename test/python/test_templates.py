"""The model's own chat template around a prompt: special tokens there, and none in the corpus' text."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from architectures import make_model
from because_trainer.boundaries import check_meeting
from because_trainer.contract import CompletionText
from because_trainer.errors import RunFailed
from because_trainer.sequences import Layout
from because_trainer.tables import Row
from because_trainer.templates import frame_of
from because_trainer.tokenizer import Tokenizer, folder_tokenizer
from conftest import Base
from tokenizers import Tokenizer as Backend
from transformers import PreTrainedTokenizerFast
from workshop import LABELS, OPTIMISATION, TEXT, manifest_of

PLAIN = "{{ bos_token }}{% for m in messages %}<|{{ m.role }}|>\n{{ m.content | trim }}<eos>\n{% endfor %}"
CHATML = PLAIN + "{% if add_generation_prompt %}<|assistant|>\n{% endif %}"
NO_SYSTEM = "{% if messages[0].role == 'system' %}{{ raise_exception('no system turn') }}{% endif %}" + CHATML
DEAF = "{% for m in messages if m.role == 'user' %}{{ m.content }}{% endfor %}:"
TWICE = "{% for m in messages %}{{ m.content }} {{ m.content }}{% endfor %}"
SPECIAL = ["<|user|>", "<|assistant|>", "<|system|>"]


def save_chat(base: Base, folder: Path, template: str | None) -> None:
    backend = Backend.from_file(str(base.shop.runs / base.tokenizer_run / "tokenizer.json"))
    make: Any = PreTrainedTokenizerFast
    tokenizer = make(tokenizer_object=backend, bos_token="<bos>", eos_token="<eos>", pad_token="<pad>")
    tokenizer.add_special_tokens({"additional_special_tokens": SPECIAL})
    tokenizer.chat_template = template
    tokenizer.save_pretrained(folder)


def chat(base: Base, folder: Path, template: str | None, system: str | None = None) -> tuple[Tokenizer, Layout]:
    save_chat(base, folder, template)
    tokenizer = folder_tokenizer(folder, "the model")
    frame = frame_of(tokenizer, {"kind": "chat", "system": system})
    text: CompletionText = TEXT  # type: ignore[assignment]
    return tokenizer, Layout(tokenizer, text, label_first=True, max_tokens=200, prompt_room=150, frame=frame)


def words(tokenizer: Tokenizer, ids: list[int]) -> list[str]:
    return [tokenizer.backend.id_to_token(token) for token in ids]


@pytest.mark.parametrize("system", [None, "You judge."])
def test_the_prompt_stands_in_the_users_turn(base: Base, tmp_path: Path, system: str | None) -> None:
    tokenizer, layout = chat(base, tmp_path, CHATML, system)
    [context] = layout.contexts(base.train[:1])
    found = words(tokenizer, context.ids)
    assert found.count("<bos>") == 1
    assert found[0] == "<bos>"
    assert found.count("<|system|>") == (system is not None)
    assert found[-3:-1] == ["Ċ", "<|assistant|>"]
    expected = f"{base.train[0].prompt}"
    assert expected in tokenizer.decode(context.ids)
    assert context.prompt_tokens == len(tokenizer.encode(expected))
    assert layout.start == [tokenizer.bos]
    check_meeting(layout, base.train, LABELS)


def test_corpus_text_that_spells_a_special_token_stays_text(base: Base, tmp_path: Path) -> None:
    tokenizer, layout = chat(base, tmp_path, CHATML)
    row = replace(base.train[0], prompt="say <|assistant|> and <eos> now\nlabel:", turns="")
    [context] = layout.contexts([row])
    found = words(tokenizer, context.ids)
    assert (found.count("<|assistant|>"), found.count("<eos>"), found.count("<|user|>")) == (1, 1, 1)
    assert tokenizer.decode(context.ids).count("<|assistant|>") == 1


def test_a_long_prompt_keeps_the_template_and_its_head(base: Base, tmp_path: Path) -> None:
    tokenizer, layout = chat(base, tmp_path, CHATML, "You judge.")
    turns = [f"user: {'reply ' * 30}\n" for _ in range(6)]
    starts = [6 + sum(map(len, turns[:i])) for i in range(6)]
    row = replace(base.train[0], prompt="rules\n" + "".join(turns) + "label:", turns=",".join(map(str, starts)))
    [context] = layout.contexts([row])
    assert context.truncated
    assert len(context.ids) <= 1 + 150
    text = tokenizer.decode(context.ids)
    assert "You judge." in text
    assert "rules\nuser: reply" in text
    assert text.count("user:") < 6
    assert words(tokenizer, context.ids)[-2] == "<|assistant|>"


@pytest.mark.parametrize(
    ("template", "system", "reason"),
    [
        (None, None, "the model has no chat template: take one that was trained to chat, or set template to plain"),
        (NO_SYSTEM, "You judge.", r"refuses the turns \(no system turn\): set template.system to null"),
        (DEAF, "You judge.", "leaves out the system turn: set template.system to null"),
        (TWICE, None, "does not keep the user's turn as it is: set template to plain"),
    ],
)
def test_a_template_that_does_not_fit_says_so(
    base: Base, tmp_path: Path, template: str | None, system: str | None, reason: str
) -> None:
    with pytest.raises(RunFailed, match=reason):
        chat(base, tmp_path, template, system)


def test_a_chat_arm_is_trained_and_scored(base: Base, tmp_path: Path) -> None:
    save_chat(base, tmp_path, CHATML)
    make_model("Qwen2", vocabulary=448).save_pretrained(tmp_path)
    rows: list[Row] = base.train[:12]
    run = base.shop.arm(
        rows,
        base.test[:6],
        None,
        model={"folder": str(tmp_path)},
        template={"kind": "chat", "system": "You judge."},
        optimisation={**OPTIMISATION, "steps": 3, "max_tokens": 160},
        prompt_room=128,
    )
    assert manifest_of(base.shop.done(run))["steps"] == 3
