"""The catalog: networks on demand, never with random weights."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import torch

import models
from app.services.catalog import Catalog, choose_device
from models import UnknownModelError
from models.weights import Store, WeightsCard, WeightsMissingError


@pytest.mark.parametrize("name", list(models.weights.shipped()))
def test_a_network_comes_with_its_weights(name: str) -> None:
    catalog = Catalog("cpu")
    assert not catalog.is_loaded(name)
    loaded = catalog.get(name)
    assert catalog.is_loaded(name)
    assert not loaded.network.training
    assert not any(p.requires_grad for p in loaded.network.parameters())
    expected = models.load(name).state_dict()
    for key, value in loaded.network.state_dict().items():
        assert torch.equal(value, expected[key])
    assert loaded.card == models.weights.shipped()[name]
    assert catalog.graph(name) is loaded.graph


def test_each_network_is_loaded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    catalog = Catalog("cpu")
    load = catalog.store.load

    def counted(model_id: str, source: str) -> tuple[torch.nn.Module, WeightsCard]:
        calls.append(model_id)
        return load(model_id, source)

    monkeypatch.setattr(catalog.store, "load", counted)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(catalog.get, ["mlp"] * 8))
    assert calls == ["mlp"]
    assert all(one is found[0] for one in found)


def test_the_network_in_bfloat16_is_made_once_and_counted() -> None:
    model, other = "alexnet_small", "digitnet"
    size = sum(values.nbytes for values in models.load(model).state_dict().values())
    catalog = Catalog("cpu", network_bytes=size + size // 4)
    loaded = catalog.get(model, "random")
    catalog.get(other, "random")
    assert catalog.is_loaded(model, "random")
    with ThreadPoolExecutor(4) as pool:
        halves = list(pool.map(catalog.half, [loaded] * 4))
    assert all(half is halves[0] for half in halves)
    assert not catalog.is_loaded(other, "random")


def test_missing_weights_are_an_error_and_the_graph_needs_none(
    tmp_path: Path,
) -> None:
    catalog = Catalog("cpu", Store(tmp_path, shipped_folder=tmp_path))
    for source in (None, "shipped"):
        with pytest.raises(WeightsMissingError, match="make train-digits"):
            catalog.get("harley", source)
    assert catalog.graph("harley").output == "out"
    assert catalog.graph("harley") is catalog.graph("harley")


def test_an_unknown_network_leaves_nothing_behind() -> None:
    catalog = Catalog("cpu")
    for ask in (catalog.get, catalog.graph, catalog.is_loaded, catalog.spec):
        with pytest.raises(UnknownModelError, match="Did you mean 'lenet5'"):
            ask("lenet-5")


@pytest.mark.parametrize(
    ("cuda", "mps", "expected"),
    [(True, True, "cuda"), (False, True, "mps"), (False, False, "cpu")],
)
def test_auto_takes_the_best_device(
    cuda: bool, mps: bool, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)
    assert choose_device("auto").type == expected


def test_devices_that_are_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert choose_device("cpu").type == "cpu"
    with pytest.raises(ValueError, match="This machine has no device 'cuda'"):
        choose_device("cuda")
    with pytest.raises(ValueError, match="No device is named 'gpu'"):
        choose_device("gpu")
