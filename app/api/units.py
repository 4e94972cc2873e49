"""One unit, and those around it."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Path, Query

from app.api.deps import LayerId, LoadedDep, ServicesDep
from app.api.errors import READ_ERRORS
from app.schemas import UnitCard, WeightsRef
from app.services.catalog import Loaded
from app.services.units import unit_card

router = APIRouter(prefix="/models/{model}", tags=["filters"])

Channel = Annotated[int, Path(ge=0, description="Counts from 0.")]


@router.get(
    "/layers/{layer}/units/{channel}", summary="What is known of a unit", responses=READ_ERRORS
)
async def get_unit_card(
    *,
    services: ServicesDep,
    loaded: LoadedDep,
    layer: LayerId,
    channel: Channel,
    links: Annotated[int, Query(ge=0, le=64, description="How many links to name, each way.")] = 12,
) -> UnitCard:
    """Its kernel, the channels that it reads, and those that read it, the strongest first.

    A link leads from channel to channel, through pools, concatenations, reshaping and, where
    nobody else reads a channel, additions; a dense layer that reads maps counts a map's weights
    together. `weight` and `norm` are of the kernel between the two, times the scale of the batch
    normalization that follows it, if one does.
    """

    def answer() -> UnitCard:
        card = unit_card(loaded, layer, channel, links)
        return UnitCard(
            model=loaded.spec.id,
            weights=WeightsRef(source=loaded.source, sha256=loaded.card.sha256),
            channel=channel,
            kernel=_kernel(loaded, card.weighted_layer, channel),
            previous=channel - 1 if channel > 0 else None,
            next=channel + 1 if channel + 1 < card.layer.output_shape[0] else None,
            **vars(card),
        )

    return await services.work(answer)


def _kernel(loaded: Loaded, layer: str | None, channel: int) -> str | None:
    """Where the filter is; of a transposed convolution the whole layer's, whose axes differ."""
    if layer is None:
        return None
    query = {"weights": loaded.source}
    if not loaded.graph.layer(layer).type.startswith("ConvTranspose"):
        query = {"channels": str(channel)} | query
    path = f"/api/v1/models/{quote(loaded.spec.id)}/layers/{quote(layer)}/filters"
    return f"{path}?{urlencode(query)}"
