"""Results about a checkpoint: worked out when somebody asks, then kept on disk beside it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ValidationError
from safetensors import SafetensorError
from safetensors.numpy import load, save

from app.schemas import (
    Counts,
    LayerLearning,
    LayersLearning,
    Robustness,
    RobustnessCurve,
)
from app.services.datasets import Split
from app.services.finite import finite
from app.services.learning.answers import Answers, Subject, answer
from app.services.learning.layers import LayerState, Weights, layers_learning
from app.services.learning.robustness import robustness
from app.services.learning.units import Histogram
from app.services.writing import replace

M = TypeVar("M", bound=BaseModel)

_SMALL = {"labels": np.int16, "predicted": np.int16, "places": np.int32}  # on disk


@dataclass(frozen=True)
class Checkpoint:
    """One moment of a training. ``folder`` keeps results, ``digest`` is of its weights' file.

    ``subject`` loads the network and its data; ``before`` the weights of the checkpoint before,
    None at the first one. ``by_gradient``: not trained by the perceptron's rule.
    """

    folder: Path
    step: int
    digest: str
    subject: Callable[[], Subject]
    before: Callable[[], Weights | None]
    by_gradient: bool = True

    def path(self, name: str) -> Path:
        """Where a result is kept. Other weights at the same step have another file."""
        return self.folder / f"step-{self.step:08d}-{self.digest[:12]}-{name}"


def kept_answers(checkpoint: Checkpoint, split: Split) -> Answers | None:
    """The answers to a split, if they are known."""
    try:
        arrays = load(checkpoint.path(f"{split}.safetensors").read_bytes())
        loss = float(arrays.pop("loss")[0])
        wide = {name: arrays[name].astype(np.int64) for name in _SMALL}
        return Answers(**(arrays | wide), loss=loss)
    except (OSError, KeyError, TypeError, SafetensorError):
        return None  # not there, or damaged: it is worked out again


def find_answers(checkpoint: Checkpoint, split: Split) -> Answers:
    """The answers to a split, worked out where they are not known."""
    known = kept_answers(checkpoint, split)
    if known is not None:
        return known
    found = answer(checkpoint.subject(), split)
    _keep(checkpoint.path(f"{split}.safetensors"), save(_narrow(found)))
    return found


def kept_layers(checkpoint: Checkpoint) -> LayersLearning | None:
    """How each layer learns, if it is known."""
    return _read(checkpoint.path("layers.json"), LayersLearning)


def find_layers(checkpoint: Checkpoint) -> LayersLearning:
    """How each layer learns, worked out where it is not known."""

    def find() -> LayersLearning:
        states = layers_learning(
            checkpoint.subject(), checkpoint.before(), by_gradient=checkpoint.by_gradient
        )
        return LayersLearning(step=checkpoint.step, layers=[_layer(state) for state in states])

    return kept_layers(checkpoint) or _found(checkpoint.path("layers.json"), find())


def kept_robustness(checkpoint: Checkpoint) -> Robustness | None:
    """Accuracy on changed pictures, if it is known."""
    return _read(checkpoint.path("robustness.json"), Robustness)


def find_robustness(checkpoint: Checkpoint) -> Robustness:
    """Accuracy on changed pictures, worked out where it is not known."""

    def find() -> Robustness:
        found = robustness(checkpoint.subject())
        curves = {kind: RobustnessCurve(**asdict(curve)) for kind, curve in found.curves.items()}
        return Robustness(step=checkpoint.step, pictures=found.pictures, curves=curves)

    return kept_robustness(checkpoint) or _found(checkpoint.path("robustness.json"), find())


def _layer(state: LayerState) -> LayerLearning:
    units = state.units
    return LayerLearning(
        layer=state.layer,
        output=state.output,
        parameters=state.parameters,
        weight_norm=finite(state.weight_norm),
        gradient=finite(state.gradient),
        change=finite(state.change),
        dead=len(units.dead) / units.channels if units.channels else None,
        dead_units=units.dead,
        saturated=units.saturated,
        weights=_counts(state.weights),
        activations=_counts(units.values),
    )


def _counts(histogram: Histogram) -> Counts:
    return Counts(edges=histogram.edges, counts=histogram.counts)


def _narrow(answers: Answers) -> dict[str, NDArray[Any]]:
    values = vars(answers) | {"loss": np.array([answers.loss])}
    return values | {name: values[name].astype(kind) for name, kind in _SMALL.items()}


def _read(path: Path, kind: type[M]) -> M | None:
    try:
        return kind.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None  # not there, or damaged: it is worked out again


def _found(path: Path, result: M) -> M:
    _keep(path, result.model_dump_json().encode())
    return result


def _keep(path: Path, body: bytes) -> None:
    with contextlib.suppress(OSError):  # a full disk costs time the next time, nothing else
        path.parent.mkdir(exist_ok=True)  # its own parent is gone where the training was deleted
        replace(path, body, lasting=False)
