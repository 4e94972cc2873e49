"""Files of pictures, made on the spot."""

from __future__ import annotations

import io
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


def corners(width: int = 40, height: int = 24) -> NDArray[np.uint8]:
    """Four flat quarters: red, green / blue, white; tells how a picture was turned."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[: height // 2, : width // 2, 0] = 255
    pixels[: height // 2, width // 2 :, 1] = 255
    pixels[height // 2 :, : width // 2, 2] = 255
    pixels[height // 2 :, width // 2 :] = 255
    return pixels
