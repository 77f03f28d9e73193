"""Makes small jobs, and does them: the corpus is tiny, the models smaller."""

from __future__ import annotations

import copy
import hashlib
import json
import random
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from because_trainer.contract import contract
from because_trainer.interruption import Interruption
from because_trainer.runs import Report, do_run
from because_trainer.tables import Row

AXES = ["naturalness", "adherence"]
LABELS = {axis: ["1", "2", "3", "4", "5"] for axis in AXES}
TEXT = {"label_prefix": " ", "because": " because ", "therefore": " so"}
MODEL = {"scratch": {"hidden": 16, "layers": 2, "heads": 2, "feed_forward": 32}, "context": 256}
OPTIMISATION = {
    "steps": 24,
    "batch": 4,
    "learning_rate": 3e-3,
    "betas": [0.9, 0.98],
    "weight_decay": 0.01,
    "warmup_fraction": 0.1,
    "clip": 1.0,
    "max_tokens": 96,
    "checkpoint_every": 7,
}
CAPTURE = {
    "estimators": contract()["estimators"],
    "top_units": 1,
    "bins": 8,
    "generate_tokens": 8,
    "samples": 0,
    "temperature": 1.0,
    "along": [],
}
EXECUTION = {
    "precision": "fp32",
    "attention": "auto",
    "share_dialogues": True,
    "row_tokens": None,
    "micro_batch": None,
    "gradient_checkpointing": False,
    "compile": False,
    "processes": 1,
    "parallel": "ddp",
}
WORDS = ["the", "reply", "answers", "every", "part", "of", "this", "question", "but", "drifts", "away", "from", "it"]


def make_rows(count: int, seed: int) -> list[Row]:
    """Rows whose label is the number of slips in the response, and whose explanation says so."""
    draw = random.Random(seed)
    rows = []
    for i in range(count):
        slips = draw.randint(0, 4)
        response = draw.choices(WORDS, k=draw.randint(4, 14)) + ["teh"] * slips
        draw.shuffle(response)
        axis = AXES[i % 2]
        turn = " ".join(draw.choices(WORDS, k=draw.randint(3, 18)))
        prompt = f"axis: {axis}\nuser: {turn}\nresponse: {' '.join(response)}\nlabel:"
        label = str(5 - slips)
        rows.append(
            Row(
                example_id=f"e{seed}-{i}",
                dialogue_id=f"d{seed}-{i // 4}",
                corpus=f"corpus-{i // 2 % 2}",
                axis=axis,
                prompt=prompt,
                label=label,
                explanation=f"the response has {slips} slips in its {len(response)} words",
                gold=label,
                turns=f"{len(axis) + 7},{len(axis) + 14 + len(turn)}",
            )
        )
    return rows


class Workshop:
    """A folder of jobs and runs.

    Attributes
    ----------
    jobs, runs
        The two folders that the trainer is given.
    """

    def __init__(self, root: Path) -> None:
        self.jobs = root / "jobs"
        self.runs = root / "runs"

    def job(self, fields: dict[str, Any], **data: list[Row]) -> str:
        """Write a job; returns its run id."""
        job = {"contract": 1, **copy.deepcopy(fields), "data": {}}
        for name, rows in data.items():
            content = hashlib.sha256(repr(rows).encode()).hexdigest()
            job["data"][name] = {"file": f"{name}.parquet", "rows": len(rows), "content": content}
        text = json.dumps(job)
        run = hashlib.sha256(text.encode()).hexdigest()[:16]
        folder = self.jobs / run
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "job.json").write_text(text, encoding="utf-8")
        columns = contract()["data_columns"]
        for name, rows in data.items():
            table = pa.table({column: [getattr(row, column) for row in rows] for column in columns})
            pq.write_table(table, folder / f"{name}.parquet")
        return run

    def tokenizer(self, rows: list[Row], **changes: Any) -> str:
        """Write a tokenizer job."""
        fields = {"kind": "tokenizer", "vocabulary": 400, "text": TEXT, "labels": LABELS, **changes}
        return self.job(fields, train=rows)

    def warm_up(self, rows: list[Row], tokenizer: str | None, **changes: Any) -> str:
        """Write a warm-up job."""
        fields = {
            "kind": "warm-up",
            "seed": 1,
            "model": MODEL,
            "tokenizer_run": tokenizer,
            "optimisation": OPTIMISATION,
            "execution": EXECUTION,
        }
        return self.job({**fields, **changes}, train=rows)

    def arm(
        self,
        train: list[Row],
        test: list[Row],
        tokenizer: str | None,
        arm: tuple[str, str, str] = ("explanation", "label-first", "token-mean"),
        **changes: Any,
    ) -> str:
        """Write a train job; `arm` is mode, order and reduction."""
        fields = {
            "kind": "train",
            "arm": dict(zip(("mode", "order", "reduction"), arm)),
            "seed": 1,
            "scope": None,
            "labels": LABELS,
            "text": TEXT,
            "template": {"kind": "plain"},
            "model": MODEL,
            "adapter": {"kind": "none"},
            "tokenizer_run": tokenizer,
            "base_run": None,
            "optimisation": OPTIMISATION,
            "execution": EXECUTION,
            "keep_model": False,
            "label_weight": 1.0,
            "prompt_room": 64,
            "capture": CAPTURE,
        }
        return self.job({**fields, **changes}, train=train, test=test)

    def baseline(self, baseline: str, train: list[Row], test: list[Row], **changes: Any) -> str:
        """Write a baseline job."""
        return self.job({"kind": "baseline", "baseline": baseline, "labels": LABELS, **changes}, train=train, test=test)

    def do(self, run: str, runs: Path | None = None) -> Report:
        """Do a run in this process."""
        return do_run(run, self.jobs, runs or self.runs, Interruption())

    def done(self, run: str) -> Path:
        """Do a run that must succeed; returns its folder."""
        report = self.do(run)
        assert report.status == "done", report.reason
        return self.runs / run


def manifest_of(folder: Path) -> dict[str, Any]:
    """The manifest of a run."""
    manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return manifest


def progress_of(folder: Path, event: str | None = None) -> list[dict[str, Any]]:
    """Lines of a run's progress, those of one event alone if named."""
    text = (folder / "progress.jsonl").read_text(encoding="utf-8")
    lines: list[dict[str, Any]] = [json.loads(line) for line in text.splitlines()]
    return [line for line in lines if event is None or line["event"] == event]
