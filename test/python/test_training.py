"""What training does when memory, numbers or time run out."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
import torch
from because_trainer import step as step_module
from because_trainer.attention_choice import settle_attention
from because_trainer.errors import RunFailed
from because_trainer.interruption import Interruption
from because_trainer.loss import loss_of
from because_trainer.memory import is_out_of_memory
from because_trainer.microbatches import Recipe
from because_trainer.progress import Progress
from because_trainer.step import Forward
from because_trainer.training import WINDOW, Plan, Trainer
from conftest import Base
from test_attention import KEYS, SEQUENCES, VOCABULARY, build
from workshop import EXECUTION, OPTIMISATION, Workshop, manifest_of, progress_of


def plan_in(folder: Path, options: dict[str, Any] | None = None, **execution: Any) -> Plan:
    recipe = Recipe(SEQUENCES, KEYS, 0, "token-mean", 1.0, share=True, row_tokens=None)
    chosen: Any = {**OPTIMISATION, "steps": 6, "batch": 6, "checkpoint_every": 100, **(options or {})}
    return Plan(folder, "job", 1, chosen, {**EXECUTION, **execution}, recipe)  # type: ignore[typeddict-item]


def train(folder: Path, options: dict[str, Any] | None = None, **execution: Any) -> tuple[Trainer, list[float]]:
    """Train a small model; returns its trainer, and the mean losses of its windows."""
    model = build("Llama")
    plan = plan_in(folder, options, **execution)
    settle_attention(model, plan.execution, [s.ids for s in SEQUENCES], KEYS, 0)
    trainer = Trainer(plan, model, Interruption(), time.monotonic())
    with Progress(folder, None) as progress:
        trainer.run(progress)
    lines = [json.loads(line) for line in (folder / "progress.jsonl").read_text(encoding="utf-8").splitlines()]
    last = plan.options["steps"]
    return trainer, [line["loss"] for line in lines if line["step"] % WINDOW == 0 or line["step"] == last]


class Small:
    """A memory that holds so many sequences at a time."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, most: int, error: Exception | None = None) -> None:
        self.sizes: list[int] = []
        forward = Forward.forward

        def limited(module: Forward, pack: Any, targets: Any) -> Any:
            self.sizes.append(len(pack.indices))
            if len(pack.indices) > most:
                raise error or RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried")
            return forward(module, pack, targets)

        monkeypatch.setattr(Forward, "forward", limited)


def weights_of(trainer: Trainer) -> list[torch.Tensor]:
    return [parameter.detach() for parameter in trainer.gradients.forward.net.parameters()]


@pytest.mark.parametrize("most", [1, 2, 4])
def test_out_of_memory_halves_the_micro_batch_and_changes_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    (tmp_path / "whole").mkdir()
    (tmp_path / "halved").mkdir()
    whole, losses = train(tmp_path / "whole")
    memory = Small(monkeypatch, most)
    halved, found = train(tmp_path / "halved")
    assert whole.position.micro_batch == 6
    assert halved.position.micro_batch == {1: 1, 2: 2, 4: 3}[most]
    assert max(memory.sizes[-6:]) <= most
    assert found == pytest.approx(losses, abs=1e-5)
    for mine, theirs in zip(weights_of(halved), weights_of(whole)):
        torch.testing.assert_close(mine, theirs, rtol=1e-4, atol=1e-4)


def test_it_is_found_out_before_training_begins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = torch.get_rng_state()
    memory = Small(monkeypatch, 3, torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB."))
    model = build("Llama")
    plan = plan_in(tmp_path)
    settle_attention(model, plan.execution, [s.ids for s in SEQUENCES], KEYS, 0)
    trainer = Trainer(plan, model, Interruption(), time.monotonic())
    weights = [parameter.detach().clone() for parameter in model.net.parameters()]
    seeded = torch.get_rng_state()
    trainer.gradients.fit([])
    assert memory.sizes[:2] == [6, 3]
    assert set(memory.sizes[1:]) == {3}
    assert trainer.gradients.micro_batch == 3
    assert all(parameter.grad is None for parameter in model.net.parameters())
    assert all(torch.equal(a, b) for a, b in zip(weights, model.net.parameters()))
    assert torch.equal(torch.get_rng_state(), seeded)
    torch.set_rng_state(before)


def test_when_not_even_one_fits_the_longest_example_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Small(monkeypatch, 0)
    with pytest.raises(RunFailed, match="memory does not suffice for 1 example at a time") as failure:
        train(tmp_path)
    assert failure.value.cause == "out-of-memory"
    longest = max(range(len(SEQUENCES)), key=lambda i: len(SEQUENCES[i].ids))
    assert f"{KEYS[longest][1]} of corpus, has {len(SEQUENCES[longest].ids)} tokens" in str(failure.value)


def test_other_errors_are_not_taken_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    memory = Small(monkeypatch, 0, RuntimeError("mat1 and mat2 shapes cannot be multiplied"))
    with pytest.raises(RuntimeError, match="mat1 and mat2"):
        train(tmp_path)
    assert len(memory.sizes) == 1
    assert is_out_of_memory(MemoryError())
    assert not is_out_of_memory(ValueError("out of memory"))


def test_a_loss_that_explodes_names_the_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = loss_of

    def exploding(total: float, of_label: float, of_explanation: float, label: list[Any]) -> Any:
        return whole(total * 40, of_label * 40, of_explanation * 40, label)

    monkeypatch.setattr(step_module, "loss_of", exploding)
    with pytest.raises(RunFailed, match="training diverged at step 1") as failure:
        train(tmp_path)
    assert failure.value.cause == "diverged"
    assert f"{4 * torch.tensor(float(VOCABULARY)).log():.4g} is the most that is let pass" in str(failure.value)
    named = {example for example in "0123" if f"{example} of corpus" in str(failure.value)}
    assert len(named) == 2


@pytest.mark.parametrize("micro_batch", [1, 4, 5])
def test_accumulated_micro_batches_train_like_the_whole_batch(tmp_path: Path, micro_batch: int) -> None:
    (tmp_path / "whole").mkdir()
    (tmp_path / "cut").mkdir()
    _, losses = train(tmp_path / "whole", {"steps": 20})
    trainer, found = train(tmp_path / "cut", {"steps": 20}, micro_batch=micro_batch)
    assert found == pytest.approx(losses, abs=1e-5)
    assert trainer.position.micro_batch == micro_batch


def test_half_precision_trains_weights_that_stay_whole(tmp_path: Path) -> None:
    (tmp_path / "whole").mkdir()
    (tmp_path / "half").mkdir()
    _, losses = train(tmp_path / "whole")
    trainer, found = train(tmp_path / "half", precision="bf16")
    assert {parameter.dtype for parameter in weights_of(trainer)} == {torch.float32}
    assert found != losses
    assert found == pytest.approx(losses, rel=0.02)


def test_a_run_that_diverged_says_so_in_its_manifest(base: Base) -> None:
    shop: Workshop = base.shop
    run = shop.arm(base.train, base.test, base.tokenizer_run, optimisation={**OPTIMISATION, "learning_rate": 1e30})
    report = shop.do(run)
    manifest = manifest_of(shop.runs / run)
    assert (report.status, manifest["cause"]) == ("failed", "diverged")
    assert "its batch holds e1-" in report.reason
    assert progress_of(shop.runs / run)[-1]["reason"] == report.reason
