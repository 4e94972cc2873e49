"""Opening files of pictures: kinds, sizes, orientations, broken bytes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from app.services.images import FORMATS, Bytes, ImageError, ImageTooLargeError, opened, upright
from tests.unit.services.pictures import corners, encoded, scene

MOST = 1_000_000


def decoded(body: bytes, media_type: str) -> Bytes:
    with opened(body, media_type, MOST) as image:
        return np.asarray(upright(image).convert("RGB"))


@pytest.mark.parametrize("media_type", FORMATS)
def test_every_kind_is_read(media_type: str) -> None:
    body = encoded(Image.fromarray(corners()), FORMATS[media_type])
    pixels = decoded(body, media_type)
    assert pixels.shape == (24, 40, 3)
    assert np.abs(pixels[3, 3].astype(int) - [255, 0, 0]).max() <= 30


# The picture as the camera stores it: stored = store(upright), for each EXIF orientation.
STORED = {
    1: lambda upright: upright,
    2: lambda upright: upright[:, ::-1],
    3: lambda upright: upright[::-1, ::-1],
    4: lambda upright: upright[::-1],
    5: lambda upright: upright.transpose(1, 0, 2),
    6: lambda upright: upright.transpose(1, 0, 2)[::-1],
    7: lambda upright: upright[::-1, ::-1].transpose(1, 0, 2),
    8: lambda upright: upright.transpose(1, 0, 2)[:, ::-1],
}


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", STORED)
def test_exif_orientation_turns_the_picture(orientation: int, kind: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = Image.fromarray(np.ascontiguousarray(STORED[orientation](corners())))
    options = {"lossless": True} if kind == "WEBP" else {}
    pixels = decoded(encoded(stored, kind, exif=exif, **options), f"image/{kind.lower()}")
    assert pixels.shape == (24, 40, 3)
    quarters = [pixels[6, 10], pixels[6, 30], pixels[18, 10], pixels[18, 30]]
    expected = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]]
    assert np.abs(np.array(quarters, int) - expected).max() <= 30


@pytest.mark.parametrize(
    "exif", [b"Exif\0\0nonsense", b"Exif\0\0II*\0\xff\xff\xff\xff", b"", b"Exif\0\0MM\0*\0\0\0\x08"]
)
def test_a_broken_exif_block_spoils_nothing(exif: bytes) -> None:
    assert decoded(encoded(scene(20, 10), "JPEG", exif=exif), "image/jpeg").shape == (10, 20, 3)


@pytest.mark.parametrize("value", [0, 9, 65535])
def test_an_orientation_that_does_not_exist_is_upright(value: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = value
    assert decoded(encoded(scene(20, 10), exif=exif), "image/png").shape == (10, 20, 3)


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP", "TIFF"])
def test_the_first_frame_of_an_animation_counts(kind: str) -> None:
    colours = [(250, 0, 0), (0, 250, 0), (0, 0, 250)]
    first, *others = (Image.new("RGB", (30, 20), colour) for colour in colours)
    body = encoded(first, kind, save_all=True, append_images=others)
    pixels = decoded(body, f"image/{kind.lower()}")
    assert np.abs(pixels.astype(int) - [250, 0, 0]).max() <= 30


@pytest.mark.parametrize("kind", ["PNG", "GIF", "TIFF", "WEBP", "BMP"])
def test_a_bomb_is_refused_before_it_is_decoded(kind: str) -> None:
    options = {"compression": "group4"} if kind == "TIFF" else {}
    side = 1_001 if kind in ("WEBP", "BMP") else 9_000
    bomb = encoded(Image.new("1", (side, side)), kind, **options)
    with pytest.raises(ImageTooLargeError) as refusal:
        decoded(bomb, f"image/{kind.lower()}")
    assert (refusal.value.limit, refusal.value.most) == ("max_pixels", MOST)


def test_pillows_own_bomb_guard_is_answered_the_same_way() -> None:
    with pytest.raises(ImageTooLargeError):
        decoded(encoded(Image.new("1", (20_000, 20_000))), "image/png")


@pytest.mark.parametrize("media_type", FORMATS)
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_truncated_files_are_refused(media_type: str, share: float) -> None:
    body = encoded(scene(60, 40), FORMATS[media_type])
    with pytest.raises(ImageError, match="readable"):
        decoded(body[: int(len(body) * share)], media_type)


@given(st.sampled_from(sorted(FORMATS)), st.data())
def test_damaged_files_are_refused_or_read(media_type: str, data: st.DataObject) -> None:
    body = bytearray(encoded(scene(24, 16), FORMATS[media_type]))
    for _ in range(4):
        place = data.draw(st.integers(0, len(body) - 1))
        body[place] = data.draw(st.integers(0, 255))
    try:
        decoded(bytes(body), media_type)
    except ImageError:
        return


@given(st.binary(max_size=200), st.sampled_from(sorted(FORMATS)))
def test_noise_is_refused(noise: bytes, media_type: str) -> None:
    with pytest.raises(ImageError):
        decoded(noise, media_type)


def test_a_png_without_any_pixel_is_refused() -> None:
    body = bytearray(encoded(Image.new("RGB", (1, 1))))
    body[16:20] = b"\0\0\0\0"  # the width in the header
    with pytest.raises(ImageError):
        decoded(bytes(body), "image/png")


def test_a_jpeg_is_no_png() -> None:
    with pytest.raises(ImageError, match="image/png"):
        decoded(encoded(scene(20, 10), "JPEG"), "image/png")
