"""Which channels read which: against the weights themselves, on networks of every kind."""

from __future__ import annotations

import math
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest
import torch
from torch import Tensor, nn

from app.schemas import LinkedUnit
from app.services.catalog import Loaded
from app.services.graph import UnknownLayerError
from app.services.links import Links
from app.services.neuron import UnknownUnitError
from app.services.units import Card, unit_card
from models.layers import LENET_TABLE
from tests.unit.services.conftest import Case

MakeCase = Callable[[str], Case]
ALL = 10_000
BETWEEN = {"Add", "ReLU", "Mul", "LocalResponseNorm"}  # what a channel's values change in


def card(case: Case, layer: str, channel: int, most: int = ALL) -> Card:
    loaded = SimpleNamespace(spec=case.spec, network=case.network, graph=case.graph)
    return unit_card(cast(Loaded, loaded), layer, channel, most)


def norms(links: list[LinkedUnit]) -> dict[tuple[str, int], float]:
    return {(link.layer, link.channel): link.norm for link in links}


def weight(case: Case, name: str) -> Tensor:
    found: Any = case.network.get_submodule(name).weight
    assert isinstance(found, Tensor)
    return found.detach()


def scales(case: Case, name: str) -> Tensor:
    norm = case.network.get_submodule(name)
    assert isinstance(norm, nn.BatchNorm2d)
    assert norm.running_var is not None
    return (norm.weight / (norm.running_var + norm.eps).sqrt()).detach()


def test_a_link_has_the_same_strength_from_both_ends(any_case: Case) -> None:
    """What reads a stage's output names it among what it reads, unless an addition is between."""
    graph, links = any_case.graph, Links(any_case.network, any_case.graph)
    compared = 0
    for stage in graph.stages:
        layer = graph.layer(stage.output)
        channel = layer.output_shape[0] - 1
        if len(layer.output_shape) not in (1, 3) or links._origin(layer, channel)[0] != layer:
            continue
        for reader in links.after(layer, channel, 3):
            base, place, scale = links.descend(graph.layer(reader.layer), reader.channel)
            read = links.before(base, place, scale, ALL)
            back = [link for link in read if (link.layer, link.channel) == (layer.id, channel)]
            if not back:
                assert {graph.layer(link.layer).type for link in read} <= BETWEEN
                continue
            assert any(link.norm == pytest.approx(reader.norm, rel=1e-5) for link in back)
            assert any(link.weight == pytest.approx(reader.weight, abs=1e-5) for link in back)
            compared += 1
    assert compared


def test_every_unit_has_a_card(any_case: Case) -> None:
    for layer in any_case.graph.layers:
        if len(layer.output_shape) not in (1, 3):
            with pytest.raises(UnknownUnitError):
                card(any_case, layer.id, 0)
            continue
        channel = layer.output_shape[0] // 2
        found = card(any_case, layer.id, channel, most=4)
        assert len(found.before) <= 4
        for link in (*found.before, *found.after):
            shape = any_case.graph.layer(link.layer).output_shape
            assert 0 <= link.channel < shape[0]
            assert math.isfinite(link.weight)
            assert link.norm >= 0
        for way in (found.before, found.after):
            assert [each.norm for each in way] == sorted((e.norm for e in way), reverse=True)


def test_a_convolution_among_others(make_case: MakeCase) -> None:
    case = make_case("digitnet")
    conv2, conv3 = weight(case, "conv2"), weight(case, "conv3")
    found = card(case, "relu2", 3)
    assert found.weighted_layer == "conv2"
    assert found.kernel_shape == list(conv2.shape)
    assert len(found.before) == conv2.shape[1]
    assert len(found.after) == len(conv3)
    strongest = found.after[0]
    assert strongest.norm == pytest.approx(float(kernel_norms(case, "conv3")[:, 3].max()), rel=1e-5)
    assert case.graph.layer("conv3").stage == case.graph.layer(strongest.layer).stage
    assert {link.layer for link in card(case, "conv3", 0).before} == {"relu2"}
    readers = {link.layer for link in card(case, "relu4", 5).after}
    assert readers == {case.graph.stage("fc1").output}  # a pool and flattening lie between


def kernel_norms(case: Case, name: str) -> Tensor:
    """O×I norms of a layer's kernels, with the batch normalization behind it."""
    kernel = weight(case, name)
    (reader,) = [layer for layer in case.graph.layers if layer.inputs == [name]]
    if isinstance(case.graph.modules.get(reader.id), nn.BatchNorm2d):
        kernel = kernel * scales(case, reader.id)[:, None, None, None]
    found: Tensor = kernel.flatten(2).norm(dim=2)
    return found


def test_flattened_maps_are_counted_together(make_case: MakeCase) -> None:
    case = make_case("inplace")
    fc = weight(case, "fc").reshape(2, 3, 14 * 14)
    found = card(case, "fc", 1)
    assert [(link.channel, link.weight) for link in sorted(found.before, key=lambda e: e.channel)]
    by_channel = {link.channel: (link.weight, link.norm) for link in found.before}
    for channel in range(3):
        row = fc[1, channel]
        assert by_channel[channel] == pytest.approx((float(row.sum()), float(row.norm())), rel=1e-4)
    after = {link.channel: link.norm for link in card(case, "conv", 2).after}
    assert after == pytest.approx({k: float(fc[k, 2].norm()) for k in range(2)}, rel=1e-5)


