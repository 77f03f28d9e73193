"""Warm-up: a language model of the study's own prompts, shared by all arms."""

from __future__ import annotations

import shutil

from .attention_choice import settle_attention
from .contract import WarmUpJob
from .files import sync
from .microbatches import Recipe
from .model import LanguageModel, context_length
from .progress import FILE as PROGRESS
from .progress import Progress
from .sequences import EXPLANATION, PROMPT, Sequence
from .tables import read_rows
from .task import Outcome, Task, load_model, load_tokenizer
from .tokenizer import Tokenizer
from .training import Plan, Trainer, training_outcome


def warm_up(task: Task, job: WarmUpJob) -> Outcome:
    """Train a language model on the prompts of `train.parquet`; leaves `model/`."""
    rows = read_rows(task.inputs, job["data"]["train"])
    tokenizer = load_tokenizer(task, job["tokenizer_run"], job["model"])
    model = load_model(task, job, tokenizer)
    longest = min(job["optimisation"]["max_tokens"], context_length(job["model"], model))
    sequences = [text_sequence(row.prompt, tokenizer, longest) for row in rows]
    trained = [i for i, sequence in enumerate(sequences) if len(sequence.ids) > 1]
    keys = [(rows[i].corpus, rows[i].example_id) for i in trained]
    settled = settle_attention(model, job["execution"], [sequences[i].ids for i in trained], keys, tokenizer.pad)
    recipe = Recipe(
        sequences=[sequences[i] for i in trained],
        keys=keys,
        pad=tokenizer.pad,
        reduction="token-mean",
        label_weight=1.0,
        share=settled.trees and job["execution"]["share_dialogues"],
        row_tokens=job["execution"]["row_tokens"] if settled.trees else None,
    )
    plan = Plan(task.folder, task.job_sha256, job["seed"], job["optimisation"], job["execution"], recipe, parts=False)
    trainer = Trainer(plan, model, task.interruption, task.began)
    with Progress(task.folder, trainer.resume_at) as progress:
        progress.write("resume" if trainer.resume_at is not None else "start", steps=job["optimisation"]["steps"])
        outcome = training_outcome(trainer.run(progress), model, plan)
        outcome.conduct |= {"attention": settled.attention, **trainer.speed}
        outcome.files = [PROGRESS, *save_model(task, model)]
        progress.write("done")
    return outcome


def text_sequence(text: str, tokenizer: Tokenizer, longest: int) -> Sequence:
    """A text of which every token but the first is to be predicted; what is too long is cut from the front."""
    start = [] if tokenizer.bos is None else [tokenizer.bos]
    tokens = tokenizer.encode(text)
    kept = min(len(tokens), longest - len(start))
    ids = start + tokens[len(tokens) - kept :]
    return Sequence(ids, [PROMPT] + [EXPLANATION] * (len(ids) - 1), len(tokens), kept < len(tokens))


def save_model(task: Task, model: LanguageModel) -> list[str]:
    """Save the model beside `model/` and rename it into place; returns the names of its files."""
    target, beside = task.folder / "model", task.folder / "model.part"
    shutil.rmtree(beside, ignore_errors=True)
    model.save(beside)
    for path in beside.iterdir():
        sync(path)
    shutil.rmtree(target, ignore_errors=True)
    beside.replace(target)
    sync(task.folder)
    return sorted(f"model/{path.name}" for path in target.iterdir())
