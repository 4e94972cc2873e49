"""Changed pictures, against NumPy and torch's own rotation; accuracy against a plain loop."""

from __future__ import annotations

import pytest
import torch

from app.services.learning import robustness as module
from app.services.learning.robustness import _noise, _rotation, _scale, _shift, robustness
from tests.unit.services.learning.subjects import fed, net, subject


def _pictures(channels: int = 1) -> torch.Tensor:
    return torch.rand(3, channels, 8, 8, generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize(("degrees", "turns"), [(0, 0), (90, 1), (-90, 3)])
def test_rotation_is_counter_clockwise(degrees: float, turns: int) -> None:
    pictures = _pictures()
    turned = _rotation(degrees, grey=True)(pictures)
    assert torch.allclose(turned, pictures.rot90(turns, (2, 3)), atol=1e-5)


def test_shift_is_exact_and_to_the_right() -> None:
    pictures = _pictures()
    right, left = (_shift(by, grey=True)(pictures) for by in (2, -3))
    assert torch.equal(right[..., 2:], pictures[..., :-2])
    assert right[..., :2].max() == 0
    assert torch.equal(left[..., :-3], pictures[..., 3:])
    assert left[..., -3:].max() == 0


def test_colours_go_on_beyond_the_frame() -> None:
    pictures = _pictures(3)
    moved = _shift(2, grey=False)(pictures)
    assert torch.equal(moved[..., 0], pictures[..., 0])
    assert torch.equal(moved[..., 1], pictures[..., 0])
    smaller = _scale(0.5, grey=False)(torch.ones(1, 3, 8, 8))
    assert torch.allclose(smaller, torch.ones(1))


def test_scale_keeps_the_middle() -> None:
    """Half as large: each pixel is the mean of four, and around it is black."""
    smaller = _scale(0.5, grey=True)(_pictures())
    expected = torch.nn.functional.avg_pool2d(_pictures(), 2)
    assert torch.allclose(smaller[..., 2:6, 2:6], expected, atol=1e-5)
    assert smaller[..., 0, :].max() == 0


def test_noise_has_its_deviation_and_stays_within_black_and_white() -> None:
    grey = torch.full((20, 1, 28, 28), 0.5)
    noisy = _noise(0.1)(grey)
    assert float(noisy.std()) == pytest.approx(0.1, rel=0.03)
    assert torch.equal(noisy, _noise(0.1)(grey))
    loud = _noise(1.0)(grey)
    assert (float(loud.min()), float(loud.max())) == (0, 1)


def test_unchanged_pictures_have_the_accuracy_of_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.services.learning.answers._BATCH", 7)
    one = subject()
    found = robustness(one)
    plain = net(one)(fed(one.material.test)).argmax(1) == one.material.test_labels
    assert found.pictures == 30
    assert set(found.curves) == {"noise", "rotation", "shift", "scale"}
    for kind, nothing in [("noise", 0), ("rotation", 0), ("shift", 0), ("scale", 1)]:
        curve = found.curves[kind]
        assert len(curve.values) == len(curve.accuracy)
        place = curve.values.index(nothing)
        assert curve.accuracy[place] == pytest.approx(float(plain.float().mean()))


def test_a_shift_by_hand() -> None:
    one = subject()
    found = robustness(one).curves["shift"]
    moved = torch.zeros_like(one.material.test)
    moved[..., 4:] = one.material.test[..., :-4]
    right = net(one)(fed(moved)).argmax(1) == one.material.test_labels
    assert found.accuracy[found.values.index(4)] == pytest.approx(float(right.float().mean()))


def test_large_networks_see_fewer_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_FEWEST", 5)
    monkeypatch.setattr(module, "_WORK", 1)
    assert robustness(subject()).pictures == 5
