"""Pictures that come as numbers: npy files and JSON."""

from __future__ import annotations

import io
import json
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.services.images import Bytes, ImageError

Floats = NDArray[np.float32]

LARGEST_VALUE = 1e6  # of a network-ready number: beyond it, sums would overflow to infinity


def read_json(body: bytes) -> Bytes:
    """``{"pixels": …}`` with numbers in 0…1 as uint8; the shapes are those of `as_pictures`.

    Raises ImageError.
    """
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
    if pixels.ndim not in (2, 3, 4) or pixels.size == 0:
        raise ImageError("The pixels must be H×W, H×W×3, N×H×W or N×H×W×3 numbers.", "pixels")
    if not (np.isfinite(pixels).all() and pixels.min() >= 0 and pixels.max() <= 1):
        raise ImageError("The pixels must be numbers in 0…1.", "pixels")
    codes: Bytes = np.rint(pixels * 255).astype(np.uint8)
    return codes


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
