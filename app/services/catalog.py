"""The networks in memory: loaded when first asked for, kept under a budget of bytes."""

from __future__ import annotations

import copy
import dataclasses
import threading
from dataclasses import dataclass
from functools import cached_property
from weakref import WeakValueDictionary

import torch
from torch import nn

import models
from app.services.activations import Runner
from app.services.graph import Graph, describe
from app.services.shelf import Shelf
from models import InputSpec, ModelSpec, weights
from models.weights import (
    RANDOM,
    SHIPPED,
    Store,
    UnknownSourceError,
    WeightsCard,
    WeightsMissingError,
    trained,
)

GIB = 1024**3

Key = tuple[str, str]  # model id, source id


@dataclass(frozen=True)
class Loaded:
    """A network with weights, in eval mode on the catalog's device.

    ``source`` is the id of the place that the weights come from, ``card`` says what they are.
    ``spec`` is the network's with the source's own input, and with the classes that these
    weights have: none where the published file holds the feature layers only.
    """

    spec: ModelSpec
    network: nn.Module
    graph: Graph
    runner: Runner
    card: WeightsCard
    source: str

    @cached_property
    def half(self) -> Runner:
        """The network in bfloat16, made when first asked for; `Catalog.half` counts its memory."""
        network = copy.deepcopy(self.network).bfloat16()
        return Runner(network.to(memory_format=torch.channels_last), self.graph)  # type: ignore[call-overload]


def choose_device(name: str) -> torch.device:
    """``auto`` takes CUDA, then MPS, then the CPU; other names are torch's.

    Raises ValueError for a device that is unknown or that this machine does not have.
    """
    has = {
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
        "cpu": True,
    }
    if name == "auto":
        return torch.device(next(kind for kind, present in has.items() if present))
    try:
        device = torch.device(name)
    except RuntimeError:
        raise ValueError(f"No device is named {name!r}: auto, cuda, mps or cpu.") from None
    if not has.get(device.type, False):
        raise ValueError(f"This machine has no device {name!r}.")
    return device


