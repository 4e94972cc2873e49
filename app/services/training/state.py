"""All that a training needs to go on exactly as if it had never stopped, and its file."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import save as to_bytes
from torch import Tensor

from app.services.writing import replace

_VERSION = "1"


class StateError(ValueError):
    """A file does not hold the state of a training."""


@dataclass
class Progress:
    """Where a training is, but for its tensors. Random numbers depend on seed and step alone."""

    step: int = 0
    settings: dict[str, float] = field(default_factory=dict)
    changes: list[dict[str, Any]] = field(default_factory=list)
    sums: list[float] = field(default_factory=lambda: [0.0, 0.0, 0.0])  # since the last row
    count: int = 0  # steps since the last row
    best_loss: float | None = None  # of the test set
    waited: float = 0.0  # epochs since then
    curve: list[tuple[float, float]] = field(default_factory=list)  # of a range test
    mistakes: int = 0  # of the perceptron, in this epoch
    evaluated: int = -1  # the step of the last test
    kept: int = -1  # the step of the last checkpoint
    diverged: int | None = None  # the first step whose loss was no finite number


@dataclass(frozen=True)
class State:
    """A network's state dict, its optimizer's tensors ("0.exp_avg") and the progress.

    ``average`` is the state dict of the weights' moving average, empty where there is none.
    """

    weights: dict[str, Tensor]
    optimizer: dict[str, Tensor]
    progress: Progress
    average: dict[str, Tensor] = field(default_factory=dict)

    @property
    def step(self) -> int:
        """The number of steps that are done."""
        return self.progress.step


def save(path: Path, state: State) -> None:
    """Write a safetensors file whose metadata hold the progress; whole or not at all."""
    tensors = {f"network.{name}": value for name, value in state.weights.items()}
    tensors |= {f"optimizer.{name}": value for name, value in state.optimizer.items()}
    tensors |= {f"average.{name}": value for name, value in state.average.items()}
    metadata = {"version": _VERSION, "progress": json.dumps(asdict(state.progress))}
    replace(path, to_bytes(tensors, metadata))


def load(path: Path) -> State:
    """Read what `save` wrote. Raises FileNotFoundError, StateError."""
    try:
        with safe_open(path, "pt") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        if metadata.get("version") != _VERSION:
            raise StateError(f"{path.name} is of another version.")
        progress = Progress(**json.loads(metadata["progress"]))
    except (SafetensorError, KeyError, TypeError, ValueError) as error:
        raise StateError(f"{path.name} is no state of a training: {error}") from error
    progress.curve = [(rate, loss) for rate, loss in progress.curve]
    network, optimizer, average = (
        _part(tensors, f"{name}.") for name in ("network", "optimizer", "average")
    )
    return State(network, optimizer, progress, average)


def _part(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {
        name.removeprefix(prefix): value
        for name, value in tensors.items()
        if name.startswith(prefix)
    }
