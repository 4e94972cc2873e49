"""Uploaded bodies to pictures: PNG, JPEG, WebP, npy arrays and JSON.

A digit network reads white ink on black. A PNG, JPEG or WebP whose border is lighter than
mid-grey (the median of its outermost frame of pixels) is taken for dark ink on paper: its paper
(a heavily blurred maximum, so that shadows go with it) is subtracted and the darkest ink becomes
white. Transparent pictures are put on black when their ink is light, on white when it is dark.
Arrays and JSON are taken as they are.
"""

from __future__ import annotations

import io
import json
import math
import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter, ImageOps, UnidentifiedImageError

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]

FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}
LARGEST_SIDE = 512  # pixels; larger pictures are reduced, the networks look at 28 or 224
LARGEST_VALUE = 1e6  # of a network-ready number: beyond it, sums would overflow to infinity
_PAPER_SIDE, _PAPER_WINDOW = 64, 25  # pixels; the window is wider than any stroke
_FAINTEST = 0.2  # share of full ink; what is fainter is the paper's grain


class ImageError(ValueError):
    """A body that is not a usable picture; ``field`` names the part of the request."""

    def __init__(self, message: str, field: str = "body") -> None:
        self.field = field
        super().__init__(message)


class ImageTooLargeError(ImageError):
    """A picture with more pixels, or a call with more pictures, than the server takes."""

    def __init__(self, message: str, limit: str, most: int) -> None:
        self.limit, self.most = limit, most
        super().__init__(message)


