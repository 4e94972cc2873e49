from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from app.services.images import Bytes, ImageError, ImageTooLargeError
from app.services.ink import LARGEST_SIDE, decode_ink

MOST = 1_000_000


def encoded(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    body = io.BytesIO()
    image.save(body, kind, **options)
    return body.getvalue()


def decoded(image: Image.Image, kind: str = "PNG", **options: Any) -> Bytes:
    return decode_ink(encoded(image, kind, **options), f"image/{kind.lower()}", MOST)


def stroke(ink: int, paper: int, size: int = 100) -> Image.Image:
    """A thick upright bar, off the middle: its top is at the picture's top third."""
    pixels = np.full((size, size), paper, np.uint8)
    pixels[size // 3 : size * 3 // 4, size // 4 : size * 2 // 5] = ink
    return Image.fromarray(pixels)


def is_white_on_black(pixels: Bytes) -> bool:
    bar = np.asarray(stroke(255, 0)) > 0
    return bool(pixels[bar].mean() > 200 and pixels[~bar].mean() < 10)


def test_white_ink_on_black_is_left_alone() -> None:
    drawing = stroke(255, 0)
    assert np.array_equal(decoded(drawing), np.asarray(drawing))


@pytest.mark.parametrize(("ink", "paper"), [(0, 255), (60, 190), (90, 140)])
def test_dark_ink_on_paper_is_inverted(ink: int, paper: int) -> None:
    assert is_white_on_black(decoded(stroke(ink, paper)))


def test_a_shadow_on_the_paper_is_taken_away() -> None:
    shade = np.linspace(0.65, 1, 100)[None, :]
    photo = (np.asarray(stroke(50, 240)) * shade).astype(np.uint8)
    assert is_white_on_black(decoded(Image.fromarray(photo)))


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "CMYK", "P", "LA", "1", "I;16"])
def test_every_mode_of_a_scan_is_read(mode: str) -> None:
    image = stroke(0, 255)
    if mode == "I;16":
        image = Image.fromarray(np.asarray(image).astype(np.uint16) * 257)
    else:
        image = image.convert("RGB").convert(mode)
    kind = "TIFF" if mode == "CMYK" else "PNG"
    if kind == "TIFF":
        assert is_white_on_black(decoded(image, "JPEG", quality=95))
    else:
        assert is_white_on_black(decoded(image, kind))


@pytest.mark.parametrize("ink", [0, 255])
def test_ink_on_nothing_is_seen_whatever_its_colour(ink: int) -> None:
    image = Image.new("RGBA", (100, 100), (ink, ink, ink, 0))
    image.putalpha(stroke(255, 0))
    assert is_white_on_black(decoded(image))


def test_exif_orientation_turns_the_picture() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned: rotate by 90° to the right
    turned = stroke(0, 255).rotate(90)
    assert is_white_on_black(decoded(turned, "JPEG", quality=95, exif=exif))


def test_a_large_picture_is_reduced() -> None:
    assert max(decoded(stroke(255, 0, size=900)).shape) == LARGEST_SIDE


def test_a_bomb_is_refused_before_it_is_decoded() -> None:
    bomb = encoded(Image.new("1", (20_000, 20_000)))
    with pytest.raises(ImageTooLargeError) as refusal:
        decode_ink(bomb, "image/png", MOST)
    assert (refusal.value.limit, refusal.value.most) == ("max_pixels", MOST)


@given(st.binary(max_size=200), st.integers(0, 400))
def test_broken_pictures_are_refused_or_read(noise: bytes, cut: int) -> None:
    body = encoded(stroke(255, 0))
    for broken in (noise, body[:cut], body[:cut] + noise):
        try:
            pixels = decode_ink(broken, "image/png", MOST)
        except ImageError:
            continue
        assert pixels.dtype == np.uint8


def test_a_jpeg_is_no_png() -> None:
    with pytest.raises(ImageError, match="image/png"):
        decode_ink(encoded(stroke(0, 255), "JPEG"), "image/png", MOST)
