"""The pass store under pressure: large networks, many pictures, several clients."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from app.services import passes
from app.services.activations import Runner
from app.services.catalog import Catalog, Loaded
from app.services.graph import describe
from app.services.passes import Pass, PassStore, UnknownPassError
from models import InputSpec, ModelSpec
from models.weights import WeightsCard

INPUT = InputSpec((3, 32, 32), "RGB", (0.5,) * 3, (0.5,) * 3, "photo", "RGB", 36)
SPEC = ModelSpec("small_vgg", "Small VGG", "VGG", "classification", INPUT, ("a", "b"), "", "")
CARD = WeightsCard("random", "", "random", 0, INPUT, 2)
WITHIN = 20.0  # seconds after which a test has failed


class SmallVGG(nn.Module):
    """VGG's shape: most values lie in the first layers."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 32, 3, padding=1),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 3, padding=1),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(2),
        )
        self.classifier = nn.Linear(64 * 8 * 8, 2)

    def forward(self, x: Tensor) -> Tensor:
        return self.classifier(torch.flatten(self.features(x), 1))  # type: ignore[no-any-return]


class Counting(Runner):
    """Counts its passes, and lets a test hold them up."""

    passes = 0
    go_on: threading.Event | None = None

    def run(self, x: Tensor, layers: Sequence[str] | None = None) -> dict[str, Tensor]:
        self.passes += 1
        if self.go_on is not None:
            assert self.go_on.wait(WITHIN)
        return super().run(x, layers)


class OneNetwork(Catalog):
    """A catalog that has nothing else."""

    def __init__(self, loaded: Loaded) -> None:
        super().__init__("cpu")
        self.loaded = loaded

    def get(self, model_id: str, source: str | None = None) -> Loaded:
        assert (model_id, source) == (self.loaded.spec.id, self.loaded.source)
        return self.loaded


@pytest.fixture
def loaded() -> Loaded:
    torch.manual_seed(1)
    network = SmallVGG().eval()
    graph = describe(network, SPEC)
    return Loaded(SPEC, network, graph, Counting(network, graph), CARD, "random")


@pytest.fixture
def runner(loaded: Loaded) -> Counting:
    assert isinstance(loaded.runner, Counting)
    return loaded.runner


MakeStore = Callable[[int], PassStore]


@pytest.fixture
def make_store(loaded: Loaded, tmp_path: Path) -> Iterator[MakeStore]:
    """``make_store(budget)``: room for so many bytes of activations, and for ten inputs."""
    made: list[PassStore] = []

    def make(budget: int) -> PassStore:
        made.append(PassStore(OneNetwork(loaded), budget, 10 * 4 * 3 * 32 * 32, tmp_path))
        return made[-1]

    yield make
    for store in made:
        store.close()


def picture(seed: int) -> Tensor:
    return torch.rand(3, 32, 32, generator=torch.Generator().manual_seed(seed))


def walk(loaded: Loaded, x: Tensor) -> dict[str, Tensor]:
    """All layers of one picture, as they come out of a pass."""
    return {layer: value[0] for layer, value in loaded.runner.run(x[None]).items()}


def test_200_photographs_stay_within_the_budget(loaded: Loaded, make_store: MakeStore) -> None:
    one = loaded.runner.bytes()
    store = make_store(5 * one + 100)
    kept = []
    for seed in range(200):
        kept.append(store.keep(loaded, walk(loaded, picture(seed))).id)
        assert store.bytes <= 5 * one + 100
        store.get(kept[seed // 2])
        assert store.bytes <= 5 * one + 100
    assert store.bytes >= 4 * one
    for seed in (0, 100, 199):
        again, expected = store.get(kept[seed]), walk(loaded, picture(seed))
        assert again.activations.keys() == expected.keys()
        for layer, value in expected.items():
            assert torch.equal(again.activations[layer], value)


def test_a_pass_larger_than_the_budget_works_and_drives_nothing_out(
    loaded: Loaded, runner: Counting, make_store: MakeStore
) -> None:
    store = make_store(runner.bytes() - 1)
    kept = store.keep(loaded, walk(loaded, picture(0)))
    assert kept.activations["classifier"].shape == (2,)
    assert store.bytes == 0
    for _ in range(2):
        before = runner.passes
        again = store.get(kept.id)
        assert torch.equal(again.activations["classifier"], kept.activations["classifier"])
        assert (runner.passes, store.bytes) == (before + 1, 0)


def test_those_who_ask_for_the_same_pass_wait_for_one_computation(
    loaded: Loaded, runner: Counting, make_store: MakeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = make_store(0)
    kept = store.keep(loaded, walk(loaded, picture(0)))
    runner.passes, runner.go_on = 0, threading.Event()
    waiting = threading.Semaphore(0)

    class Watched(Future[Pass]):
        def result(self, timeout: float | None = None) -> Pass:
            waiting.release()
            return super().result(timeout)

    monkeypatch.setattr(passes, "Future", Watched)

    def ask() -> Tensor:
        return store.get(kept.id).activations["classifier"]

    with ThreadPoolExecutor(8) as pool:
        asks = [pool.submit(ask) for _ in range(8)]
        for _ in range(7):
            assert waiting.acquire(timeout=WITHIN)
        runner.go_on.set()
        answers = [each.result(WITHIN) for each in asks]
    assert runner.passes == 1
    assert all(torch.equal(answer, kept.activations["classifier"]) for answer in answers)


def test_what_goes_wrong_reaches_all_and_is_tried_again(
    loaded: Loaded, runner: Counting, make_store: MakeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = make_store(0)
    kept = store.keep(loaded, walk(loaded, picture(0)))

    def broken(*_: object) -> None:
        raise MemoryError("no room")

    with monkeypatch.context() as patched:
        patched.setattr(runner, "run", broken)
        with pytest.raises(MemoryError):
            store.get(kept.id)
    assert store.get(kept.id).id == kept.id


def test_a_pass_of_replaced_weights_is_not_computed_with_the_new_ones(
    loaded: Loaded, tmp_path: Path
) -> None:
    catalog = OneNetwork(loaded)
    store = PassStore(catalog, 0, 0, tmp_path)
    kept = store.keep(loaded, walk(loaded, picture(0)))
    assert store.loaded(kept.id) is loaded
    catalog.loaded = replace(loaded, card=replace(CARD, sha256="other"))
    with pytest.raises(UnknownPassError, match="were replaced"):
        store.get(kept.id)
    store.close()
