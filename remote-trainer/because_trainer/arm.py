"""Train one arm with one seed, then score every test row."""

from __future__ import annotations

import time

from .along import Along
from .attention_choice import settle_attention
from .boundaries import check_meeting
from .contract import TrainJob
from .held_out import HeldOut
from .kept_model import keep_model
from .microbatches import Recipe
from .model import LanguageModel, context_length
from .parallel import processes
from .progress import FILE as PROGRESS
from .progress import Progress
from .sequences import Layout, check_labels
from .tables import read_rows, write_layers, write_predictions
from .task import Outcome, Task, load_model, load_tokenizer
from .templates import frame_of
from .tokenizer import Tokenizer
from .training import Plan, Trainer, training_outcome

PREDICTIONS, LAYERS = "predictions.parquet", "layers.parquet"


def train_arm(task: Task, job: TrainJob) -> Outcome:
    """Train and score; leaves `predictions.parquet` and `layers.parquet`, and its model where the job says so.

    Raises
    ------
    RunFailed
        When the job's data do not fit it, or training diverges.
    """
    train, test = (read_rows(task.inputs, data) for data in (job["data"]["train"], job["data"]["test"]))
    check_labels(train, job["labels"], "train.parquet", need_label=True)
    check_labels(test, job["labels"], "test.parquet", need_label=False)
    tokenizer = load_tokenizer(task, job["tokenizer_run"], job["model"])
    model = load_model(task, job, tokenizer)
    layout = _layout(job, model, tokenizer)
    check_meeting(layout, [*train, *test], job["labels"])
    sequences = layout.training_sequences(train, job["arm"]["mode"] != "label-only")
    keys = [(row.corpus, row.example_id) for row in train]
    settled = settle_attention(model, job["execution"], [s.ids for s in sequences], keys, tokenizer.pad)
    recipe = Recipe(
        sequences=sequences,
        keys=keys,
        pad=tokenizer.pad,
        reduction=job["arm"]["reduction"],
        label_weight=job["label_weight"],
        share=settled.trees and job["execution"]["share_dialogues"],
        row_tokens=job["execution"]["row_tokens"] if settled.trees else None,
    )
    plan = Plan(task.folder, task.job_sha256, job["seed"], job["optimisation"], job["execution"], recipe)
    group = processes()
    held_out = HeldOut(model, job, layout, test, share=recipe.share, interruption=task.interruption, processes=group)
    trainer = Trainer(plan, model, task.interruption, task.began)
    with Progress(task.folder, trainer.resume_at) as progress:
        progress.write("resume" if trainer.resume_at is not None else "start", steps=job["optimisation"]["steps"])
        along = Along(task.folder, job["capture"], plan.options["steps"], held_out, progress, group, trainer.resume_at)
        trainer.after_step = along.after_step
        outcome = training_outcome(trainer.run(progress), model, plan)
        outcome.conduct |= {"attention": settled.attention, **trainer.speed}
        began = time.monotonic()
        progress.write("score", phase="score", examples=0)
        scored = held_out.score(progress)
        write_predictions(task.folder / PREDICTIONS, scored.predictions)
        write_layers(task.folder / LAYERS, job["capture"]["estimators"], scored.layers)
        along.write()
        outcome.score_seconds = time.monotonic() - began
        outcome.truncated_rows += held_out.truncated
        outcome.shortened_explanations = sum(sequence.shortened for sequence in sequences)
        kept = keep_model(task, job, model, tokenizer) if job["keep_model"] else []
        outcome.files = [PROGRESS, PREDICTIONS, LAYERS, *along.files, *kept]
        progress.write("done")
    return outcome


def _layout(job: TrainJob, model: LanguageModel, tokenizer: Tokenizer) -> Layout:
    """The job's layout. A model whose context is shorter than `max_tokens` takes it from the prompt."""
    asked = job["optimisation"]["max_tokens"]
    longest = min(asked, context_length(job["model"], model))
    return Layout(
        tokenizer,
        job["text"],
        label_first=job["arm"]["order"] == "label-first",
        max_tokens=longest,
        prompt_room=job["prompt_room"] - (asked - longest),
        frame=frame_of(tokenizer, job["template"]),
    )
