"""The run contract, from this side: types of a job, and checks against the exported JSON Schema."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypedDict, cast, final

from .errors import RunFailed

if TYPE_CHECKING:
    from typing_extensions import NotRequired

SCHEMA_FILE = Path(__file__).with_name("contract.schema.json")


class DataFile(TypedDict):
    """A Parquet file beside `job.json`."""

    file: str
    rows: int
    content: str


class CompletionText(TypedDict):
    """The fixed words around label and explanation."""

    label_prefix: str
    because: str
    therefore: str


class ScratchSize(TypedDict):
    """The shape of a Llama that is trained from scratch."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int


@final
class ScratchModel(TypedDict):
    """A model from scratch; `context` is its longest sequence in tokens."""

    scratch: ScratchSize
    context: int


@final
class FolderModel(TypedDict):
    """A model and its tokenizer in a local folder, as transformers saves them; `content` hashes its files."""

    folder: str
    content: NotRequired[str]


@final
class HubModel(TypedDict):
    """A model on the Hugging Face hub, at one commit."""

    hub: str
    revision: str


ModelSource: TypeAlias = ScratchModel | FolderModel | HubModel


@final
class NoAdapter(TypedDict):
    """All weights are trained."""

    kind: Literal["none"]


@final
class LoraAdapter(TypedDict):
    """Low-rank adapters beside a frozen base of `bits` bits a weight."""

    kind: Literal["lora"]
    bits: Literal[4, 8, 16]
    rank: int
    alpha: float
    dropout: float
    targets: list[str]
    rank_stabilised: bool
    dora: bool


AdapterOptions: TypeAlias = NoAdapter | LoraAdapter


class Execution(TypedDict):
    """How a run is carried out: nothing here is meant to change more than time, memory and the last digits."""

    precision: Literal["fp32", "bf16"]
    attention: Literal["auto", "eager", "sdpa", "flex"]
    share_dialogues: bool
    row_tokens: int | None
    micro_batch: int | None
    gradient_checkpointing: bool
    compile: bool
    processes: int
    parallel: Literal["ddp", "fsdp"]


class Template(TypedDict, total=False):
    """How a prompt is put before the model; `system` goes with `chat` alone."""

    kind: Literal["plain", "chat"]
    system: str | None


class Optimisation(TypedDict):
    """How a model is optimised; `warmup_fraction` is the part of the steps in which the learning rate rises."""

    steps: int
    batch: int
    learning_rate: float
    betas: list[float]
    weight_decay: float
    warmup_fraction: float
    clip: float
    max_tokens: int
    checkpoint_every: int


class ArmParts(TypedDict):
    """What every arm has."""

    mode: str
    order: Literal["label-first", "explanation-first"]
    reduction: Literal["token-mean", "example-mean", "part-mean"]


class Arm(ArmParts, total=False):
    """Mode × order × loss reduction.

    `tokens` is the length of its texts where that is not the study's first; the rows already keep to it.
    """

    tokens: str


class CaptureOptions(TypedDict):
    """What is measured while scoring."""

    estimators: list[str]
    top_units: int
    bins: int
    generate_tokens: int
    samples: int
    temperature: float
    along: list[float]


class TrainData(TypedDict):
    """The data of a job that scores nothing."""

    train: DataFile


class BothData(TypedDict):
    """The data of a job that scores the rows of `test`."""

    train: DataFile
    test: DataFile


Labels: TypeAlias = dict[str, list[str]]


class TokenizerJob(TypedDict):
    """Train a byte-level BPE."""

    contract: int
    kind: Literal["tokenizer"]
    vocabulary: int
    text: CompletionText
    labels: Labels
    data: TrainData


class WarmUpJob(TypedDict):
    """Train a language model on the prompts."""

    contract: int
    kind: Literal["warm-up"]
    seed: int
    model: ModelSource
    tokenizer_run: str | None
    optimisation: Optimisation
    execution: Execution
    data: TrainData


class TrainJob(TypedDict):
    """Train one arm with one seed, then score every test row."""

    contract: int
    kind: Literal["train"]
    arm: Arm
    seed: int
    scope: dict[str, str] | None
    labels: Labels
    text: CompletionText
    template: Template
    model: ModelSource
    adapter: AdapterOptions
    tokenizer_run: str | None
    base_run: str | None
    optimisation: Optimisation
    execution: Execution
    keep_model: bool
    label_weight: float
    prompt_room: int
    capture: CaptureOptions
    data: BothData


class BaselineJob(TypedDict):
    """Fit a classifier that sees only a shortcut, and score the same rows."""

    contract: int
    kind: Literal["baseline"]
    baseline: Literal["majority", "length", "bag-of-words"]
    labels: Labels
    data: BothData


Job: TypeAlias = TokenizerJob | WarmUpJob | TrainJob | BaselineJob
KINDS = ("tokenizer", "warm-up", "train", "baseline")


@cache
def contract() -> dict[str, Any]:
    """The exported contract: JSON Schemas under `$defs`, and the columns of all Parquet files."""
    return cast("dict[str, Any]", json.loads(SCHEMA_FILE.read_text(encoding="utf-8")))


def parse_job(content: bytes) -> Job:
    """Read and check the content of a `job.json`.

    Raises
    ------
    RunFailed
        Naming the key that does not fit the contract, and why.
    """
    try:
        value = json.loads(content)
    except ValueError as error:
        raise RunFailed(f"job.json is not JSON: {error}.") from error
    if not isinstance(value, dict) or value.get("kind") not in KINDS:
        found = value.get("kind") if isinstance(value, dict) else type(value).__name__
        raise RunFailed(f"job.json must hold an object whose kind is one of {', '.join(KINDS)}; found {found!r}.")
    if value.get("contract") != contract()["version"]:
        found, known = value.get("contract"), contract()["version"]
        raise RunFailed(f"job.json is of contract {found!r}, but this trainer reads contract {known}.")
    check(_job_schema(value["kind"]), value, "job.json")
    return cast("Job", value)


def check(schema: dict[str, Any], value: object, where: str) -> None:
    """Check a value against a schema of the contract; raise `RunFailed` with the first thing that does not fit."""
    import jsonschema

    validator = jsonschema.Draft202012Validator(schema)
    error = next(
        iter(sorted(validator.iter_errors(value), key=lambda error: list(map(str, error.absolute_path)))),
        None,
    )
    if error is not None:
        key = ".".join(map(str, error.absolute_path)) or "the whole file"
        raise RunFailed(f"{where} does not fit the contract at {key}: {error.message}.")


def manifest_schema() -> dict[str, Any]:
    """The JSON Schema of `manifest.json`."""
    return cast("dict[str, Any]", contract()["$defs"]["manifest"])


def progress_schema() -> dict[str, Any]:
    """The JSON Schema of one line of `progress.jsonl`."""
    return cast("dict[str, Any]", contract()["$defs"]["progress"])


def _job_schema(kind: str) -> dict[str, Any]:
    """The one branch of the job schema that is for this kind, so that messages name its keys."""
    branches: list[dict[str, Any]] = contract()["$defs"]["job"]["oneOf"]
    return next(branch for branch in branches if branch["properties"]["kind"].get("const") == kind)
