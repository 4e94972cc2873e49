import math

import pytest
import torch

import models
from app.services.maximize.transforms import NONE, Transforms, standard

PHOTO = models.spec("resnet18").input
DIGIT = models.spec("digitnet").input


def seeded(seed: int = 3) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.fixture
def pictures() -> torch.Tensor:
    return torch.rand(3, 2, 20, 30, generator=seeded(0))


def test_none_changes_nothing(pictures: torch.Tensor) -> None:
    assert NONE(pictures, seeded()) is pictures


def test_neutral_values_change_nothing_but_rounding(pictures: torch.Tensor) -> None:
    whole = Transforms(crop=(1.0, 1.0))
    torch.testing.assert_close(whole(pictures, seeded()), pictures, rtol=0, atol=1e-5)


@pytest.mark.parametrize("spec", [PHOTO, DIGIT], ids=["photo", "digit"])
def test_the_standard_ones_keep_shape_and_range(
    spec: models.InputSpec, pictures: torch.Tensor
) -> None:
    moved = standard(spec, (20, 30))(pictures, seeded())
    assert moved.shape == pictures.shape
    assert moved.device == pictures.device
    assert moved.dtype == pictures.dtype
    assert moved.min() >= 0
    assert moved.max() <= 1
    assert not torch.allclose(moved, pictures, atol=0.01)


def test_the_standard_shift_goes_with_the_size() -> None:
    assert standard(PHOTO, (256, 256)).shift == 2 * standard(PHOTO, (128, 128)).shift
    assert standard(DIGIT, (28, 28)).ground == 0
    assert standard(PHOTO, (128, 128)).ground == 0.5


def test_the_same_seed_gives_the_same_changes(pictures: torch.Tensor) -> None:
    every = Transforms(2, (0.9, 1.1), 10, (0.5, 0.9), 0.1)
    generator = seeded()
    first, second = every(pictures, generator), every(pictures, generator)
    assert torch.equal(first, every(pictures, seeded()))
    assert not torch.equal(first, second)


def test_a_picture_is_moved_as_those_beside_it(pictures: torch.Tensor) -> None:
    every = Transforms(2, (0.9, 1.1), 10, (0.5, 0.9), 0.1)
    torch.testing.assert_close(every(pictures[:1], seeded()), every(pictures, seeded())[:1])


def test_a_shift_moves_by_pixels_and_shows_the_ground() -> None:
    row = torch.arange(200.0).expand(1, 1, 200, 200) / 200  # grey is the position
    shift = Transforms(shift=5, ground=0.0)
    moved = shift(row, seeded())[0, 0, 100, 50:150] * 200
    by = moved - torch.arange(50.0, 150.0)
    torch.testing.assert_close(by, by[:1].expand_as(by), rtol=0, atol=1e-2)
    assert 0.01 < abs(by[0]) <= 5
    white = Transforms(shift=5, ground=0.25)(torch.ones(1, 1, 20, 20), seeded())
    assert white.min() == pytest.approx(0.25, abs=1e-3)


def test_rotation_keeps_circles_round_in_pictures_that_are_not_square() -> None:
    y, x = torch.meshgrid(torch.arange(40.0), torch.arange(80.0), indexing="ij")
    disc = torch.exp(-((y - 19.5) ** 2 + (x - 39.5) ** 2) / 50)[None, None]
    turned = Transforms(rotation=90)(disc - 0.5 + 0.5, seeded(4))
    torch.testing.assert_close(
        turned[..., 10:30, 30:50], disc[..., 10:30, 30:50], atol=0.02, rtol=0
    )


def test_scale_and_crop_magnify() -> None:
    y, x = torch.meshgrid(torch.arange(64.0), torch.arange(64.0), indexing="ij")
    disc = ((y - 31.5) ** 2 + (x - 31.5) ** 2 < 100).float()[None, None]
    area = disc.sum().item()
    larger = Transforms(scale=(1.5, 1.5), ground=0.0)(disc, seeded()).sum().item()
    assert larger / area == pytest.approx(1.5**2, rel=0.05)
    crop = Transforms(crop=(0.8, 0.8), ground=0.0)(disc, seeded()).sum().item()
    assert crop / area == pytest.approx(1 / 0.8**2, rel=0.05)


def test_noise_has_its_strength() -> None:
    noisy = Transforms(noise=0.2)(torch.full((2, 3, 64, 64), 0.5), seeded())
    assert noisy.std().item() == pytest.approx(0.2, rel=0.05)
    assert math.isclose(noisy.mean().item(), 0.5, abs_tol=0.01)


def test_the_gradient_flows_through(pictures: torch.Tensor) -> None:
    leaf = pictures.clone().requires_grad_()
    standard(PHOTO, (20, 30))(leaf, seeded()).sum().backward()  # type: ignore[no-untyped-call]
    assert leaf.grad is not None
    assert leaf.grad[..., 5:15, 8:22].min() > 0
