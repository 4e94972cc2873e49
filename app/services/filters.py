"""The kernels of a network."""

from __future__ import annotations

from torch import Tensor, nn

from app.services.graph import Graph


class NoKernelsError(LookupError):
    """The layer has no kernels; ``valid`` lists the layers that have."""

    def __init__(self, layer: str, valid: list[str]) -> None:
        self.layer, self.valid = layer, valid
        super().__init__(f"Layer {layer!r} has no kernels.")


def weighted_layers(graph: Graph) -> list[str]:
    """The ids of the layers that have kernels."""
    raise NotImplementedError


def kernels(network: nn.Module, graph: Graph, layer: str) -> Tensor:
    """The kernels of one layer, float32 on the CPU.

    Convolution O×I×kH×kW (I = input channels of one group; a sparse table has zeros where
    nothing is connected), dense O×I, trainable sub-sampling C×1×kH×kW.
    Raises UnknownLayerError and NoKernelsError.
    """
    raise NotImplementedError
