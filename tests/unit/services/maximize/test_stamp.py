"""PNG files that say what they are."""

from __future__ import annotations

import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from app.services.maximize.stamp import facts, grid_png, mask_png, stamped, variant

Bytes = NDArray[np.uint8]
FACTS = {"model": "digitnet", "unit": {"layer": "relu3", "channel": 5}, "note": "−1 · é"}


def noise(*shape: int) -> Bytes:
    return np.random.default_rng(0).integers(0, 256, shape, np.uint8)


def pixels(png: bytes) -> Bytes:
    with Image.open(io.BytesIO(png)) as image:
        array: Bytes = np.array(image)
        return array


def text(png: bytes) -> dict[str, str]:
    with Image.open(io.BytesIO(png)) as image:
        image.load()
        words: dict[str, str] = image.text  # type: ignore[attr-defined]
        return words


@pytest.mark.parametrize("shape", [(28, 28), (40, 30, 3)])
def test_pixels_and_text_come_back(shape: tuple[int, ...]) -> None:
    picture = noise(*shape)
    png = stamped(picture, "conv3 · 5", "A picture", FACTS)
    assert np.array_equal(pixels(png), picture)
    assert facts(png) == FACTS
    words = text(png)
    assert (words["Title"], words["Description"]) == ("conv3 · 5", "A picture")
    assert words["Software"] == "ConvScope"
    assert stamped(picture, "conv3 · 5", "A picture", dict(reversed(FACTS.items()))) == png


@pytest.mark.parametrize("shape", [(28, 28), (40, 30, 3)])
@pytest.mark.parametrize("scale", [1, 3])
def test_with_its_mask_and_enlarged(shape: tuple[int, ...], scale: int) -> None:
    picture, mask = noise(*shape), noise(*shape[:2])[::-1]
    png = stamped(picture, "", "", FACTS)
    shown = variant(png, mask_png(mask), scale)
    assert facts(shown) == FACTS
    array = pixels(shown)
    depth = 2 if len(shape) == 2 else 4
    assert array.shape == (shape[0] * scale, shape[1] * scale, depth)
    small = array[scale // 2 :: scale, scale // 2 :: scale]
    assert np.array_equal(small[..., :-1].squeeze(), picture)
    assert np.array_equal(small[..., -1], mask)
    assert np.array_equal(pixels(variant(png, None, scale))[::scale, ::scale], picture)


@pytest.mark.parametrize("count", [1, 2, 3, 5, 9])
@pytest.mark.parametrize("depth", [(), (3,)])
def test_a_grid_has_no_gaps(count: int, depth: tuple[int, ...]) -> None:
    pictures = noise(count, 4, 5, *depth)
    sheet = pixels(grid_png(pictures))
    columns = {1: 1, 2: 2, 3: 2, 5: 3, 9: 3}[count]
    assert sheet.shape[1] == columns * 5
    for index, picture in enumerate(pictures):
        top, left = index // columns * 4, index % columns * 5
        assert np.array_equal(sheet[top : top + 4, left : left + 5], picture)


def test_a_grid_of_large_pictures_is_thinned() -> None:
    pictures = noise(4, 30, 30, 3)
    sheet = pixels(grid_png(pictures, most=20))
    assert sheet.shape == (20, 20, 3)
    assert np.array_equal(sheet[10:, :10], pictures[2, ::3, ::3])
    assert pixels(grid_png(pictures, most=60)).shape == (60, 60, 3)
