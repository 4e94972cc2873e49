from __future__ import annotations

import io
import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray
from PIL import Image

from app.services.images import (
    LARGEST_SIDE,
    Bytes,
    ImageError,
    ImageTooLargeError,
    as_inputs,
    as_pictures,
    decode_image,
    read_json,
    read_npy,
)

MOST = 1_000_000


def encoded(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    body = io.BytesIO()
    image.save(body, kind, **options)
    return body.getvalue()


def npy(array: NDArray[Any], allow_pickle: bool = False) -> bytes:
    body = io.BytesIO()
    np.save(body, array, allow_pickle=allow_pickle)
    return body.getvalue()


def decoded(image: Image.Image, kind: str = "PNG", **options: Any) -> Bytes:
    return decode_image(encoded(image, kind, **options), f"image/{kind.lower()}", "L", MOST)


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


def test_colour_stays_colour_where_the_network_wants_it() -> None:
    body = encoded(Image.new("RGB", (4, 3), (10, 20, 30)))
    pixels = decode_image(body, "image/png", "RGB", MOST)
    assert pixels.shape == (3, 4, 3)
    assert pixels[0, 0].tolist() == [10, 20, 30]


def test_a_bomb_is_refused_before_it_is_decoded() -> None:
    bomb = encoded(Image.new("1", (20_000, 20_000)))
    with pytest.raises(ImageTooLargeError) as refusal:
        decode_image(bomb, "image/png", "L", MOST)
    assert (refusal.value.limit, refusal.value.most) == ("max_pixels", MOST)


@given(st.binary(max_size=200), st.integers(0, 400))
def test_broken_pictures_are_refused_or_read(noise: bytes, cut: int) -> None:
    body = encoded(stroke(255, 0))
    for broken in (noise, body[:cut], body[:cut] + noise):
        try:
            pixels = decode_image(broken, "image/png", "L", MOST)
        except ImageError:
            continue
        assert pixels.dtype == np.uint8


def test_a_jpeg_is_no_png() -> None:
    with pytest.raises(ImageError, match="image/png"):
        decode_image(encoded(stroke(0, 255), "JPEG"), "image/png", "L", MOST)


SMALL = hnp.array_shapes(min_dims=1, max_dims=4, max_side=5)


@pytest.mark.parametrize("dtype", ["|u1", "<f4", ">f4"])
@given(hnp.arrays(np.uint8, SMALL))
def test_npy_arrays_come_back(dtype: str, values: Bytes) -> None:
    array = values.astype(dtype)
    for order in (array, np.asfortranarray(array)):
        found = read_npy(npy(order))
        assert found.dtype in (np.uint8, np.float32)
        assert found.flags.c_contiguous
        assert np.array_equal(found, array)


@given(st.binary(max_size=300))
def test_any_bytes_are_no_more_than_a_refused_npy(noise: bytes) -> None:
    for body in (noise, b"\x93NUMPY\x01\x00" + noise, npy(np.zeros(3, np.uint8))[:-1] + noise):
        try:
            read_npy(body)
        except ImageError:
            continue


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (npy(np.array([{}], object), allow_pickle=True), "pickled"),
        (npy(np.zeros(3)), "float64"),
        (npy(np.zeros(3, np.int64)), "int64"),
        (npy(np.zeros((0, 28, 28), np.uint8)), "empty"),
        (npy(np.array([np.nan], np.float32)), "NaN"),
        (npy(np.array([np.inf], np.float32)), "NaN"),
        (npy(np.array([1e30], np.float32)), "beyond"),
        (npy(np.zeros((5, 5), np.uint8))[:-1], "25 bytes, not 24"),
        (b"", "readable"),
    ],
)
def test_npy_refusals_say_why(body: bytes, word: str) -> None:
    with pytest.raises(ImageError, match=word):
        read_npy(body)


def test_a_header_that_lies_about_a_gigabyte_allocates_nothing() -> None:
    text = "{'descr': '|u1', 'fortran_order': False, 'shape': (1000000000,), }".ljust(117) + "\n"
    header = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode()
    with pytest.raises(ImageError, match="1000000000 bytes, not 3"):
        read_npy(header + b"abc")


def test_json_pixels() -> None:
    assert read_json(b'{"pixels": [[0, 0.5, 1]]}').tolist() == [[[0, 128, 255]]]
    assert read_json(b'{"pixels": [[[0]], [[1]]]}').tolist() == [[[0]], [[255]]]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[",
        b"[]",
        b"{}",
        b'{"pixels": 1}',
        b'{"pixels": []}',
        b'{"pixels": [[]]}',
        b'{"pixels": [[0], [0, 1]]}',
        b'{"pixels": [["a"]]}',
        b'{"pixels": [[null]]}',
        b'{"pixels": [[NaN]]}',
        b'{"pixels": [[1e999]]}',
        b'{"pixels": [[1.01]]}',
        b'{"pixels": [[-0.1]]}',
        b'{"pixels": {"a": 1}}',
        b"[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_json_refusals(body: bytes) -> None:
    with pytest.raises(ImageError):
        read_json(body)


@pytest.mark.parametrize(
    ("shape", "grey", "colour"),
    [
        ((5, 7), (1, 5, 7), (1, 5, 7, 3)),
        ((5, 7, 3), (1, 5, 7), (1, 5, 7, 3)),
        ((2, 5, 7), (2, 5, 7), (2, 5, 7, 3)),
        ((2, 5, 7, 3), (2, 5, 7), (2, 5, 7, 3)),
    ],
)
def test_picture_shapes(
    shape: tuple[int, ...], grey: tuple[int, ...], colour: tuple[int, ...]
) -> None:
    array = np.full(shape, 200, np.uint8)
    assert as_pictures(array, "L").shape == grey
    assert as_pictures(array, "RGB").shape == colour
    assert (as_pictures(array, "L") == 200).all()


@pytest.mark.parametrize("shape", [(5,), (2, 5, 7, 4), (1, 2, 5, 7, 3)])
def test_other_picture_shapes_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ImageError) as refusal:
        as_pictures(np.zeros(shape, np.uint8), "L")
    assert refusal.value.field == "shape"


def test_network_ready_shapes() -> None:
    assert as_inputs(np.zeros((1, 32, 32), np.float32), (1, 32, 32)).shape == (1, 1, 32, 32)
    assert as_inputs(np.zeros((4, 1, 32, 32), np.float32), (1, 32, 32)).shape == (4, 1, 32, 32)
    for shape in ((32, 32), (1, 28, 28), (4, 3, 32, 32), (1, 1, 1, 32, 32)):
        with pytest.raises(ImageError, match="1×32×32"):
            as_inputs(np.zeros(shape, np.float32), (1, 32, 32))
