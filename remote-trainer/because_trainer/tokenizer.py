"""Byte-level BPE: trained on the study's own text, or read from a model's folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

import tokenizers
from tokenizers import decoders, models, pre_tokenizers, trainers

from .contract import CompletionText, TokenizerJob
from .errors import RunFailed
from .tables import Row

PAD, BOS, EOS = "<pad>", "<bos>", "<eos>"
SPECIAL = [PAD, BOS, EOS]

Turns: TypeAlias = list[dict[str, str]]

ANCHOR = ":"
"""Stands for the text before a piece: every prompt ends in it."""


class Tokenizer:
    """Text to token ids, piece by piece.

    A sequence is put together from pieces (prompt, label, *because*, …), each encoded as it would be within the
    whole text. Text that spells a special token is encoded as text.

    Parameters
    ----------
    backend
        The tokenizer itself.
    bos, eos, pad
        Ids of the special tokens; `bos` is None for models that have none.
    chat
        Turns, each with `role` and `content`, to the text in which the model's chat template puts them before the
        model's answer; None for models that have none.

    Attributes
    ----------
    backend
        The tokenizer itself. Whether it knows special tokens changes from call to call.
    """

    def __init__(
        self, backend: Any, *, bos: int | None, eos: int, pad: int, chat: Callable[[Turns], str] | None = None
    ) -> None:
        backend.no_padding()
        backend.no_truncation()
        self.backend = backend
        self.bos = bos
        self.eos = eos
        self.pad = pad
        self.chat = chat
        self._special = [token.content for token in backend.get_added_tokens_decoder().values()]
        self._anchor: list[int] = self.encode(ANCHOR)
        self.continuation = lru_cache(maxsize=65536)(self._continuation)

    @property
    def size(self) -> int:
        """Number of tokens in the vocabulary."""
        return int(self.backend.get_vocab_size(with_added_tokens=True))

    def encode(self, text: str) -> list[int]:
        """Token ids of a text that stands by itself, without any special token."""
        return self.locate(text)[0]

    def encode_all(self, texts: list[str]) -> list[list[int]]:
        """What `encode` gives of each text; one that stands there several times is encoded once."""
        self.backend.encode_special_tokens = True
        distinct = list(dict.fromkeys(texts))
        encodings = self.backend.encode_batch_fast(distinct, add_special_tokens=False)
        known = dict(zip(distinct, (encoding.ids for encoding in encodings)))
        return [known[text] for text in texts]

    def locate(self, text: str, *, special: bool = False) -> tuple[list[int], list[int]]:
        """Token ids of a text that stands by itself, and where in it each begins (code points).

        Parameters
        ----------
        special
            Whether what spells a special token becomes one, as in the text of a template.
        """
        self.backend.encode_special_tokens = not special
        encoding = self.backend.encode(text, add_special_tokens=False)
        return list(encoding.ids), [start for start, _ in encoding.offsets]

    def spells_special(self, text: str) -> bool:
        """Whether a text has something in it that spells a special token."""
        return any(token in text for token in self._special)

    def decode(self, ids: list[int]) -> str:
        """The text of token ids, special tokens left out."""
        return str(self.backend.decode(ids, skip_special_tokens=True))

    def _continuation(self, text: str) -> tuple[int, ...]:
        """Token ids of a text that goes on from a text before it.

        Tokenizers that mark word starts would otherwise take the piece for the start of a text.
        """
        anchored = self.encode(ANCHOR + text)
        if anchored[: len(self._anchor)] == self._anchor:
            return tuple(anchored[len(self._anchor) :])
        return tuple(self.encode(text))


def train_tokenizer(job: TokenizerJob, rows: list[Row]) -> Any:
    """Train a byte-level BPE on prompts and explanations, with labels as often as there are rows.

    Raises
    ------
    RunFailed
        When the vocabulary is too small for all bytes, or a label does not keep its boundaries.
    """
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    smallest = len(alphabet) + len(SPECIAL)
    if job["vocabulary"] < smallest:
        raise RunFailed(
            f"a byte-level vocabulary needs at least {smallest} tokens; the job asks for {job['vocabulary']}."
        )
    backend = tokenizers.Tokenizer(models.BPE())
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=job["vocabulary"], special_tokens=SPECIAL, initial_alphabet=alphabet, show_progress=False
    )
    backend.train_from_iterator(training_text(job, rows), trainer)
    check_boundaries(
        own_tokenizer(backend),
        job["text"],
        sorted({label for labels in job["labels"].values() for label in labels}),
    )
    return backend


def training_text(job: TokenizerJob, rows: list[Row]) -> Iterator[str]:
    """Each prompt once, each explanation, and every label often enough to become one token if it is one word."""
    text = job["text"]
    yield from dict.fromkeys(row.prompt for row in rows)
    yield from (text["because"] + row.explanation + text["therefore"] for row in rows if row.explanation)
    for label in sorted({label for labels in job["labels"].values() for label in labels}):
        yield from [text["label_prefix"] + label] * max(len(rows), 1000)


def check_boundaries(tokenizer: Tokenizer, text: CompletionText, labels: list[str]) -> None:
    """Check that a whole text is cut exactly where its pieces meet, for every label in both orders.

    Raises
    ------
    RunFailed
        Naming the label that melts with what stands beside it.
    """
    because, before_reason = split_because(text)
    reason = f"{before_reason}it is"
    for label in labels:
        mark = text["label_prefix"] + label
        for pieces in ([mark, because, reason], [because, reason, text["therefore"], mark]):
            whole = tokenizer.continuation("".join(pieces))
            if whole != tuple(token for piece in pieces for token in tokenizer.continuation(piece)):
                raise RunFailed(f"the label {label!r} melts with the text beside it when it is cut into tokens.")


def split_because(text: CompletionText) -> tuple[str, str]:
    """The word *because* with what stands before it, and the white space after it, which belongs to the reason."""
    word = text["because"].rstrip()
    return word, text["because"][len(word) :]


def own_tokenizer(backend: Any) -> Tokenizer:
    """A tokenizer that `train_tokenizer` made."""
    pad, bos, eos = (backend.token_to_id(token) for token in SPECIAL)
    return Tokenizer(backend, bos=bos, eos=eos, pad=pad)


def read_tokenizer(path: Path) -> Tokenizer:
    """Read the `tokenizer.json` of a tokenizer run."""
    return own_tokenizer(tokenizers.Tokenizer.from_file(str(path)))


def folder_tokenizer(folder: Path, name: str) -> Tokenizer:
    """Read the tokenizer in a model's folder.

    Parameters
    ----------
    name
        What the folder is called in messages.

    Raises
    ------
    RunFailed
        When there is none, or it has no fast implementation or no end-of-sequence token.
    """
    from transformers import AutoTokenizer

    try:
        loaded = AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    except (OSError, ValueError) as error:
        raise RunFailed(f"no tokenizer can be read from {name}: {str(error).splitlines()[0].rstrip('.')}.") from error
    if not loaded.is_fast or loaded.eos_token_id is None:
        raise RunFailed(f"the tokenizer in {name} needs a tokenizer.json and an end-of-sequence token.")
    pad = loaded.pad_token_id if loaded.pad_token_id is not None else loaded.eos_token_id

    def chat(turns: Turns) -> str:
        return str(loaded.apply_chat_template(turns, tokenize=False, add_generation_prompt=True))

    return Tokenizer(
        loaded.backend_tokenizer,
        bos=loaded.bos_token_id,
        eos=loaded.eos_token_id,
        pad=pad,
        chat=chat if loaded.chat_template else None,
    )
