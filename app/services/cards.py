"""What the server says about each network."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.schemas import InputInfo, ModelDetail, ModelSummary, WeightsInfo, WeightsSource
from app.services.catalog import Catalog
from models import InputSpec, weights
from models.weights import RANDOM, Source, WeightsCard

JobOf = Callable[[str, str], str | None]  # the id of the job that fetches a network's source


def summary(
    catalog: Catalog, model_id: str, source: str | None = None, job_of: JobOf = lambda *_: None
) -> ModelSummary:
    """A network's row in the list, as it is with the weights of ``source``.

    ``job_of(model id, source id)`` names the download that runs. Raises UnknownModelError and
    UnknownSourceError.
    """
    return ModelSummary(**_fields(catalog, model_id, source, job_of))


def detail(
    catalog: Catalog, model_id: str, source: str | None = None, job_of: JobOf = lambda *_: None
) -> ModelDetail:
    """The same with its layers and stages. Raises UnknownModelError and UnknownSourceError."""
    graph = catalog.graph(model_id, source)
    fields = _fields(catalog, model_id, source, job_of)
    fields |= {"parameters": graph.parameters, "macs": graph.macs}
    return ModelDetail(**fields, layers=graph.layers, stages=graph.stages)


def weights_info(
    catalog: Catalog, model_id: str, source: str | None = None, job_of: JobOf = lambda *_: None
) -> WeightsInfo:
    """Whether weights are on this machine, and where they come from.

    Without ``source``: of the first that is ready. Raises UnknownModelError.
    """
    sources = [
        _source(catalog, model_id, each, job_of(model_id, each.id))
        for each in weights.sources(model_id)
    ]
    if source == RANDOM:
        return WeightsInfo(status="ready", source=RANDOM, sha256=RANDOM, sources=sources)
    chosen = source or next((each.id for each in sources if each.status == "ready"), None)
    shown = next((each for each in sources if each.id == chosen), None)
    card = catalog.card(model_id, shown.id) if shown else None
    if card is not None:
        return _ready(card, sources)
    return WeightsInfo(status=_status(shown, sources), source=source, sources=sources)


def input_info(spec: InputSpec) -> InputInfo:
    """What a network takes in."""
    return InputInfo(
        shape=spec.shape,
        mode=spec.mode,
        mean=list(spec.mean),
        std=list(spec.std),
        preprocessing=spec.preprocessing,
        channels=spec.channels,
        resize=spec.resize,
        interpolation=spec.interpolation,
    )


def _ready(card: WeightsCard, sources: list[WeightsSource]) -> WeightsInfo:
    return WeightsInfo(
        status="ready",
        source=card.source,
        data=card.data or None,
        recipe=card.recipe or None,
        seed=card.seed,
        sources=sources,
        bytes=card.bytes,
        sha256=card.sha256,
        accuracy=card.accuracy,
        features=card.features,
        unsure_below=card.unsure_below,
    )


def _status(shown: WeightsSource | None, sources: list[WeightsSource]) -> Any:
    """The state of a source that is not ready, or the best of all where none is chosen."""
    states = [shown.status] if shown else [each.status for each in sources]
    order = ("downloading", "downloadable")
    return next((state for state in order if state in states), "missing")


def _source(catalog: Catalog, model_id: str, source: Source, job: str | None) -> WeightsSource:
    card = catalog.card(model_id, source.id)
    status = "ready" if card else catalog.store.status(model_id, source.id)
    num_classes = card.num_classes if card else source.num_classes
    return WeightsSource(
        id=source.id,
        kind=source.kind,
        title=source.title,
        status="downloading" if job and not card else status,
        licence=source.licence,
        homepage=source.homepage,
        note=source.note,
        classifier=num_classes > 0,
        download_bytes=source.download_bytes,
        bytes=card.bytes if card else None,
        sha256=card.sha256 if card else None,
        input=input_info(card.input if card else source.input),
        accuracy=(card.accuracy if card else None) or source.accuracy,
        features=card.features if card else {},
        job=job,
    )


def _fields(catalog: Catalog, model_id: str, source: str | None, job_of: JobOf) -> dict[str, Any]:
    spec = catalog.spec(model_id, source)
    parameters, macs = spec.parameters, spec.macs
    if parameters is None or macs is None:
        graph = catalog.graph(model_id, source)
        parameters, macs = graph.parameters, graph.macs
    return {
        "id": spec.id,
        "title": spec.title,
        "family": spec.family,
        "task": spec.task,
        "about": spec.about,
        "reference": spec.reference,
        "input": input_info(spec.input),
        "classes": list(spec.classes),
        "parameters": parameters,
        "macs": macs,
        "weights": weights_info(catalog, model_id, source, job_of),
    }
