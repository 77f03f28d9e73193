"""Train one arm with one seed, then score every test row."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import Any

from .batches import Batch
from .capture import Capture
from .contract import TrainJob
from .decoding import Ending, decode_explanations
from .loss import Loss, completion_loss
from .model import LanguageModel, context_length
from .progress import FILE as PROGRESS
from .progress import Progress
from .scoring import Question, Score, Scorer
from .sequences import Layout, check_labels
from .tables import Row, read_rows, write_layers, write_predictions
from .task import Outcome, Task, load_model, load_tokenizer
from .tokenizer import Tokenizer
from .training import Plan, Trainer, training_outcome

PREDICTIONS, LAYERS = "predictions.parquet", "layers.parquet"


@dataclass(frozen=True)
class Asked:
    """A test row made ready for scoring; `generated` is the explanation that the model wrote before its label."""

    row: Row
    question: Question
    prompt_tokens: int
    truncated: bool
    generated: list[int] | None


def train_arm(task: Task, job: TrainJob) -> Outcome:
    """Train and score; leaves `predictions.parquet` and `layers.parquet`, but no model.

    Raises
    ------
    RunFailed
        When the job's data do not fit it, or training diverges.
    """
    train, test = (read_rows(task.inputs, data) for data in (job["data"]["train"], job["data"]["test"]))
    check_labels(train, job["labels"], "train.parquet", need_label=True)
    check_labels(test, job["labels"], "test.parquet", need_label=False)
    tokenizer = load_tokenizer(task, job["tokenizer_run"], job["model"])
    model = load_model(task, job["model"], tokenizer, job["seed"], job["base_run"])
    layout = _layout(job, model, tokenizer)
    sequences = [layout.training_sequence(row, job["arm"]["mode"] != "label-only") for row in train]
    plan = Plan(
        folder=task.folder,
        job=task.job_sha256,
        seed=job["seed"],
        options=job["optimisation"],
        sequences=sequences,
        pad=tokenizer.pad,
        objective=_objective(job),
    )
    trainer = Trainer(plan, model, task.interruption, task.began)
    with Progress(task.folder, trainer.resume_at) as progress:
        progress.write("resume" if trainer.resume_at is not None else "start", steps=job["optimisation"]["steps"])
        outcome = training_outcome(trainer.run(progress), model, sequences)
        began = time.monotonic()
        progress.write("score", phase="score", examples=0)
        asked = ask(task, job, model, layout, test)
        scorer = Scorer(model, Capture(model, job["capture"]), pad=tokenizer.pad, bos=len(layout.start))
        scores = scorer.score([a.question for a in asked], progress, task.interruption)
        write_scores(task, job, layout, asked, scores)
        outcome.score_seconds = time.monotonic() - began
        outcome.truncated_rows += sum(a.truncated for a in asked)
        outcome.shortened_explanations = sum(sequence.shortened for sequence in sequences)
        outcome.files = [PROGRESS, PREDICTIONS, LAYERS]
        progress.write("done")
    return outcome


def ask(task: Task, job: TrainJob, model: LanguageModel, layout: Layout, rows: list[Row]) -> list[Asked]:
    """Put each test row before the model, up to its label; explanation-first arms write their explanation first."""
    tokenizer, arm = layout.tokenizer, job["arm"]
    sets = {axis: layout.label_set(labels) for axis, labels in job["labels"].items()}
    explains = arm["order"] == "explanation-first" and arm["mode"] != "label-only"
    contexts = [layout.context(row.prompt) for row in rows]
    spoken = len(layout.because) + len(layout.therefore) if explains else 0
    rooms = [layout.room_after(c.ids, spoken + sets[row.axis].room) for row, c in zip(rows, contexts)]
    if not explains:
        return [
            Asked(row, Question(c.ids, sets[row.axis]), c.prompt_tokens, c.truncated, None)
            for row, c in zip(rows, contexts)
        ]
    most = min([job["capture"]["generate_tokens"], *rooms])
    ending = Ending(tokenizer.eos, layout.therefore, [sets[row.axis].beginnings for row in rows], most)
    openings = [[*context.ids, *layout.because] for context in contexts]
    written = decode_explanations(model, openings, ending, tokenizer.pad, task.interruption)
    return [
        Asked(
            row,
            Question([*opening, *words, *layout.therefore], sets[row.axis]),
            c.prompt_tokens,
            c.truncated,
            words,
        )
        for row, c, opening, words in zip(rows, contexts, openings, written)
    ]


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
    )


def write_scores(task: Task, job: TrainJob, layout: Layout, asked: list[Asked], scores: list[Score]) -> None:
    """Write `predictions.parquet` and `layers.parquet`, in the order of `test.parquet`."""
    write_predictions(task.folder / PREDICTIONS, [_prediction(layout, a, score) for a, score in zip(asked, scores)])
    estimators = job["capture"]["estimators"]
    write_layers(
        task.folder / LAYERS,
        estimators,
        [record for a, score in zip(asked, scores) for record in _layers(a.row, score, estimators)],
    )


def _prediction(layout: Layout, asked: Asked, score: Score) -> dict[str, Any]:
    row, logits = asked.row, score.label_logits
    return {
        "example_id": row.example_id,
        "dialogue_id": row.dialogue_id,
        "corpus": row.corpus,
        "axis": row.axis,
        "gold": row.gold,
        "predicted": asked.question.labels.labels[logits.index(max(logits))],
        "label_logits": logits,
        "log_sum_exp": score.log_sum_exp,
        "off_label_mass": score.off_label_mass,
        "truncated": asked.truncated,
        "prompt_tokens": asked.prompt_tokens,
        "generated": None if asked.generated is None else layout.tokenizer.decode(asked.generated).strip(),
        "generated_tokens": None if asked.generated is None else len(asked.generated),
    }


def _layers(row: Row, score: Score, estimators: list[str]) -> list[dict[str, Any]]:
    depth = len(next(iter(score.estimates.values()), []))
    keys = {"example_id": row.example_id, "corpus": row.corpus, "axis": row.axis}
    return [
        {**keys, "layer": layer, **{name: _finite(score.estimates[name][layer]) for name in estimators}}
        for layer in range(depth)
    ]


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _objective(job: TrainJob) -> Any:
    reduction, weight = job["arm"]["reduction"], job["label_weight"]

    def objective(logits: Any, batch: Batch) -> Loss:
        return completion_loss(logits, batch.targets, batch.label, reduction=reduction, label_weight=weight)

    return objective
