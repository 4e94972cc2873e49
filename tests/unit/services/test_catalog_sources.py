"""The catalog with several sources of weights, under a budget of memory."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

import models
from app.services import cards
from app.services.catalog import Catalog, adapted
from app.services.predictions import NoClassifierError, predict
from models.weights import Store, UnknownSourceError, WeightsMissingError

SQUEEZENET_BYTES = 4 * 1_235_496


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """No weights but those of the repository."""
    return Store(tmp_path / "weights")


@pytest.fixture
def catalog(store: Store) -> Catalog:
    """Room for one SqueezeNet 1.1, and a little more."""
    return Catalog("cpu", store, int(1.5 * SQUEEZENET_BYTES))


def add(store: Store, folder: Path, num_classes: int | None = None, seed: int = 0) -> None:
    """Give SqueezeNet 1.1 a user's own file."""
    torch.manual_seed(seed)
    network = models.create("squeezenet1_1", num_classes)
    path = folder / "mine.safetensors"
    save_file(network.state_dict(), path)
    store.add_file("squeezenet1_1", path, path.name)


def test_random_weights_are_the_same_each_time_and_only_given_by_name(catalog: Catalog) -> None:
    with pytest.raises(WeightsMissingError):
        catalog.get("squeezenet1_1")
    first = catalog.get("squeezenet1_1", "random")
    assert (first.source, first.card.source, first.card.sha256) == ("random",) * 3
    catalog.forget("squeezenet1_1", "random")
    again = catalog.get("squeezenet1_1", "random")
    assert again is not first
    for name, value in first.network.state_dict().items():
        assert torch.equal(again.network.state_dict()[name], value)
    with pytest.raises(WeightsMissingError):
        catalog.get("squeezenet1_1")


def test_a_source_that_a_network_does_not_have(catalog: Catalog) -> None:
    for ask in (catalog.get, catalog.is_loaded, catalog.spec, catalog.graph):
        with pytest.raises(UnknownSourceError) as unknown:
            ask("mlp", "shiped")
        assert unknown.value.nearest == "shipped"
        assert unknown.value.valid == ["shipped", "file", "random"]


def test_the_first_source_that_is_ready_is_the_default(
    catalog: Catalog, store: Store, tmp_path: Path
) -> None:
    assert catalog.source("mlp") == "shipped"
    add(store, tmp_path)
    assert catalog.get("squeezenet1_1").source == "file"
    assert catalog.get("squeezenet1_1") is catalog.get("squeezenet1_1", "file")


def test_networks_beyond_the_budget_go_and_the_shipped_ones_stay(catalog: Catalog) -> None:
    shipped = [catalog.get(name) for name in ("mlp", "lenet5")]
    first = catalog.get("squeezenet1_1", "random")
    assert catalog.is_loaded("squeezenet1_1", "random")
    catalog.get("squeezenet1_0", "random")
    assert not catalog.is_loaded("squeezenet1_1", "random")
    assert catalog.get("squeezenet1_1", "random") is not first
    assert [catalog.get(name) for name in ("mlp", "lenet5")] == shipped


def test_a_network_larger_than_the_budget_stays_while_it_is_the_last(store: Store) -> None:
    catalog = Catalog("cpu", store, 0)
    loaded = catalog.get("squeezenet1_1", "random")
    assert catalog.get("squeezenet1_1", "random") is loaded


def test_features_without_a_classifier(catalog: Catalog, store: Store, tmp_path: Path) -> None:
    add(store, tmp_path, num_classes=0)
    loaded = catalog.get("squeezenet1_1")
    assert loaded.spec.classes == ()
    assert models.spec("squeezenet1_1").classes
    x = torch.zeros(1, 3, 224, 224)
    values = loaded.runner.run(x, [loaded.graph.output])[loaded.graph.output]
    assert values.shape == (1, 512, 13, 13)
    with pytest.raises(NoClassifierError, match="'file' of 'squeezenet1_1'"):
        predict(loaded, x, values, 5)
    assert catalog.spec("squeezenet1_1", "file").classes == ()
    assert len(catalog.spec("squeezenet1_1", "official").classes) == 1000
    ids = {layer.id for layer in catalog.graph("squeezenet1_1", "official").layers}
    assert {layer.id for layer in catalog.graph("squeezenet1_1").layers} < ids


