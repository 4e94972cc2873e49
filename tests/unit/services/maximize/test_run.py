"""The run: reproducible, one picture like many, cancelled at once, honest about silence."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from app.services.maximize import objectives
from app.services.maximize.measure import measure
from app.services.maximize.plateau import WINDOW, Plateau
from app.services.maximize.recipe import FAST, Recipe, preset
from app.services.maximize.run import maximize
from app.services.maximize.spectrum import spectrum_of
from tests.unit.services.maximize.runs import (
    QUICK,
    SMALL,
    digitnet,
    loaded,
    made,
    outcome,
    photo_network,
)

CHANNEL = objectives.channel("relu3", 4)
MOVED = Recipe(steps=8, learning_rate=0.1)


@pytest.mark.parametrize("method", ["fourier", "pixels"])
def test_same_seed_same_picture(method: str) -> None:
    recipe = replace(MOVED, method=method)  # type: ignore[arg-type]
    first, again = (made(digitnet(), CHANNEL, recipe, count=2) for _ in range(2))
    assert first.pictures.tobytes() == again.pictures.tobytes()
    assert first.masks.tobytes() == again.masks.tobytes()
    assert (first.scores, first.curve) == (again.scores, again.curve)
    other = made(digitnet(), CHANNEL, replace(recipe, seed=1), count=2)
    assert other.pictures.tobytes() != first.pictures.tobytes()
    assert first.pictures[0].tobytes() != first.pictures[1].tobytes()


def test_the_global_random_numbers_are_left_alone() -> None:
    torch.manual_seed(3)
    expected = torch.rand(2)
    torch.manual_seed(3)
    made(digitnet(), CHANNEL, MOVED)
    assert torch.equal(torch.rand(2), expected)


def test_a_picture_of_a_batch_is_the_picture_alone() -> None:
    batch = made(digitnet(), objectives.channel("relu3", [4, 9, 2]), MOVED, count=3)
    second = outcome(maximize(digitnet(), objectives.channel("relu3", 9), MOVED, count=1, first=1))
    difference = batch.pictures[1].astype(int) - second.pictures[0]
    assert np.abs(difference).max() <= 2  # of 255: the arithmetic of another batch size
    assert second.scores[0] == pytest.approx(batch.scores[1], rel=1e-3)


def test_progress_comes_after_each_step_with_its_pictures() -> None:
    run = maximize(digitnet(), CHANNEL, replace(QUICK, steps=3), count=2)
    seen = list(run)
    assert [(each.step, each.steps) for each in seen] == [(1, 3), (2, 3), (3, 3)]
    assert all(len(each.scores) == 2 for each in seen)
    assert not any(seen[0].finished)
    assert seen[-1].pictures().shape == (2, 28, 28)
    assert seen[-1].pictures().dtype == np.uint8


def test_closing_it_ends_the_run() -> None:
    run = maximize(digitnet(), CHANNEL, Recipe(steps=10_000), count=1)
    next(run)
    run.close()
    with pytest.raises(StopIteration):
        next(run)


def test_photographs_come_in_colour_and_measured_at_the_network_s_own_size() -> None:
    channel = objectives.channel("features.3.expand1x1_activation", [0, 5])
    made_small = made(photo_network(), channel, replace(QUICK, size=SMALL), count=2)
    assert made_small.pictures.shape == (2, SMALL, SMALL, 3)
    assert made_small.masks.shape == (2, SMALL, SMALL)
    assert (made_small.precision, made_small.device) in (("float32", "cpu"), ("bfloat16", "cpu"))
    measured = measure(photo_network(), made_small.pictures, channel)
    assert len(measured.scores) == 2
    assert measured.predictions is not None
    assert len(measured.predictions[1]["top"]) == 5


def test_scores_are_those_of_the_8_bit_pictures() -> None:
    channel = objectives.channel("relu3", [4, 9])
    out = made(digitnet(), channel, MOVED, count=2)
    x = torch.from_numpy(out.pictures)[:, None].float() / 255
    maps = digitnet().runner.run(x, ["relu3"])["relu3"]
    expected = [float(maps[0, 4].mean()), float(maps[1, 9].mean())]
    assert out.scores == pytest.approx(expected, rel=1e-4)
    measured = measure(digitnet(), out.pictures, channel)
    assert measured.scores == pytest.approx(expected, rel=1e-4)


def test_measuring_in_parts_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    pictures = np.random.default_rng(2).integers(0, 256, (5, 28, 28), np.uint8)
    each = objectives.channel("relu3", [4, 9, 2, 1, 0])
    way = objectives.interpolation(CHANNEL, objectives.logit(3), 5)
    whole = [measure(digitnet(), pictures, objective) for objective in (each, way)]
    monkeypatch.setattr("app.services.maximize.measure._BYTES", 1)
    for objective, expected in zip((each, way), whole, strict=True):
        parts = measure(digitnet(), pictures, objective)
        assert parts.scores == pytest.approx(expected.scores, rel=1e-4)
        assert len(parts.predictions or []) == 5


class Half(nn.Module):
    """One channel of the first layer can never be driven above 0, one of them can."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 2, 3, padding=1)
        self.relu = nn.ReLU()
        self.flatten = nn.Flatten()
        self.out = nn.Linear(128, 2)
        with torch.no_grad():
            self.conv.weight.copy_(torch.linspace(-1, 1, 18).view_as(self.conv.weight))
            assert self.conv.bias is not None
            self.conv.bias.copy_(torch.tensor([-1e3, -0.1]))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.out(self.flatten(self.relu(self.conv(x))))  # type: ignore[no-any-return]


