"""Shared by all tests of the trainer: one thread, and one small workshop with a tokenizer and a warm-up."""

from __future__ import annotations

import os

from because_trainer.environment import fix_threads, make_deterministic

fix_threads()
os.environ.setdefault("BECAUSE_DEVICE", "cpu")  # also where there is a GPU

from dataclasses import dataclass  # noqa: E402

import pytest  # noqa: E402
from because_trainer.loading import Start, build_model  # noqa: E402
from because_trainer.model import LanguageModel  # noqa: E402
from because_trainer.tables import Row  # noqa: E402
from because_trainer.tokenizer import Tokenizer, read_tokenizer  # noqa: E402
from hypothesis import settings  # noqa: E402
from workshop import MODEL, Workshop, make_rows  # noqa: E402

settings.register_profile("trainer", deadline=None)
settings.load_profile("trainer")


@dataclass(frozen=True)
class Base:
    """What most tests start from.

    Attributes
    ----------
    shop
        A workshop in which the tokenizer run and the warm-up run are done.
    train, test
        Rows.
    """

    shop: Workshop
    train: list[Row]
    test: list[Row]
    tokenizer_run: str
    warm_up_run: str

    @property
    def tokenizer(self) -> Tokenizer:
        """The tokenizer run's tokenizer."""
        return read_tokenizer(self.shop.runs / self.tokenizer_run / "tokenizer.json")

    def model(self, seed: int = 3) -> LanguageModel:
        """An untrained model whose weights are large enough for its outputs to differ."""
        model = build_model(Start(MODEL, seed), self.tokenizer)  # type: ignore[arg-type]
        for parameter in model.net.parameters():
            if parameter.dim() > 1:
                parameter.data.mul_(8)
        model.net.eval()
        return model


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Base:
    """A workshop with a tokenizer and a warm-up."""
    make_deterministic()
    shop = Workshop(tmp_path_factory.mktemp("workshop"))
    train, test = make_rows(48, 1), make_rows(21, 2)
    tokenizer_run = shop.tokenizer(train)
    shop.done(tokenizer_run)
    warm_up_run = shop.warm_up(train, tokenizer_run)
    shop.done(warm_up_run)
    return Base(shop, train, test, tokenizer_run, warm_up_run)
