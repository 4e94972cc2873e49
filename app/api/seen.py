"""The picture behind a kept pass."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path
from PIL import Image
from starlette.responses import Response

from app.api.deps import Services, ServicesDep
from app.api.errors import READ_ERRORS
from app.api.gallery import Size, binary
from app.services.preprocess import Drawings, to_pixels
from app.services.thumbnails import MEDIA_TYPE
from app.wire.png import grey_png, rgb_png

router = APIRouter(prefix="/passes/{pass_id}", tags=["passes"])

PassId = Annotated[str, Path(max_length=128, description="The id that POST …/passes gave.")]
# A pass never changes: its id is the hash of the weights and of the input.
CACHE = {"Cache-Control": "private, max-age=3600, immutable"}


@router.get(
    "/image",
    summary="What the network sees",
    response_class=Response,
    responses={**READ_ERRORS, **binary("image/png", "RGB, or grey for digit networks.")},
)
async def get_image(services: ServicesDep, pass_id: PassId) -> Response:
    """The network's input as a picture of its own size: normalisation undone, exact to 8 bits."""

    def png() -> bytes:
        pixels, origin = _pixels(services, pass_id), services.passes.origin(pass_id)
        text = {"model": origin.model, "weights": f"{origin.source} {origin.sha256}"}
        return grey_png(pixels, text) if pixels.ndim == 2 else rgb_png(pixels, text)

    return Response(await services.work(png), media_type="image/png", headers=CACHE)


@router.get(
    "/thumbnail",
    summary="What the network sees, small",
    response_class=Response,
    responses={**READ_ERRORS, **binary(MEDIA_TYPE, "WebP.")},
)
async def get_thumbnail(services: ServicesDep, pass_id: PassId, size: Size = 96) -> Response:
    """The same as WebP, at most ``size`` pixels wide and high."""

    def picture() -> Image.Image:
        return Image.fromarray(_pixels(services, pass_id))

    read = partial(services.thumbnails.get, ("pass", pass_id), size, picture)
    return Response(await services.work(read), media_type=MEDIA_TYPE, headers=CACHE)


def _pixels(services: Services, pass_id: str) -> Drawings:
    origin = services.passes.origin(pass_id)
    spec = services.catalog.spec(origin.model, origin.source)
    return to_pixels(services.passes.input(pass_id), spec.input)
