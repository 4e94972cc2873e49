"""Networks that were trained on this machine: their moments are sources of weights."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from models.sources.cards import WeightsCard
from models.sources.source import Source

LIVE = "live"  # the newest weights, which change while the network learns


class Moments(Protocol):
    """The weights of one trained network. Safe to use from several threads."""

    def sources(self) -> tuple[Source, ...]:
        """The newest weights first, then each checkpoint."""

    def card(self, source_id: str) -> WeightsCard | None:
        """The card of weights that are there."""

    def path(self, source_id: str) -> Path:
        """Their safetensors file."""

    def stamp(self) -> object:
        """Another one than before where the newest weights have changed; cheap to ask for."""


_networks: dict[str, Moments] = {}


def add(model_id: str, moments: Moments) -> None:
    """Let a registered network have these weights and no others."""
    _networks[model_id] = moments


def forget(model_id: str) -> None:
    """The network has no weights of this kind any more."""
    _networks.pop(model_id, None)


def find(model_id: str) -> Moments | None:
    """The weights of a network that was trained here; None for others."""
    return _networks.get(model_id)
