"""What the trainer says of the machine that it is on."""

from __future__ import annotations

import json
import re

import pytest
from because_trainer.__main__ import main
from because_trainer.devices import device_list


def test_prints_gpus_and_the_package_for_few_bits(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["devices"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said == device_list()
    assert re.fullmatch(r"bitsandbytes==[\d.]+", said["bitsandbytes"]["pinned"])


def test_names_every_gpu_with_its_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    class Properties:
        total_memory = 141 * 10**9

    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda index: f"GPU {index}")
    monkeypatch.setattr(torch.cuda, "get_device_properties", lambda index: Properties())
    expected = [{"name": f"GPU {index}", "memory_bytes": 141 * 10**9} for index in range(2)]
    assert device_list()["cuda"] == expected
