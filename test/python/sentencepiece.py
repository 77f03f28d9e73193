"""Tokenizers as models of the SentencePiece family have them: word-start marks, and bytes for what is not known."""

from __future__ import annotations

from typing import Any

from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

SPECIAL = ["<unk>", "<s>", "</s>"]
BYTES = [f"<0x{byte:02X}>" for byte in range(256)]


def train_bpe(texts: list[str]) -> Any:
    """A BPE with byte fallback whose marks the normaliser makes, as Llama 2 and Mistral have it; digits stand alone."""
    backend = Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True))
    backend.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    backend.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Split("▁", "merged_with_next"), pre_tokenizers.Digits(individual_digits=True)]
    )
    trainer = trainers.BpeTrainer(vocab_size=500, special_tokens=[*SPECIAL, *BYTES], show_progress=False)
    backend.train_from_iterator(texts, trainer)
    backend.pre_tokenizer = None
    return finish(backend)


def train_unigram(texts: list[str], prepend: str) -> Any:
    """A Unigram model behind `Metaspace`, as T5, Gemma's kin and many others have it.

    Parameters
    ----------
    prepend
        `always`, `first` or `never`: where a mark is put before a text.
    """
    backend = Tokenizer(models.Unigram())
    backend.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme=prepend)
    trainer = trainers.UnigramTrainer(vocab_size=300, special_tokens=SPECIAL, unk_token="<unk>", show_progress=False)
    backend.train_from_iterator(texts, trainer)
    return finish(backend)


def finish(backend: Any) -> Any:
    """Make the special tokens special."""
    backend.decoder = decoders.Metaspace()
    backend.add_special_tokens([AddedToken(token, special=True) for token in SPECIAL])
    return backend