def test_a_unit_that_nothing_drives_is_called_silent() -> None:
    network = loaded(Half())
    out = made(network, objectives.channel("relu", [0, 1]), replace(MOVED, steps=40), count=2)
    assert out.silent == [True, False]
    assert out.scores[0] == 0
    assert out.scores[1] > 0
    before = made(network, objectives.channel("conv", [0, 1]), replace(MOVED, steps=40), count=2)
    assert before.silent == [False, False]  # before the ReLU even the dead one rises


def test_what_was_to_fall_silent_is_not_called_so() -> None:
    out = made(loaded(Half()), -objectives.channel("relu", 1), replace(MOVED, steps=60))
    assert out.scores[0] == pytest.approx(0, abs=1e-3)
    assert out.silent == [False]


def test_a_class_that_sleeps_at_the_start_is_woken() -> None:
    """Of a black picture, DigitNet's last ReLUs are nearly all silent."""
    out = made(digitnet(), objectives.logit(range(10)), FAST["digit"], count=10)
    assert out.silent == [False] * 10
    best = measure(digitnet(), out.pictures, objectives.logit(range(10))).predictions or []
    assert [each["top"][0]["class"] for each in best] == list(range(10))


def test_a_run_stops_when_no_score_rises_any_more() -> None:
    """All white is reached soon, and nothing drives a sum of pixels further."""
    network = nn.Sequential(nn.Conv2d(1, 1, 1), nn.Flatten(), nn.Linear(64, 2))
    nn.init.ones_(network[0].weight)  # type: ignore[arg-type]
    recipe = Recipe(method="pixels", steps=1000, learning_rate=0.2, transforms=False)
    run = maximize(loaded(network), objectives.channel("0", 0), recipe, count=2)
    *_, last = run
    assert 64 <= last.step <= 128
    assert last.finished == [True, True]
    assert (last.pictures() == 255).all()
    unstopped = replace(recipe, steps=150, early_stop=False)
    assert made(loaded(network), objectives.channel("0", 0), unstopped).steps == 150


def test_maco_takes_a_spectrum() -> None:
    noise = torch.rand(20, 1, 28, 28, generator=torch.Generator().manual_seed(2))
    run = maximize(digitnet(), CHANNEL, replace(MOVED, method="maco"), 1, spectrum_of(noise, "x"))
    out = outcome(run)
    assert out.curve[-1][1] > out.curve[0][1]


def test_presets_fit_the_kind_of_network() -> None:
    digit, photo = digitnet().spec.input, photo_network().spec.input
    assert preset("fast", digit).size is None
    assert preset("fast", photo).size == 192
    assert preset("fine", photo).steps > preset("fast", photo).steps
    assert preset("fast", digit, "maco").learning_rate is None
    small = replace(photo, shape=(3, 128, 128))
    assert preset("fast", small).size is preset("fine", small).size is None


def test_a_plateau_is_told_once_for_each_picture() -> None:
    plateau = Plateau(3)
    told = []
    for step in range(3 * WINDOW):
        rising, late = 1 + step / 10, 1 + min(step, WINDOW) / 10
        told += [(step, number) for number in plateau.add(torch.tensor([1.0, rising, late]))]
    assert told == [(2 * WINDOW - 1, 0), (3 * WINDOW - 1, 2)]
    assert plateau.reached == [True, False, True]
