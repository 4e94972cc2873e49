"""The real pictures that drive each unit most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote, urlencode

import numpy as np
from fastapi import APIRouter, Depends, Path, Query
from starlette.responses import Response

from app.api.activations import about
from app.api.deps import LayerId, LoadedDep, Services, ServicesDep
from app.api.errors import READ_ERRORS, problems
from app.api.gallery import binary
from app.api.jobs import accepted
from app.api.problems import ProblemError, invalid
from app.schemas import (
    JobAccepted,
    LayerTops,
    PictureSet,
    ScanRequest,
    TopPicture,
    UnitTops,
    WeightsRef,
)
from app.services.catalog import Loaded
from app.services.preprocess import Drawings
from app.services.tops.tops import KEPT, Found, Top, channel_range, histogram
from app.wire.png import grey_png, rgb_png

router = APIRouter(prefix="/models/{model}", tags=["top pictures"])

_UNIT = "/layers/{layer}/units/{channel}/top-pictures"
_LONGEST = 2048  # pixels a side of an enlarged picture
_CACHE = {"Cache-Control": "private, max-age=3600"}

Channel = Annotated[int, Path(ge=0, description="Counts from 0.")]
Rank = Annotated[int, Path(ge=1, le=KEPT, description="1 is the best.")]
SetId = Annotated[
    str | None,
    Query(
        alias="set",
        max_length=40,
        description="A set that GET …/picture-sets lists; default: the one with most pictures "
        "scanned.",
    ),
]
Scale = Annotated[int, Query(ge=1, le=64, description="So many pixels for each, a side.")]
Of = Annotated[
    int | None,
    Query(description="How many pictures were scanned: another address for another answer."),
]


@router.get(
    "/picture-sets",
    summary="Pictures that a network can be scanned with",
    responses=problems(404, 409, 422),
)
async def get_sets(services: ServicesDep, loaded: LoadedDep) -> list[PictureSet]:
    """MNIST for networks of digits, the gallery and the user's folder for those of photographs.

    Only what is on this machine. `scanned` counts what all layers have seen; where a folder's
    content has changed since, that is 0, and the next scan begins anew.
    """
    standings = await services.work(services.tops.sets, loaded)
    return [
        PictureSet(
            id=each.id,
            pictures=each.pictures,
            scanned=each.scanned,
            job=getattr(services.jobs.find(_key(loaded, each.id)), "id", None),
        )
        for each in standings
    ]


@router.post(
    "/top-pictures",
    status_code=202,
    summary="Look at all pictures of a set",
    responses=problems(404, 409, 422, 503),
)
async def post_scan(services: ServicesDep, loaded: LoadedDep, request: ScanRequest) -> JobAccepted:
    """A job that keeps the pictures that drive each unit most, and statistics of every channel.

    It goes on where another one stopped, and what is scanned already is not computed again. The
    job's result is `{set, layers, pictures, broken, computed}`; `broken` counts the files that
    could not be read. Without `layers`, all that compute something: an input, a flattening layer
    or dropout does not.
    """
    scan = services.tops.scan(loaded, request.set, request.layers)
    job = services.jobs.submit(
        "top-pictures",
        f"{request.set} → {loaded.spec.title}",
        lambda: scan,
        model=loaded.spec.id,
        key=_key(loaded, request.set, request.layers),
        niceness=10,  # nobody watches it as closely as a picture that forms
    )
    return accepted(job)


@router.get(
    "/layers/{layer}/top-pictures",
    summary="What each channel of a layer did on real pictures",
    responses=READ_ERRORS,
)
async def get_layer(
    services: ServicesDep, loaded: LoadedDep, layer: LayerId, set_id: SetId = None
) -> LayerTops:
    """Smallest, largest, mean and share of zeros over all positions of all pictures of a set."""

    def answer() -> LayerTops:
        found = services.tops.layer(loaded, layer, set_id)
        return LayerTops(
            model=loaded.spec.id,
            layer=layer,
            weights=_weights(loaded),
            set=found.set,
            pictures=found.pictures,
            channels=[channel_range(found.record, c) for c in range(len(found.record.total))],
        )

    return await services.work(answer)


@router.get(_UNIT, summary="The pictures that drive a unit most", responses=READ_ERRORS)
async def get_unit(
    *,
    services: ServicesDep,
    loaded: LoadedDep,
    layer: LayerId,
    channel: Channel,
    set_id: SetId = None,
    k: Annotated[int, Query(ge=1, le=KEPT, description="How many.")] = 9,
) -> UnitTops:
    """Best first, each with the position that answers most; the unit's range and its histogram."""

    def answer() -> UnitTops:
        found = services.tops.layer(loaded, layer, set_id)
        tops = services.tops.unit(loaded, found, channel, k)
        return UnitTops(
            model=loaded.spec.id,
            layer=layer,
            channel=channel,
            weights=_weights(loaded),
            set=found.set,
            pictures=found.pictures,
            range=channel_range(found.record, channel),
            histogram=histogram(found.record, channel),
            top=[
                _entry(loaded, found, top, f"{_address(loaded, layer, channel)}/{rank}", rank)
                for rank, top in enumerate(tops, start=1)
            ],
        )

    return await services.work(answer)


