"""Every objective drives its score up, they compose, and they say what does not exist."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import torch
from torch import Tensor

from app.services.catalog import Loaded
from app.services.graph import UnknownLayerError
from app.services.maximize import objectives
from app.services.maximize.objectives import Objective
from app.services.maximize.values import UnknownChannelError, Values, checked, units
from tests.unit.services.maximize.runs import QUICK, SMALL, digitnet, made, photo_network

Make = Callable[[str, Tensor], Objective]
GENTLE = replace(QUICK, learning_rate=0.01)


def channel(layer: str, number: int | list[int] = 1) -> Objective:
    return objectives.channel(layer, number)


# Of a layer and its values for some picture, C×h×w: the objective, for two pictures.
EACH: dict[str, Make] = {
    "channel": lambda layer, _: channel(layer),
    "channels": lambda layer, _: channel(layer, [1, 2]),
    "neuron": lambda layer, _: objectives.neuron(layer, [1, 2]),
    "neuron somewhere": lambda layer, _: objectives.neuron(layer, 1, 3, 4),
    "layer": lambda layer, _: objectives.layer(layer),
    "direction": lambda layer, values: objectives.direction(layer, values.mean(dim=(1, 2))),
    "negative": lambda layer, _: -channel(layer),
    "joint": lambda layer, _: objectives.joint(channel(layer), channel(layer, 2)),
    "contrast": lambda layer, _: channel(layer) - channel(layer, 2),
    "interpolation": lambda layer, _: objectives.interpolation(
        channel(layer), channel(layer, 2), 2
    ),
    "diversity": lambda layer, _: channel(layer) * (1 + objectives.diversity(layer)),
    "diversity alone": lambda layer, _: objectives.diversity(layer),
    "alignment": lambda layer, _: channel(layer, [1, 2]) + 0.1 * objectives.alignment(layer),
    "caricature": objectives.caricature,
    "inversion": objectives.inversion,
}


@pytest.mark.parametrize("name", EACH)
def test_score_rises_in_three_steps_for_digits(name: str) -> None:
    digit = torch.zeros(1, 1, 28, 28)
    digit[..., 6:22, 12:16] = 1  # a one
    values = digitnet().runner.run(digit, ["bn2"])["bn2"][0]
    assert_rises(digitnet(), EACH[name]("bn2", values))


@pytest.mark.parametrize("name", EACH)
def test_score_rises_in_three_steps_for_photographs(name: str) -> None:
    layer = "features.4.expand3x3"
    ramp = torch.linspace(-1, 1, 224).expand(1, 3, 224, 224)
    values = photo_network().runner.run(ramp, [layer])[layer][0]
    assert_rises(photo_network(), EACH[name](layer, values), SMALL)


def test_a_class_rises_in_three_steps() -> None:
    assert_rises(photo_network(), objectives.logit([3, 5]), SMALL)


def assert_rises(network: Loaded, objective: Objective, size: int | None = None) -> None:
    curve = made(network, objective, replace(GENTLE, size=size), count=2).curve
    first, last = curve[0][1], curve[3][1]  # before and after three steps
    assert sum(last) > sum(first), (first, last)
    if not objective.compares:
        assert all(b > a for a, b in zip(first, last, strict=True)), (first, last)


def values_of(layer: str = "bn2") -> tuple[Values, Tensor]:
    """Some values, and the maps behind them: 2×32×14×14."""
    maps = torch.randn(2, 32, 14, 14, generator=torch.Generator().manual_seed(5))
    return Values({layer: maps}, digitnet().graph, {}), maps


def test_arithmetic_of_objectives_is_that_of_scores() -> None:
    values, maps = values_of()
    a, b, c = (channel("bn2", number) for number in (3, 7, 9))
    x, y, z = (maps[:, number].mean(dim=(1, 2)) for number in (3, 7, 9))
    torch.testing.assert_close((2 * a - b * c + 1).score(values), 2 * x - y * z + 1)
    torch.testing.assert_close((3 - -a * 0.5).score(values), 3 + x * 0.5)
    torch.testing.assert_close(sum([a, b, c], start=0 * a).score(values), x + y + z)
    torch.testing.assert_close(objectives.joint(a, b, c).score(values), (x + y + z) / 3)


def test_titles_read_like_formulas() -> None:
    a, b = channel("relu1"), channel("relu2", [3, 4])
    assert (2 * a - b).title == "2 × channel 1 of relu1 − channels 3, 4 of relu2"
    assert (-(a + b)).title == "−(channel 1 of relu1 + channels 3, 4 of relu2)"
    assert objectives.logit(7).title == "class 7"
    assert objectives.neuron("relu1", 2, 3, 4).title == "channel 2 of relu1 at y 3, x 4"
    assert objectives.neuron("relu1", 2).title == "channel 2 of relu1 at the middle"


def test_a_sequence_gives_each_picture_its_own_channel() -> None:
    values, maps = values_of()
    score = channel("bn2", [4, 2]).score(values)
    torch.testing.assert_close(score, torch.stack([maps[0, 4].mean(), maps[1, 2].mean()]))
    part = Values({"bn2": maps[1:, [2, 4]]}, digitnet().graph, {"bn2": [2, 4]}, first=1)
    torch.testing.assert_close(channel("bn2", [4, 2]).score(part), score[1:])


def test_a_neuron_is_found_at_its_place_in_maps_of_another_size() -> None:
    values, maps = values_of()
    torch.testing.assert_close(objectives.neuron("bn2", 0, 3, 13).score(values), maps[:, 0, 3, 13])
    torch.testing.assert_close(objectives.neuron("bn2", 0).score(values), maps[:, 0, 7, 7])
    half = Values({"bn2": maps[..., ::2, ::2]}, digitnet().graph, {})
    torch.testing.assert_close(objectives.neuron("bn2", 0, 4, 12).score(half), maps[:, 0, 4, 12])
    with pytest.raises(ValueError, match="no position 14 in a map of 14"):
        objectives.neuron("bn2", 0, 14, 0).score(values)


def test_interpolation_goes_in_equal_steps() -> None:
    maps = torch.zeros(5, 32, 2, 2)
    maps[:, 1] = 8
    values = Values({"bn2": maps}, digitnet().graph, {})
    between = objectives.interpolation(channel("bn2", 0), channel("bn2", 1), 5)
    assert between.score(values).tolist() == [0, 2, 4, 6, 8]


def test_diversity_is_least_for_equal_pictures() -> None:
    values, maps = values_of()
    same = Values({"bn2": maps[:1].expand(3, -1, -1, -1)}, digitnet().graph, {})
    assert objectives.diversity("bn2").score(same).tolist() == pytest.approx([-1] * 3)
    assert (objectives.diversity("bn2").score(values) > -0.99).all()
    alone = Values({"bn2": maps[:1]}, digitnet().graph, {})
    assert objectives.diversity("bn2").score(alone).tolist() == [0]
    assert objectives.alignment("bn2").score(same).tolist() == pytest.approx([0] * 3, abs=1e-4)
    assert (objectives.alignment("bn2").score(values) < -0.1).all()


def test_caricature_and_inversion_are_at_home_with_the_picture_itself() -> None:
    values, maps = values_of()
    assert objectives.inversion("bn2", maps[0]).score(values)[0] == 0
    caricature = objectives.caricature("bn2", maps[0]).score(values)
    assert caricature[0] == pytest.approx(1, rel=1e-4)
    assert caricature[1] < 0.1


def test_what_does_not_exist_is_named_with_what_does() -> None:
    graph = digitnet().graph
    with pytest.raises(UnknownLayerError, match=r"Did you mean 'relu1'\?") as unknown:
        checked(channel("relu11").needs, graph)
    assert "relu2" in unknown.value.valid
    with pytest.raises(UnknownChannelError, match="no channel 32: it has 32, numbered"):
        checked(channel("relu2", [0, 32]).needs, graph)
    with pytest.raises(UnknownChannelError, match="'out' has no channel 10"):
        checked(objectives.logit(10).needs, graph)


def test_only_the_channels_that_are_read_are_asked_for() -> None:
    graph = digitnet().graph
    mixed = channel("relu1", [5, 2]) + channel("relu1", 3) + objectives.logit(7)
    assert units(checked(mixed.needs, graph)) == {"relu1": [2, 3, 5], "out": [7]}
    whole = mixed + objectives.layer("relu1")
    assert units(checked(whole.needs, graph)) == {"out": [7]}


def test_objectives_for_different_numbers_of_pictures_do_not_mix() -> None:
    with pytest.raises(ValueError, match="is for 2 pictures"):
        channel("relu1", [1, 2]) + channel("relu1", [1, 2, 3])
    with pytest.raises(ValueError, match="is for 2 pictures, not 3"):
        made(digitnet(), channel("relu1", [1, 2]), count=3)
    with pytest.raises(ValueError, match="at least one"):
        objectives.joint()
