"""What known devices can do at most: dense floating-point operations a second, from their vendors' data sheets."""

from __future__ import annotations

import re

TERA = 1e12

PEAKS: dict[str, tuple[float, float]] = {
    "B200": (2250.0, 75.0),
    "GH200": (989.4, 66.9),
    "H200 NVL": (835.5, 60.0),
    "H200": (989.4, 66.9),
    "H100 NVL": (835.5, 60.0),
    "H100 PCIe": (756.0, 51.2),
    "H100": (989.4, 66.9),
    "A100": (312.0, 19.5),
    "A30": (165.0, 10.3),
    "A40": (149.7, 37.4),
    "A10": (125.0, 31.2),
    "L40S": (362.1, 91.6),
    "L40": (181.1, 90.5),
    "L4": (121.0, 30.3),
    "RTX A6000": (154.8, 38.7),
    "RTX 6000 Ada": (364.2, 91.1),
    "RTX 4090": (165.2, 82.6),
    "RTX 3090": (71.0, 35.6),
}
"""A part of the device's name → TFLOP/s in bf16 (tensor cores, sums in fp32) and in fp32 (not TF32).

Without sparsity: sheets that state sparse figures alone are halved. The first name that matches counts.
"""


def peak_flops(device: str, precision: str) -> float | None:
    """Dense peak of a device in FLOP/s; None where it is not known.

    Parameters
    ----------
    device
        Its name as the driver tells it, such as `NVIDIA H100 80GB HBM3`.
    precision
        `bf16` or `fp32`.
    """
    for part, (bf16, fp32) in PEAKS.items():
        if re.search(rf"\b{part}\b", device):
            return TERA * (bf16 if precision == "bf16" else fp32)
    return None
