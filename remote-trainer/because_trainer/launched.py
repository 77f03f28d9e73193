"""What a launcher (this trainer's own, torchrun, `accelerate launch`) tells a process of its place among others."""

from __future__ import annotations

import os
import sys


def is_launched() -> bool:
    """Whether this process is one of several that do a run together."""
    return int(os.environ.get("WORLD_SIZE", "1")) > 1


def is_first() -> bool:
    """Whether this process is the one that writes what the run leaves; so is one that is alone."""
    return not is_launched() or int(os.environ.get("RANK", "0")) == 0


def leave_others() -> None:
    """Take leave of the other processes, once no run is left; without any, nothing is done or imported.

    A process that fails must not: the others may never come to it.
    """
    torch = sys.modules.get("torch")
    if is_launched() and torch is not None and torch.distributed.is_initialized():
        torch.distributed.destroy_process_group()