def test_a_sparse_table(make_case: MakeCase) -> None:
    case = make_case("harley")
    for channel, row in enumerate(LENET_TABLE):
        assert {link.channel for link in card(case, "conv2", channel).before} == set(row)
    readers = {link.channel for link in card(case, "conv1", 4).after}
    assert readers == {o for o, row in enumerate(LENET_TABLE) if 4 in row}


def test_trainable_subsampling(make_case: MakeCase) -> None:
    case = make_case("lenet5")
    coefficient = float(weight(case, "s2")[3])
    before = {link.channel: link.weight for link in card(case, "s2", 3).before}
    assert before == pytest.approx({3: 4 * coefficient})
    after = {link.channel: link.norm for link in card(case, "c1", 3).after}
    assert after == pytest.approx({3: 2 * abs(coefficient)})


def test_groups(make_case: MakeCase) -> None:
    case = make_case("windows")
    depthwise, dilated = weight(case, "depthwise"), weight(case, "dilated")
    before = {link.channel: link.norm for link in card(case, "depthwise", 5).before}
    assert before == pytest.approx({2: float(depthwise[5].norm())})
    assert {link.channel for link in card(case, "dilated", 4).before} == {4, 5, 6, 7}
    readers = {link.channel: link.norm for link in card(case, "depthwise", 1).after}
    expected = {o: float(dilated[o, 1].norm()) for o in range(3)}
    assert readers == pytest.approx(expected)
    assert {link.channel for link in card(case, "grouped", 3).after} == {6, 7}


def test_a_transposed_convolution_and_a_skip_connection(make_case: MakeCase) -> None:
    case = make_case("unet")
    up = weight(case, "up")  # I×O×kH×kW
    before = {link.channel: link.norm for link in card(case, "up", 1).before}
    assert before == pytest.approx({i: float(up[i, 1].norm()) for i in range(4)})
    after = {link.channel: link.norm for link in card(case, "middle", 2).after}
    assert after == pytest.approx({o: float(up[2, o].norm()) for o in range(3)})
    readers = {case.graph.layer(link.layer).stage for link in card(case, "down", 0).after}
    assert {"middle", "gate.1", "head"} <= readers


def test_concatenated_branches_and_batch_norm(make_case: MakeCase) -> None:
    case = make_case("inception")
    fc, kernel = weight(case, "fc"), weight(case, "branch2.1.conv")
    found = {(link.layer, link.channel): link.weight for link in card(case, "fc", 0).before}
    branch = case.graph.stage("branch2.1.conv").output
    assert found[branch, 2] == pytest.approx(float(fc[0, 2 + 2]), rel=1e-5)
    after = {link.channel: link.weight for link in card(case, branch, 2).after}
    assert after == pytest.approx({o: float(fc[o, 4]) for o in range(3)}, rel=1e-5)
    scale = scales(case, "branch2.1.bn")
    read = {link.channel: link.norm for link in card(case, branch, 1).before}
    own = {i: float((kernel[1, i] * scale[1]).norm()) for i in range(3)}
    assert read == pytest.approx(own, rel=1e-5)
    (link,) = card(case, "cat", 7).before
    assert link.weight == 1.0


def test_additions_are_crossed_where_nobody_else_reads(make_case: MakeCase) -> None:
    case = make_case("residual")
    fc = weight(case, "fc")
    block = case.graph.stage("layer1.conv2").output
    after = {link.channel: link.weight for link in card(case, block, 4).after}
    assert after == pytest.approx({o: float(fc[o, 4]) for o in range(3)}, rel=1e-5)
    readers = {case.graph.layer(link.layer).stage for link in card(case, "stem", 1).after}
    assert readers == {"layer1.conv1", "layer1.downsample.0"}
    added = next(layer for layer in case.graph.layers if layer.type == "Add")
    assert len(card(case, added.id, 2).before) == 2


def test_a_channel_shuffle(make_case: MakeCase) -> None:
    case = make_case("shuffle")
    shuffled = next(
        layer for layer in reversed(case.graph.layers)
        if layer.role == "reshape" and len(layer.output_shape) == 3
    )  # fmt: skip
    links = Links(case.network, case.graph)
    place = [links._origin(shuffled, channel)[1] for channel in range(4)]
    own = {links._origin(shuffled, channel)[0].id for channel in range(4)}
    assert len(own) == 2
    assert place == [0, 0, 1, 1]


def test_the_output_is_named(make_case: MakeCase) -> None:
    case = make_case("residual")
    assert card(case, "fc", 1).class_label == "b"
    assert card(case, "stem", 1).class_label is None
    assert card(case, "fc", 1).bias == pytest.approx(float(fc_bias(case)[1]))
    assert card(case, "layer1.conv1", 1).bias is None
    assert card(case, "input", 0).before == []


def fc_bias(case: Case) -> Tensor:
    module = case.network.get_submodule("fc")
    assert isinstance(module, nn.Linear)
    return module.bias.detach()


@pytest.mark.parametrize("channel", [-1, 4, 1000])
def test_unknown_units(make_case: MakeCase, channel: int) -> None:
    with pytest.raises(UnknownUnitError, match="0 to 3"):
        card(make_case("residual"), "stem", channel)
    with pytest.raises(UnknownLayerError):
        card(make_case("residual"), "stemm", 0)


def test_weights_are_not_changed(make_case: MakeCase) -> None:
    case = make_case("residual")
    before = {name: value.clone() for name, value in case.network.state_dict().items()}
    card(case, "layer1.conv1", 0)
    after = case.network.state_dict()
    assert all(torch.equal(before[name], after[name]) for name in before)
