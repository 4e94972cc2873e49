"""A user's own files: every format, what fits, and a clear list of what does not."""

from __future__ import annotations

import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

import models
from models.sources.fitting import fit
from models.weights import Store, WeightsError, WeightsMismatchError, random_network

Write = Callable[[dict[str, Tensor], Path], None]


def legacy(state: dict[str, Tensor], path: Path) -> None:
    torch.save(state, path, _use_new_zipfile_serialization=False)


def wrapped(state: dict[str, Tensor], path: Path) -> None:
    torch.save({"epoch": 3, "state_dict": state}, path)


FORMATS: dict[str, Write] = {
    "net.safetensors": save_file,
    "net.pth": torch.save,
    "old.pth": legacy,
    "checkpoint.pt": wrapped,
}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


@pytest.fixture
def state() -> dict[str, Tensor]:
    return models.create("mlp").state_dict()


def add(store: Store, state: object, tmp_path: Path, model_id: str = "mlp") -> None:
    torch.save(state, tmp_path / "upload")
    store.add_file(model_id, tmp_path / "upload", "mine.pth")


@pytest.mark.parametrize("name", list(FORMATS))
def test_every_format_is_kept_and_loaded(
    name: str, store: Store, state: dict[str, Tensor], tmp_path: Path
) -> None:
    FORMATS[name](state, tmp_path / "upload")
    card = store.add_file("mlp", tmp_path / "upload", name)
    assert (card.source, card.origin, card.num_classes) == ("file", name, 10)
    assert store.status("mlp", "file") == "ready"
    network, again = store.load("mlp", "file")
    assert again == card
    assert not network.training
    for key, value in network.state_dict().items():
        assert torch.equal(value, state[key])


def test_a_new_file_takes_the_place_of_the_old(store: Store, tmp_path: Path) -> None:
    hashes = set()
    for seed in (1, 2):
        torch.manual_seed(seed)
        add(store, models.create("mlp").state_dict(), tmp_path)
        hashes.add(store.card("mlp", "file").sha256)
        store.load("mlp", "file")
    assert len(hashes) == 2


def test_what_does_not_fit_is_listed(
    store: Store, state: dict[str, Tensor], tmp_path: Path
) -> None:
    del state["fc1.bias"]
    state["extra.weight"] = torch.zeros(3)
    state["out.weight"] = torch.zeros(7, 100)
    with pytest.raises(WeightsMismatchError, match=r"mine\.pth does not fit") as caught:
        add(store, state, tmp_path)
    assert caught.value.missing == ["fc1.bias"]
    assert caught.value.unexpected == ["extra.weight"]
    assert caught.value.mismatched == ["out.weight: 7×100, not 10×100"]
    assert store.status("mlp", "file") == "missing"


def test_a_long_list_is_cut_in_the_message_only() -> None:
    names = [f"layer{number}" for number in range(9)]
    error = WeightsMismatchError("a.pth", names, [], [])
    assert "9 missing (layer0, layer1, layer2, layer3, layer4 and 4 more)" in str(error)
    assert error.missing == names


def test_files_of_before_2018_lack_counters(store: Store, tmp_path: Path) -> None:
    state = models.create("digitnet").state_dict()
    add(store, {k: v for k, v in state.items() if "num_batches" not in k}, tmp_path, "digitnet")
    network, _ = store.load("digitnet", "file")
    assert network.state_dict()["bn1.num_batches_tracked"] == 0


def test_half_precision_becomes_the_networks_own(
    store: Store, state: dict[str, Tensor], tmp_path: Path
) -> None:
    add(store, {name: value.half() for name, value in state.items()}, tmp_path)
    network, _ = store.load("mlp", "file")
    assert {value.dtype for value in network.state_dict().values()} == {torch.float32}


def test_tensors_that_share_memory_or_lie_transposed(
    store: Store, state: dict[str, Tensor], tmp_path: Path
) -> None:
    shared = torch.arange(784 * 300.0).reshape(784, 300)
    state["fc1.weight"] = shared.T
    state["fc1.bias"] = shared.view(-1)[:300]
    add(store, state, tmp_path)
    network, _ = store.load("mlp", "file")
    assert torch.equal(network.state_dict()["fc1.weight"], shared.T)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_values_that_are_no_numbers_are_refused(
    value: float, store: Store, state: dict[str, Tensor], tmp_path: Path
) -> None:
    state["out.bias"][3] = value
    with pytest.raises(WeightsError, match=r"no numbers: out\.bias"):
        add(store, state, tmp_path)


def test_the_feature_layers_alone_do_for_a_network_of_photographs(
    store: Store, tmp_path: Path
) -> None:
    state = random_network("mobilenet_v2").state_dict()
    features = {name: value for name, value in state.items() if name.startswith("features")}
    add(store, features, tmp_path, "mobilenet_v2")
    network, card = store.load("mobilenet_v2", "file")
    assert card.num_classes == 0
    assert network(torch.zeros(1, 3, 32, 32)).shape[1] == 1280
    del state["classifier.1.bias"]  # half a classifier is none
    with pytest.raises(WeightsMismatchError) as caught:
        add(store, state, tmp_path, "mobilenet_v2")
    assert caught.value.missing == ["classifier.1.bias"]


class Evil:
    """What a pickle that runs a command looks like."""

    def __reduce__(self) -> tuple[Callable[[str], object], tuple[str]]:
        return print, ("this must never be printed",)


def test_nothing_in_a_file_is_executed(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for content in (Evil(), {"fc1.weight": Evil()}):
        with pytest.raises(WeightsError, match=r"mine\.pth cannot be read"):
            add(store, content, tmp_path)
        (tmp_path / "plain").write_bytes(pickle.dumps(content))
        with pytest.raises(WeightsError, match=r"plain\.pth cannot be read"):
            store.add_file("mlp", tmp_path / "plain", "plain.pth")
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("content", [[], {}, nn.Linear(2, 2).weight.detach(), {"a": 1}])
def test_a_file_without_named_tensors(store: Store, tmp_path: Path, content: object) -> None:
    with pytest.raises(WeightsError, match=r"mine\.pth holds (no|more)"):
        add(store, content, tmp_path)


@pytest.mark.parametrize("name", ["a.safetensors", "a.pth", "a.pt", "a.onnx", "a.bin", "a"])
@pytest.mark.parametrize("body", [b"", b"nonsense" * 99, b"PK\x03\x04" + b"\0" * 99])
def test_damaged_and_foreign_files(name: str, body: bytes, store: Store, tmp_path: Path) -> None:
    (tmp_path / "upload").write_bytes(body)
    with pytest.raises(WeightsError, match=r"^a"):
        store.add_file("mlp", tmp_path / "upload", name)


def test_a_cut_file(store: Store, state: dict[str, Tensor], tmp_path: Path) -> None:
    for name, write in FORMATS.items():
        write(state, tmp_path / "whole")
        (tmp_path / "cut").write_bytes((tmp_path / "whole").read_bytes()[:-50_000])
        with pytest.raises(WeightsError, match="cannot be read"):
            store.add_file("mlp", tmp_path / "cut", name)


def test_an_archive_that_would_grow_is_refused(store: Store, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/data/0", bytes(10_000_000))
    with pytest.raises(WeightsError, match="would grow to 10000000 bytes"):
        store.add_file("mlp", tmp_path / "bomb", "bomb.pth")


def test_fitting_leaves_the_network_alone(state: dict[str, Tensor]) -> None:
    network = models.create("mlp")
    before = {name: value.clone() for name, value in network.state_dict().items()}
    fit(state, network, "a")
    for name, value in network.state_dict().items():
        assert torch.equal(value, before[name])
