"""The networks in memory: loaded when first asked for, kept for the rest of the run."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import torch
from torch import nn

import models
from app.services.activations import Runner
from app.services.graph import Graph, describe
from models import ModelSpec
from models.weights import WeightsCard, WeightsMissingError, shipped


@dataclass(frozen=True)
class Loaded:
    """A network with its own weights, in eval mode on the catalog's device."""

    spec: ModelSpec
    network: nn.Module
    graph: Graph
    runner: Runner
    card: WeightsCard


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
    """Loads networks on demand, each once. Safe to use from several threads."""

    def __init__(self, device: str = "auto") -> None:
        self.device = choose_device(device)
        self._loaded: dict[str, Loaded] = {}
        self._graphs: dict[str, Graph] = {}
        self._locks: dict[str, threading.Lock] = {}

    def get(self, model_id: str) -> Loaded:
        """The network with its weights.

        Raises UnknownModelError, and weights.WeightsMissingError or WeightsError: a network
        with random weights is never given.
        """
        if model_id not in self._loaded:
            with self._lock(model_id):
                if model_id not in self._loaded:
                    self._loaded[model_id] = self._load(model_id)
        return self._loaded[model_id]

    def graph(self, model_id: str) -> Graph:
        """The graph alone, which needs no weights. Raises UnknownModelError."""
        if model_id in self._loaded:
            return self._loaded[model_id].graph
        with self._lock(model_id):
            if model_id not in self._graphs:
                spec = models.spec(model_id)
                self._graphs[model_id] = describe(models.create(model_id), spec)
        return self._graphs[model_id]

    def is_loaded(self, model_id: str) -> bool:
        """Whether ``get`` answers at once."""
        return model_id in self._loaded

    def _lock(self, model_id: str) -> threading.Lock:
        """A lock a network, so that a large one keeps nobody else waiting."""
        models.spec(model_id)  # an unknown id leaves nothing behind
        return self._locks.setdefault(model_id, threading.Lock())

    def _load(self, model_id: str) -> Loaded:
        spec = models.spec(model_id)
        network = models.load(model_id).requires_grad_(False).to(self.device)
        graph = describe(network, spec)
        card = shipped().get(model_id)
        if card is None:
            raise WeightsMissingError(f"No card describes the weights of {model_id!r}.")
        return Loaded(spec, network, graph, Runner(network, graph), card)
