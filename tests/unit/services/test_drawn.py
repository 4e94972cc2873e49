"""The drawings that a program makes."""

from __future__ import annotations

import numpy as np
import pytest

from app.services import drawn
from app.services.drawn import doodles, glyphs
from app.services.drawn.pen import ink, parse, smooth
from scripts import digit_report, train_digits


def test_same_seed_same_drawings() -> None:
    first, again, other = (drawn.digits(30, seed)[0] for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_every_digit_comes_as_often() -> None:
    pictures, labels = drawn.digits(50, seed=1)
    assert pictures.shape == (50, 28, 28)
    assert np.bincount(labels).tolist() == [5] * 10


def test_every_digit_has_several_styles() -> None:
    assert sorted(glyphs.DIGITS) == list(range(10))
    assert all(len(styles) >= 4 for styles in glyphs.DIGITS.values())
    assert "crossed" in glyphs.DIGITS[7]
    assert "open" in glyphs.DIGITS[4]


def test_asked_styles_come_in_turn() -> None:
    labels = drawn.digits(4, seed=1, only=[(7, "crossed"), (4, "open")])[1]
    assert labels.tolist() == [7, 4, 7, 4]


@pytest.mark.parametrize("seed", range(3))
def test_drawings_differ_in_pen_size_and_place(seed: int) -> None:
    pictures = drawn.digits(40, seed, only=[(1, "plain")])[0]
    assert np.ptp(pictures.sum(axis=(1, 2), dtype=np.int64) / 255) > 15  # ink
    heights = (pictures.max(axis=2) > 0).sum(axis=1)
    assert np.ptp(heights) > 6


def test_every_drawing_has_ink() -> None:
    for pictures in (drawn.letters(46, seed=1), drawn.scribbles(30, seed=1)):
        assert (pictures.max(axis=(1, 2)) == 255).all()


def test_letters_and_scribbles_that_test_are_not_those_that_teach() -> None:
    assert not set(digit_report.TEST_LETTERS) & set(train_digits.OUTLIER_LETTERS)
    assert set(digit_report.TEST_LETTERS + train_digits.OUTLIER_LETTERS) == set(glyphs.LETTERS)
    assert not set(digit_report.TEST_SCRIBBLES) & set(train_digits.OUTLIER_SCRIBBLES)
    tested_or_taught = {*digit_report.TEST_SCRIBBLES, *train_digits.OUTLIER_SCRIBBLES}
    assert tested_or_taught == set(doodles.KINDS)


def test_a_glyph_is_cut_at_its_corners() -> None:
    strokes = parse("0,0 50,0! 50,100 / 10,10 20,20")
    assert [len(curves) for curves in strokes] == [2, 1]
    np.testing.assert_allclose(strokes[0][1], [[0.5, 0], [0.5, 1]])


def test_a_smooth_line_passes_its_points() -> None:
    points = np.array([[0.0, 0.0], [1.0, 2.0], [3.0, 1.0]])
    line = smooth(points)
    for point in points:
        assert np.abs(line - point).sum(axis=1).min() < 1e-12


def test_the_pen_is_round_and_has_its_width() -> None:
    line = np.array([[8.0, 14.0], [20.0, 14.0]])
    picture = ink([line], pen=4.0) / 255
    assert picture[:, 14].sum() == pytest.approx(4.0, abs=0.02)
    assert picture.sum() == pytest.approx(12 * 4 + np.pi * 4, rel=0.03)
    np.testing.assert_array_equal(picture, picture[:, ::-1])
