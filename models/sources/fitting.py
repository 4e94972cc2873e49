"""Make the tensors of a file those of a network, or say what does not fit."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from models.sources.errors import WeightsError, WeightsMismatchError
from models.sources.source import State

_COUNTER = ".num_batches_tracked"  # of batch normalization; files of before 2018 lack it


def fit(state: State, network: nn.Module, file: str) -> State:
    """The tensors in the network's order, types and memory layout; ``network`` is unchanged.

    Counters of batches are filled in: they matter only to training. ``file`` is a name for
    messages. Raises WeightsMismatchError, and WeightsError for values that are not finite.
    """
    wanted = network.state_dict()
    counters = [name for name in wanted if name.endswith(_COUNTER)]
    given = {**{name: torch.zeros((), dtype=torch.int64) for name in counters}, **state}
    _check_names(given, wanted, file)
    fitted = {name: _like(given[name], value) for name, value in wanted.items()}
    infinite = [name for name, value in fitted.items() if not torch.isfinite(value).all()]
    if infinite:
        raise WeightsError(f"{file} holds values that are no numbers: {', '.join(infinite[:5])}")
    return fitted


def _check_names(given: State, wanted: State, file: str) -> None:
    """Raise WeightsMismatchError unless names and shapes agree."""
    missing = [name for name in wanted if name not in given]
    unexpected = [name for name in given if name not in wanted]
    mismatched = [
        f"{name}: {_shape(given[name])}, not {_shape(value)}"
        for name, value in wanted.items()
        if name in given and given[name].shape != value.shape
    ]
    if missing or unexpected or mismatched:
        raise WeightsMismatchError(file, missing, unexpected, mismatched)


def _like(tensor: Tensor, wanted: Tensor) -> Tensor:
    """Dense, on the processor, of the network's type, and with memory of its own."""
    dense = tensor.dequantize() if tensor.is_quantized else tensor
    dense = dense.to_dense() if dense.layout != torch.strided else dense
    return dense.to("cpu", wanted.dtype).contiguous()


def _shape(tensor: Tensor) -> str:
    return "×".join(str(side) for side in tensor.shape) or "one number"
