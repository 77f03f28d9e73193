"""Jobs to measure with: the rows of a study, a tokenizer trained on them, and models of two sizes."""

from __future__ import annotations

import shutil
from pathlib import Path
from statistics import fmean
from typing import Any

import pyarrow.parquet as pq
from because_trainer.contract import contract
from because_trainer.tables import Row
from because_trainer.tokenizer import read_tokenizer
from workshop import CAPTURE, OPTIMISATION, Workshop

VOCABULARY = 2048
CONTEXT = 1024
PROMPT_ROOM = 896
"""Rows with longer prompts are left out: nothing is cut, so that all read the same."""

SIZES: dict[str, dict[str, int]] = {
    "0.2M": {"hidden": 64, "layers": 2, "heads": 4, "feed_forward": 192},
    "2M": {"hidden": 192, "layers": 4, "heads": 6, "feed_forward": 576},
}
"""Llama blocks with tied embeddings of 2,048 tokens: 0.23 and 2.3 million parameters."""

STEPS = {"0.2M": 120, "2M": 40}
TEST_ROWS = {"0.2M": 1800, "2M": 450}
BATCH = 24
"""Sequences a step: eight dialogues on three axes."""


class Material:
    """Rows and the jobs made of them, in a folder.

    Parameters
    ----------
    folder
        Where jobs and runs are put.
    rows
        Folder of `train.parquet` and `test.parquet`, with the columns of a job's data.
    """

    def __init__(self, folder: Path, rows: Path) -> None:
        self.shop = Workshop(folder)
        self.train = read_parquet(rows / "train.parquet")
        self.test = read_parquet(rows / "test.parquet")
        self.labels = labels_of([*self.train, *self.test])
        self.tokenizer_run = self.shop.tokenizer(self.train, vocabulary=VOCABULARY, labels=self.labels)
        tokenizer = read_tokenizer(self.shop.done(self.tokenizer_run) / "tokenizer.json")
        lengths = {
            prompt: len(tokenizer.encode(prompt)) for prompt in {row.prompt for row in [*self.train, *self.test]}
        }
        self.train = [row for row in self.train if lengths[row.prompt] <= PROMPT_ROOM]
        self.test = [row for row in self.test if lengths[row.prompt] <= PROMPT_ROOM]
        self.prompt_tokens = fmean(lengths[row.prompt] for row in self.train)
        self.completion_tokens = fmean(
            len(tokenizer.continuation(f" {row.label} because {row.explanation}")) + 1 for row in self.train
        )

    def training(self, size: str, steps: int, batch: int = BATCH) -> str:
        """A job that trains a model from scratch on labels and explanations, token mean; returns its run."""
        return self._arm(
            self.train,
            self.test[:3],
            model={"scratch": SIZES[size], "context": CONTEXT},
            optimisation=self._optimisation(steps, batch),
            capture={**CAPTURE, "estimators": []},
        )

    def scoring(self, model: Path, estimators: list[str], rows: int) -> str:
        """A job that trains nothing and scores the first test rows with a model; returns its run."""
        return self._arm(
            self.train[:3],
            self.test[:rows],
            model={"folder": str(model)},
            optimisation=self._optimisation(0, BATCH),
            capture={**CAPTURE, "bins": 32, "estimators": estimators},
        )

    def _arm(self, train: list[Row], test: list[Row], **fields: Any) -> str:
        return self.shop.arm(train, test, self.tokenizer_run, labels=self.labels, prompt_room=PROMPT_ROOM, **fields)

    def _optimisation(self, steps: int, batch: int) -> dict[str, Any]:
        return {
            **OPTIMISATION,
            "steps": steps,
            "batch": batch,
            "learning_rate": 1.2e-3,
            "max_tokens": CONTEXT,
            "checkpoint_every": max(1, steps),
        }

    def fresh_runs(self, name: str) -> Path:
        """A folder of runs in which nothing but the tokenizer is done."""
        folder = self.shop.runs.with_name(f"runs-{name}")
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.shop.runs / self.tokenizer_run, folder / self.tokenizer_run)
        return folder


def read_parquet(path: Path) -> list[Row]:
    """All rows of a data file."""
    columns: list[str] = contract()["data_columns"]
    return [Row(**record) for record in pq.read_table(path, columns=columns).to_pylist()]


def labels_of(rows: list[Row]) -> dict[str, list[str]]:
    """Each axis's labels, sorted."""
    axes = dict.fromkeys(row.axis for row in rows)
    return {axis: sorted({row.label for row in rows if row.axis == axis}) for axis in axes}
