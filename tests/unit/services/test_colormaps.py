from __future__ import annotations

import numpy as np
import pytest

from app.schemas import ColorMap
from app.services.colormaps import UnknownColorMapError, all_maps, default, palette

MAPS = all_maps()


@pytest.mark.parametrize("colormap", MAPS, ids=lambda colormap: colormap.id)
def test_the_plain_end_or_middle_is_the_pages_background(colormap: ColorMap) -> None:
    lut = palette(colormap.id).lut.astype(float)
    assert lut.shape == (256, 3)
    plain = lut[128] if colormap.kind == "diverging" else lut[0]
    assert np.ptp(plain) <= 12  # grey
    light = plain @ [0.299, 0.587, 0.114]
    assert light >= 235 if colormap.theme == "light" else light <= 40


@pytest.mark.parametrize("colormap", MAPS, ids=lambda colormap: colormap.id)
def test_lightness_orders_the_values(colormap: ColorMap) -> None:
    light = palette(colormap.id).lut.astype(float) @ [0.2126, 0.7152, 0.0722]
    halves = [light[:128][::-1], light[128:]] if colormap.kind == "diverging" else [light]
    for half in halves:
        steps = np.diff(half[::8])
        assert (steps <= 1).all() if colormap.theme == "light" else (steps >= -1).all()


def test_ids_are_unique() -> None:
    assert len({colormap.id for colormap in MAPS}) == len(MAPS)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_each_theme_has_both_kinds(theme: str) -> None:
    assert default(signed=True, theme=theme).diverging
    assert not default(signed=False, theme=theme).diverging


def test_an_unknown_map_names_the_nearest() -> None:
    with pytest.raises(UnknownColorMapError) as refusal:
        palette("CET_D66")
    assert refusal.value.nearest == "CET_D6"
    assert refusal.value.valid == [colormap.id for colormap in MAPS]
