"""The networks in memory: loaded when first asked for, kept for the rest of the run."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import nn

from app.services.activations import Runner
from app.services.graph import Graph
from models import ModelSpec
from models.weights import WeightsCard


@dataclass(frozen=True)
class Loaded:
    """A network with its shipped weights, in eval mode on the catalog's device."""

    spec: ModelSpec
    network: nn.Module
    graph: Graph
    runner: Runner
    card: WeightsCard


def choose_device(name: str) -> torch.device:
    """``auto`` takes CUDA, then MPS, then the CPU; other names are torch's.

    Raises ValueError for a device that this machine does not have.
    """
    raise NotImplementedError


class Catalog:
    """Loads networks on demand, each once. Safe to use from several threads."""

    device: torch.device

    def __init__(self, device: str = "auto") -> None:
        raise NotImplementedError

    def get(self, model_id: str) -> Loaded:
        """The network with its weights.

        Raises UnknownModelError, and weights.WeightsMissingError or WeightsError: a network
        with random weights is never given.
        """
        raise NotImplementedError

    def graph(self, model_id: str) -> Graph:
        """The graph alone, which needs no weights. Raises UnknownModelError."""
        raise NotImplementedError

    def is_loaded(self, model_id: str) -> bool:
        """Whether ``get`` answers at once."""
        raise NotImplementedError
