"""Pictures of digits as white ink on black, which is what a digit network reads.

A picture whose border is lighter than mid-grey (the median of its outermost frame of pixels) is
taken for dark ink on paper: its paper (a heavily blurred maximum, so that shadows go with it) is
subtracted and the darkest ink becomes white. Transparent pictures are put on black when their
ink is light, on white when it is dark.
"""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageFilter

from app.services.images import Bytes, opened, upright

LARGEST_SIDE = 512  # pixels; larger pictures are reduced, the networks look at 28
_PAPER_SIDE, _PAPER_WINDOW = 64, 25  # pixels; the window is wider than any stroke
_FAINTEST = 0.2  # share of full ink; what is fainter is the paper's grain


def decode_ink(body: bytes, media_type: str, max_pixels: int) -> Bytes:
    """A picture as H×W, white ink on black, upright, at most `LARGEST_SIDE` pixels long.

    Raises ImageError, ImageTooLargeError.
    """
    with opened(body, media_type, max_pixels) as image:
        image.draft("RGB", (LARGEST_SIDE, LARGEST_SIDE))  # JPEG: decodes a smaller one
        turned = upright(image)
        turned.thumbnail((LARGEST_SIDE, LARGEST_SIDE), reducing_gap=2)
        return _ink(turned)


def _ink(image: Image.Image) -> Bytes:
    """White ink on black, H×W; see the top of the file."""
    if image.mode.startswith("I") or image.mode == "F":
        image = _eight_bits(image)
    grey = np.asarray(_opaque(image, 0 if _has_light_ink(image) else 255))
    frame = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    return _lift_from_paper(grey) if np.median(frame) > 127 else grey


def _opaque(image: Image.Image, ground: int) -> Image.Image:
    """On a grey ``ground``, without its transparency and its colours."""
    if not image.has_transparency_data:
        return image.convert("L")
    rgba = image.convert("RGBA")
    back = Image.new("RGBA", image.size, (ground, ground, ground, 255))
    return Image.alpha_composite(back, rgba).convert("L")


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
