"""Pictures and arrays from a request to one network-ready batch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from app.services import arrays, images
from app.services.ink import decode_ink
from app.services.photo import Frame, Photo, decode_photo, photos
from app.services.preprocess import Mode, choose_mode, to_network, to_photo_network
from models import ModelSpec

PICTURE_TYPES = tuple(images.FORMATS)
ARRAY_TYPE, JSON_TYPE = "application/x-npy", "application/json"
MEDIA_TYPES = (*PICTURE_TYPES, ARRAY_TYPE, JSON_TYPE)
MAX_SIDE = 1024  # pixels of a drawing that comes as an array
_TOGETHER = 10  # times max_pixels: what the pictures of one call may have
_LONGEST_NAME = 100  # characters
_CHUNK = 64  # drawings preprocessed at a time, so that memory stays small

Array = NDArray[Any]

_MAGIC = (
    (b"\x89PNG", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"\x93NUMPY", ARRAY_TYPE),
)
# Bytes 8…12 of a file in the ISO base media format (ISO/IEC 14496-12) and of WebP.
_BRANDS = {b"WEBP": "image/webp", b"avif": "image/avif", b"avis": "image/avif"}
_HEIC = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")


class UnknownMediaTypeError(ValueError):
    """The body's media type is none of `MEDIA_TYPES`."""


@dataclass(frozen=True)
class Upload:
    """One body and its media type; ``name`` is the file's, where it has one."""

    body: bytes
    media_type: str
    name: str = ""


@dataclass(frozen=True)
class Prepared:
    """Network-ready pictures, float32 N×C×H×W; of photographs what part is seen; their names."""

    batch: Tensor
    frames: list[Frame | None]
    names: list[str]


def recognise(body: bytes, declared: str, name: str = "") -> Upload:
    """The body with its media type.

    Pictures, and what is only called "bytes", are told by their first bytes: browsers name a
    file by its ending, and endings lie. Raises UnknownMediaTypeError.
    """
    media_type = declared.partition(";")[0].strip().lower()
    if media_type in ("", "application/octet-stream") or media_type.startswith("image/"):
        media_type = _told_by_start(body) or media_type
    if media_type in ("image/heic", "image/heif"):
        raise UnknownMediaTypeError("HEIC pictures are not understood: save it as JPEG first.")
    if media_type not in MEDIA_TYPES:
        raise UnknownMediaTypeError(f"The media type {media_type[:60]!r} is not understood.")
    return Upload(body, media_type, _plain(name))


def _plain(name: str) -> str:
    """A file's name without folders and control characters, not too long."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(sign for sign in last if sign.isprintable())[-_LONGEST_NAME:]


def _told_by_start(body: bytes) -> str | None:
    if body[:4] == b"RIFF" or body[4:8] == b"ftyp":
        return "image/heic" if body[8:12] in _HEIC else _BRANDS.get(body[8:12])
    return next((kind for magic, kind in _MAGIC if body.startswith(magic)), None)


def to_batch(
    uploads: list[Upload], spec: ModelSpec, mode: Mode | None, max_images: int, max_pixels: int
) -> Tensor:
    """All pictures of all uploads, in order, as the network wants them: float32 N×C×H×W.

    Raises images.ImageError, images.ImageTooLargeError.
    """
    return prepare(uploads, spec, mode, max_images, max_pixels).batch


def prepare(
    uploads: list[Upload], spec: ModelSpec, mode: Mode | None, max_images: int, max_pixels: int
) -> Prepared:
    """`to_batch`, with what part of each photograph the network sees."""
    chosen = choose_mode(spec.input, mode)
    if len(uploads) > 1:
        files = [(each.body, each.media_type) for each in uploads]
        pictures_only = [file for file in files if file[1] in PICTURE_TYPES]
        images.check_total(pictures_only, _TOGETHER * max_pixels)
    parts: list[Prepared] = []
    count = 0
    for upload in uploads:  # one at a time: decoded pictures are large
        pictures = _read(upload, spec, max_pixels)
        count += len(pictures)
        if count > max_images:
            raise too_many_images(max_images)
        parts.append(_prepare(pictures, spec, chosen, upload.name))
    if not parts:
        raise images.ImageError("There is no image in the request.", "file")
    batch = parts[0].batch if len(parts) == 1 else torch.cat([part.batch for part in parts])
    frames = [frame for part in parts for frame in part.frames]
    return Prepared(batch, frames, [name for part in parts for name in part.names])


def too_many_images(most: int) -> images.ImageTooLargeError:
    """The error of a call with more than ``most`` images."""
    return images.ImageTooLargeError(
        f"There are more than {most} images in one call.", "max_images", most
    )


def _read(upload: Upload, spec: ModelSpec, max_pixels: int) -> Array | list[Photo]:
    """Photographs, or drawings (uint8 N×H×W), or a network-ready batch (float32 N×C×H×W)."""
    if upload.media_type in PICTURE_TYPES:
        if spec.input.preprocessing == "photo":
            return [decode_photo(upload.body, upload.media_type, max_pixels, spec.input)]
        return decode_ink(upload.body, upload.media_type, max_pixels)[None]
    if upload.media_type == JSON_TYPE:
        array: Array = arrays.read_json(upload.body)
    else:
        array = arrays.read_npy(upload.body)
    if array.dtype == np.float32:
        return arrays.as_inputs(array.astype(np.float32, copy=False), spec.input.shape)
    pictures = arrays.as_pictures(array.astype(np.uint8, copy=False), spec.input.mode)
    return photos(pictures) if spec.input.preprocessing == "photo" else pictures


def _prepare(pictures: Array | list[Photo], spec: ModelSpec, mode: Mode, name: str) -> Prepared:
    names = [name] * len(pictures)
    if isinstance(pictures, list):
        batch, frames = to_photo_network(pictures, spec.input, mode)
        return Prepared(batch, list(frames), names)
    return Prepared(_from_array(pictures, spec, mode), [None] * len(pictures), names)


def _from_array(array: Array, spec: ModelSpec, mode: Mode) -> Tensor:
    if array.dtype == np.float32:
        return torch.from_numpy(array.copy())
    if max(array.shape[1:3]) > MAX_SIDE:
        raise images.ImageTooLargeError(
            f"The pictures are longer than {MAX_SIDE} pixels.", "max_side", MAX_SIDE
        )
    starts = range(0, len(array), _CHUNK)
    return torch.cat([to_network(array[at : at + _CHUNK], spec, mode) for at in starts])
