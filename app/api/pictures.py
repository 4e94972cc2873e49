"""The user's own folder of pictures, and the nearest neighbours of a picture."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Path, Query
from PIL import Image
from starlette.responses import FileResponse, Response

from app.api.deps import LoadedDep, Services, ServicesDep
from app.api.errors import READ_ERRORS, problems
from app.api.gallery import binary
from app.api.jobs import accepted
from app.api.seen import PassId
from app.schemas import JobAccepted, Neighbour, Neighbours
from app.services.folder import NoFolderError
from app.services.hidden import last_hidden
from app.services.neighbours import Found, nearest
from app.services.scans import Scan
from app.services.seen import Group
from app.services.thumbnails import LARGEST, MEDIA_TYPE, SMALLEST, small

router = APIRouter(tags=["pictures"])

Standing = Literal["unset", "unscanned", "scanned"]
MOST_NEIGHBOURS = 100
_THUMBNAIL = 96  # pixels
_CACHE = {"Cache-Control": "private, max-age=60"}
SmallSize = Annotated[
    int | None,
    Query(ge=SMALLEST, le=LARGEST, description="A thumbnail with so many pixels a side at most."),
]
PictureName = Annotated[
    str, Path(max_length=1000, description="Its path below the folder, with forward slashes.")
]


@router.post(
    "/models/{model}/scans",
    status_code=202,
    summary="Look at the user's folder of pictures",
    responses=problems(404, 409, 422, 503),
)
async def post_scan(services: ServicesDep, loaded: LoadedDep) -> JobAccepted:
    """A job that sends every picture of the folder through the network.

    What it finds is kept, so that the next scan computes new pictures only. The job's result is
    `{layer, pictures, computed, broken, left_out}`; `broken` counts the files that could not be
    read, `left_out` says whether there are more pictures than a scan takes.
    """
    scans = services.scans
    job = services.jobs.submit(
        "scan",
        f"{scans.folder.root.name} → {loaded.spec.title}",
        partial(scans.run, loaded),
        model=loaded.spec.id,
        key=f"scan {loaded.spec.id} {loaded.card.sha256}",
    )
    return accepted(job)


@router.get(
    "/passes/{pass_id}/neighbours", summary="Pictures that look alike", responses=READ_ERRORS
)
async def get_neighbours(
    services: ServicesDep,
    pass_id: PassId,
    top: Annotated[int, Query(ge=1, le=MOST_NEIGHBOURS, description="How many.")] = 6,
    folder: Annotated[
        bool, Query(description="Whether to look in the user's folder, too, where it was scanned.")
    ] = True,
) -> Neighbours:
    """The nearest pictures by Euclidean distance in the last hidden layer.

    Among those that this server has seen with the same network and weights, and those of the
    user's folder.
    """
    return await services.work(_neighbours, services, pass_id, top, folder)


@router.get(
    "/pictures/{name:path}",
    summary="A picture of the user's folder",
    response_class=Response,
    responses={**problems(404, 409, 413, 422), **binary("image/*", "The file, or a WebP.")},
)
async def get_picture(services: ServicesDep, name: PictureName, size: SmallSize = None) -> Response:
    """The file; with `size` a thumbnail of at most so many pixels a side."""
    folder = services.scans.folder
    path = await services.work(folder.path, name)
    if size is None:
        return FileResponse(path, media_type=folder.media_type(name), headers=_CACHE)
    read = partial(_small, services, name, size)
    key = (name, path.stat().st_mtime_ns)
    body = await services.work(services.thumbnails.get, key, size, read)
    return Response(body, media_type=MEDIA_TYPE, headers=_CACHE)


def _small(services: Services, name: str, size: int) -> Image.Image:
    upload = services.scans.folder.read(name)
    return small(upload.body, upload.media_type, services.settings.max_pixels, size)


def _neighbours(services: Services, pass_id: str, top: int, with_folder: bool) -> Neighbours:
    origin = services.passes.origin(pass_id)
    group = origin.model, origin.sha256
    hidden = last_hidden(
        services.catalog.graph(origin.model, origin.source),
        services.catalog.spec(origin.model, origin.source),
    )
    seen = services.seen.of(group)
    own = seen.get(pass_id)
    vector = own.vector if own else hidden.vector(services.passes.get(pass_id).activations)
    standing, scan, is_there = _scanned(services, group)
    found, compared = nearest(
        pass_id, vector, seen, scan if with_folder else Scan(), top=top, is_there=is_there
    )
    return Neighbours(
        layer=hidden.layer,
        folder=standing,
        compared=compared,
        neighbours=[_entry(each) for each in found],
    )


def _scanned(services: Services, group: Group) -> tuple[Standing, Scan, Callable[[str], bool]]:
    """How the folder stands, what is known of it, and whether a name leads to a picture."""
    try:
        scans = services.scans
    except NoFolderError:
        return "unset", Scan(), lambda name: False
    scan = scans.of(group)
    return ("unscanned" if scan is None else "scanned"), scan or Scan(), scans.folder.has


def _entry(found: Found) -> Neighbour:
    if found.pass_id is not None:
        thumbnail = f"/api/v1/passes/{found.pass_id}/thumbnail"
    else:
        thumbnail = f"/api/v1/pictures/{quote(found.path or '')}?size={_THUMBNAIL}"
    return Neighbour(
        name=found.name,
        distance=found.distance,
        thumbnail=thumbnail,
        pass_id=found.pass_id,
        path=found.path,
    )
