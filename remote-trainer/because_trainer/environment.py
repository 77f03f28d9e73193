"""What a run ran on: libraries, processor, threads and memory; and how it is made deterministic."""

from __future__ import annotations

import os
import platform
import resource
import sys
from contextlib import suppress
from importlib import metadata
from pathlib import Path
from typing import Any

THREAD_VARIABLES = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
LIBRARIES = (
    "torch",
    "transformers",
    "tokenizers",
    "safetensors",
    "pyarrow",
    "numpy",
    "scipy",
    "scikit-learn",
)


def fix_threads() -> None:
    """Keep every library to one thread, and transformers from the network. To be called before they are imported.

    Bits change with the number of threads; two threads in one process contend at this size anyway.
    """
    for name in THREAD_VARIABLES:
        os.environ[name] = "1"
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")


def make_deterministic() -> None:
    """One thread, deterministic algorithms only, and no chatter on standard error."""
    import torch
    import transformers

    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]  # a debugging aid; costs several percent
    transformers.logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    transformers.logging.disable_progress_bar()  # type: ignore[no-untyped-call]


def library_versions() -> dict[str, str]:
    """Versions of Python and of all libraries that can change a number."""
    return {"python": platform.python_version(), **{name: metadata.version(name) for name in LIBRARIES}}


def device_report() -> dict[str, Any]:
    """The manifest's `device`."""
    import torch

    name = os.environ.get("BECAUSE_DEVICE", "cpu")
    on_cpu = name == "cpu"
    return {
        "kind": torch.device(name).type,
        "name": processor_name() if on_cpu else torch.cuda.get_device_name(name),
        "threads": torch.get_num_threads(),
        "instruction_set": torch.backends.cpu.get_cpu_capability(),
    }


def processor_name() -> str:
    """The processor's model name where the system tells it, else its architecture."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def peak_memory() -> int:
    """Largest resident memory of this process since `forget_peak_memory`, in bytes."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))
    except (OSError, StopIteration):
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024


def forget_peak_memory() -> None:
    """Measure the peak anew for the next run of this process, where the system can."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
