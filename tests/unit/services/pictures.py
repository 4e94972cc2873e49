"""Files of pictures, made on the spot."""

from __future__ import annotations

import io
import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image


def encoded(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    """The picture as a file of Pillow's format ``kind``."""
    body = io.BytesIO()
    image.save(body, kind, **options)
    return body.getvalue()


def scene(width: int, height: int, seed: int = 1) -> Image.Image:
    """A colourful picture: smooth gradients, hard edges and some noise."""
    across, down = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    noise = np.random.default_rng(seed).uniform(0, 40, (height, width, 3))
    smooth = np.stack([across, down, 1 - across * down], axis=-1) * 180
    edges = 35 * ((across * 7).astype(int) % 2)[..., None]
    return Image.fromarray((smooth + edges + noise).astype(np.uint8))


def grey_inks() -> bytes:
    """An ICC profile (version 2, lut8) of a printer whose coloured inks are all mid-grey."""
    corner = {True: bytes([0, 128, 128]), False: bytes([137, 128, 128])}  # L*, a*, b*
    inks = [(c, m, y, k) for c in (0, 1) for m in (0, 1) for y in (0, 1) for k in (0, 1)]
    grid = b"".join(corner[bool(ink[3])] if any(ink) else b"\xff\x80\x80" for ink in inks)
    matrix = struct.pack(">9i", *(65536 if place % 4 == 0 else 0 for place in range(9)))
    lut = b"mft1\0\0\0\0\4\3\2\0" + matrix + bytes(range(256)) * 4 + grid + bytes(range(256)) * 3
    tags = struct.pack(">I4sII", 1, b"A2B0", 144, len(lut))
    white = struct.pack(">3i", 63190, 65536, 54061)  # D50
    header = struct.pack(
        ">I4sI4s4s4s12x4s28x12s48x",
        144 + len(lut),
        b"",
        0x02100000,
        b"prtr",
        b"CMYK",
        b"Lab ",
        b"acsp",
        white,
    )
    return header + tags + lut


def corners(width: int = 40, height: int = 24) -> NDArray[np.uint8]:
    """Four flat quarters: red, green / blue, white; tells how a picture was turned."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[: height // 2, : width // 2, 0] = 255
    pixels[: height // 2, width // 2 :, 1] = 255
    pixels[height // 2 :, : width // 2, 2] = 255
    pixels[height // 2 :, width // 2 :] = 255
    return pixels
