"""The arithmetic of one neuron: what it read, its weights, the sum, the steps to its output."""

from __future__ import annotations

from torch import Tensor, nn

from app.schemas import Neuron
from app.services.graph import Graph


class UnknownUnitError(LookupError):
    """The layer has no such channel or position; the message names the valid range."""


def explain(  # noqa: PLR0917 - a unit's address is four of them
    network: nn.Module,
    graph: Graph,
    activations: dict[str, Tensor],
    layer: str,
    channel: int,
    y: int | None = None,
    x: int | None = None,
) -> Neuron:
    """The arithmetic of unit (channel, y, x) of ``layer``.

    ``activations`` are one image's layers, C×H×W or C ("input" included), as in Pass.
    ``y`` and ``x`` are ignored in dense layers (None reads as 0). Sums are taken in float64.
    Raises UnknownLayerError and UnknownUnitError.
    """
    raise NotImplementedError
