"""Write a checkpoint of the trainer as a folder that transformers can serve: model, tokenizer and chat template.

The template shows the model the last message and nothing else, as it saw its prompts in training.

Usage: `python export_checkpoint.py RUN_FOLDER WARM_UP_FOLDER TOKENIZER_FOLDER TARGET`
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import torch
from because_trainer.checkpoint import FILE, FOLDER
from because_trainer.tokenizer import BOS, EOS, PAD
from transformers import AutoConfig, AutoModelForCausalLM

CHAT_TEMPLATE = "{{ bos_token }}{{ messages[-1]['content'] }}"


def export(run: Path, warm_up: Path, tokenizer: Path, target: Path) -> int:
    """Write the model of a run's checkpoint.

    Parameters
    ----------
    run
        Folder of a run that was interrupted, with its `checkpoint/`.
    warm_up
        Folder of the warm-up that it started from: its model is of the same shape.
    tokenizer
        Folder of the tokenizer's run.
    target
        Folder to write.

    Returns
    -------
    int
        Steps that the checkpoint was trained for.
    """
    state = torch.load(run / FOLDER / FILE, map_location="cpu", weights_only=True)
    factory: Any = AutoModelForCausalLM  # from_config has no types
    model = factory.from_config(AutoConfig.from_pretrained(warm_up / "model"))
    model.load_state_dict(state["model"], strict=False)  # weights that are tied stand in it once
    model.save_pretrained(target, safe_serialization=True)
    shutil.copy(tokenizer / "tokenizer.json", target / "tokenizer.json")
    settings = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": BOS,
        "eos_token": EOS,
        "pad_token": PAD,
        "clean_up_tokenization_spaces": False,
        "chat_template": CHAT_TEMPLATE,
    }
    (target / "tokenizer_config.json").write_text(json.dumps(settings), encoding="utf-8")
    return int(state["position"]["step"])


if __name__ == "__main__":
    print(export(*map(Path, sys.argv[1:5])))
