"""The course of a run as TRL's SFTTrainer follows it, in the settings among which its fastest is sought."""

from __future__ import annotations

import tempfile
import time
import warnings
from pathlib import Path
from typing import Any

import torch
from because_trainer.contract import LoraAdapter
from because_trainer.optimisation import learning_rate
from because_trainer.quantised import quantisation
from datasets import Dataset
from peft import LoraConfig
from torch.optim.lr_scheduler import LambdaLR
from transformers import AutoModelForCausalLM, PreTrainedTokenizerFast
from trl import SFTConfig, SFTTrainer

from .course import Course, read_course
from .results import Training

LAYOUTS: dict[str, dict[str, Any]] = {
    "padded": {},
    "padding-free": {"padding_free": True},
    "packed": {"packing": True, "packing_strategy": "bfd"},
}
"""Ways to lay a batch out. Packed rows are the fullest, but hold other sequences than the course's batches."""


class Follower(SFTTrainer):  # type: ignore[misc]
    """Takes the learning rate from the course, and keeps every step's loss and when it was computed."""

    def __init__(self, course: Course, **named: Any) -> None:
        self._course = course
        self.losses: list[torch.Tensor] = []
        self.moments: list[float] = []
        super().__init__(**named)

    def create_scheduler(self, num_training_steps: int, optimizer: Any = None) -> Any:
        """The schedule of the trainer's own runs."""
        options = self._course.options
        peak = options["learning_rate"]
        self.lr_scheduler = LambdaLR(optimizer or self.optimizer, lambda step: learning_rate(step, options) / peak)
        return self.lr_scheduler

    def compute_loss(self, *given: Any, **named: Any) -> Any:
        """TRL's loss, kept as it is computed."""
        loss = super().compute_loss(*given, **named)
        self.losses.append(loss.detach())
        self.moments.append(time.monotonic())
        return loss


def train_with_trl(
    folder: Path,
    layout: str,
    attention: str,
    *,
    base: Path | None = None,
    adapter: LoraAdapter | None = None,
    micro_batch: int | None = None,
    skip: int = 0,
) -> Training:
    """Train a model as a course says.

    Parameters
    ----------
    folder
        The course's.
    layout
        One of `LAYOUTS`.
    attention
        Implementation of transformers.
    base
        Folder of the model, where it isn't the one beside the course.
    adapter
        Adapter beside a frozen base; None to train all weights. On a GPU the base is in bf16 or fewer bits.
    micro_batch
        Sequences (packed: rows) in the model at a time; None for all of a batch.
    skip
        Micro-batches before those that are timed.
    """
    warnings.filterwarnings("ignore")
    course = read_course(folder)
    options = LAYOUTS[layout]
    half = adapter is not None and torch.cuda.is_available()
    with tempfile.TemporaryDirectory() as output:
        trainer = Follower(
            course,
            model=load(base or folder / "model", attention, adapter, half=half),
            args=config_of(course, output, options, micro_batch, half=half),
            train_dataset=dataset_of(course),
            processing_class=processing_class(base or folder, course),
            peft_config=None if adapter is None else lora_of(adapter),
        )
        began = time.monotonic()
        trainer.train()
        ended = time.monotonic()
    packed = bool(options.get("packing"))
    counts = [len(lengths) for lengths in trainer.train_dataset["seq_lengths"]] if packed else [1] * course.examples
    rows = trainer.args.per_device_train_batch_size
    return Training(
        seconds=ended - (trainer.moments[skip] if skip else began),
        examples=sum(counts[rows * skip :]),
        losses=[] if packed or micro_batch else [loss.item() for loss in trainer.losses],
        peak_memory=torch.cuda.max_memory_allocated() if torch.cuda.is_available() else None,
    )


def load(base: Path, attention: str, adapter: LoraAdapter | None, *, half: bool) -> Any:
    """The model on its device, in bf16 or in fp32."""
    where: dict[str, Any] = {"device_map": {"": 0}} if torch.cuda.is_available() else {}
    if adapter is not None and adapter["bits"] != 16:
        where["quantization_config"] = quantisation(adapter["bits"], torch.bfloat16)
    dtype = torch.bfloat16 if half else torch.float32
    return AutoModelForCausalLM.from_pretrained(base, dtype=dtype, attn_implementation=attention, **where)


def lora_of(adapter: LoraAdapter) -> LoraConfig:
    """The same adapter as `peft` describes it."""
    return LoraConfig(
        r=adapter["rank"],
        lora_alpha=adapter["alpha"],  # type: ignore[arg-type]  # a float is taken as well
        lora_dropout=adapter["dropout"],
        target_modules=list(adapter["targets"]),
        task_type="CAUSAL_LM",
    )


def config_of(course: Course, output: str, layout: dict[str, Any], micro_batch: int | None, *, half: bool) -> SFTConfig:
    """Nothing is logged, judged or saved while training; the layout is what is tried."""
    options = course.options
    packed = layout.get("packing", False)
    batch = rows_a_batch(course) if packed else len(course.batches[0])
    at_a_time = max(count for count in range(1, min(micro_batch or batch, batch) + 1) if batch % count == 0)
    first, second = options["betas"]
    return SFTConfig(
        output_dir=output,
        max_length=options["max_tokens"] if packed else None,
        per_device_train_batch_size=at_a_time,
        gradient_accumulation_steps=batch // at_a_time,
        max_steps=-1 if packed else len(course.batches),
        num_train_epochs=1,
        train_sampling_strategy="sequential",
        dataset_kwargs=None if packed else {"skip_prepare_dataset": True},
        learning_rate=options["learning_rate"],
        adam_beta1=first,
        adam_beta2=second,
        weight_decay=options["weight_decay"],
        max_grad_norm=options["clip"],
        optim="adamw_torch_fused",
        bf16=half,
        gradient_checkpointing=False,
        use_cpu=not torch.cuda.is_available(),
        dataloader_num_workers=0,
        dataloader_pin_memory=torch.cuda.is_available(),
        logging_strategy="no",
        logging_nan_inf_filter=False,
        save_strategy="no",
        eval_strategy="no",
        report_to="none",
        disable_tqdm=True,
        **layout,
    )


def rows_a_batch(course: Course) -> int:
    """Full rows that hold as many tokens as the course's batches on average."""
    return max(1, round(course.tokens / len(course.batches) / course.options["max_tokens"]))


def dataset_of(course: Course) -> Dataset:
    """The sequences in the order of the steps, as often as they come, cut into tokens and masked."""
    order = [i for batch in course.batches for i in batch]
    return Dataset.from_dict(
        {"input_ids": [course.ids[i] for i in order], "labels": [course.targets[i] for i in order]}
    )


def processing_class(folder: Path, course: Course) -> PreTrainedTokenizerFast:
    """The course's tokenizer as transformers wants it; all it does here is to name the padding token."""
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(folder / "tokenizer.json"))  # type: ignore[no-untyped-call]
    tokenizer.pad_token_id = tokenizer.eos_token_id = course.pad
    return tokenizer
