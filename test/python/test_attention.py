"""Shared dialogues and packed rows give what separate sequences give, for several architectures."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
import torch
import transformers
from because_trainer.attention import Attended, Kernel, attend_by, hidden, kernel_of
from because_trainer.attention_choice import settle_attention
from because_trainer.errors import RunFailed
from because_trainer.loss import weighted_loss
from because_trainer.microbatches import Recipe, cut_batch
from because_trainer.model import LanguageModel, take_apart
from because_trainer.packing import pack_trees
from because_trainer.sequences import Sequence
from because_trainer.trees import grow_trees
from workshop import EXECUTION

VOCABULARY = 50
SIZE = {
    "vocab_size": VOCABULARY,
    "hidden_size": 16,
    "intermediate_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 256,
    "bos_token_id": 0,
    "eos_token_id": 1,
    "pad_token_id": 0,
}
GPT2 = {"n_embd": 16, "n_layer": 2, "n_head": 2, "n_positions": 256, "attn_pdrop": 0.0}
QWEN2 = {"use_sliding_window": True, "sliding_window": 5, "max_window_layers": 1}
ARCHITECTURES: dict[str, dict[str, Any]] = {
    "Llama": SIZE,
    "Mistral": {**SIZE, "sliding_window": 7},
    "Qwen2": {**SIZE, **QWEN2},
    "Gemma2": {**SIZE, "head_dim": 8, "sliding_window": 5},
    "GPT2": {"vocab_size": VOCABULARY, "bos_token_id": 0, "eos_token_id": 1, **GPT2, "embd_pdrop": 0, "resid_pdrop": 0},
}
KERNELS: list[tuple[str, Kernel]] = [
    (name, kernel) for name in ARCHITECTURES for kernel in ("eager", "sdpa") if (name, kernel) != ("Gemma2", "sdpa")
]


def build(name: str) -> LanguageModel:
    """A small model whose weights are large enough for its outputs to differ."""
    torch.manual_seed(3)
    config = getattr(transformers, f"{name}Config")(**ARCHITECTURES[name])
    net = getattr(transformers, f"{name}LMHeadModel" if name == "GPT2" else f"{name}ForCausalLM")(config)
    for parameter in net.parameters():
        if parameter.dim() > 1:
            parameter.data.mul_(6)
    return take_apart(net.eval())


def dialogues() -> tuple[list[Sequence], list[tuple[str, str]]]:
    """Four dialogues of three axes, the last of which shares nothing."""
    draw = random.Random(1)
    sequences, keys = [], []
    for number in range(4):
        dialogue = [draw.randrange(2, VOCABULARY) for _ in range(draw.randint(12, 30))]
        for _ in range(3):
            front = dialogue if number < 3 else [draw.randrange(2, VOCABULARY) for _ in range(9)]
            tail = [draw.randrange(2, VOCABULARY) for _ in range(draw.randint(2, 9))]
            parts = [0] * (len(front) + 1) + [1] + [2] * (len(tail) - 2)
            sequences.append(Sequence([*front, *tail], parts, len(front), False))
            keys.append(("corpus", str(number)))
    return sequences, keys


SEQUENCES, KEYS = dialogues()
IDS = [sequence.ids for sequence in SEQUENCES]


def states(model: LanguageModel, share: bool, row_tokens: int | None) -> dict[int, torch.Tensor]:
    found = {}
    for pack in pack_trees(grow_trees(IDS, KEYS, share), row_tokens, 0, rows=3):
        read = hidden(model, pack)
        for i in pack.indices:
            row, columns = pack.place(i)
            found[i] = read[row, torch.from_numpy(columns)]
    return found


@pytest.mark.parametrize(("name", "kernel"), KERNELS)
@pytest.mark.parametrize(("share", "row_tokens"), [(True, None), (True, 90), (False, 90), (True, 1000)])
@torch.no_grad()
def test_hidden_states_are_those_of_the_architecture_itself(
    name: str, kernel: Kernel, share: bool, row_tokens: int | None
) -> None:
    model = build(name)
    alone = [model.decoder(input_ids=torch.tensor([ids]), use_cache=False).last_hidden_state[0] for ids in IDS]
    assert attend_by(model, kernel)
    found = states(model, share, row_tokens)
    for i, expected in enumerate(alone):
        torch.testing.assert_close(found[i], expected, rtol=1e-6, atol=2e-6)


def gradients(model: LanguageModel, reduction: str, **changes: Any) -> tuple[torch.Tensor, list[torch.Tensor]]:
    micro_batch = changes.pop("micro_batch", len(IDS))
    fields = {"pad": 0, "reduction": reduction, "label_weight": 2.0, "share": True, "row_tokens": None}
    recipe = Recipe(SEQUENCES, KEYS, **{**fields, **changes})
    model.net.zero_grad()
    total = torch.zeros(())
    for micro in cut_batch(recipe, list(range(len(IDS))), micro_batch):
        loss, _ = weighted_loss(model.head, hidden(model, micro.pack), micro.targets, VOCABULARY)
        loss.backward()  # type: ignore[no-untyped-call]
        total += loss.detach()
    return total, [parameter.grad.clone() for parameter in model.net.parameters() if parameter.grad is not None]


@pytest.mark.parametrize(("name", "kernel"), KERNELS)
@pytest.mark.parametrize(
    "changes",
    [{}, {"row_tokens": 90}, {"share": False, "row_tokens": 90}, {"micro_batch": 1}, {"micro_batch": 5}],
    ids=["shared", "shared and packed", "packed", "one at a time", "five at a time"],
)
def test_losses_and_gradients_are_those_of_separate_sequences(
    name: str, kernel: Kernel, changes: dict[str, Any]
) -> None:
    model = build(name)
    assert attend_by(model, kernel)
    expected, wanted = gradients(model, "example-mean", share=False)
    loss, found = gradients(model, "example-mean", **changes)
    torch.testing.assert_close(loss, expected, rtol=1e-6, atol=1e-6)
    assert len(found) == len(wanted) > 0
    for mine, theirs in zip(found, wanted):
        assert float((mine - theirs).norm()) <= 1e-5 * float(theirs.norm()) + 1e-6


@pytest.mark.parametrize(("name", "kernel"), KERNELS)
@torch.no_grad()
def test_a_watcher_sees_the_weights_of_chosen_queries(name: str, kernel: Kernel) -> None:
    model = build(name)
    model.net.set_attn_implementation("eager")
    weights = [model.net(input_ids=torch.tensor([ids]), output_attentions=True).attentions for ids in IDS]
    assert attend_by(model, kernel)
    seen: list[Attended] = []
    [pack] = pack_trees(grow_trees(IDS, KEYS, share=True), 90, 0)
    hidden(model, pack, seen.append)
    assert len(seen) == 2
    for layer, attended in enumerate(seen):
        for i in pack.indices:
            row, columns = pack.place(i)
            last = attended.weights(torch.tensor([row]), torch.tensor([columns[-1]]))[0]
            torch.testing.assert_close(last[:, columns], weights[i][layer][0, :, -1], rtol=1e-5, atol=1e-5)
            torch.testing.assert_close(last.sum(-1), torch.ones(len(last)))


def execution(**changes: Any) -> Any:
    return {**EXECUTION, **changes}


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_what_is_settled_reads_trees(name: str) -> None:
    model = build(name)
    settled = settle_attention(model, execution(), IDS, KEYS, 0)
    assert (settled.attention, settled.trees) == ("eager" if name == "Gemma2" else "sdpa", True)
    assert kernel_of(model) == settled.attention


def test_a_model_that_reads_trees_wrong_reads_separate_sequences() -> None:
    model = build("Llama")
    inner = model.decoder

    class Forgetful(torch.nn.Module):
        """Takes no notice of positions."""

        config = inner.config
        get_input_embeddings = inner.get_input_embeddings

        def forward(self, position_ids: Any = None, **inputs: Any) -> Any:
            return inner(**inputs)

    settled = settle_attention(replace(model, decoder=Forgetful()), execution(), IDS, KEYS, 0)
    assert (settled.attention, settled.trees) == ("sdpa", False)


@pytest.mark.parametrize("failures", [1, 2])
def test_what_memory_does_not_hold_says_nothing_of_trees(failures: int, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[int] = []

    def short(model: Any, pack: Any, *others: Any) -> torch.Tensor:
        tried.append(len(pack.indices))
        if len(tried) <= failures:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
        return hidden(model, pack, *others)

    monkeypatch.setattr("because_trainer.attention_choice.hidden", short)
    if failures == 1:
        assert settle_attention(build("Llama"), execution(), IDS, KEYS, 0).trees
    else:
        with pytest.raises(RunFailed, match="Tried to allocate") as failure:
            settle_attention(build("Llama"), execution(), IDS, KEYS, 0)
        assert failure.value.cause == "out-of-memory"
    assert tried[1] < tried[0]


def test_why_trees_are_not_read_is_said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def broken(*_: Any) -> torch.Tensor:
        raise RuntimeError("no kernel image is available\nfor this device")

    monkeypatch.setattr("because_trainer.attention_choice.hidden", broken)
    assert not settle_attention(build("Llama"), execution(), IDS, KEYS, 0).trees
    assert "sdpa attention on trees failed (RuntimeError: no kernel image is available)" in capsys.readouterr().err


def test_an_attention_that_is_not_there_is_named() -> None:
    with pytest.raises(
        RunFailed, match=r"execution\.attention is sdpa, which Gemma2Model does not have: set it to auto"
    ):
        settle_attention(build("Gemma2"), execution(attention="sdpa"), IDS, KEYS, 0)
    with pytest.raises(RunFailed, match="flex, which needs a GPU"):
        settle_attention(build("Llama"), execution(attention="flex"), IDS, KEYS, 0)


def test_trees_are_not_read_by_an_attention_that_does_not_know_them() -> None:
    model = build("Llama")
    model.net.set_attn_implementation("eager")
    [pack] = pack_trees(grow_trees(IDS, KEYS, share=True), None, 0)
    with pytest.raises(ValueError, match="block mask"):
        hidden(model, pack)
