"""Warm-up: a language model of the study's own prompts, shared by all arms."""

from __future__ import annotations

import shutil

from .contract import WarmUpJob
from .files import sync
from .loss import language_model_loss
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
    model = load_model(task, job["model"], tokenizer, job["seed"])
    longest = min(job["optimisation"]["max_tokens"], context_length(job["model"], model))
    sequences = [text_sequence(row.prompt, tokenizer, longest) for row in rows]
    plan = Plan(
        folder=task.folder,
        job=task.job_sha256,
        seed=job["seed"],
        options=job["optimisation"],
        sequences=[sequence for sequence in sequences if len(sequence.ids) > 1],
        pad=tokenizer.pad,
        objective=lambda logits, batch: language_model_loss(logits, batch.targets),
    )
    trainer = Trainer(plan, model, task.interruption, task.began)
    with Progress(task.folder, trainer.resume_at) as progress:
        progress.write("resume" if trainer.resume_at is not None else "start", steps=job["optimisation"]["steps"])
        outcome = training_outcome(trainer.run(progress), model, sequences)
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
