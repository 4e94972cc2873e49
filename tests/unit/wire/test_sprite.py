from __future__ import annotations

import io
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray
from PIL import Image

from app.services.colormaps import palette
from app.wire.png import palette_png, rgb_png
from app.wire.sprite import (
    Floats,
    SpriteError,
    codes_of,
    parse_scale,
    plan,
    rgb_sheet,
    sprite_sheet,
    value_range,
)

GREY = np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, axis=1)
VALUES = st.floats(-1e6, 1e6, width=32)
MAPS = hnp.arrays(np.float32, hnp.array_shapes(min_dims=3, max_dims=3, max_side=9), elements=VALUES)
BYTES = hnp.arrays(np.uint8, hnp.array_shapes(min_dims=2, max_dims=2, max_side=40))


def read(body: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(body))
    image.load()
    return image


def pixels(body: bytes) -> NDArray[Any]:
    return np.asarray(read(body).convert("RGB"))


@given(BYTES)
def test_pillow_reads_our_palette_png(codes: NDArray[np.uint8]) -> None:
    lut = palette("CET_D9").lut
    assert np.array_equal(pixels(palette_png(codes, lut)), lut[codes])


@given(hnp.arrays(np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 9), st.just(3))))
def test_pillow_reads_our_rgb_png(picture: NDArray[np.uint8]) -> None:
    assert np.array_equal(pixels(rgb_png(picture)), picture)


def test_text_is_kept() -> None:
    body = palette_png(np.zeros((2, 2), np.uint8), GREY, {"layer": "conv1", "note": "…é"})
    assert read(body).info == {"layer": "conv1", "note": "…é"}


@given(MAPS, st.integers(1, 20), st.integers(1, 40))
def test_every_value_lies_where_the_grid_says(values: Floats, columns: int, cell: int) -> None:
    sheet = sprite_sheet(values, GREY, diverging=False, cell=cell, columns=columns)
    grid, picture = sheet.grid, pixels(sheet.body)[..., 0]
    assert picture.shape == (grid.rows * grid.height, grid.columns * grid.width)
    codes = codes_of(values, sheet.range, diverging=False)
    for channel in range(len(values)):
        top = channel // grid.columns * grid.height
        left = channel % grid.columns * grid.width
        tile = picture[top : top + grid.height : grid.zoom, left : left + grid.width : grid.zoom]
        assert np.array_equal(tile, codes[channel])


@given(MAPS, st.booleans())
def test_the_range_gives_the_values_back_to_half_a_step(values: Floats, diverging: bool) -> None:
    low, high = value_range(values, diverging)
    codes = codes_of(values, (low, high), diverging).astype(float)
    step = (high - low) / (254 if diverging else 255)
    restored = (low + high) / 2 + (codes - 128) * step if diverging else low + codes * step
    assert np.abs(restored - values).max() <= step * 0.5001 + 1e-5 * max(abs(low), abs(high))


@given(MAPS)
def test_zero_is_plain(values: Floats) -> None:
    values[0, 0, 0] = 0
    assert codes_of(values, value_range(values, True), True)[0, 0, 0] == 128
    positive = np.abs(values)
    assert codes_of(positive, value_range(positive, False), False)[0, 0, 0] == 0


def test_scale_unit_gives_each_channel_its_own_range() -> None:
    values = np.array([[[0, 1]], [[0, 100]]], np.float32)
    layer = sprite_sheet(values, GREY, diverging=False, scale="layer", columns=1)
    unit = sprite_sheet(values, GREY, diverging=False, scale="unit", columns=1)
    assert pixels(layer.body)[:, 1, 0].tolist() == [3, 255]
    assert pixels(unit.body)[:, 1, 0].tolist() == [255, 255]
    assert json.loads(read(unit.body).info["ranges"]) == [[0, 1], [0, 100]]


def test_a_fixed_scale_clips() -> None:
    values = np.array([[[-9, 0, 1, 2, 9]]], np.float32)
    sheet = sprite_sheet(values, GREY, diverging=False, scale=(0, 2))
    assert pixels(sheet.body)[0, :, 0].tolist() == [0, 0, 128, 255, 255]
    assert sheet.range == (0, 2)


def test_tiles_without_a_channel_are_blank() -> None:
    sheet = sprite_sheet(np.ones((3, 2, 2), np.float32), GREY, diverging=True)
    assert (sheet.grid.columns, sheet.grid.rows) == (2, 2)
    assert pixels(sheet.body)[3, 3, 0] == 128


def test_kernels_of_three_channels_are_in_colour() -> None:
    kernels = np.zeros((1, 3, 1, 2), np.float32)
    kernels[0, :, 0, 0] = [1, 0, -1]
    body, grid, shown = rgb_sheet(kernels)
    assert pixels(body)[0].tolist() == [[255, 128, 1], [128, 128, 128]]
    assert (grid.columns, shown) == (1, (-1.0, 1.0))


@pytest.mark.parametrize(
    ("text", "scale"), [("unit", "unit"), ("layer", "layer"), ("-1,2.5", (-1.0, 2.5))]
)
def test_scales(text: str, scale: object) -> None:
    assert parse_scale(text) == scale


@pytest.mark.parametrize("text", ["", "1", "2,1", "1,1", "0,inf", "nan,1", "a,b", "1,2,3"])
def test_bad_scales(text: str) -> None:
    with pytest.raises(SpriteError):
        parse_scale(text)


def test_a_sheet_too_large_is_refused() -> None:
    with pytest.raises(SpriteError, match="pixels"):
        plan((512, 28, 28), cell=4096, columns=None)


def test_a_sheet_is_about_as_small_as_pillows() -> None:
    y, x = np.mgrid[0:56, 0:56]
    waves = [np.sin(x / (k + 3)) * np.cos(y / (k + 2)) for k in range(64)]
    sheet = sprite_sheet(np.stack(waves).astype(np.float32), palette("CET_D9").lut, diverging=True)
    image, body = read(sheet.body), io.BytesIO()
    image.save(body, "PNG")
    assert len(sheet.body) <= 1.15 * len(body.getvalue())
