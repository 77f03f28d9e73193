"""How fast a training went: examples, tokens and the model's own floating-point operations a second."""

from __future__ import annotations

from typing import Any

import torch

from .environment import peak_device_memory
from .model import LanguageModel
from .packing import Pack
from .peaks import peak_flops
from .quantised import elements


class Throughput:
    """Counts the operations of one try of a training, over all its processes.

    Operations are those of the model, whatever the implementation does besides: what gradient checkpointing computes
    anew, padding, and positions that are projected to the vocabulary without being predicted count for nothing.

    - A weight costs 2 operations a token forward and 4 backward, 2 for the gradient of its input and 2 for its own:
      6N (Kaplan et al. 2020, section 2.1). A frozen weight has no gradient of its own: 4N. Input
      gradients below the first adapter, which nothing needs, are counted with them: about 1/layers too many.
    - A query costs 12 operations a key, a layer and a unit of its heads: 2 in the scores, 2 in the sum, twice that
      backward (Chowdhery et al. 2022, PaLM, appendix B). Keys are counted as the mask has them, not as the full square.

    Parameters
    ----------
    model
        The model as it is trained, adapters included.
    precision
        `bf16` or `fp32`: decides which peak of the device counts.
    """

    def __init__(self, model: LanguageModel, precision: str) -> None:
        self._model = model
        self._precision = precision
        config = model.net.config.get_text_config()
        heads = config.num_attention_heads
        width = heads * (getattr(config, "head_dim", None) or config.hidden_size // heads)
        self._a_token = sum(map(weight_flops, (p for block in model.blocks for p in block.parameters())))
        self._a_target = sum(map(weight_flops, model.head.parameters()))
        self._a_pair = 12 * width * len(model.blocks)
        self.flops = 0

    def count(self, pack: Pack, targets: int) -> None:
        """Count one forward and backward pass.

        Parameters
        ----------
        pack
            What the model read. Best given before it is on the device, which would have to be waited for.
        targets
            Positions that were projected to the vocabulary.
        """
        self.flops += pack.tokens * self._a_token + targets * self._a_target + attended_pairs(pack) * self._a_pair

    def report(self, seconds: float, examples: int, tokens: int, processes: int) -> dict[str, Any]:
        """The manifest's keys about speed.

        Parameters
        ----------
        seconds
            Time that the counted passes took.
        examples, tokens
            What was trained on in that time, each sequence's tokens by themselves.
        processes
            Processes that shared the passes, each with a device of its own.
        """
        peak = peak_flops(device_model(self._model.device), self._precision)
        rates = [None if seconds <= 0 else count / seconds for count in (examples, tokens, self.flops)]
        return {
            "examples_per_second": rates[0],
            "tokens_per_second": rates[1],
            "flops_per_second": rates[2],
            "flops_utilisation": None if rates[2] is None or peak is None else rates[2] / (peak * processes),
            "peak_device_memory_bytes": peak_device_memory(),
        }


def weight_flops(parameter: torch.nn.Parameter) -> int:
    """Operations a token of one parameter, forward and backward; 0 for what does not multiply, such as norms."""
    matrix = parameter.dim() > 1 or hasattr(parameter, "quant_state")
    return (6 if parameter.requires_grad else 4) * elements(parameter) if matrix else 0


def attended_pairs(pack: Pack) -> int:
    """Pairs of a query and a key that it sees: a token at place p of its sequence sees p + 1."""
    return int((pack.positions + 1)[pack.trees >= 0].sum())


def device_model(device: torch.device) -> str:
    """Name of a GPU; empty for a processor, whose peak no data sheet tells."""
    return torch.cuda.get_device_name(device) if device.type == "cuda" else ""
