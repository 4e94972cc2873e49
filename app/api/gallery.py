"""The gallery of free pictures."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import FileResponse, Response

from app.api.deps import ServicesDep
from app.api.errors import problems
from app.schemas import GalleryPicture
from app.services.gallery import Card
from app.services.thumbnails import LARGEST, MEDIA_TYPE, SMALLEST

router = APIRouter(prefix="/gallery", tags=["pictures"])

PictureId = Annotated[str, Path(max_length=64, description="A picture's id, as GET /gallery says.")]
Size = Annotated[int, Query(ge=SMALLEST, le=LARGEST, description="Most pixels of the longer side.")]
FOREVER = {"Cache-Control": "public, max-age=86400"}


def binary(media_type: str, description: str) -> dict[int | str, dict[str, object]]:
    """What OpenAPI says about an answer that is a picture."""
    schema = {"schema": {"type": "string", "format": "binary"}}
    return {200: {"description": description, "content": {media_type: schema}}}


@router.get("", summary="Free pictures to try")
async def get_gallery(services: ServicesDep) -> list[GalleryPicture]:
    """Pictures with credit and licence; empty where the set-up could not bring them."""
    return [_entry(card) for card in await services.work(services.gallery.cards)]


@router.get(
    "/{picture}",
    summary="A picture of the gallery",
    response_class=Response,
    responses={**problems(404, 422), **binary("image/*", "PNG or JPEG.")},
)
async def get_picture(services: ServicesDep, picture: PictureId) -> Response:
    """The file, as it was published."""
    path = await services.work(services.gallery.path, picture)
    return FileResponse(path, headers=FOREVER)


@router.get(
    "/{picture}/thumbnail",
    summary="A small picture of the gallery",
    response_class=Response,
    responses={**problems(404, 422), **binary(MEDIA_TYPE, "WebP.")},
)
async def get_thumbnail(services: ServicesDep, picture: PictureId, size: Size = 160) -> Response:
    """The picture, its longer side brought to ``size``."""
    read = partial(services.gallery.image, picture)
    body = await services.work(services.thumbnails.get, ("gallery", picture), size, read)
    return Response(body, media_type=MEDIA_TYPE, headers=FOREVER)


def _entry(card: Card) -> GalleryPicture:
    href = f"/api/v1/gallery/{card.id}"
    return GalleryPicture(
        id=card.id,
        title=card.title,
        credit=card.credit,
        licence=card.licence,
        width=card.width,
        height=card.height,
        href=href,
        thumbnail=f"{href}/thumbnail",
    )
