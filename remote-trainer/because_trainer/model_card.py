"""The model card of a model or adapter that a run leaves: what it is, of what, trained on what, and nothing private."""

from __future__ import annotations

from pathlib import Path

from .contract import TrainJob


def model_card(job: TrainJob, run: str, licence: str | None, version: str) -> str:
    """`README.md`: the front matter that the Hugging Face hub reads, and what the job says of the model.

    No path of this machine and no name of a person is in it, and no score: those are in the run's own files.

    Parameters
    ----------
    run
        The run's id.
    licence
        Of the base, as the hub abbreviates it; None where it is not known.
    version
        Of the trainer.
    """
    from huggingface_hub import ModelCardData

    lora = job["adapter"]["kind"] == "lora"
    on_hub = "hub" in job["model"] and job["base_run"] is None
    matter = ModelCardData(
        base_model=job["model"].get("hub"),  # type: ignore[arg-type]
        base_model_relation=("adapter" if lora else "finetune") if on_hub else None,
        library_name="peft" if lora else "transformers",
        license=licence or "unknown",
        pipeline_tag="text-generation",
        tags=["because", *(["lora"] if lora else [])],
    )
    arm = job["arm"]
    lines = [
        "---",
        matter.to_yaml(),
        "---",
        "",
        f"# Judge {run}",
        "",
        f"{'An adapter for' if lora else 'A model trained from'} {base_of(job)}. It rates one response of a dialogue "
        f"on {_list(sorted(job['labels']))}, and was trained by Because.",
        "",
        "| | |",
        "|---|---|",
        *(f"| {name} | {value} |" for name, value in _facts(job, arm["mode"], version).items()),
        "",
        *(_loading(job) if lora else []),
        "Its licence is that of its base and its data, as far as those allow. Its scores are in the run's own files.",
        "",
    ]
    return "\n".join(lines)


def _loading(job: TrainJob) -> list[str]:
    """How `peft` puts the adapter beside its base, which a folder of another machine has under another path."""
    base, more = "PATH_OF_THE_BASE", ""
    if job["base_run"] is None and "hub" in job["model"]:
        base, more = job["model"]["hub"], f', revision="{job["model"]["revision"]}"'
    return [
        "```python",
        f'base = transformers.AutoModelForCausalLM.from_pretrained("{base}"{more})',
        'model = peft.PeftModel.from_pretrained(base, "PATH_OF_THIS_FOLDER")',
        "```",
        "",
    ]


def base_of(job: TrainJob) -> str:
    """What the model was before this run, in words that mean something elsewhere."""
    model = job["model"]
    if job["base_run"] is not None:
        return f"the warm-up run {job['base_run']}"
    if "hub" in model:
        return f"{model['hub']} at {model['revision']}"
    if "folder" in model:
        return f"a local model ({Path(model['folder']).name})"
    return f"a Llama from scratch ({', '.join(f'{name} {value}' for name, value in model['scratch'].items())})"


def _facts(job: TrainJob, mode: str, version: str) -> dict[str, str]:
    arm, options, adapter, data = job["arm"], job["optimisation"], job["adapter"], job["data"]
    facts = {
        "explanations" if mode != "label-only" else "mode": mode,
        "order": arm["order"],
        "loss": f"{arm['reduction']}, label weight {job['label_weight']:g}",
        "seed": str(job["seed"]),
        "prompt": job["template"]["kind"],
        "labels": "; ".join(f"{axis}: {_list(labels)}" for axis, labels in sorted(job["labels"].items())),
        "optimisation": f"{options['steps']} steps of {options['batch']} examples, learning rate "
        f"{options['learning_rate']:g}",
        "precision": job["execution"]["precision"],
        "training rows": f"{data['train']['rows']}, content {data['train']['content']}",
        "trainer": version,
    }
    if adapter["kind"] == "lora":
        facts["adapter"] = (
            f"rank {adapter['rank']}, alpha {adapter['alpha']:g}, dropout {adapter['dropout']:g}, on "
            f"{_list(adapter['targets'])}, base of {adapter['bits']} bits"
        )
    return facts


def _list(words: list[str]) -> str:
    return ", ".join(words)
