"""What pictures really score: in float32, at the network's own size, by its ordinary runner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from app.services import preprocess
from app.services.catalog import Loaded
from app.services.maximize.objectives import Objective
from app.services.maximize.run import Bytes
from app.services.maximize.values import Needs, Values, checked, units
from app.services.predictions import predict

_BYTES = 256 * 2**20  # of values at a time
_TOP = 5  # classes


@dataclass(frozen=True)
class Measured:
    """``scores``: the objective's, one a picture. ``predictions``: what the network answers.

    A prediction is an `app.schemas.Prediction` as a dictionary; there are none where these
    weights have no classifier.
    """

    scores: list[float]
    predictions: list[dict[str, Any]] | None


def measure(loaded: Loaded, pictures: Bytes, objective: Objective, top: int = _TOP) -> Measured:
    """Score 8-bit pictures, N×H×W or N×H×W×3 (RGB), as the network sees them when it classifies.

    Pictures of another size are resized as photographs are. The numbers can be compared with
    what real pictures reach: a channel's with the largest mean of its map, a unit's with its
    largest value.
    Raises UnknownLayerError, UnknownChannelError, and ValueError where the objective is for
    another number of pictures.
    """
    needs = checked(objective.needs, loaded.graph)
    objective.check_count(len(pictures))
    x = preprocess.to_network(pictures, loaded.spec, "none")
    layers = dict.fromkeys([*needs, *([loaded.graph.output] if loaded.spec.classes else [])])
    room = max(1, _BYTES // max(1, loaded.runner.visited_bytes(list(layers))))
    chunk = len(x) if objective.compares else room
    scores: list[float] = []
    predictions: list[dict[str, Any]] = []
    for first in range(0, len(x), chunk):
        part = x[first : first + chunk]
        values, logits = _values(loaded, part, list(layers), needs)
        seen = Values(values, loaded.graph, units(needs), first)
        scores += objective.score(seen).expand(len(part)).tolist()
        predictions += [] if logits is None else predict(loaded, part, logits, top)
    return Measured(scores, predictions if loaded.spec.classes else None)


def _values(
    loaded: Loaded, x: Tensor, layers: list[str], needs: Needs
) -> tuple[dict[str, Tensor], Tensor | None]:
    """What the objective needs of these layers, and the logits where there are any."""
    kept: dict[str, Tensor] = {}
    logits: list[Tensor] = []

    def receive(layer: str, value: Tensor) -> None:
        if layer in needs:
            channels = needs[layer]
            kept[layer] = value if channels is None else value[:, sorted(channels)]
        if layer == loaded.graph.output and loaded.spec.classes:
            logits.append(value.float().cpu())

    with torch.inference_mode():
        loaded.runner.visit(x, layers, receive)
    return kept, logits[0] if logits else None
