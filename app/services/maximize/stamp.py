"""Pictures as PNG files that say what they are.

The text stands in iTXt chunks (W3C, Portable Network Graphics, third edition, section 11.3.3):
Title, Software and Description for everybody, and "ConvScope" with all that is known, as JSON.
The same picture with the same text gives the same bytes.
"""

from __future__ import annotations

import io
import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from app.wire.png import grey_png, rgb_png

Bytes = NDArray[np.uint8]

KEY = "ConvScope"
_PREVIEW = 1024  # pixels a side
CAVEAT = (
    "One of many inputs that drive this unit, not a portrait of it: people predict what a unit "
    "answers better from real pictures than from such ones (Borowski et al., ICLR 2021), and a "
    "network can be made so that they mislead (Geirhos et al., ICML 2024). Look at real pictures "
    "beside it."
)


def stamped(picture: Bytes, title: str, description: str, facts: Mapping[str, Any]) -> bytes:
    """The PNG of an H×W or H×W×3 (RGB) picture with its text."""
    text = {
        "Title": title,
        "Software": "ConvScope",
        "Description": description,
        KEY: json.dumps(facts, sort_keys=True, ensure_ascii=False),
    }
    return rgb_png(picture, text) if picture.ndim == 3 else grey_png(picture, text)


def facts(png: bytes) -> dict[str, Any]:
    """What the file says of itself. Raises KeyError for a picture of others."""
    with Image.open(io.BytesIO(png)) as image:
        read: dict[str, Any] = json.loads(image.text[KEY])  # type: ignore[attr-defined]
        return read


def mask_png(mask: Bytes) -> bytes:
    """The PNG of an H×W mask, 0 clear … 255 opaque."""
    return grey_png(mask)


def variant(png: bytes, mask: bytes | None, scale: int) -> bytes:
    """The same with the mask as its transparency, each pixel ``scale`` pixels wide and high.

    The text stays.
    """
    with Image.open(io.BytesIO(png)) as image:
        image.load()
        text: dict[str, str] = image.text  # type: ignore[attr-defined]
        shown: Image.Image = image
        if mask is not None:
            with Image.open(io.BytesIO(mask)) as opacity:
                shown = image.convert("LA" if image.mode == "L" else "RGBA")
                shown.putalpha(opacity)
        if scale > 1:
            size = (shown.width * scale, shown.height * scale)
            shown = shown.resize(size, Image.Resampling.NEAREST)
    info = PngInfo()
    for key, value in text.items():
        info.add_itxt(key, value)
    body = io.BytesIO()
    shown.save(body, "PNG", pnginfo=info, compress_level=6)
    return body.getvalue()


def grid_png(pictures: Bytes, most: int = _PREVIEW) -> bytes:
    """N pictures, N×H×W or N×H×W×3, in one: row by row, ⌈√N⌉ columns, no gaps.

    Of large ones every second, third … pixel, so that a side has about ``most`` at most.
    """
    columns = math.ceil(math.sqrt(len(pictures)))
    rows = math.ceil(len(pictures) / columns)
    stride = max(1, math.ceil(max(pictures.shape[1:3]) * columns / most))
    pictures = pictures[:, ::stride, ::stride]
    count, height, width = pictures.shape[:3]
    depth = pictures.shape[3:]
    cells = np.zeros((rows * columns, height, width, *depth), np.uint8)
    cells[:count] = pictures
    sheet = cells.reshape(rows, columns, height, width, *depth).swapaxes(1, 2)
    sheet = np.ascontiguousarray(sheet).reshape(rows * height, columns * width, *depth)
    return rgb_png(sheet) if depth else grey_png(sheet)
