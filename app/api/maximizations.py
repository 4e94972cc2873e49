"""Pictures that are computed to drive a unit."""

from __future__ import annotations

import hashlib
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Body, Header, Path, Query
from starlette.responses import Response

from app.api.deps import LoadedDep, Services, ServicesDep
from app.api.errors import problems
from app.api.gallery import binary
from app.api.problems import ProblemError, invalid
from app.schemas import (
    Maximization,
    MaximizationAccepted,
    MaximizationRequest,
    MaximizedPicture,
)
from app.services.catalog import Loaded
from app.services.maximize.reach import ratio
from app.services.maximize.request import Resolved, resolve
from app.services.maximize.stamp import CAVEAT, variant
from app.services.maximize.store import Files, Group, Kept, Record
from app.services.maximize.work import Standing, is_over
from models import weights as known_weights
from models.weights import RANDOM

router = APIRouter(tags=["maximization"])

_IMMUTABLE = "private, max-age=31536000, immutable"
_LARGEST = 4096  # pixels a side of an enlarged picture
_EXAMPLES = {
    "unit": {
        "summary": "What channel 178 of a layer wants to see",
        "value": {"layer": "features.22", "channel": 178},
    },
    "many": {
        "summary": "Eight channels at once",
        "value": {"layer": "features.22", "channel": [0, 1, 2, 3, 4, 5, 6, 7], "preset": "fine"},
    },
    "class": {
        "summary": "The ideal seven",
        "value": {"class": 7, "method": "maco", "steps": 256, "seed": 1},
    },
    "contrast": {
        "summary": "What separates a four from a nine",
        "value": {"class": [4, 9], "objective": "contrast"},
    },
    "diversity": {
        "summary": "Different answers for one unit",
        "value": {"layer": "conv3", "channel": 5, "objective": "diversity", "count": 4},
    },
    "adversarial": {
        "summary": "A seven that is no seven to us",
        "value": {"class": 7, "method": "pixels", "transforms": False},
    },
}

ResultId = Annotated[
    str, Path(max_length=64, description="The id that the address in the 202 ends with.")
]
Index = Annotated[int, Path(ge=0, description="Counts from 0, in the order of the request.")]


def address(result_id: str) -> str:
    """Where a result is."""
    return f"/api/v1/maximizations/{result_id}"


@router.post(
    "/models/{model}/maximizations",
    status_code=202,
    summary="Compute pictures that drive a unit",
    responses=problems(404, 409, 422, 503, 507),
)
async def post_maximization(
    services: ServicesDep,
    loaded: LoadedDep,
    request: Annotated[MaximizationRequest, Body(openapi_examples=_EXAMPLES)],
    response: Response,
) -> MaximizationAccepted:
    """A job whose `progress` counts steps, whose `metrics` are the scores of the present batch.

    Its `preview` is a PNG of that batch in the making: a grid row by row, ⌈√n⌉ columns, no gaps.
    The same request gives the same address: what is kept is answered at once, by a job that has
    ended; what is being computed, by the job that does it; after a cancelled one the missing
    pictures are computed. Several units are computed in batches, and appear as they are
    finished. 422 names the field that is wrong.
    """
    job, result_id = await services.work(_submit, services, loaded, request)
    response.headers["Location"] = address(result_id)
    return MaximizationAccepted(id=job, href=f"/api/v1/jobs/{job}", maximization=address(result_id))


@router.get(
    "/maximizations",
    summary="What is kept of a unit",
    responses=problems(404, 409, 422),
)
async def list_maximizations(
    *,
    services: ServicesDep,
    model: Annotated[str | None, Query(max_length=100, description="A network's id.")] = None,
    weights: Annotated[
        str | None,
        Query(max_length=40, description="Which weights of that network, as in other calls."),
    ] = None,
    layer: Annotated[str | None, Query(max_length=200, description="A layer's id.")] = None,
    channel: Annotated[int | None, Query(ge=0, description="A channel of the layer.")] = None,
    limit: Annotated[int, Query(ge=1, le=200, description="How many at most.")] = 50,
) -> list[Maximization]:
    """The newest first, without curves.

    Where `layer` or `channel` is given, each has only the pictures of these.
    """

    def answer() -> list[Maximization]:
        group = None if model is None else _group(services, model, weights)
        ids = services.maximizations.results.listing(group, layer, channel, limit)
        found = [services.maximizations.standing(result_id) for result_id in ids]
        shown = [_shown(services, each) for each in found if each is not None]
        return [_only(each, layer, channel) for each in shown]

    return await services.work(answer)


@router.get(
    "/maximizations/{id}",
    summary="A maximization: what was asked for, and what has come of it",
    responses=problems(404, 422),
)
async def get_maximization(services: ServicesDep, id: ResultId) -> Maximization:
    """Also while it is being computed: pictures that are finished have the state `done`.

    `reference` is what real pictures reach on the same unit, as soon as some have been scanned
    (`POST /models/{model}/top-pictures`).
    """
    return await services.work(lambda: _shown(services, _standing(services, id)))


