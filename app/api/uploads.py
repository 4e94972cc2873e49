"""The images of a request: multipart, a raw body, npy or JSON."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Query, Request
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from torch import Tensor

from app.api.deps import LoadedDep, ServicesDep
from app.api.problems import ProblemError, invalid
from app.services import inputs
from app.services.preprocess import MODES, Mode

PREPROCESS = (
    "Default: the network's own way. Digits: `center` (crop to the ink, longer side to 20 px, "
    "centre of mass to the middle). Photographs: `crop` (shorter side to the network's `resize`, "
    "then the middle, exactly as torchvision's Resize and CenterCrop). `none`: only brought to "
    "the network's size; a photograph is squeezed. float32 arrays are never preprocessed."
)
Preprocess = Annotated[Mode | None, Query(description=PREPROCESS)]
Name = Annotated[
    str,
    Query(
        max_length=300,
        description="What the picture is called, e.g. among neighbours; default: the name of a "
        "form's file.",
    ),
]


async def _prepared(
    request: Request,
    services: ServicesDep,
    loaded: LoadedDep,
    preprocess: Preprocess = None,
    name: Name = "",
) -> inputs.Prepared:
    """The request's images as the network wants them."""
    uploads = await _uploads(request, services.settings.max_images, name)
    settings = services.settings
    return await services.work(
        inputs.prepare, uploads, loaded.spec, preprocess, settings.max_images, settings.max_pixels
    )


PreparedDep = Annotated[inputs.Prepared, Depends(_prepared)]


async def _batch(prepared: PreparedDep) -> Tensor:
    return prepared.batch


# float32 N×C×H×W
Batch = Annotated[Tensor, Depends(_batch)]


def default_mode(preprocessing: str) -> Mode:
    """The mode for a network whose card names this preprocessing."""
    return MODES.get(preprocessing, ("none",))[0]


async def _uploads(request: Request, max_images: int, name: str) -> list[inputs.Upload]:
    content_type = request.headers.get("content-type", "")
    if content_type.lower().startswith("multipart/form-data"):
        return await _parts(request, max_images, name)
    body = await request.body()
    if not body:
        raise invalid("body", "The body is empty. " + _accepted())
    return [_recognise(body, content_type, name)]


async def _parts(request: Request, max_images: int, name: str) -> list[inputs.Upload]:
    try:
        async with request.form(max_files=max_images, max_fields=16) as form:
            files = [part for _, part in form.multi_items() if isinstance(part, UploadFile)]
            return [await _part(file, name) for file in files]
    except HTTPException as error:
        if str(error.detail).startswith("Too many files"):
            raise inputs.too_many_images(max_images) from error
        raise invalid("body", f"The form cannot be read: {error.detail}") from error


async def _part(file: UploadFile, name: str) -> inputs.Upload:
    return _recognise(await file.read(), file.content_type or "", name or file.filename or "")


def _recognise(body: bytes, declared: str, name: str = "") -> inputs.Upload:
    try:
        return inputs.recognise(body, declared, name)
    except inputs.UnknownMediaTypeError as error:
        raise ProblemError(
            415,
            "unsupported-media-type",
            f"{error} {_accepted()}",
            field="Content-Type",
            valid_media_types=["multipart/form-data", *inputs.MEDIA_TYPES],
        ) from error


def _accepted() -> str:
    return "Send a form with file parts, or a body of " + ", ".join(inputs.MEDIA_TYPES) + "."


def _binary(example: str | None = None) -> dict[str, Any]:
    return {"schema": {"type": "string", "format": "binary"}}


# What OpenAPI says about the body of every route that takes images.
REQUEST_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "One or many images. uint8 arrays are pictures (H×W, H×W×3, N×H×W, "
        "N×H×W×3; white ink on black for digits), float32 arrays are network-ready (C×H×W, "
        "N×C×H×W). Files are turned upright by their EXIF orientation; of animated ones the first "
        "frame counts. For photograph networks transparency becomes white, grey becomes RGB, and "
        "a picture more than 50 times as long as it is wide is refused. For digit networks a "
        "picture with a light border is taken for dark ink on paper and inverted.",
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "file": {"type": "array", "items": {"type": "string", "format": "binary"}}
                    },
                }
            },
            **{media: _binary() for media in (*inputs.PICTURE_TYPES, inputs.ARRAY_TYPE)},
            inputs.JSON_TYPE: {
                "schema": {
                    "type": "object",
                    "required": ["pixels"],
                    "properties": {
                        "pixels": {
                            "type": "array",
                            "description": "H×W, H×W×3, N×H×W or N×H×W×3 numbers in 0…1",
                            "items": {},
                        }
                    },
                },
                "example": {"pixels": [[0, 0, 0], [0, 1, 0], [0, 1, 0], [0, 0, 0]]},
            },
        },
    }
}