def test_a_replaced_file_is_loaded_anew(catalog: Catalog, store: Store, tmp_path: Path) -> None:
    add(store, tmp_path)
    first = catalog.get("squeezenet1_1")
    add(store, tmp_path, seed=1)
    assert not catalog.is_loaded("squeezenet1_1", "file")
    second = catalog.get("squeezenet1_1")
    assert second.card.sha256 != first.card.sha256
    assert second.graph is first.graph
    store.remove("squeezenet1_1", "file")
    with pytest.raises(WeightsMissingError):
        catalog.get("squeezenet1_1", "file")


def test_a_graph_takes_no_memory_and_is_made_once(catalog: Catalog) -> None:
    with ThreadPoolExecutor(4) as pool:
        graphs = list(pool.map(catalog.graph, ["vgg16"] * 4))
    assert all(graph is graphs[0] for graph in graphs)
    assert catalog.graph("vgg16", "random") is graphs[0]
    assert all(weight.is_meta for weight in graphs[0].traced.parameters())


@pytest.mark.parametrize(("count", "classes"), [(3, ("a", "b", "c")), (0, ()), (2, ("0", "1"))])
def test_a_card_for_other_classes(count: int, classes: tuple[str, ...]) -> None:
    spec = models.ModelSpec("x", "X", "X", "", models.spec("mlp").input, ("a", "b", "c"), "", "")
    assert adapted(spec, spec.input, count).classes == classes


def test_the_list_builds_no_network_whose_size_is_stated(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[str] = []
    create = models.create

    def counted(model_id: str, num_classes: int | None = None) -> torch.nn.Module:
        built.append(model_id)
        return create(model_id, num_classes)

    monkeypatch.setattr(models, "create", counted)
    rows = [cards.summary(catalog, name) for name in models.names()]
    assert {name for name in built if models.spec(name).input.preprocessing == "photo"} == set()
    sizes = {row.id: (row.parameters, row.macs) for row in rows}
    assert sizes["vgg16"] == (138_357_544, 15_470_264_320)
    assert sizes["mlp"] == (266_610, 266_200)


def test_cards_say_how_each_source_stands(catalog: Catalog, store: Store, tmp_path: Path) -> None:
    before = cards.summary(catalog, "squeezenet1_1", None, lambda model, source: None)
    assert (before.weights.status, before.weights.source) == ("downloadable", None)
    loading = cards.summary(catalog, "squeezenet1_1", None, lambda model, source: f"job-{source}")
    assert loading.weights.status == "downloading"
    assert {s.id: (s.status, s.job) for s in loading.weights.sources} == {
        "official": ("downloading", "job-official"),
        "file": ("downloading", "job-file"),
    }
    add(store, tmp_path, num_classes=0)
    after = cards.summary(catalog, "squeezenet1_1")
    assert (after.weights.status, after.weights.source) == ("ready", "file")
    assert after.parameters < before.parameters == 1_235_496
    assert after.weights.sha256 == store.card("squeezenet1_1", "file").sha256
    assert {s.id: (s.status, s.classifier) for s in after.weights.sources} == {
        "official": ("downloadable", True),
        "file": ("ready", False),
    }
    named = cards.summary(catalog, "squeezenet1_1", "official")
    assert (named.weights.status, named.weights.source) == ("downloadable", "official")
    random = cards.detail(catalog, "squeezenet1_1", "random")
    assert (random.weights.source, random.weights.status) == ("random", "ready")
    assert len(random.classes) == 1000
    assert len(random.layers) > len(cards.detail(catalog, "squeezenet1_1").layers)
