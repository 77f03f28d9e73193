"""What this machine can train on, for whoever hands out runs."""

from __future__ import annotations

from typing import Any

from .quantised import BITSANDBYTES, bitsandbytes_version


def device_list() -> dict[str, Any]:
    """GPUs that torch sees, and whether bases of few bits can be loaded.

    Returns
    -------
    `cuda` (name and memory in bytes of each GPU, in the order of their numbers; none without a build of torch for them)
    and `bitsandbytes` (the pinned requirement, and the installed version or None).
    """
    import torch

    count = torch.cuda.device_count() if torch.cuda.is_available() else 0
    return {
        "cuda": [
            {
                "name": torch.cuda.get_device_name(index),
                "memory_bytes": torch.cuda.get_device_properties(index).total_memory,
            }
            for index in range(count)
        ],
        "bitsandbytes": {"pinned": BITSANDBYTES, "installed": bitsandbytes_version()},
    }
