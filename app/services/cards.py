"""What the server says about each network."""

from __future__ import annotations

from typing import Any

import models
from app.schemas import InputInfo, ModelDetail, ModelSummary, WeightsInfo
from app.services.catalog import Catalog
from models import weights


def summary(catalog: Catalog, model_id: str) -> ModelSummary:
    """A network's row in the list. Raises UnknownModelError."""
    return ModelSummary(**_fields(catalog, model_id))


def detail(catalog: Catalog, model_id: str) -> ModelDetail:
    """The same with its layers and stages. Raises UnknownModelError."""
    graph = catalog.graph(model_id)
    return ModelDetail(**_fields(catalog, model_id), layers=graph.layers, stages=graph.stages)


def weights_info(model_id: str) -> WeightsInfo:
    """Whether the weights are on this machine, and where they come from."""
    card = weights.shipped().get(model_id)
    if card is None or not (weights.FOLDER / card.file).is_file():
        return WeightsInfo(status="missing", source="make train-digits")
    return WeightsInfo(
        status="ready",
        source=card.recipe,
        bytes=card.bytes,
        sha256=card.sha256,
        accuracy=card.accuracy,
        unsure_below=card.unsure_below,
    )


def _fields(catalog: Catalog, model_id: str) -> dict[str, Any]:
    spec, graph = models.spec(model_id), catalog.graph(model_id)
    source = spec.input
    return {
        "id": spec.id,
        "title": spec.title,
        "family": spec.family,
        "task": spec.task,
        "about": spec.about,
        "reference": spec.reference,
        "input": InputInfo(
            shape=source.shape,
            mode=source.mode,
            mean=list(source.mean),
            std=list(source.std),
            preprocessing=source.preprocessing,
        ),
        "classes": list(spec.classes),
        "parameters": graph.parameters,
        "macs": graph.macs,
        "weights": weights_info(spec.id),
    }
