"""Random changes to digits."""

from __future__ import annotations

import pytest
import torch

from app.services.augment import Strength, augment, change_stroke

STILL = Strength(0, 0, 0, (1.0, 1.0), 0, 0, 0)


def generator(seed: int = 1) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.fixture
def squares() -> torch.Tensor:
    """Eight pictures of a square of 8×8 pixels in the middle."""
    pictures = torch.zeros(8, 1, 28, 28)
    pictures[:, :, 10:18, 10:18] = 1
    return pictures


def test_no_strength_no_change(squares: torch.Tensor) -> None:
    torch.testing.assert_close(augment(squares, STILL, generator()), squares, atol=1e-5, rtol=0)


def test_same_seed_same_changes(squares: torch.Tensor) -> None:
    first, again, other = (augment(squares, Strength(), generator(seed)) for seed in (1, 1, 2))
    torch.testing.assert_close(first, again, atol=0, rtol=0)
    assert not torch.equal(first, other)
    assert not torch.equal(first[0], first[1])


@pytest.mark.parametrize("factor", [0.5, 1.5])
def test_scale_scales(squares: torch.Tensor, factor: float) -> None:
    strength = Strength(0, 0, 0, (factor, factor), 0, 0, 0)
    area = augment(squares, strength, generator()).sum(dim=(1, 2, 3))
    torch.testing.assert_close(area, torch.full((8,), 64 * factor**2), rtol=0.02, atol=0)


def test_shift_is_counted_in_pixels(squares: torch.Tensor) -> None:
    moved = augment(squares, Strength(6, 0, 0, (1.0, 1.0), 0, 0, 0), generator())
    rows = (moved.sum(dim=(1, 3)) * torch.arange(28)).sum(dim=1) / 64
    assert ((rows - 13.5).abs() <= 6.01).all()
    assert (rows - 13.5).abs().max() > 2


def test_strokes_grow_and_shrink(squares: torch.Tensor) -> None:
    by = torch.tensor([1.0, 0.5, 0.0, -0.5, -1.0, 0, 0, 0])
    area = change_stroke(squares, by).sum(dim=(1, 2, 3))
    assert area.tolist() == [100, 82, 64, 50, 36, 64, 64, 64]


def test_pixels_stay_between_0_and_1(squares: torch.Tensor) -> None:
    changed = augment(squares, Strength(elastic=2.0, stroke=1.0), generator())
    assert changed.min() >= 0
    assert changed.max() <= 1
