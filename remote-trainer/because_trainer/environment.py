"""What a run ran on: libraries, processor, threads and memory; and how it is made deterministic."""

from __future__ import annotations

import gc
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
    "huggingface_hub",
    "peft",
    "accelerate",
    "safetensors",
    "pyarrow",
    "numpy",
    "scipy",
    "scikit-learn",
)
OPTIONAL = ("bitsandbytes", "triton")


def fix_threads() -> None:
    """Keep every library to one thread. To be called before they are imported.

    Bits change with the number of threads; two threads in one process contend at this size anyway.
    """
    for name in THREAD_VARIABLES:
        os.environ[name] = "1"
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    if "PYTORCH_CUDA_ALLOC_CONF" not in os.environ:  # its older name, which torch reads first
        # Every micro-batch has another shape; memory cut to fixed sizes would fall to pieces.
        os.environ.setdefault("PYTORCH_ALLOC_CONF", "expandable_segments:True")


def choose_device() -> None:
    """Name a GPU in BECAUSE_DEVICE if torch sees one, else the processor, unless the variable is set.

    To be called after `fix_threads`: it imports torch.
    """
    if not os.environ.get("BECAUSE_DEVICE"):
        import torch

        os.environ["BECAUSE_DEVICE"] = "cuda" if torch.cuda.is_available() else "cpu"


def make_deterministic() -> None:
    """One thread, deterministic algorithms only, fp32 that is fp32, and no chatter on standard error.

    Attention needs nothing more: with deterministic algorithms the backward passes of PyTorch's flash and
    memory-efficient kernels sum in a fixed order.
    """
    import torch
    import transformers

    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]  # a debugging aid; costs several percent
    torch.set_float32_matmul_precision("highest")
    torch.backends.cudnn.allow_tf32 = False
    torch.backends.cudnn.benchmark = False
    torch.backends.cudnn.deterministic = True
    transformers.logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    transformers.logging.disable_progress_bar()  # type: ignore[no-untyped-call]


def spare_imports() -> None:
    """Keep Python's garbage collection away from what is imported, once a process.

    Libraries hold a million objects that are never freed; to look at them takes as long as to score hundreds of rows.
    """
    if not gc.get_freeze_count():
        gc.freeze()


def determinism() -> dict[str, str | bool]:
    """The manifest's `determinism`: settings that decide whether the same job gives the same bits, as they are now."""
    import torch

    cuda = torch.backends.cuda
    return {
        "deterministic_algorithms": torch.are_deterministic_algorithms_enabled(),
        "matmul_precision": torch.get_float32_matmul_precision(),
        "cudnn_tf32": torch.backends.cudnn.allow_tf32,
        "cudnn_benchmark": torch.backends.cudnn.benchmark,
        "cudnn_deterministic": torch.backends.cudnn.deterministic,
        "cublas_workspace": os.environ.get("CUBLAS_WORKSPACE_CONFIG", ""),
        "sdpa_flash": cuda.flash_sdp_enabled(),  # type: ignore[no-untyped-call]
        "sdpa_memory_efficient": cuda.mem_efficient_sdp_enabled(),  # type: ignore[no-untyped-call]
        "sdpa_cudnn": cuda.cudnn_sdp_enabled(),  # type: ignore[no-untyped-call]
        "sdpa_math": cuda.math_sdp_enabled(),  # type: ignore[no-untyped-call]
    }


def library_versions() -> dict[str, str]:
    """Versions of Python and of all libraries that can change a number; optional ones if installed."""
    versions = {"python": platform.python_version(), **{name: metadata.version(name) for name in LIBRARIES}}
    for name in OPTIONAL:
        with suppress(metadata.PackageNotFoundError):
            versions[name] = metadata.version(name)
    return versions


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
    import torch

    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    if torch.cuda.is_available():
        for device in range(torch.cuda.device_count()):
            torch.cuda.reset_peak_memory_stats(device)


def peak_device_memory() -> int | None:
    """Most memory that tensors took on any GPU since `forget_peak_memory`, in bytes; None without a GPU."""
    import torch

    if not torch.cuda.is_available():
        return None
    return max(torch.cuda.max_memory_allocated(device) for device in range(torch.cuda.device_count()))