@router.get(
    "/maximizations/{id}/pictures/{index}",
    summary="A picture",
    response_class=Response,
    responses={**problems(404, 422), **binary("image/png", "RGB, or grey for digit networks.")},
)
async def get_picture(
    *,
    services: ServicesDep,
    id: ResultId,
    index: Index,
    alpha: Annotated[
        bool, Query(description="Whether what did not matter is transparent.")
    ] = False,
    scale: Annotated[
        int, Query(ge=1, le=64, description="So many pixels for each, a side; not smoothed.")
    ] = 1,
    if_none_match: Annotated[
        str, Header(max_length=1000, description="The ETag of what the client has: 304 if it is.")
    ] = "",
) -> Response:
    """The PNG, which says in its text chunk `ConvScope` how it was made (JSON)."""
    record = await services.work(lambda: _standing(services, id).record)
    if index >= len(record.pictures):
        detail = f"There are pictures 0 to {len(record.pictures) - 1}."
        raise ProblemError(404, "unknown-picture", detail, field="index")
    if scale * record.request["size"] > _LARGEST:
        raise invalid("scale", f"A picture has at most {_LARGEST} pixels a side.")
    files = await services.work(services.maximizations.results.picture, record, index)
    if files is None:
        detail = f"Picture {index} is {record.pictures[index].state}: it is not there yet."
        if record.pictures[index].state != "waiting":
            detail = f"The file of picture {index} is damaged. Ask for the same again."
        raise ProblemError(404, "no-picture", detail, field="index")
    key = f"{files.digest} {alpha} {scale}"
    headers = {"ETag": f'"{hashlib.sha256(key.encode()).hexdigest()[:32]}"'}
    headers["Cache-Control"] = _IMMUTABLE
    if headers["ETag"] in if_none_match:
        return Response(status_code=304, headers=headers)
    body = await services.work(partial(_png, files, alpha=alpha, scale=scale))
    return Response(body, media_type="image/png", headers=headers)


@router.delete(
    "/maximizations/{id}",
    status_code=204,
    summary="Delete a maximization",
    responses=problems(404, 409, 422),
)
async def delete_maximization(services: ServicesDep, id: ResultId) -> None:
    """Pictures and record go; 409 while they are being computed (cancel the job first)."""
    standing = await services.work(_standing, services, id)
    if standing.job is not None and not is_over(standing.job):
        detail = "It is being computed: cancel the job first."
        raise ProblemError(409, "being-computed", detail, job=standing.job.id)
    await services.work(services.maximizations.results.remove, id)


def _submit(services: Services, loaded: Loaded, request: MaximizationRequest) -> tuple[str, str]:
    plain = request.method == "pixels"  # knows nothing of real pictures
    resolved: Resolved = resolve(
        request,
        loaded,
        spectrum=None if plain else services.spectra.of(loaded.spec.input),
        passes=services.passes,
        most_bytes=services.settings.max_forward_bytes,
    )
    return services.maximizations.submit(loaded, resolved).id, resolved.id


def _standing(services: Services, result_id: str) -> Standing:
    standing = services.maximizations.standing(result_id)
    if standing is None:
        detail = "No maximization has this id; it may have been deleted to make room for others."
        raise ProblemError(404, "unknown-maximization", detail, field="id")
    return standing


def _png(files: Files, *, alpha: bool, scale: int) -> bytes:
    if not alpha and scale == 1:
        return files.png
    return variant(files.png, files.mask if alpha else None, scale)


def _group(services: Services, model: str, source: str | None) -> Group:
    """The network, and the hash of the weights that a call means."""
    chosen = services.catalog.source(model, source)
    if chosen == RANDOM:
        return model, known_weights.random_card(model).sha256
    return model, services.catalog.store.card(model, chosen).sha256


def _shown(services: Services, standing: Standing) -> Maximization:
    record = standing.record
    pictures = _with_references(services, record)
    return Maximization(
        id=record.id,
        href=address(record.id),
        model=record.model,
        weights=record.weights,
        request=record.request,
        job=standing.job.id if standing.job is not None else None,
        state=standing.state,
        device=record.device,
        precision=record.precision,
        spectrum=record.spectrum,
        seconds=record.seconds if record.device is not None else None,
        curve=record.curve,
        pictures=[
            _picture(record.id, i, each, running=i in standing.running)
            for i, each in enumerate(pictures)
        ],
        caveat=CAVEAT,
    )


def _with_references(services: Services, record: Record) -> list[Kept]:
    """What was scanned since the pictures were made counts, where the network is at hand."""
    try:
        if not services.catalog.is_loaded(record.model, record.weights.source):
            return record.pictures
        loaded = services.catalog.get(record.model, record.weights.source)
    except LookupError:  # a network or weights that were here in another run of the server
        return record.pictures
    if loaded.card.sha256 != record.weights.sha256:
        return record.pictures
    return services.maximizations.reach.filled(loaded, record.pictures)


def _picture(result_id: str, index: int, kept: Kept, *, running: bool) -> MaximizedPicture:
    state = "running" if running and kept.state == "waiting" else kept.state
    facts = kept.model_dump(by_alias=True, exclude={"digest", "state"})
    href = f"{address(result_id)}/pictures/{index}"
    return MaximizedPicture.model_validate(
        facts | {"index": index, "href": href, "state": state, "ratio": ratio(kept)}
    )


def _only(shown: Maximization, layer: str | None, channel: int | None) -> Maximization:
    """Without its curve, and only the pictures of a layer or unit."""
    pictures = [
        each
        for each in shown.pictures
        if layer in (None, each.layer) and channel in (None, each.channel)
    ]
    return shown.model_copy(update={"pictures": pictures, "curve": []})
