"""What is maximized drives its unit harder than any real picture does (scripts' check)."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor

from app.services.maximize.recipe import FAST
from app.services.maximize.spectra import Spectra
from scripts import maximization_check
from tests.unit.services.maximize.runs import digitnet, photo_network

UNITS = 100
ASKED = 95


def test_hardly_a_unit_prefers_any_of_the_10_000_mnist_digits() -> None:
    """Of 100 units drawn at random over all layers of DigitNet."""
    layers = maximization_check.layers_of(digitnet(), "all")
    inputs = maximization_check.real_inputs(digitnet(), None)
    means = maximization_check.largest_means(digitnet(), inputs, layers)
    units = maximization_check.draw(means, UNITS, seed=0)
    assert len({layer for layer, _ in units}) > len(layers) / 2
    spectrum = Spectra().of(digitnet().spec.input)
    results = list(maximization_check.compare(digitnet(), units, means, FAST["digit"], spectrum))
    losing = [str(result) for result in results if not result.wins]
    assert len(results) == UNITS
    assert len(losing) <= UNITS - ASKED, losing


def test_the_largest_means_are_those_of_the_pictures() -> None:
    pictures = torch.rand(5, 1, 28, 28, generator=torch.Generator().manual_seed(2))
    values = digitnet().runner.run(pictures, ["relu2", "out"])
    means = maximization_check.largest_means(digitnet(), torch.split(pictures, 2), ["relu2", "out"])
    torch.testing.assert_close(means["relu2"], values["relu2"].mean(dim=(2, 3)).amax(dim=0))
    torch.testing.assert_close(means["out"], values["out"].amax(dim=0))


def test_units_are_drawn_from_all_layers_alike() -> None:
    means: dict[str, Tensor] = {"a": torch.zeros(3), "b": torch.zeros(5)}
    assert maximization_check.draw(means, 8, 0) == [
        *(("a", channel) for channel in range(3)),
        *(("b", channel) for channel in range(5)),
    ]
    assert maximization_check.draw(means, 4, 0) == maximization_check.draw(means, 4, 0)
    assert maximization_check.draw(means, 4, 0) != maximization_check.draw(means, 4, 1)


def test_photographs_have_to_be_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="needs a folder or a zip file"):
        next(maximization_check.real_inputs(photo_network(), None))
    with pytest.raises(ValueError, match="holds no"):
        next(maximization_check.real_inputs(photo_network(), tmp_path))
