"""The pass store: ids, byte budgets, recomputation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from torch import Tensor

from app.services.catalog import Catalog, Loaded
from app.services.passes import PassStore, UnknownPassError

MLP_BYTES = 4 * (784 * 2 + 300 * 3 + 100 * 3 + 10)  # activations of one image
INPUT_BYTES = 4 * 784


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return Catalog("cpu").get("mlp")


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog("cpu")


def run(loaded: Loaded, x: Tensor) -> dict[str, Tensor]:
    return {layer: value[0] for layer, value in loaded.runner.run(x[None]).items()}


def images(count: int) -> list[Tensor]:
    torch.manual_seed(5)
    return [torch.rand(1, 28, 28) for _ in range(count)]


@pytest.fixture
def store(catalog: Catalog, tmp_path: Path) -> Iterator[PassStore]:
    """Room for two passes, two inputs in memory and two on disk."""
    one = PassStore(
        catalog, 2 * MLP_BYTES, 2 * INPUT_BYTES, tmp_path, disk_bytes=2 * INPUT_BYTES + 500
    )
    yield one
    one.close()
    assert list(tmp_path.iterdir()) == []


def test_the_same_picture_gives_the_same_id(store: PassStore, loaded: Loaded) -> None:
    first, second = images(2)
    ids = [store.keep(loaded, run(loaded, x)).id for x in (first, second, first.clone())]
    assert ids[0] == ids[2] != ids[1]
    assert all(len(one) == 32 for one in ids)


def test_ids_depend_on_the_network(store: PassStore, loaded: Loaded, catalog: Catalog) -> None:
    x = images(1)[0]
    digitnet = catalog.get("digitnet")
    assert store.keep(loaded, run(loaded, x)).id != store.keep(digitnet, run(digitnet, x)).id


def test_evicted_activations_are_computed_again(store: PassStore, loaded: Loaded) -> None:
    pictures = images(4)
    expected = [run(loaded, x) for x in pictures]
    kept = [store.keep(loaded, values) for values in expected]
    for one, values in zip(kept, expected, strict=True):
        again = store.get(one.id)
        assert (again.id, again.model) == (one.id, "mlp")
        assert list(again.activations) == list(values)
        for layer, value in values.items():
            torch.testing.assert_close(again.activations[layer], value)


def test_what_is_in_memory_is_not_computed_again(store: PassStore, loaded: Loaded) -> None:
    kept = store.keep(loaded, run(loaded, images(1)[0]))
    assert store.get(kept.id).activations["out"] is kept.activations["out"]


def test_the_least_recently_used_goes_first(store: PassStore, loaded: Loaded) -> None:
    first, second, third = (store.keep(loaded, run(loaded, x)) for x in images(3))
    assert store.get(second.id).activations["out"] is second.activations["out"]
    assert store.get(third.id).activations["out"] is third.activations["out"]
    assert store.get(first.id).activations["out"] is not first.activations["out"]


def test_the_oldest_inputs_are_forgotten_in_the_end(
    store: PassStore, loaded: Loaded, tmp_path: Path
) -> None:
    kept = [store.keep(loaded, run(loaded, x)) for x in images(7)]
    assert len(list(tmp_path.rglob("*.safetensors"))) == 2
    for one in kept[3:]:
        assert store.get(one.id).id == one.id
    for one in kept[:3]:
        with pytest.raises(UnknownPassError, match="POST the image again"):
            store.get(one.id)


def test_a_view_of_a_batch_does_not_keep_the_batch(store: PassStore, loaded: Loaded) -> None:
    batch = loaded.runner.run(torch.stack(images(16)))
    kept = store.keep(loaded, {layer: value[3] for layer, value in batch.items()})
    for layer, value in kept.activations.items():
        assert torch.equal(value, batch[layer][3])
        assert value.untyped_storage().nbytes() == value.nbytes


def test_an_unknown_id(store: PassStore) -> None:
    with pytest.raises(UnknownPassError, match="'nothing'"):
        store.get("nothing")


def test_without_any_memory_everything_still_works(
    catalog: Catalog, loaded: Loaded, tmp_path: Path
) -> None:
    store = PassStore(catalog, 0, 0, tmp_path / "made")
    kept = store.keep(loaded, run(loaded, images(1)[0]))
    torch.testing.assert_close(store.get(kept.id).activations, kept.activations)
    store.close()
