"""Models on the Hugging Face hub, at one commit: found in the hub's own cache, or fetched into it.

The hub's client decides where things lie and how they are asked for: HF_ENDPOINT, HF_HOME, HF_HUB_CACHE and
HF_HUB_OFFLINE mean what they mean to it. A token is taken from HF_TOKEN alone. Weights are read from safetensors only,
and no code of a repository is ever run.
"""

from __future__ import annotations

import json
import os
import re
from functools import cache
from pathlib import Path
from typing import Any

from .contract import FolderModel, HubModel, ModelSource
from .errors import RunFailed

COMMIT = re.compile(r"[0-9a-f]{40}")
DESCRIPTION = ["*.json", "*.jinja", "tokenizer.model", "README.md"]
"""All that is small: configuration, tokenizer, templates, the index of the weights, and the card with the licence."""

INDEX, SINGLE = "model.safetensors.index.json", "model.safetensors"


def model_folder(source: ModelSource) -> Path | None:
    """Where a model lies that is not made from scratch; one on the hub is fetched before.

    Raises
    ------
    RunFailed
        When it is not there, or holds no safetensors, or needs code of its own.
    """
    if "scratch" in source:
        return None
    if "hub" in source:
        return fetch_model(source["hub"], source["revision"])
    folder = _sent(source) or Path(source["folder"])
    if not folder.is_dir():
        raise RunFailed(f"the model folder {folder} does not exist.")
    check_code(folder, str(folder))
    return folder


def _sent(source: FolderModel) -> Path | None:
    """Where a model's folder lies that was sent here from another machine: in BECAUSE_MODELS, by its content."""
    models, content = os.environ.get("BECAUSE_MODELS"), source.get("content")
    folder = Path(models) / content if models and content else None
    return folder if folder is not None and folder.is_dir() else None


@cache
def fetch_model(name: str, revision: str) -> Path:
    """Fetch a model's description and weights at a commit, unless the hub's cache has them.

    Parameters
    ----------
    name
        `owner/name`.
    revision
        The commit, 40 hex digits: what it names never changes, so that a cached model needs no network.

    Raises
    ------
    RunFailed
        When it is not found, is gated, has no such commit, holds no safetensors, needs code of its own, or is not
        cached while there is no network.
    """
    if not COMMIT.fullmatch(revision):
        raise RunFailed(f"the revision of {name} must be a commit of 40 hex digits; found {revision!r}.")
    source: HubModel = {"hub": name, "revision": revision}
    folder = _snapshot(source, DESCRIPTION)
    if not (folder / "config.json").is_file():
        raise RunFailed(f"{name} at {revision} is no model of transformers: it has no config.json.")
    check_code(folder, name)
    weights = weight_files(folder)
    folder = _snapshot(source, weights)
    if not all((folder / file).is_file() for file in weights):
        raise RunFailed(
            f"{name} at {revision} has no weights as safetensors ({SINGLE}), and the trainer reads no pickled weights: "
            "take a revision that has them, or convert the model and give its folder."
        )
    return folder


def weight_files(folder: Path) -> list[str]:
    """Names of the files that hold a model's weights: those of its index, else the one file."""
    try:
        index: dict[str, Any] = json.loads((folder / INDEX).read_bytes())
        return sorted(set(index["weight_map"].values()))
    except (OSError, ValueError, KeyError):
        return [SINGLE]


def check_code(folder: Path, name: str) -> None:
    """Refuse a model that only code of its own repository could build.

    Raises
    ------
    RunFailed
        When transformers knows no causal language model of its type.
    """
    from transformers import CONFIG_MAPPING

    try:
        config: dict[str, Any] = json.loads((folder / "config.json").read_bytes())
    except (OSError, ValueError):
        return
    kind = config.get("model_type")
    if "auto_map" in config and kind not in CONFIG_MAPPING:
        raise RunFailed(
            f"{name} needs code of its own to be built (model type {kind!r}), which the trainer never runs: take a "
            "model whose architecture transformers has."
        )


def licence_of(folder: Path) -> str | None:
    """The licence that a model's card names, as the hub abbreviates it; None where it names none."""
    from huggingface_hub import ModelCard

    try:
        licence = ModelCard.load(folder / "README.md").data.get("license")
    except (OSError, ValueError):
        return None
    return licence if isinstance(licence, str) else None


def _snapshot(source: HubModel, patterns: list[str]) -> Path:
    """The folder of a snapshot that holds all its files of these patterns."""
    import huggingface_hub as hub
    from huggingface_hub.errors import GatedRepoError, HfHubHTTPError, RepositoryNotFoundError, RevisionNotFoundError
    from huggingface_hub.utils.tqdm import disable_progress_bars

    name, revision = source["hub"], source["revision"]
    disable_progress_bars()
    token = os.environ.get("HF_TOKEN") or False
    try:
        return Path(hub.snapshot_download(name, revision=revision, allow_patterns=patterns, token=token))
    except GatedRepoError as error:
        raise RunFailed(
            f"{name} is gated: accept its terms on the hub, and put a token that may read it into HF_TOKEN."
        ) from error
    except RepositoryNotFoundError as error:
        raise RunFailed(
            f"{name} is not on the hub, or is private: look at its name, or put a token that may read it into HF_TOKEN."
        ) from error
    except RevisionNotFoundError as error:
        raise RunFailed(f"{name} has no commit {revision}: copy the commit's hash from its history.") from error
    except HfHubHTTPError as error:
        status = error.response.status_code
        raise RunFailed(
            f"the hub answered with status {status} when {name} was asked for: try later.", "error"
        ) from error
    except (OSError, ConnectionError) as error:
        raise RunFailed(_unreachable(name, revision), "error") from error


def _unreachable(name: str, revision: str) -> str:
    from huggingface_hub import constants

    if constants.is_offline_mode():
        return (
            f"{name} at {revision} is not whole in the hub's cache, and HF_HUB_OFFLINE forbids to fetch it: unset "
            f"that, or fetch it before with `hf download {name} --revision {revision}`."
        )
    return (
        f"{name} at {revision} is not whole in the hub's cache, and the hub cannot be reached: try again with a "
        f"network, or fetch it before with `hf download {name} --revision {revision}`."
    )
