"""A base with random weights and made-up dialogues of real lengths: what a GPU is measured with, without a download."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import torch
from because_trainer.tables import Row
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import MistralConfig, MistralForCausalLM, PreTrainedTokenizerFast, logging

LENGTHS = Path(__file__).with_name("lengths.json")
"""Vigintiles of lengths in tokens, taken as four thirds of the words: of the dialogues, response included, of six
corpora (Chatbot Arena, HH-RLHF chosen and rejected, AmazonQA, CoQA, Cornell Movie Dialogs), and of GPT-4's reviews of
pairs of answers (Vicuna). Numbers alone; none of their text is here."""

AXES = ("naturalness", "comprehensiveness", "on-topic")
LABELS = ["1", "2", "3", "4", "5"]
SPECIAL = ["<pad>", "<s>", "</s>", "<unk>"]
FIXED = [":", "because", "so", *(f"{axis}:" for axis in AXES), *LABELS]

MISTRAL_7B: dict[str, int] = {}
"""What differs from the defaults of `MistralConfig`, which are those of Mistral-7B-v0.1: nothing."""

TINY = {
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "num_key_value_heads": 1,
    "vocab_size": 256,
}
"""The same architecture, for a trial without a GPU."""


def make_base(folder: Path, size: dict[str, int], device: str, seed: int = 1) -> int:
    """Write a Mistral with random weights and a tokenizer of as many made-up words; returns its parameters."""
    options: dict[str, Any] = {**size}
    config = MistralConfig(**options, bos_token_id=1, eos_token_id=2, pad_token_id=0)
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    torch.manual_seed(seed)
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.bfloat16 if device == "cuda" else torch.float32)
    try:
        with torch.device(device):
            net: Any = MistralForCausalLM(config)
    finally:
        torch.set_default_dtype(before)
    net.save_pretrained(folder)
    make_tokenizer(config.vocab_size).save_pretrained(folder)
    return sum(parameter.numel() for parameter in net.parameters())


def make_tokenizer(size: int) -> PreTrainedTokenizerFast:
    """A word a token, so that a text has the length that it was given."""
    words = [*SPECIAL, *FIXED]
    words += [f"w{i}" for i in range(size - len(words))]
    backend = Tokenizer(models.WordLevel({word: i for i, word in enumerate(words)}, unk_token="<unk>"))
    backend.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=backend, bos_token="<s>", eos_token="</s>", pad_token="<pad>", unk_token="<unk>"
    )


def make_rows(dialogues: int, vocabulary: int, seed: int) -> list[Row]:
    """Dialogues judged on three axes, with explanations half as long as reviews, which speak of two answers."""
    draw = random.Random(seed)
    lengths = json.loads(LENGTHS.read_text(encoding="utf-8"))
    words = vocabulary - len(SPECIAL) - len(FIXED)

    def say(tokens: float) -> str:
        return " ".join(f"w{draw.randrange(words)}" for _ in range(max(1, round(tokens))))

    rows = []
    for number in range(dialogues):
        corpus = draw.choice(list(lengths["dialogues"]))
        dialogue = say(drawn(lengths["dialogues"][corpus], draw))
        for axis in AXES:
            explanation = say(drawn(lengths["reviews"], draw) / 2)
            label = draw.choice(LABELS)
            rows.append(
                Row(
                    f"{seed}-{number}", f"{number}", corpus, axis, f"{dialogue} {axis}:", label, explanation, label, "0"
                )
            )
    return rows


def drawn(quantiles: list[int], draw: random.Random) -> float:
    """A number of the distribution that evenly spaced quantiles describe, linear between them."""
    place = draw.random() * (len(quantiles) - 1)
    below = int(place)
    return quantiles[below] + (place - below) * (quantiles[below + 1] - quantiles[below])
