"""What scans of digits found, against a direct computation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor

from app.services.catalog import Catalog, Loaded
from app.services.datasets import load_mnist
from app.services.gallery import Gallery
from app.services.graph import UnknownLayerError
from app.services.jobs import Result
from app.services.neuron import UnknownUnitError, explain
from app.services.preprocess import to_network
from app.services.tops import scan as module
from app.services.tops.scan import NoChannelsError, own_layer, scanned_layers
from app.services.tops.sets import PictureSets, UnknownSetError
from app.services.tops.tops import KEPT, NotScannedError, Tops, channel_range, histogram
from tests.unit.services.tops.mnist import write_mnist

COUNT, BATCH = 150, 32
SHARE = 1e-6  # relative error of a mean


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return Catalog("cpu").get("digitnet")


@pytest.fixture(scope="module")
def tops(tmp_path_factory: pytest.TempPathFactory, loaded: Loaded) -> Tops:
    folder = tmp_path_factory.mktemp("tops")
    sets = PictureSets(Gallery(), write_mnist(folder / "data", COUNT), None, 10**6)
    tops = Tops(folder / "cache", sets)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_BATCH", BATCH)
        *_, last = tops.scan(loaded, "mnist-test")
    assert isinstance(last, Result)
    return tops


@pytest.fixture(scope="module")
def direct(loaded: Loaded) -> dict[str, Tensor]:
    """All values of all layers, computed in the same batches."""
    x = to_network(load_mnist("test")[0][:COUNT], loaded.spec)
    parts = [loaded.runner.run(x[start : start + BATCH]) for start in range(0, COUNT, BATCH)]
    return {layer: torch.cat([part[layer] for part in parts]) for layer in parts[0]}


def test_every_range_and_histogram(tops: Tops, loaded: Loaded, direct: dict[str, Tensor]) -> None:
    layers = scanned_layers(loaded.graph)
    assert len(layers) > 10
    for layer in layers:
        found = tops.layer(loaded, layer)
        assert (found.set, found.pictures) == ("mnist-test", COUNT)
        maps = direct[layer].flatten(2) if direct[layer].dim() > 2 else direct[layer][..., None]
        for channel, values in enumerate(maps.double().numpy().transpose(1, 0, 2)):  # N, units
            each = channel_range(found.record, channel)
            assert (each.smallest, each.largest) == (values.min(), values.max())
            assert each.zero_share == (values == 0).mean()
            scale = np.abs(values).mean()
            assert each.mean == pytest.approx(values.mean(), abs=SHARE * scale)
            means = values.mean(axis=1)
            assert each.largest_mean == pytest.approx(means.max(), abs=10 * SHARE * scale)
            bars = histogram(found.record, channel)
            edges = [*bars.edges[:-1], np.inf]
            np.testing.assert_array_equal(np.histogram(values, edges)[0], bars.counts)
            assert bars.edges[-1] > values.max()


@pytest.mark.parametrize("layer", ["conv1", "relu1", "pool1", "out"])
def test_every_top_picture(
    tops: Tops, loaded: Loaded, direct: dict[str, Tensor], layer: str
) -> None:
    labels = load_mnist("test")[1]
    found, values = tops.layer(loaded, layer), direct[layer]
    for channel in range(values.shape[1]):
        maps = values[:, channel].reshape(COUNT, -1).numpy()
        order = np.argsort(-maps.max(axis=1), kind="stable")[:KEPT]
        units = tops.unit(loaded, found, channel)
        assert [unit.picture.number for unit in units] == order.tolist()
        for unit, number in zip(units, order, strict=True):
            assert unit.value == maps[number].max()
            assert unit.picture.name == f"test {number}"
            assert unit.picture.label == str(labels[number])
            if values.dim() == 2:
                assert (unit.y, unit.x) == (None, None)
            else:
                place = np.unravel_index(maps[number].argmax(), values.shape[2:])
                assert (unit.y, unit.x) == place


def test_boxes_are_those_of_the_arithmetic(
    tops: Tops, loaded: Loaded, direct: dict[str, Tensor]
) -> None:
    for layer in ("relu1", "pool1", loaded.graph.output):
        found = tops.layer(loaded, layer)
        for unit in tops.unit(loaded, found, 2, 4):
            one = {name: values[unit.picture.number] for name, values in direct.items()}
            neuron = explain(loaded.network, loaded.graph, one, layer, 2, unit.y, unit.x)
            assert neuron.receptive_field == unit.box
            assert neuron.output == pytest.approx(unit.value, rel=1e-5)


def test_the_picture_as_the_network_sees_it(tops: Tops, loaded: Loaded) -> None:
    found = tops.layer(loaded, "relu1")
    best = tops.unit(loaded, found, 0, 1)[0].picture
    seen = tops.picture(loaded, found.set, best)
    np.testing.assert_array_equal(seen, load_mnist("test")[0][best.number])


def test_reference(tops: Tops, loaded: Loaded, direct: dict[str, Tensor]) -> None:
    reach = tops.reference(loaded, "conv1", 1)
    assert reach is not None
    assert (reach.set, reach.pictures) == ("mnist-test", COUNT)
    assert reach.largest == direct["conv1"][:, 1].max()
    largest = direct["conv1"][:, 1].mean((1, 2)).max()
    assert reach.largest_mean == pytest.approx(float(largest), rel=1e-4)
    other = Catalog("cpu").get("mlp")
    assert tops.reference(other, other.graph.output, 0) is None


def test_the_largest_set_is_the_default(tops: Tops, loaded: Loaded) -> None:
    list(tops.scan(loaded, "mnist-train", ["conv1"]))
    assert tops.layer(loaded, "conv1").set == "mnist-test"
    assert tops.layer(loaded, "conv1", "mnist-train").set == "mnist-train"
    standings = {each.id: (each.pictures, each.scanned) for each in tops.sets(loaded)}
    assert standings == {"mnist-test": (COUNT, COUNT), "mnist-train": (COUNT, 0)}


def test_what_has_no_answer(tops: Tops, loaded: Loaded) -> None:
    with pytest.raises(UnknownLayerError):
        tops.layer(loaded, "nothing")
    with pytest.raises(UnknownSetError, match="no set of pictures 'gallery'"):
        tops.scan(loaded, "gallery")
    with pytest.raises(NotScannedError):
        tops.layer(loaded, "relu1", "mnist-train")
    with pytest.raises(UnknownUnitError):
        tops.unit(loaded, tops.layer(loaded, "relu1"), 10**6)
    with pytest.raises(UnknownUnitError):
        tops.reference(loaded, "relu1", -1)


def test_dropout_stands_for_what_it_hands_on() -> None:
    graph = Catalog("cpu").graph("alexnet")
    assert own_layer(graph, "classifier.0").id == own_layer(graph, "flatten").id
    assert own_layer(graph, "classifier.3").id == "classifier.2"
    assert "classifier.3" not in scanned_layers(graph)
    assert {"input", "flatten"}.isdisjoint(scanned_layers(graph))
    assert scanned_layers(graph, ["classifier.3", "features.0"]) == ["features.0", "classifier.2"]
    assert issubclass(NoChannelsError, ValueError)


def test_a_network_that_was_rebuilt_has_no_scan(tops: Tops, loaded: Loaded) -> None:
    *layers, last = loaded.graph.layers
    layers.append(last.model_copy(update={"type": "Another"}))
    rebuilt = replace(loaded, graph=replace(loaded.graph, layers=layers))
    assert tops.reference(loaded, "conv1", 1) is not None
    assert tops.reference(rebuilt, "conv1", 1) is None
