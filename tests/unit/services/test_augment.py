"""Random changes to pictures."""

from __future__ import annotations

import pytest
import torch

from app.schemas import AugmentationChoice
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


def changed(pictures: torch.Tensor, **choice: float) -> torch.Tensor:
    strength = Strength.of(AugmentationChoice.model_validate(choice))
    return augment(pictures, strength, generator())


def test_nothing_chosen_is_a_copy(squares: torch.Tensor) -> None:
    same = changed(squares)
    assert torch.equal(same, squares)
    assert same.data_ptr() != squares.data_ptr()


@pytest.fixture
def photos() -> torch.Tensor:
    """Sixteen colour pictures of 32×32."""
    return torch.rand(16, 3, 32, 32, generator=generator(7))


def test_half_of_the_pictures_are_mirrored_without_loss(photos: torch.Tensor) -> None:
    mirrored = changed(photos, flip=True)
    turned = [
        torch.equal(one, before.flip(2)) for one, before in zip(mirrored, photos, strict=True)
    ]
    same = [torch.equal(one, before) for one, before in zip(mirrored, photos, strict=True)]
    assert sum(turned) + sum(same) == 16
    assert 4 <= sum(turned) <= 12


def test_pictures_that_are_only_shifted_stay_sharp(photos: torch.Tensor) -> None:
    moved = changed(photos, shift=3, flip=True)
    values = set(photos.flatten().tolist()) | {0.0}
    assert set(moved.flatten().tolist()) <= values
    assert not torch.equal(moved, photos)


def test_shift_grows_with_the_picture() -> None:
    large = torch.zeros(64, 1, 112, 112)
    large[:, :, 56, 56] = 1
    rows = changed(large, shift=2).amax(dim=(1, 3)).argmax(dim=1) - 56
    assert 4 < rows.abs().max() <= 8


@pytest.mark.parametrize(
    "choice",
    [{"brightness": 0.5}, {"noise": 0.2}, {"rotation": 20, "elastic": 1}, {"stroke": 1}],
)
def test_each_picture_draws_its_own_change(photos: torch.Tensor, choice: dict[str, float]) -> None:
    once, again = changed(photos, **choice), changed(photos, **choice)
    assert torch.equal(once, again)
    by = (once - photos).abs().mean(dim=(1, 2, 3))
    assert len(set(by.tolist())) == 16
    assert once.shape == photos.shape
    assert once.min() >= 0
    assert once.max() <= 1


def test_brightness_is_a_factor() -> None:
    grey = torch.full((32, 3, 4, 4), 0.5)
    factors = changed(grey, brightness=0.4) / 0.5
    assert (factors.amax(dim=(1, 2, 3)) == factors.amin(dim=(1, 2, 3))).all()
    assert 0.6 <= factors.min() < 0.8
    assert 1.2 < factors.max() <= 1.4


def test_noise_has_at_most_the_wanted_deviation() -> None:
    grey = torch.full((64, 1, 28, 28), 0.5)
    deviations = changed(grey, noise=0.1).std(dim=(1, 2, 3))
    assert deviations.max() < 0.11
    assert deviations.max() > 0.08
    assert deviations.min() < 0.03


def test_all_channels_move_together() -> None:
    same = torch.rand(8, 1, 32, 32, generator=generator()).expand(-1, 3, -1, -1)
    bent = changed(same, shift=2, rotation=30, shear=10, scale=0.2, elastic=1, stroke=0.5)
    assert torch.equal(bent[:, 0], bent[:, 1])
    assert torch.equal(bent[:, 0], bent[:, 2])
