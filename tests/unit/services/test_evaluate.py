"""The changes that the accuracy tests make to digits."""

from __future__ import annotations

import numpy as np
import pytest

from app.services.evaluate import scaled, shifted


@pytest.mark.parametrize(
    ("direction", "row", "column"),
    [("up", 4, 10), ("down", 16, 10), ("left", 10, 4), ("right", 10, 16)],
)
def test_shift_moves_by_six_pixels(direction: str, row: int, column: int) -> None:
    picture = np.zeros((1, 28, 28), np.uint8)
    picture[0, 10, 10] = 200
    moved = shifted(picture, direction)
    assert moved[0, row, column] == 200
    assert moved.sum() == 200


def test_what_leaves_the_frame_is_cut_off() -> None:
    picture = np.full((1, 28, 28), 255, np.uint8)
    assert (shifted(picture, "up")[0, -6:] == 0).all()
    assert (shifted(picture, "up")[0, :-6] == 255).all()


@pytest.mark.parametrize("factor", [0.6, 1.4])
def test_scale_is_about_the_middle(factor: float) -> None:
    picture = np.zeros((1, 28, 28), np.uint8)
    picture[0, 9:19, 9:19] = 255
    result = scaled(picture, factor)[0].astype(float)
    assert result.sum() / 255 == pytest.approx(100 * factor**2, rel=0.02)
    np.testing.assert_allclose(result, result[::-1, ::-1], atol=1)
