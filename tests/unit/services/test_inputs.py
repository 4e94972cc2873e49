from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image

import models
from app.services.images import ImageError, ImageTooLargeError
from app.services.inputs import UnknownMediaTypeError, Upload, recognise, to_batch
from app.services.preprocess import to_network
from tests.unit.services.pictures import encoded

SPEC = models.spec("harley")
DRAWING = np.zeros((28, 28), np.uint8)
DRAWING[6:20, 12:15] = 255


def npy(array: NDArray[Any]) -> Upload:
    body = io.BytesIO()
    np.save(body, array)
    return Upload(body.getvalue(), "application/x-npy")


@pytest.mark.parametrize(
    ("start", "media_type"),
    [
        (b"\x89PNG\r\n", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"RIFF1234WEBPVP8 ", "image/webp"),
        (b"GIF89a", "image/gif"),
        (b"BM\0\0", "image/bmp"),
        (b"II*\0", "image/tiff"),
        (b"MM\0*", "image/tiff"),
        (b"\0\0\0\x20ftypavif", "image/avif"),
        (b"\x93NUMPY\x01", "application/x-npy"),
    ],
)
@pytest.mark.parametrize("declared", ["", "application/octet-stream"])
def test_bytes_without_a_name_are_told_by_their_start(
    start: bytes, media_type: str, declared: str
) -> None:
    assert recognise(start, declared).media_type == media_type


@pytest.mark.parametrize("declared", ["image/png", "image/pjpeg", "image/whatever"])
def test_a_pictures_bytes_outweigh_its_ending(declared: str) -> None:
    assert recognise(b"\xff\xd8\xff\xe0", declared).media_type == "image/jpeg"
    assert recognise(b"{}", "application/json").media_type == "application/json"


@pytest.mark.parametrize("brand", [b"heic", b"heix", b"mif1"])
@pytest.mark.parametrize("declared", ["", "image/heic", "image/jpeg"])
def test_heic_is_refused_with_advice(brand: bytes, declared: str) -> None:
    with pytest.raises(UnknownMediaTypeError, match="JPEG"):
        recognise(b"\0\0\0\x18ftyp" + brand, declared)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("cat.png", "cat.png"),
        ("C:\\photos\\cat.png", "cat.png"),
        ("../../etc/cat\0\n.png", "cat.png"),
        ("x" * 300, "x" * 100),
    ],
)
def test_names_are_plain(given: str, name: str) -> None:
    assert recognise(b"{}", "application/json", given).name == name


def test_a_media_type_may_have_parameters() -> None:
    assert recognise(b"{}", "Application/JSON; charset=utf-8").media_type == "application/json"


def test_pictures_are_preprocessed_and_stay_in_order() -> None:
    other = np.roll(DRAWING, 5, axis=1)
    batch = to_batch([npy(DRAWING), npy(np.stack([other, DRAWING]))], SPEC, "none", 9, 1000)
    expected = to_network(np.stack([DRAWING, other, DRAWING]), SPEC, "none")
    assert torch.equal(batch, expected)


def test_many_pictures_are_the_same_as_one_by_one() -> None:
    drawings = np.stack([np.roll(DRAWING, k % 9, axis=0) for k in range(130)])
    batch = to_batch([npy(drawings)], SPEC, "center", 130, 1000)
    assert torch.allclose(batch[100:101], to_network(drawings[100:101], SPEC, "center"))


def test_network_ready_numbers_are_not_touched() -> None:
    ready = np.random.default_rng(1).normal(size=(2, 1, 32, 32)).astype(np.float32)
    batch = to_batch([npy(ready)], SPEC, "center", 9, 1000)
    assert np.array_equal(batch.numpy(), ready)


def test_too_many_images_name_the_limit() -> None:
    with pytest.raises(ImageTooLargeError) as refusal:
        to_batch([npy(np.stack([DRAWING] * 3))] * 2, SPEC, "none", 5, 1000)
    assert (refusal.value.limit, refusal.value.most) == ("max_images", 5)


def test_a_huge_array_is_refused() -> None:
    with pytest.raises(ImageTooLargeError, match="1024 pixels"):
        to_batch([npy(np.zeros((1, 2000), np.uint8))], SPEC, "center", 5, 1000)


def test_many_large_pictures_are_refused_before_any_is_decoded() -> None:
    large = Upload(encoded(Image.new("1", (900, 1000))), "image/png")
    with pytest.raises(ImageTooLargeError) as refusal:
        to_batch([large] * 12, SPEC, "none", 20, 1_000_000)
    assert (refusal.value.limit, refusal.value.most) == ("max_pixels_together", 10_000_000)
    with pytest.raises(ImageError, match="readable"):
        to_batch([Upload(b"x", "image/png")] * 12, SPEC, "none", 20, 1_000_000)


def test_no_image_at_all() -> None:
    with pytest.raises(ImageError) as refusal:
        to_batch([], SPEC, "none", 5, 1000)
    assert refusal.value.field == "file"