@dataclass(frozen=True)
class Ranked:
    """Which top picture of which unit is meant, and how it shall be given away."""

    loaded: LoadedDep
    layer: LayerId
    channel: Channel
    rank: Rank
    set_id: SetId = None
    scale: Scale = 1
    of: Of = None


RankedDep = Annotated[Ranked, Depends()]


@router.get(
    _UNIT + "/{rank}/image",
    summary="A top picture",
    response_class=Response,
    responses={**READ_ERRORS, **binary("image/png", "RGB, or grey for digit networks.")},
)
async def get_image(services: ServicesDep, ranked: RankedDep) -> Response:
    """The whole picture as the network sees it, exact to 8 bits; enlarged without smoothing."""

    def png() -> bytes:
        pixels, top = _picture(services, ranked)
        return _png(ranked, pixels, top)

    return Response(await services.work(png), media_type="image/png", headers=_CACHE)


@router.get(
    _UNIT + "/{rank}/crop",
    summary="What the unit sees of a top picture",
    response_class=Response,
    responses={**READ_ERRORS, **binary("image/png", "RGB, or grey for digit networks.")},
)
async def get_crop(services: ServicesDep, ranked: RankedDep) -> Response:
    """The part of it in the receptive field of the position that answers most."""

    def png() -> bytes:
        pixels, top = _picture(services, ranked)
        seen = pixels[top.box.top : top.box.bottom, top.box.left : top.box.right]
        return _png(ranked, seen, top)

    return Response(await services.work(png), media_type="image/png", headers=_CACHE)


def _key(loaded: Loaded, set_id: str, layers: list[str] | None = None) -> str:
    """Of the job: the same scan runs once."""
    named = "" if layers is None else " " + ",".join(sorted(layers))
    return f"top-pictures {loaded.spec.id} {loaded.card.sha256} {set_id}{named}"


def _weights(loaded: Loaded) -> WeightsRef:
    return WeightsRef(source=loaded.source, sha256=loaded.card.sha256)


def _address(loaded: Loaded, layer: str, channel: int) -> str:
    unit = _UNIT.format(layer=quote(layer, safe=""), channel=channel)
    return f"/api/v1/models/{loaded.spec.id}{unit}"


def _entry(loaded: Loaded, found: Found, top: Top, href: str, rank: int) -> TopPicture:
    query = urlencode({"set": found.set, "weights": loaded.source, "of": found.pictures})
    return TopPicture(
        rank=rank,
        name=top.picture.name,
        label=top.picture.label,
        value=top.value,
        y=top.y,
        x=top.x,
        box=top.box,
        image=f"{href}/image?{query}",
        crop=f"{href}/crop?{query}",
    )


def _picture(services: Services, ranked: Ranked) -> tuple[Drawings, Top]:
    """The picture of a rank as the network sees it."""
    found = services.tops.layer(ranked.loaded, ranked.layer, ranked.set_id)
    tops = services.tops.unit(ranked.loaded, found, ranked.channel, ranked.rank)
    if len(tops) < ranked.rank:
        few = f"There are {len(tops)} top pictures."
        raise ProblemError(404, "unknown-rank", few, field="rank")
    return services.tops.picture(ranked.loaded, found.set, tops[-1].picture), tops[-1]


def _png(ranked: Ranked, pixels: Drawings, top: Top) -> bytes:
    if ranked.scale * max(pixels.shape[:2]) > _LONGEST:
        raise invalid("scale", f"Enlarged, it would be longer than {_LONGEST} pixels.")
    larger = np.ascontiguousarray(pixels.repeat(ranked.scale, 0).repeat(ranked.scale, 1))
    unit = {"unit": f"{ranked.layer} {ranked.channel}", "picture": top.picture.name}
    text = about(ranked.loaded) | unit
    return grey_png(larger, text) if larger.ndim == 2 else rgb_png(larger, text)
