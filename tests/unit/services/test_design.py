"""What a design comes to, against the built network; and why it cannot be, in words."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from app.schemas import Design, DesignPreset
from app.services import design as designs
from app.services.design import check, plain_layers, training_bytes
from app.services.design_presets import presets
from app.services.graph import describe
from models import InputSpec, ModelSpec
from models.design import build

SHAPES = {
    "mnist": (1, 28, 28),
    "fashion-mnist": (1, 28, 28),
    "cifar10": (3, 32, 32),
    "folder": (3, 64, 64),
    "points": (2, 1, 1),
}


def design(*layers: dict[str, Any]) -> Design:
    return Design.model_validate({"layers": layers})


@pytest.mark.parametrize("preset", presets(), ids=lambda preset: preset.id)
def test_a_preset_is_what_its_check_says(preset: DesignPreset) -> None:
    """Names, shapes, parameters and multiply-adds are those of the graph of the built network."""
    for dataset in preset.datasets:
        shape, classes = SHAPES[dataset], 1 if dataset == "points" else 10
        infos, problems = check(preset.design, shape, classes)
        assert problems == []
        network = build(plain_layers(preset.design), shape, classes)
        spec = ModelSpec("it", "", "", "", _input(shape), ("a",) * classes, "", "")
        graph = describe(network, spec)
        assert [info.index for info in infos] == list(range(len(preset.design.layers) + 1))
        for info in infos:
            if info.type != "residual":
                layer = graph.layer(info.id)
                assert layer.output_shape == info.output_shape
                assert (layer.parameters, layer.macs) == (info.parameters, info.macs)
        assert sum(info.parameters for info in infos) == graph.parameters
        assert sum(info.macs for info in infos) == graph.macs
        assert graph.output == infos[-1].id == "out"


def _input(shape: tuple[int, int, int]) -> InputSpec:
    return InputSpec(shape, "L", (0.0,), (1.0,), "digit")


def test_multiply_adds_of_a_residual_block_are_those_that_torch_counts() -> None:
    layers = design({"type": "residual", "channels": 6, "stride": 2})
    infos, _ = check(layers, (4, 9, 9), 3)
    network = build(plain_layers(layers), (4, 9, 9), 3).eval()
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        network(torch.zeros(1, 4, 9, 9))
    assert sum(info.macs for info in infos) == counter.get_total_flops() // 2


def test_presets_suit_every_data_set() -> None:
    assert {dataset for preset in presets() for dataset in preset.datasets} == set(SHAPES)
    assert len({preset.id for preset in presets()}) == len(presets())


def test_layers_up_to_the_impossible_one_are_known() -> None:
    infos, problems = check(
        design(
            {"type": "conv", "channels": 6, "kernel": 5},
            {"type": "pool"},
            {"type": "conv", "channels": 16, "kernel": 15},
            {"type": "dense", "units": 10},
        ),
        (1, 28, 28),
        10,
    )
    assert [info.output_shape for info in infos] == [[6, 24, 24], [6, 12, 12]]
    (problem,) = problems
    assert problem.field == "design.layers.2.kernel"
    assert problem.detail == "The kernel of 15×15 is larger than the 12×12 that layer 3 gets."


def test_too_much_is_refused_without_being_made() -> None:
    layers = design({"type": "conv", "channels": 4096}, {"type": "dense", "units": 4096})
    infos, problems = check(layers, (3, 512, 512), 10)
    assert len(infos) == 3
    assert [problem.field for problem in problems] == ["design.layers.1", "design.layers.0"]


def test_limits_name_the_layer_and_the_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(designs, "MOST_PARAMETERS", 1000)
    monkeypatch.setattr(designs, "MOST_VALUES", 5000)
    layers = design({"type": "conv", "channels": 10}, {"type": "pool"})
    _, problems = check(layers, (1, 28, 28), 10)
    assert [problem.field for problem in problems] == ["design.layers", "design.layers.0"]
    assert problems[0].detail == (
        "The network would have 17,010 parameters, 16,910 of them in out; at most 1,000 are "
        "trained here. A pooling layer before it makes it smaller."
    )
    assert "8,460 values for each picture, most of them in conv1 (10×26×26)" in problems[1].detail


def test_memory_grows_with_the_batch() -> None:
    infos, _ = check(design({"type": "conv", "channels": 4}), (1, 8, 8), 2)
    parameters = 40 + 4 * 36 * 2 + 2
    assert training_bytes(infos, 1) == 4 * (4 * parameters + 2 * (4 * 36 + 2))
    assert training_bytes(infos, 5) - training_bytes(infos, 1) == 4 * 4 * 2 * (4 * 36 + 2)