class Catalog:
    """Loads networks on demand, each once. Safe to use from several threads.

    Networks beyond ``network_bytes`` of memory are dropped, the least recently used first, and
    loaded again when somebody asks; those that come with the repository always stay, and so
    does the last one used.
    """

    def __init__(
        self, device: str = "auto", store: Store | None = None, network_bytes: int = 3 * GIB
    ) -> None:
        self.device = choose_device(device)
        self.store = store or Store(weights.default_folder())
        self._lock = threading.Lock()  # of the shelves and the dictionaries, held for moments
        self._shipped: dict[Key, Loaded] = {}
        self._others = Shelf[Key, Loaded](network_bytes, least=1)
        self._graphs: dict[tuple[str, int, tuple[int, int, int]], Graph] = {}
        self._locks: dict[Key, threading.Lock] = {}
        # A network of each training that is in memory, to build the others after.
        self._kin = WeakValueDictionary[str, Loaded]()

    def source(self, model_id: str, source: str | None = None) -> str:
        """The id of the source that a call means: the one named, else the first that is ready.

        Raises UnknownModelError, UnknownSourceError, and WeightsMissingError where none is named
        and none is ready: random weights are never given unasked.
        """
        models.spec(model_id)
        if source is not None:
            valid = [*(each.id for each in weights.sources(model_id)), RANDOM]
            if source not in valid:
                raise UnknownSourceError(model_id, source, valid)
            return source
        default = self.store.default(model_id)
        if default is None:  # says how the first of them may come
            return self.store.card(model_id, weights.sources(model_id)[0].id).source
        return default

    def get(self, model_id: str, source: str | None = None) -> Loaded:
        """The network with its weights from ``source`` (default: the first that is ready).

        Raises what `source` raises, and weights.WeightsMissingError or WeightsError for a file
        that is not here or damaged.
        """
        key = model_id, self.source(model_id, source)
        loaded = self._find(key)
        if loaded is None:
            with self._lock_of(key):  # a large network keeps nobody else waiting
                loaded = self._find(key) or self._keep(key, self._load(*key))
        return loaded

    def half(self, loaded: Loaded) -> Runner:
        """A network that `get` gave, in bfloat16: half its size again, dropped together with it.

        On processors with matrix instructions for it (AMX) networks for photographs run 1.5 to
        4 times as fast; the values are off by one or two hundredths of a layer's range at most.
        """
        key = loaded.spec.id, loaded.source
        with self._lock_of(key):
            made = "half" not in vars(loaded)
            runner = loaded.half
            if made and self._find(key) is loaded:
                self._keep(key, loaded)
        return runner

    def is_loaded(self, model_id: str, source: str | None = None) -> bool:
        """Whether ``get`` answers at once. Raises what `source` raises."""
        return self._find((model_id, self.source(model_id, source))) is not None

    def forget(self, model_id: str, source: str) -> None:
        """Give back the memory of a network whose weights have changed on disk."""
        with self._lock:
            self._shipped.pop((model_id, source), None)
            self._others.remove((model_id, source))

    def drop(self, model_id: str) -> None:
        """Forget all about a network that is there no more."""
        with self._lock:
            for key in self._others.keys():  # noqa: SIM118 (a shelf is no mapping)
                if key[0] == model_id:
                    self._others.remove(key)
            for own in [each for each in self._graphs if each[0] == model_id]:
                del self._graphs[own]
            for lock in [each for each in self._locks if each[0] == model_id]:
                del self._locks[lock]

    def graph(self, model_id: str, source: str | None = None) -> Graph:
        """The graph alone, which needs no weights and next to no memory.

        Without ``source``: of the weights that `get` would take, or of the network as it is
        registered where there are none. Raises UnknownModelError and UnknownSourceError.
        """
        return self._graph(self.spec(model_id, source))

    def spec(self, model_id: str, source: str | None = None) -> ModelSpec:
        """The network's card with the input and the classes of a source's weights.

        Raises UnknownModelError and UnknownSourceError.
        """
        spec = models.spec(model_id)
        chosen = source or self.store.default(model_id)
        if chosen is None or self.source(model_id, chosen) == RANDOM:
            return spec
        known = self.card(model_id, chosen) or weights.source(model_id, chosen)
        return adapted(spec, known.input, known.num_classes)

    def card(self, model_id: str, source: str) -> WeightsCard | None:
        """The card of weights that are on this machine.

        Raises UnknownModelError and UnknownSourceError.
        """
        try:
            return self.store.card(model_id, source)
        except WeightsMissingError:
            return None

    def _graph(self, spec: ModelSpec) -> Graph:
        """One graph for all weights with the same input's shape and number of classes."""
        key = spec.id, len(spec.classes), spec.input.shape
        if key not in self._graphs:
            with self._lock_of((spec.id, "graph")):
                if key not in self._graphs:
                    self._graphs[key] = _describe(spec)
        return self._graphs[key]

    def _lock_of(self, key: Key) -> threading.Lock:
        with self._lock:
            return self._locks.setdefault(key, threading.Lock())

    def _find(self, key: Key) -> Loaded | None:
        """The network, unless its weights were replaced or deleted since it was loaded."""
        with self._lock:
            loaded = self._shipped.get(key) or self._others.get(key)
        if loaded is None or loaded.source in (SHIPPED, RANDOM):
            return loaded
        card = self.card(*key)
        return loaded if card is not None and card.sha256 == loaded.card.sha256 else None

    def _keep(self, key: Key, loaded: Loaded) -> Loaded:
        with self._lock:
            if loaded.source == SHIPPED:
                self._shipped[key] = loaded
            else:
                self._others.put(key, loaded, _bytes(loaded))
        return loaded

    def _load(self, model_id: str, source: str) -> Loaded:
        if source == RANDOM:
            network, card = weights.random_network(model_id), weights.random_card(model_id)
        else:
            network, card = self._weighted(model_id, source)
        spec = adapted(models.spec(model_id), card.input, card.num_classes)
        network = network.requires_grad_(False).to(self.device)
        graph = self._graph(spec)
        loaded = Loaded(spec, network, graph, Runner(network, graph), card, source)
        if trained.find(model_id) is not None:
            self._kin[model_id] = loaded
        return loaded

    def _weighted(self, model_id: str, source: str) -> tuple[nn.Module, WeightsCard]:
        """From one moment of a training to the next only the weights are read."""
        kin = self._kin.get(model_id)
        if kin is None:
            return self.store.load(model_id, source)
        state, card = self.store.read(model_id, source)
        return weights.refilled(kin.network, state, card.file), card


def adapted(spec: ModelSpec, source: InputSpec, num_classes: int) -> ModelSpec:
    """A network's card for weights with this input and so many classes.

    Classes that are not the network's own have numbers for names, and its stated size is not
    that of the network with so many classes.
    """
    spec = dataclasses.replace(spec, input=source)
    if num_classes == len(spec.classes):
        return spec
    numbers = tuple(str(number) for number in range(num_classes))
    return dataclasses.replace(spec, classes=numbers, parameters=None, macs=None)


def _describe(spec: ModelSpec) -> Graph:
    try:
        with torch.device("meta"):  # shapes without numbers: no memory, no initialisation
            network = models.create(spec.id, len(spec.classes))
        return describe(network, spec)
    except NotImplementedError:  # a network that computes with its own numbers as it is built
        return describe(models.create(spec.id, len(spec.classes)), spec)


def _bytes(loaded: Loaded) -> int:
    network = loaded.network
    size = sum(each.nbytes for each in (*network.parameters(), *network.buffers()))
    return size + size // 2 if "half" in vars(loaded) else size
