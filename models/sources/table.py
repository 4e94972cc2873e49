"""The sources of every network's weights, in the order in which they are tried."""

from __future__ import annotations

from models import registry
from models.sources import cards, trained
from models.sources.errors import UnknownSourceError
from models.sources.official import official
from models.sources.source import Source
from models.sources.wheels import wheel


def sources(model_id: str) -> tuple[Source, ...]:
    """Shipped, wheel, official, file: those that the network has; its moments if it was trained.

    Raises UnknownModelError.
    """
    spec = registry.spec(model_id)
    moments = trained.find(model_id)
    if moments is not None:
        return moments.sources()
    found = [_shipped(spec), wheel(model_id), official(model_id), _file(spec)]
    return tuple(source for source in found if source is not None)


def source(model_id: str, source_id: str) -> Source:
    """One of them. Raises UnknownModelError, UnknownSourceError."""
    known = {each.id: each for each in sources(model_id)}
    if source_id not in known:
        raise UnknownSourceError(model_id, source_id, list(known))
    return known[source_id]


def _shipped(spec: registry.ModelSpec) -> Source | None:
    card = cards.shipped().get(spec.id)
    if card is None:
        return None
    return Source(
        id=cards.SHIPPED,
        kind="shipped",
        title="Comes with ConvScope",
        licence=card.licence or "MIT",
        note=card.data or None,
        input=card.input,
        num_classes=card.num_classes,
        file=card.file,
        sha256=card.sha256,
        accuracy=card.accuracy,
    )


def _file(spec: registry.ModelSpec) -> Source:
    return Source(
        id="file",
        kind="file",
        title="A file of your own",
        licence="yours",
        note="A .safetensors or .pth file with the network's own parameter names.",
        input=spec.input,
        num_classes=len(spec.classes),
    )
