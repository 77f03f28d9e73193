"""The two ways in which a run can end before it is done."""

from __future__ import annotations

from typing import Literal, TypeAlias

Cause: TypeAlias = Literal["out-of-memory", "diverged", "bad-input", "error"]


class RunFailed(Exception):
    """The run cannot be done as its job asks. The message is one sentence, and becomes the manifest's reason.

    Attributes
    ----------
    cause
        What kind of failure it is; becomes the manifest's cause.
    """

    def __init__(self, reason: str, cause: Cause = "bad-input") -> None:
        super().__init__(reason)
        self.cause: Cause = cause


class Interrupted(Exception):
    """A signal, or a parent that is gone, asked the run to leave. What was computed lies in the checkpoint.

    Attributes
    ----------
    exit_code
        What the process should exit with: 128 + the signal's number.
    """

    def __init__(self, cause: str, exit_code: int) -> None:
        super().__init__(f"Interrupted by {cause}")
        self.exit_code = exit_code
