"""Pictures and arrays from a request to one network-ready batch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from app.services import images
from app.services.preprocess import Mode, to_network
from models import ModelSpec

PICTURE_TYPES = tuple(images.FORMATS)
ARRAY_TYPE, JSON_TYPE = "application/x-npy", "application/json"
MEDIA_TYPES = (*PICTURE_TYPES, ARRAY_TYPE, JSON_TYPE)
MAX_SIDE = 1024  # pixels of a picture that comes as an array
_CHUNK = 64  # pictures preprocessed at a time, so that memory stays small

Array = NDArray[Any]

_MAGIC = ((b"\x89PNG", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"\x93NUMPY", ARRAY_TYPE))


class UnknownMediaTypeError(ValueError):
    """The body's media type is none of `MEDIA_TYPES`."""


@dataclass(frozen=True)
class Upload:
    """One body and its media type."""

    body: bytes
    media_type: str


def recognise(body: bytes, declared: str) -> Upload:
    """The body with its media type; one that is only called "bytes" is told by its first bytes.

    Raises UnknownMediaTypeError.
    """
    media_type = declared.partition(";")[0].strip().lower()
    if media_type in ("", "application/octet-stream"):
        media_type = next((kind for magic, kind in _MAGIC if body.startswith(magic)), media_type)
        if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
            media_type = "image/webp"
    if media_type not in MEDIA_TYPES:
        raise UnknownMediaTypeError(f"The media type {media_type[:60]!r} is not understood.")
    return Upload(body, media_type)


def to_batch(
    uploads: list[Upload], spec: ModelSpec, mode: Mode, max_images: int, max_pixels: int
) -> Tensor:
    """All pictures of all uploads, in order, as the network wants them: float32 N×C×H×W.

    Raises images.ImageError, images.ImageTooLargeError.
    """
    arrays: list[Array] = []
    count = 0
    for upload in uploads:
        arrays.append(_read(upload, spec, max_pixels))
        count += len(arrays[-1])
        if count > max_images:
            raise too_many_images(max_images)
    if not arrays:
        raise images.ImageError("There is no image in the request.", "file")
    batches = [_prepare(array, spec, mode) for array in arrays]
    return batches[0] if len(batches) == 1 else torch.cat(batches)


def too_many_images(most: int) -> images.ImageTooLargeError:
    """The error of a call with more than ``most`` images."""
    return images.ImageTooLargeError(
        f"There are more than {most} images in one call.", "max_images", most
    )


def _read(upload: Upload, spec: ModelSpec, max_pixels: int) -> Array:
    """Pictures (uint8 N×H×W or N×H×W×3) or a network-ready batch (float32 N×C×H×W)."""
    if upload.media_type == JSON_TYPE:
        return images.as_pictures(images.read_json(upload.body), spec.input.mode)
    if upload.media_type == ARRAY_TYPE:
        array = images.read_npy(upload.body)
        if array.dtype == np.float32:
            return images.as_inputs(array.astype(np.float32, copy=False), spec.input.shape)
        return images.as_pictures(array.astype(np.uint8, copy=False), spec.input.mode)
    picture = images.decode_image(upload.body, upload.media_type, spec.input.mode, max_pixels)
    return picture[None]


def _prepare(array: Array, spec: ModelSpec, mode: Mode) -> Tensor:
    if array.dtype == np.float32:
        return torch.from_numpy(array.copy())
    if max(array.shape[1:3]) > MAX_SIDE:
        raise images.ImageTooLargeError(
            f"The pictures are longer than {MAX_SIDE} pixels.", "max_side", MAX_SIDE
        )
    starts = range(0, len(array), _CHUNK)
    return torch.cat([to_network(array[at : at + _CHUNK], spec, mode) for at in starts])
