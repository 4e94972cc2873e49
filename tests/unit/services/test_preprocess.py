"""From a drawing to what a network takes in."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import models
from app.services import drawn
from app.services.datasets import load_mnist
from app.services.preprocess import INK_SIZE, SIZE, SPECK, center, fit, to_network


def ink_box(picture: np.ndarray) -> tuple[int, int]:
    rows, columns = np.nonzero(picture > 0.02)
    return int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1


def test_center_leaves_mnist_as_it_is() -> None:
    pictures = load_mnist("test")[0]
    unchanged = np.abs(center(pictures) - pictures / 255.0).max(axis=(1, 2)) < 1e-6
    assert unchanged.mean() > 0.999


def test_longer_side_becomes_20_pixels_and_the_mass_comes_to_the_middle() -> None:
    drawings = drawn.digits(40, seed=3)[0]
    pixels = center(drawings)
    positions = np.arange(SIZE)
    for picture in pixels:
        assert abs(max(ink_box(picture)) - INK_SIZE) <= 1
        for axis in (0, 1):
            mean = (picture.sum(axis=1 - axis) * positions).sum() / picture.sum()
            assert abs(mean - 14) < 0.7  # whole-pixel shifts, and resampling


def test_center_undoes_a_shift_that_cuts_nothing() -> None:
    pictures = load_mnist("test")[0][:50]
    moved = np.pad(pictures, ((0, 0), (5, 1), (2, 4)))
    np.testing.assert_allclose(center(moved), center(pictures), atol=1e-6)


def test_size_of_the_drawing_does_not_matter() -> None:
    drawing = np.kron(load_mnist("test")[0][:20], np.ones((1, 10, 10), np.uint8))
    assert drawing.shape == (20, 280, 280)
    np.testing.assert_allclose(center(drawing), center(load_mnist("test")[0][:20]), atol=0.01)


def test_empty_pad_stays_empty() -> None:
    assert not center(np.zeros((2, 28, 28), np.uint8)).any()


def test_a_speck_counts_as_empty() -> None:
    drawing = np.zeros((1, 28, 28), np.uint8)
    drawing[0, 5, 5 : 5 + int(SPECK) - 1] = 255
    assert not center(drawing).any()


def test_no_drawings_give_no_pictures() -> None:
    assert center(np.zeros((0, 28, 28), np.uint8)).shape == (0, 28, 28)


def test_faint_noise_does_not_spoil_the_crop() -> None:
    pictures = load_mnist("test")[0][:50]
    noise = np.random.default_rng(1).integers(1, 60, pictures.shape)
    small = np.zeros_like(pictures)
    small[:, 7:21, 7:21] = pictures[:, ::2, ::2]
    noisy = np.maximum(small, noise).astype(np.uint8)
    difference = np.abs(center(noisy) - center(small)).mean()
    assert difference < 0.15


@given(arrays.arrays(np.uint8, (1, 28, 28)))
def test_pixels_stay_between_0_and_1(drawing: np.ndarray) -> None:
    pixels = center(drawing)
    assert pixels.shape == (1, 28, 28)
    assert pixels.dtype == np.float32
    assert pixels.min() >= 0
    assert pixels.max() <= 1


@given(st.integers(1, 60), st.integers(1, 60))
def test_any_shape_of_drawing_is_taken(height: int, width: int) -> None:
    drawing = np.full((1, height, width), 255, np.uint8)
    assert center(drawing).shape == (1, SIZE, SIZE)
    assert fit(drawing).shape == (1, SIZE, SIZE)


def test_many_at_once_equal_one_by_one() -> None:
    drawings = drawn.digits(30, seed=4)[0]
    together = center(drawings)
    for drawing, picture in zip(drawings, together, strict=True):
        np.testing.assert_allclose(center(drawing[None])[0], picture, atol=1e-6)


@pytest.mark.parametrize("mode", ["center", "none"])
@pytest.mark.parametrize("model_id", ["digitnet", "harley", "lenet5", "mlp"])
def test_network_gets_its_shape_and_its_background(model_id: str, mode: str) -> None:
    spec = models.spec(model_id)
    inputs = to_network(np.zeros((3, 28, 28), np.uint8), spec, mode)  # type: ignore[arg-type]
    assert inputs.shape == (3, *spec.input.shape)
    assert inputs.dtype == torch.float32
    background = -spec.input.mean[0] / spec.input.std[0]
    torch.testing.assert_close(inputs, torch.full_like(inputs, background))


def test_lenet_sees_background_minus_a_tenth_and_ink_1175_thousandths() -> None:
    spec = models.spec("lenet5")
    inputs = to_network(load_mnist("test")[0][:20], spec, "none")
    assert inputs.min().item() == pytest.approx(-0.1, abs=1e-6)
    assert inputs.max().item() == pytest.approx(1.175, abs=1e-3)


def test_none_leaves_a_drawing_of_the_networks_size_alone() -> None:
    spec = models.spec("harley")
    drawing = np.random.default_rng(1).integers(0, 256, (2, 32, 32)).astype(np.uint8)
    pixels = to_network(drawing, spec, "none")[:, 0]
    np.testing.assert_allclose(pixels, drawing / 255, atol=1e-6)


def test_none_keeps_the_aspect() -> None:
    drawing = np.full((1, 100, 50), 255, np.uint8)
    assert ink_box(fit(drawing)[0]) == (28, 14)
