"""Small pictures for lists: WebP, made when first asked for, kept under a budget of bytes."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Hashable

from PIL import Image

from app.services.images import opened, upright
from app.services.photo import to_rgb
from app.services.shelf import Shelf

MEDIA_TYPE = "image/webp"
SMALLEST, LARGEST = 16, 512  # pixels
_QUALITY = 82
_BYTES = 16 * 1024**2


class Thumbnails:
    """Thumbnails by (what, size). Safe to use from several threads."""

    def __init__(self, budget: int = _BYTES) -> None:
        self._lock = threading.Lock()
        self._shelf = Shelf[tuple[Hashable, int], bytes](budget)

    def get(self, key: Hashable, size: int, picture: Callable[[], Image.Image]) -> bytes:
        """The picture of ``key`` as WebP, at most ``size`` pixels wide and high."""
        with self._lock:
            body = self._shelf.get((key, size))
        if body is None:
            body = thumbnail(picture(), size)
            with self._lock:
                self._shelf.put((key, size), body, len(body))
        return body


def small(body: bytes, media_type: str, max_pixels: int, size: int) -> Image.Image:
    """A picture file, upright, brought to at most twice ``size`` pixels or so while decoding.

    Raises ImageError, ImageTooLargeError.
    """
    with opened(body, media_type, max_pixels) as image:
        image.draft("RGB", (2 * size, 2 * size))  # JPEG only
        return to_rgb(upright(image))


def thumbnail(image: Image.Image, size: int) -> bytes:
    """A picture as WebP, at most ``size`` pixels wide and high; a smaller one stays as it is."""
    small = to_rgb(image)
    small.thumbnail((size, size), Image.Resampling.BICUBIC, reducing_gap=3)
    body = io.BytesIO()
    small.save(body, "WEBP", quality=_QUALITY, method=2)
    return body.getvalue()