def decode_image(body: bytes, media_type: str, mode: str, max_pixels: int) -> Bytes:
    """A PNG, JPEG or WebP as H×W (mode "L": white ink on black) or H×W×3 ("RGB").

    Turned upright by its EXIF orientation, at most `LARGEST_SIDE` pixels long.
    Raises ImageError, ImageTooLargeError.
    """
    if not body:
        raise ImageError("The image is empty.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(body), formats=[FORMATS[media_type]]) as image:
                _check_size(image, max_pixels)
                image.draft("RGB", (LARGEST_SIDE, LARGEST_SIDE))  # JPEG: decodes a smaller one
                upright = ImageOps.exif_transpose(image)
                upright.thumbnail((LARGEST_SIDE, LARGEST_SIDE), reducing_gap=2)
                return _ink(upright) if mode == "L" else np.asarray(_opaque(upright, 255, "RGB"))
    except ImageError:
        raise
    except Image.DecompressionBombError as error:
        raise _too_many_pixels(max_pixels) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise ImageError(f"The body is not a readable {media_type}.") from error


def _check_size(image: Image.Image, max_pixels: int) -> None:
    if image.width * image.height > max_pixels:
        raise _too_many_pixels(max_pixels)


def _too_many_pixels(most: int) -> ImageTooLargeError:
    return ImageTooLargeError(f"The picture has more than {most} pixels.", "max_pixels", most)


def _opaque(image: Image.Image, ground: int, mode: str) -> Image.Image:
    """On a grey ``ground``, without its transparency."""
    if not image.has_transparency_data:
        return image.convert(mode)
    rgba = image.convert("RGBA")
    back = Image.new("RGBA", image.size, (ground, ground, ground, 255))
    return Image.alpha_composite(back, rgba).convert(mode)


def _ink(image: Image.Image) -> Bytes:
    """White ink on black, H×W; see the top of the file."""
    if image.mode.startswith("I") or image.mode == "F":
        image = _eight_bits(image)
    grey = np.asarray(_opaque(image, 0 if _has_light_ink(image) else 255, "L"))
    frame = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    return _lift_from_paper(grey) if np.median(frame) > 127 else grey


def _eight_bits(image: Image.Image) -> Image.Image:
    """Pillow clips 16-bit grey when it converts; this scales it."""
    return Image.fromarray((np.asarray(image).clip(0, 65535) / 257).astype(np.uint8))


def _has_light_ink(image: Image.Image) -> bool:
    """Whether the visible part of a transparent picture is light."""
    if not image.has_transparency_data:
        return False
    grey, alpha = (np.asarray(band, np.float64) for band in image.convert("LA").split())
    return bool((grey * alpha).sum() > 127 * alpha.sum())


def _lift_from_paper(grey: Bytes) -> Bytes:
    """Dark ink on light, perhaps shaded paper → white ink on black."""
    small = Image.fromarray(grey)
    small.thumbnail((_PAPER_SIDE, _PAPER_SIDE))
    paper = small.filter(ImageFilter.MaxFilter(_PAPER_WINDOW)).filter(ImageFilter.GaussianBlur(6))
    light = np.asarray(paper.resize((grey.shape[1], grey.shape[0])), np.float32)
    ink = np.clip(light - grey, 0, 255)
    full = max(float(np.percentile(ink, 99.5)), float(ink.max()) / 2, 1.0)
    ink[ink < _FAINTEST * full] = 0
    lifted: Bytes = np.clip(ink * (255 / full), 0, 255).astype(np.uint8)
    return lifted


def read_json(body: bytes) -> Bytes:
    """``{"pixels": …}`` with H×W or N×H×W numbers in 0…1, as uint8 N×H×W. Raises ImageError."""
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ImageError("The body is not JSON.") from error
    if not isinstance(fields, dict) or "pixels" not in fields:
        raise ImageError('The JSON must be an object with "pixels".', "pixels")
    try:
        pixels = np.array(fields["pixels"], np.float64)
    except (ValueError, TypeError, OverflowError) as error:
        raise ImageError("The pixels are not rows of numbers of equal length.", "pixels") from error
    if pixels.ndim not in (2, 3) or pixels.size == 0:
        raise ImageError("The pixels must be H×W or N×H×W numbers.", "pixels")
    if not (np.isfinite(pixels).all() and pixels.min() >= 0 and pixels.max() <= 1):
        raise ImageError("The pixels must be numbers in 0…1.", "pixels")
    return np.rint(pixels * 255).astype(np.uint8).reshape(-1, *pixels.shape[-2:])


def read_npy(body: bytes) -> NDArray[Any]:
    """The array in an npy file: uint8 or float32, in C order, finite; nothing is unpickled.

    Nothing is allocated for what the header promises: its shape must fit the body's length.
    Raises ImageError.
    """
    shape, fortran, dtype, start = _npy_header(body)
    if dtype not in (np.dtype(np.uint8), np.dtype("<f4"), np.dtype(">f4")):
        raise ImageError(f"The array is {dtype}; uint8 and float32 are understood.", "dtype")
    expected = math.prod(shape) * dtype.itemsize
    if len(body) - start != expected:
        raise ImageError(
            f"An array of shape {shape} has {expected} bytes, not {len(body) - start}."
        )
    if expected == 0:
        raise ImageError(f"The array of shape {shape} is empty.", "shape")
    array = np.frombuffer(body, dtype, offset=start).reshape(shape, order="F" if fortran else "C")
    if dtype == np.uint8:
        return np.ascontiguousarray(array)
    if not np.abs(array).max() <= LARGEST_VALUE:  # false for NaN too
        raise ImageError(f"The array holds NaN, or numbers beyond ±{LARGEST_VALUE:g}.")
    return np.ascontiguousarray(array, np.float32)


def _npy_header(body: bytes) -> tuple[tuple[int, ...], bool, np.dtype[Any], int]:
    """Shape, column order, dtype, and where the numbers start."""
    file = io.BytesIO(body)
    try:
        version = np.lib.format.read_magic(file)
        readers = {
            (1, 0): np.lib.format.read_array_header_1_0,
            (2, 0): np.lib.format.read_array_header_2_0,
        }
        shape, fortran, dtype = readers[version](file)
    except (ValueError, KeyError, SyntaxError, EOFError, RecursionError, MemoryError) as error:
        raise ImageError("The body is not a readable npy file.") from error
    if dtype.hasobject:
        raise ImageError("The npy file holds pickled objects, which are never read.", "dtype")
    if any(size < 0 for size in shape):
        raise ImageError(f"The shape {shape} is impossible.", "shape")
    return shape, fortran, dtype, file.tell()


def as_pictures(array: Bytes, mode: str) -> Bytes:
    """uint8 H×W, H×W×3, N×H×W or N×H×W×3 as N×H×W (mode "L") or N×H×W×3 ("RGB").

    Raises ImageError.
    """
    if array.ndim not in (2, 3, 4) or (array.ndim == 4 and array.shape[-1] != 3):
        raise ImageError(
            f"A uint8 array must be H×W, H×W×3, N×H×W or N×H×W×3, not {array.shape}.", "shape"
        )
    coloured = array.ndim == 4 or (array.ndim == 3 and array.shape[-1] == 3)
    batch = array if array.ndim == (4 if coloured else 3) else array[None]
    if mode == "L" and coloured:  # ITU-R 601 luma, as Pillow
        grey: Bytes = np.rint(batch @ np.array([0.299, 0.587, 0.114])).astype(np.uint8)
        return grey
    if mode == "RGB" and not coloured:
        return np.repeat(batch[..., None], 3, axis=-1)
    return batch


def as_inputs(array: Floats, shape: tuple[int, int, int]) -> Floats:
    """float32 C×H×W or N×C×H×W as N×C×H×W. Raises ImageError for any other shape."""
    batch = array[None] if array.ndim == 3 else array
    if batch.ndim != 4 or batch.shape[1:] != shape:
        wanted = "×".join(str(size) for size in shape)
        raise ImageError(
            f"A float32 array is network-ready: {wanted} or N×{wanted}, not {array.shape}.", "shape"
        )
    return batch
