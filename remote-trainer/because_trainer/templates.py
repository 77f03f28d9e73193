"""What stands around a prompt before the model answers: nothing, or the model's own chat template."""

from __future__ import annotations

from dataclasses import dataclass

from .contract import Template
from .errors import RunFailed
from .tokenizer import Tokenizer, Turns

PLACE = "THE-PROMPT-STANDS-HERE"
"""Stands for the prompt while a template is read: what templates trim or escape does not touch it."""


@dataclass(frozen=True)
class Frame:
    """Text around a prompt, in which special tokens are spelled out.

    Attributes
    ----------
    before, after
        The text; empty for a plain prompt.
    bos
        Id that is put before everything besides; None where there is none, or where `before` spells it.
    """

    before: str = ""
    after: str = ""
    bos: int | None = None

    @property
    def plain(self) -> bool:
        """Whether there is nothing around the prompt."""
        return not self.before and not self.after


def frame_of(tokenizer: Tokenizer, template: Template) -> Frame:
    """What stands around every prompt of a job.

    Raises
    ------
    RunFailed
        When the model has no chat template, or its template refuses the turns or does not keep the prompt as it is.
    """
    if template["kind"] == "plain":
        return Frame(bos=tokenizer.bos)
    if tokenizer.chat is None:
        raise RunFailed("the model has no chat template: take one that was trained to chat, or set template to plain.")
    system = template.get("system")
    turns: Turns = [] if system is None else [{"role": "system", "content": system}]
    text = _render(tokenizer, [*turns, {"role": "user", "content": PLACE}], system)
    if text.count(PLACE) != 1:
        raise RunFailed("the model's chat template does not keep the user's turn as it is: set template to plain.")
    if system is not None and system.strip() not in text:
        raise RunFailed("the model's chat template leaves out the system turn: set template.system to null.")
    before, after = text.split(PLACE)
    return Frame(before, after)


def _render(tokenizer: Tokenizer, turns: Turns, system: str | None) -> str:
    """A template is a program of its model's makers, which raises what it likes."""
    import jinja2

    assert tokenizer.chat is not None
    try:
        return tokenizer.chat(turns)
    except (jinja2.TemplateError, ValueError, TypeError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")
        mend = "set template to plain" if system is None else "set template.system to null"
        raise RunFailed(f"the model's chat template refuses the turns ({reason}): {mend}.") from error
