"""Photographs: exactly what torchvision makes of Pillow's pictures, and every kind of file."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms
from torch import Tensor

from app.services.images import ImageError
from app.services.photo import Photo, crop, decode_photo, resized, squeeze, to_rgb
from app.services.preprocess import to_network, to_photo_network
from models import ModelSpec
from models.registry import IMAGENET_PHOTO, InputSpec
from tests.unit.services.pictures import corners, encoded, grey_inks, scene

MOST = 40_000_000
FILTERS = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}
# The VGG paper's own: blue, green, red in 0…255 minus the means.
CAFFE = replace(
    IMAGENET_PHOTO,
    mean=(103.939 / 255, 116.779 / 255, 123.68 / 255),
    std=(1 / 255,) * 3,
    channels="BGR",
)


def card(spec: InputSpec) -> ModelSpec:
    return ModelSpec("photo", "Photo", "Test", "classification", spec, (), "", "")


def reference(image: Image.Image, spec: InputSpec) -> Tensor:
    """Resize, CenterCrop, ToTensor and Normalize of torchvision 0.14, written down plainly."""
    width, height = image.size
    short = spec.resize or 0
    size = (
        (short, int(short * height / width))
        if width <= height
        else (int(short * width / height), short)
    )
    image = image.resize(size, FILTERS[spec.interpolation])
    wanted = spec.shape[1]
    left = int(round((size[0] - wanted) / 2.0))  # noqa: RUF046 torchvision's very words
    top = int(round((size[1] - wanted) / 2.0))  # noqa: RUF046
    image = image.crop((left, top, left + wanted, top + wanted))
    tensor = torch.from_numpy(np.array(image)).permute(2, 0, 1).contiguous().float().div(255)
    mean, std = (torch.tensor(values).view(-1, 1, 1) for values in (spec.mean, spec.std))
    return (tensor - mean) / std


@settings(deadline=None, max_examples=40)
@given(
    st.integers(1, 500),
    st.integers(1, 500),
    st.sampled_from(["bilinear", "bicubic"]),
    st.sampled_from([224, 232, 249, 256]),
)
def test_crop_is_torchvisions_to_the_last_bit(
    width: int, height: int, interpolation: str, resize: int
) -> None:
    if max(width, height) > 50 * min(width, height):
        return
    spec = replace(IMAGENET_PHOTO, interpolation=interpolation, resize=resize)
    image = scene(width, height)
    seen = to_network(np.asarray(image)[None], card(spec))
    assert torch.equal(seen[0], reference(image, spec))


def test_a_file_gives_the_same_as_its_pixels() -> None:
    image = scene(640, 427)
    (batch, _) = to_photo_network(
        [decode_photo(encoded(image), "image/png", MOST, IMAGENET_PHOTO)], IMAGENET_PHOTO, "crop"
    )
    assert torch.equal(batch[0], reference(image, IMAGENET_PHOTO))


def test_blue_may_come_first() -> None:
    image = scene(300, 260)
    seen = to_network(np.asarray(image)[None], card(CAFFE))[0]
    rgb = replace(IMAGENET_PHOTO, mean=(0.0,) * 3, std=(1.0,) * 3)
    pixels = reference(image, rgb) * 255
    means = torch.tensor([103.939, 116.779, 123.68])[:, None, None]
    torch.testing.assert_close(seen, pixels.flip(0) - means, atol=1e-4, rtol=0)


def test_many_at_once_equal_one_by_one() -> None:
    pictures = np.stack([np.asarray(scene(90, 70, seed)) for seed in range(3)])
    together = to_network(pictures, card(IMAGENET_PHOTO))
    for picture, seen in zip(pictures, together, strict=True):
        assert torch.equal(to_network(picture[None], card(IMAGENET_PHOTO))[0], seen)


def test_none_squeezes_the_whole_picture() -> None:
    image = scene(300, 100)
    seen = to_network(np.asarray(image)[None], card(IMAGENET_PHOTO), "none")
    square = image.resize((224, 224), Image.Resampling.BILINEAR)
    expected = to_network(np.asarray(square)[None], card(IMAGENET_PHOTO), "none")
    assert torch.equal(seen, expected)
    mean, std = (torch.tensor(v)[:, None, None] for v in (IMAGENET_PHOTO.mean, IMAGENET_PHOTO.std))
    pixels = ((seen[0] * std + mean) * 255).round().permute(1, 2, 0).numpy()
    assert np.array_equal(pixels, np.asarray(square))


def test_the_frame_lies_in_the_upright_original() -> None:
    _, frame = crop(Photo(scene(512, 1024), (512, 1024)), IMAGENET_PHOTO)
    assert (frame.width, frame.height) == (512, 1024)
    assert (frame.left, frame.right) == (32, 480)
    assert (frame.top, frame.bottom) == (288, 736)


def test_the_frame_of_a_reduced_picture_is_in_pixels_of_the_original() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    body = encoded(scene(4096, 2048), "JPEG", exif=exif)
    photo = decode_photo(body, "image/jpeg", MOST, IMAGENET_PHOTO)
    assert photo.size == (2048, 4096)
    assert min(photo.image.size) == 1024
    frame = crop(photo, IMAGENET_PHOTO)[1]
    assert (frame.left, frame.right, frame.top, frame.bottom) == (128, 1920, 1152, 2944)


def test_a_squeezed_picture_is_seen_whole() -> None:
    frame = squeeze(Photo(scene(30, 20), (30, 20)), IMAGENET_PHOTO)[1]
    assert (frame.top, frame.left, frame.bottom, frame.right) == (0, 0, 20, 30)


def test_what_is_too_small_for_the_crop_lies_on_black() -> None:
    small = replace(IMAGENET_PHOTO, resize=201)
    pixels, frame = crop(Photo(Image.new("RGB", (50, 50), "white"), (50, 50)), small)
    rows = np.flatnonzero(pixels.any(axis=(1, 2)))
    assert (rows[0], len(rows)) == (11, 201)  # torchvision: 11 before, 12 behind
    assert (frame.top, frame.left, frame.bottom, frame.right) == (0, 0, 50, 50)


def test_reducing_a_huge_jpeg_changes_next_to_nothing() -> None:
    image = scene(1000, 700).resize((3000, 2100))
    body = encoded(image, "JPEG", quality=95)
    with Image.open(io.BytesIO(body)) as whole:
        expected = reference(whole.convert("RGB"), IMAGENET_PHOTO)
    photo = decode_photo(body, "image/jpeg", MOST, IMAGENET_PHOTO)
    assert photo.image.size == (1500, 1050)
    seen = to_photo_network([photo], IMAGENET_PHOTO, "crop")[0][0]
    grey_levels = (seen - expected).abs().mean() * 0.225 * 255
    assert float(grey_levels) < 0.5


@pytest.mark.parametrize("size", [(1, 40_000), (40_000, 1), (100, 5_001)])
def test_an_absurd_aspect_is_refused(size: tuple[int, int]) -> None:
    photo = decode_photo(encoded(Image.new("1", size)), "image/png", MOST, IMAGENET_PHOTO)
    with pytest.raises(ImageError, match="as long as it is wide"):
        crop(photo, IMAGENET_PHOTO)


@pytest.mark.parametrize("size", [(1, 1), (1, 50), (5000, 100), (3, 2)])
def test_small_and_long_pictures_are_read(size: tuple[int, int]) -> None:
    assert crop(Photo(scene(*size), size), IMAGENET_PHOTO)[0].shape == (224, 224, 3)


def rgb(image: Image.Image, kind: str = "PNG", **options: Any) -> np.ndarray:
    media_type = f"image/{kind.lower()}"
    photo = decode_photo(encoded(image, kind, **options), media_type, MOST, IMAGENET_PHOTO)
    assert photo.image.mode == "RGB"
    return np.asarray(photo.image)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "L", "LA", "1"])
def test_every_mode_of_a_png(mode: str) -> None:
    image = Image.fromarray(corners()).convert(mode, dither=Image.Dither.NONE)
    assert np.array_equal(rgb(image), np.asarray(image.convert("RGB")))


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_transparency_becomes_white(mode: str) -> None:
    image = Image.new("RGBA", (8, 8), (0, 0, 0, 0)).convert(mode)
    assert (rgb(image) == 255).all()
    half = Image.new("RGBA", (8, 8), (0, 0, 0, 128)).convert(mode)
    assert np.abs(rgb(half).astype(int) - 127).max() <= 1


def test_a_transparent_colour_of_a_palette_becomes_white() -> None:
    image = Image.new("P", (8, 8), 3)
    image.putpalette([10] * 768)
    assert (rgb(image, transparency=3) == 255).all()
    assert (rgb(image, "GIF", transparency=3) == 255).all()


def test_sixteen_bit_grey_is_scaled() -> None:
    values = np.linspace(0, 65535, 256).astype(np.uint16).reshape(16, 16)
    expected = np.rint(values / 257).astype(np.uint8)
    for kind in ("PNG", "TIFF"):
        assert np.array_equal(rgb(Image.fromarray(values), kind)[..., 0], expected)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([[0.0, 0.5], [1.0, 0.25]], [[0, 128], [255, 64]]),
        ([[-1.0, 0.0], [1.0, 3.0]], [[0, 64], [128, 255]]),
        ([[np.nan, 0.5], [1.0, np.inf]], [[0, 128], [255, 0]]),
        ([[7.0, 7.0], [7.0, 7.0]], [[0, 0], [0, 0]]),
        ([[-3e38, 3e38], [0.0, 0.0]], [[0, 255], [128, 128]]),
    ],
)
def test_floats_are_read(values: list[list[float]], expected: list[list[int]]) -> None:
    image = Image.fromarray(np.array(values, np.float32))
    assert rgb(image, "TIFF")[..., 2].tolist() == expected


def test_thirty_two_bit_integers_are_stretched() -> None:
    image = Image.fromarray(np.array([[0, 1000], [2000, 4000]], np.int32))
    assert rgb(image, "TIFF")[..., 0].tolist() == [[0, 64], [128, 255]]


@pytest.mark.parametrize("profile", [None, b"no profile at all"])
def test_cmyk_becomes_rgb(profile: bytes | None) -> None:
    image = Image.fromarray(corners(64, 64)).convert("CMYK")
    pixels = rgb(image, "JPEG", quality=95, icc_profile=profile)
    assert np.abs(pixels[8, 8].astype(int) - [255, 0, 0]).max() <= 30
    assert np.abs(pixels[50, 50].astype(int) - 255).max() <= 30


def test_cmyk_follows_the_files_own_profile() -> None:
    image = Image.new("CMYK", (16, 16), (255, 0, 0, 0))
    pixels = rgb(image, "JPEG", quality=95, icc_profile=grey_inks())
    assert np.abs(pixels.astype(int) - 128).max() <= 3  # without it: cyan


def test_a_profile_for_another_kind_of_picture_is_ignored() -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    image = Image.new("CMYK", (8, 8), (0, 0, 0, 0))
    image.info["icc_profile"] = srgb
    assert (np.asarray(to_rgb(image)) == 255).all()


@pytest.mark.parametrize(
    ("size", "expected"),
    [((640, 427), (383, 256)), ((427, 640), (256, 383)), ((5, 5), (256, 256))],
)
def test_the_longer_side_is_rounded_down(size: tuple[int, int], expected: tuple[int, int]) -> None:
    assert resized(size, 256) == expected


def test_an_unknown_mode_for_photographs_is_refused() -> None:
    with pytest.raises(ImageError) as refusal:
        to_network(np.zeros((1, 8, 8, 3), np.uint8), card(IMAGENET_PHOTO), "center")
    assert refusal.value.field == "preprocess"


def test_an_unknown_interpolation_is_named() -> None:
    spec = replace(IMAGENET_PHOTO, interpolation="lanczos")
    with pytest.raises(ValueError, match="lanczos"):
        crop(Photo(scene(9, 9), (9, 9)), spec)
