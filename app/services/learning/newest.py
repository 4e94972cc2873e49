"""The newest weights of a network that learns points, while it learns."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from safetensors import safe_open
from torch import Tensor

_WEIGHT, _BIAS = ".weight", ".bias"


@dataclass(frozen=True)
class Dense:
    """A dense layer: weights O×I and bias O."""

    id: str
    weight: Tensor
    bias: Tensor | None


def newest(live: Path) -> tuple[int, list[Dense]]:
    """The step of a file of live weights, and its dense layers from the inputs to the answer.

    Raises OSError where there is none yet.
    """
    with safe_open(live, framework="pt") as file:
        step = int((file.metadata() or {}).get("step", 0))
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    return step, dense_layers(tensors)


def dense_layers(tensors: dict[str, Tensor]) -> list[Dense]:
    """The dense layers of a state dict of models.design: fc1, fc2 … and out."""
    names = [name.removesuffix(_WEIGHT) for name, value in tensors.items() if value.ndim == 2]
    ordered = sorted(names, key=lambda name: (name == "out", len(name), name))
    return [Dense(name, tensors[name + _WEIGHT], tensors.get(name + _BIAS)) for name in ordered]
