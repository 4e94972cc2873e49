"""The values of every layer in one forward pass."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn

from app.services.graph import Graph


class Runner:
    """Runs one network and gives the values of the layers asked for.

    It keeps the weights as they are when it is made: make a new one after training.
    May be used from several threads. No in-place operation changes a value that it gives.
    """

    def __init__(self, network: nn.Module, graph: Graph) -> None:
        raise NotImplementedError

    def run(self, x: Tensor, layers: Sequence[str] | None = None) -> dict[str, Tensor]:
        """One forward pass of ``x`` (N×C×H×W, network-ready) in evaluation mode.

        Gives layer id → N×C×H×W (N×C for dense layers), in the graph's order, for ``layers``
        (default: all, "input" included). ``graph.output`` is the id of the logits.
        Raises UnknownLayerError, and ValueError for an input of another shape.
        """
        raise NotImplementedError
