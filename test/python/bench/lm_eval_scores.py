"""Label probabilities by lm-eval: each label of each prompt is a request, as in its multiple-choice tasks."""

from __future__ import annotations

import time
import warnings
from pathlib import Path

import torch
from because_trainer.tables import Row
from because_trainer.tokenizer import BOS, EOS, PAD
from lm_eval.api.instance import Instance
from lm_eval.models.huggingface import HFLM
from tokenizers.processors import TemplateProcessing
from transformers import AutoModelForCausalLM, PreTrainedTokenizerFast

from .results import Scoring


def score_with_lm_eval(
    folder: Path, rows: list[Row], *, labels: dict[str, list[str]], attention: str, batch: int, cache: bool
) -> Scoring:
    """Score the labels of each row, with or without the cache of logits that labels of one prompt share."""
    warnings.filterwarnings("ignore")
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation=attention)
    judge = HFLM(
        pretrained=model,
        tokenizer=_tokenizer(folder),
        backend="causal",
        logits_cache=cache,
        add_bos_token=True,
        batch_size=batch,
        device="cpu",
    )
    requests = [
        Instance(request_type="loglikelihood", doc={}, arguments=(row.prompt, f" {label}"), idx=i)
        for i, (row, label) in enumerate((row, label) for row in rows for label in labels[row.axis])
    ]
    began = time.monotonic()
    answers = judge.loglikelihood(requests, disable_tqdm=True)
    seconds = time.monotonic() - began
    tokens = [(request.args, *judge._encode_pair(*request.args)) for request in requests]
    began = time.monotonic()
    judge._loglikelihood_tokens(tokens, disable_tqdm=True)
    seconds_of_tokens = time.monotonic() - began
    values = iter(float(log_probability) for log_probability, _ in answers)
    return Scoring(seconds, seconds_of_tokens, [[next(values) for _ in labels[row.axis]] for row in rows])


def _tokenizer(folder: Path) -> PreTrainedTokenizerFast:
    """The trainer's own tokenizer, told to begin every text with its first token."""
    tokenizer = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_file=str(folder / "tokenizer.json"), bos_token=BOS, eos_token=EOS, pad_token=PAD
    )
    tokenizer.backend_tokenizer.post_processor = TemplateProcessing(
        single=f"{BOS} $A", special_tokens=[(BOS, tokenizer.bos_token_id)]
    )
    return tokenizer
