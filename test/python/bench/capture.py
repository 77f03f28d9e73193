"""What capturing costs, and how far it is from a naive recomputation: `npm run bench capture`.

Costs are of CPU time, on one thread, against the same scoring without any capture; every choice of estimators is
measured in turn, several times, and the fastest counts.
"""

from __future__ import annotations

import argparse
import math
import random
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from because_trainer.environment import fix_threads, make_deterministic

fix_threads()

import torch  # noqa: E402
from because_trainer.attention import attend_by  # noqa: E402
from because_trainer.capture import Capture  # noqa: E402
from because_trainer.contract import CaptureOptions, contract  # noqa: E402
from because_trainer.interruption import Interruption  # noqa: E402
from because_trainer.model import LanguageModel, take_apart  # noqa: E402
from because_trainer.packing import pack_trees  # noqa: E402
from because_trainer.progress import Progress  # noqa: E402
from because_trainer.questions import Question  # noqa: E402
from because_trainer.scoring import Scorer  # noqa: E402
from because_trainer.sequences import LabelSet  # noqa: E402
from because_trainer.trees import grow_trees  # noqa: E402
from stored_states import StoredPass  # noqa: E402
from transformers import LlamaConfig, LlamaForCausalLM  # noqa: E402
from workshop import CAPTURE  # noqa: E402

VOCABULARY = 2048
PROMPT_TOKENS = (100, 400)
AXES = 3
CHEAP = ["softmax", "energy", "energy_trimmed", "histogram"]
COMPARED = 2
"""Dialogues whose captured numbers are compared with the naive ones: once as they are, once with massive units."""


@dataclass(frozen=True)
class Size:
    """A Llama with random weights and tied embeddings, and how many dialogues it scores."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    dialogues: int


SIZES = {
    "0.2M": Size(64, 2, 4, 192, 60),
    "2M": Size(192, 4, 6, 576, 24),
    "12M": Size(384, 6, 6, 1152, 8),
}


def main() -> None:
    """Print one table a size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", nargs="*", default=list(SIZES), choices=list(SIZES))
    parser.add_argument("--rounds", type=int, default=4)
    given = parser.parse_args()
    make_deterministic()
    for name in given.sizes:
        report(name, SIZES[name], given.rounds)


def report(name: str, size: Size, rounds: int) -> None:
    """Print what each choice of estimators costs at one size, and the largest deviations."""
    model = make_model(size)
    questions = make_questions(size.dialogues)
    tokens = sum(len(question.context) for question in questions) / len(questions)
    choices = {"none": [], "cheap": CHEAP, **{one: [one] for one in contract()["estimators"]}}
    choices["all"] = contract()["estimators"]
    seconds = time_choices(model, questions, choices, rounds)
    worst = deviations(model, questions)
    print(
        f"\n{name}: {model.parameters:,} parameters, {len(questions)} rows on {AXES} axes, {tokens:.0f} tokens a row; "
        f"{len(questions) / seconds['none']:.0f} rows a second without capture"
    )
    print(f"{'captured':16}{'ms a row':>10}{'cost':>10}{'largest deviation from float64':>34}")
    for choice, spent in seconds.items():
        deviation = f"{worst[choice]:.1e}" if choice in worst else ""
        cost = spent / seconds["none"] - 1
        print(f"{choice:16}{1000 * spent / len(questions):10.3f}{cost:+10.1%}{deviation:>34}")


def make_model(size: Size) -> LanguageModel:
    """The model, its attention registered as the trainer does it on a CPU."""
    torch.manual_seed(1)
    config = LlamaConfig(
        vocab_size=VOCABULARY,
        hidden_size=size.hidden,
        intermediate_size=size.feed_forward,
        num_hidden_layers=size.layers,
        num_attention_heads=size.heads,
        num_key_value_heads=size.heads,
        max_position_embeddings=1024,
        tie_word_embeddings=True,
    )
    net: Any = LlamaForCausalLM(config)
    model = take_apart(net.eval())
    attend_by(model, "sdpa")
    return model


def make_questions(dialogues: int) -> list[Question]:
    """Dialogues of made-up tokens, each judged on every axis; labels have one token."""
    draw = random.Random(1)
    labels = LabelSet(["1", "2", "3", "4", "5"], (), [(token,) for token in range(4, 9)])
    questions = []
    for number in range(dialogues):
        prompt = [1, *(draw.randrange(20, VOCABULARY) for _ in range(draw.randint(*PROMPT_TOKENS)))]
        questions += [Question([*prompt, 10 + axis, 18, 19], labels, number) for axis in range(AXES)]
    return questions


def time_choices(
    model: LanguageModel, questions: list[Question], choices: dict[str, list[str]], rounds: int
) -> dict[str, float]:
    """Seconds of CPU time that scoring takes with each choice of estimators, the least of all rounds."""
    least = dict.fromkeys(choices, math.inf)
    with tempfile.TemporaryDirectory() as folder, Progress(Path(folder), None) as progress:
        for _ in range(rounds):
            for choice, names in choices.items():
                scorer = Scorer(model, Capture(model, options_of(names)), pad=0, bos=1, share=True)
                began = time.process_time()
                scorer.score(questions, progress, Interruption())
                least[choice] = min(least[choice], time.process_time() - began)
    return least


def deviations(model: LanguageModel, questions: list[Question]) -> dict[str, float]:
    """Largest difference of each estimator from its naive recomputation, with and without massive units."""
    contexts = [question.context for question in questions[: COMPARED * AXES]]
    [pack] = pack_trees(grow_trees(contexts, [i // AXES for i in range(len(contexts))], True), None, 0)
    embedding = model.net.get_input_embeddings().weight.data
    worst: dict[str, float] = {}
    for massive in (0.0, 1e3, 1e4):
        embedding[:, 3] += massive
        stored = StoredPass(model, pack, contexts, options_of(contract()["estimators"]))
        for index in range(len(contexts)):
            for found, expected in stored.compared(index):
                for name, value in found.items():
                    if not math.isnan(expected[name]):
                        worst[name] = max(worst.get(name, 0.0), abs(value - expected[name]))
        embedding[:, 3] -= massive
    worst["all"] = max(worst.values())
    return worst


def options_of(names: list[str]) -> CaptureOptions:
    """The estimators named, with the constants that a study has by default."""
    return {**CAPTURE, "estimators": names, "bins": 32}  # type: ignore[typeddict-item]


if __name__ == "__main__":
    main()
