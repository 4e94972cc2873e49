"""PNG, written by hand with Intel's deflate. Many times as fast as Pillow's encoder.

One filter serves the whole picture: each row's difference to the row above it ("up") where
that looks more compressible, else none.
W3C, Portable Network Graphics (third edition), sections 5, 9 and 11.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Any

import numpy as np
from isal import isal_zlib
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PALETTE, _RGB, _GREY = 3, 2, 0  # PNG's colour types
_LEVEL = 1
_NONE, _UP = 0, 2  # PNG's filter types
_SAMPLED_ROWS = 64


def palette_png(codes: Bytes, lut: Bytes, text: Mapping[str, str] | None = None) -> bytes:
    """A picture of H×W ``codes`` into the 256×3 colours of ``lut``."""
    return _file(codes, _PALETTE, [_chunk(b"PLTE", lut.tobytes())], text)


def rgb_png(pixels: Bytes, text: Mapping[str, str] | None = None) -> bytes:
    """A picture of H×W×3 ``pixels``."""
    return _file(pixels.reshape(len(pixels), -1), _RGB, [], text, width=pixels.shape[1])


def grey_png(pixels: Bytes, text: Mapping[str, str] | None = None) -> bytes:
    """A grey picture of H×W ``pixels``."""
    return _file(pixels, _GREY, [], text)


def _file(
    rows: NDArray[Any],
    colour_type: int,
    chunks: list[bytes],
    text: Mapping[str, str] | None,
    width: int | None = None,
) -> bytes:
    """``rows`` is H×(bytes a row)."""
    height, stride = rows.shape
    header = struct.pack(">IIBBBBB", width or stride, height, 8, colour_type, 0, 0, 0)
    words = [_text(key, value) for key, value in (text or {}).items()]
    data = isal_zlib.compress(_filtered(rows).data.cast("B"), level=_LEVEL)
    body = [_chunk(b"IHDR", header), *chunks, *words, _chunk(b"IDAT", data), _chunk(b"IEND", b"")]
    return b"".join([_SIGNATURE, *body])


def _filtered(rows: Bytes) -> Bytes:
    """The rows, each with its filter type in front."""
    height, stride = rows.shape
    filtered = np.empty((height, stride + 1), np.uint8)
    if _prefers_differences(rows):
        filtered[:, 0] = _UP
        filtered[0, 1:] = rows[0]
        np.subtract(rows[1:], rows[:-1], out=filtered[1:, 1:])
    else:
        filtered[:, 0] = _NONE
        filtered[:, 1:] = rows
    return filtered


def _prefers_differences(rows: Bytes) -> bool:
    """Whether differences between rows have less entropy than the rows, in a sample of them."""
    at = np.arange(1, len(rows), max(1, len(rows) // _SAMPLED_ROWS))
    sample = rows[at]
    return len(at) > 0 and _entropy(sample - rows[at - 1]) < _entropy(sample)


def _entropy(values: Bytes) -> float:
    """Bits a byte, from the histogram."""
    counts = np.bincount(values.ravel(), minlength=256)
    shares = counts[counts > 0] / values.size
    return float(-(shares * np.log2(shares)).sum())


def _text(key: str, value: str) -> bytes:
    return _chunk(b"iTXt", key.encode("latin-1") + b"\0\0\0\0\0" + value.encode())


def _chunk(kind: bytes, body: bytes) -> bytes:
    check = isal_zlib.crc32(body, isal_zlib.crc32(kind))
    return b"".join([struct.pack(">I", len(body)), kind, body, struct.pack(">I", check)])
