"""What a run leaves of its model, where its job says so: the whole of it, or the adapter in peft's own format."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .contract import TrainJob
from .files import replace_folder
from .hub import licence_of, model_folder
from .model import LanguageModel
from .model_card import model_card
from .parallel import processes
from .task import Task
from .tokenizer import Tokenizer
from .version import trainer_version

MODEL, ADAPTER = "model", "adapter"


def keep_model(task: Task, job: TrainJob, model: LanguageModel, tokenizer: Tokenizer) -> list[str]:
    """Write `adapter/` or `model/`, with a model card; every process of a run must call it.

    `adapter/` is what `peft.PeftModel.from_pretrained` reads: its configuration names the base and its revision, or the
    last part of the folder's name. `model/` is what transformers reads, tokenizer included.

    Returns
    -------
    Names of the files, relative to the run's folder; none in processes that write nothing.
    """
    adapted = job["adapter"]["kind"] == "lora"
    weights = _whole_weights(model.net, trained_alone=adapted)
    if not processes().first:
        return []

    def write(folder: Path) -> None:
        if adapted:
            model.net.save_pretrained(folder, save_embedding_layers=False, **weights)
        else:
            model.net.save_pretrained(folder, **weights)
            save_tokenizer(task, job, tokenizer, folder)
        base = model_folder(job["model"]) if job["base_run"] is None else None
        licence = None if base is None else licence_of(base)
        (folder / "README.md").write_text(model_card(job, task.run, licence, trainer_version()), encoding="utf-8")

    return replace_folder(task.folder / (ADAPTER if adapted else MODEL), write)


def save_tokenizer(task: Task, job: TrainJob, tokenizer: Tokenizer, folder: Path) -> None:
    """Write the tokenizer as transformers reads it: that of the base, else the run's own."""
    from transformers import AutoTokenizer, PreTrainedTokenizerFast

    base = model_folder(job["model"]) if job["tokenizer_run"] is None else None
    if base is not None:
        AutoTokenizer.from_pretrained(base, local_files_only=True, trust_remote_code=False).save_pretrained(folder)
        return
    make: Any = PreTrainedTokenizerFast
    special = {"bos_token": tokenizer.bos, "eos_token": tokenizer.eos, "pad_token": tokenizer.pad}
    words = {name: tokenizer.backend.id_to_token(token) for name, token in special.items() if token is not None}
    make(tokenizer_object=tokenizer.backend, **words).save_pretrained(folder)


def _whole_weights(net: Any, *, trained_alone: bool) -> dict[str, Any]:
    """What `save_pretrained` is to write where weights lie in shards; nothing where they do not."""
    if not any(hasattr(weights, "full_tensor") for weights in net.parameters()):
        return {}
    named = net.named_parameters() if trained_alone else net.state_dict().items()
    chosen = {name: weights for name, weights in named if weights.requires_grad or not trained_alone}
    return {
        "state_dict": {
            name: weights.full_tensor() if hasattr(weights, "full_tensor") else weights
            for name, weights in chosen.items()
        }
    }
