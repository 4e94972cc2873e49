"""The kernels of a network."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from app.schemas import LayerInfo
from app.services.graph import Graph
from models.layers import Subsample


class NoKernelsError(LookupError):
    """The layer has no kernels; ``valid`` lists the layers that have."""

    def __init__(self, layer: str, valid: list[str]) -> None:
        self.layer, self.valid = layer, valid
        super().__init__(f"Layer {layer!r} has no kernels. These have: {', '.join(valid)}.")


def weighted_layers(graph: Graph) -> list[str]:
    """The ids of the layers that have kernels."""
    return [layer.id for layer in graph.layers if _has_kernels(layer, graph.modules.get(layer.id))]


def _has_kernels(layer: LayerInfo, module: nn.Module | None) -> bool:
    weighted = layer.role == "weighted" or isinstance(module, _BatchNorm)
    return weighted and isinstance(getattr(module, "weight", None), Tensor)


def kernels(network: nn.Module, graph: Graph, layer: str) -> Tensor:
    """The kernels of one layer, float32 on the CPU.

    Convolution O×I×kH×kW (I = input channels of one group; a sparse table has zeros where
    nothing is connected), transposed convolution I×O×kH×kW, dense O×I, trainable sub-sampling
    C×1×kH×kW, batch normalization C×1×1×1 (in evaluation it is a depthwise 1×1 convolution by
    γ/√(σ² + ε)). Raises UnknownLayerError and NoKernelsError.
    """
    graph.layer(layer)
    valid = weighted_layers(graph)
    module = graph.module(network, layer) if layer in valid else None
    weight = getattr(module, "weight", None)
    if not isinstance(weight, Tensor):
        raise NoKernelsError(layer, valid)
    weight = weight.detach().float().cpu()
    if isinstance(module, _BatchNorm):
        return _scale(module, weight)[:, None, None, None]
    if isinstance(module, Subsample):
        return weight[:, None, None, None].repeat(1, 1, *module.kernel_size)
    return weight.contiguous()


def _scale(module: _BatchNorm, weight: Tensor) -> Tensor:
    variance = module.running_var
    if variance is None:  # no running statistics: the scale changes with each batch
        return weight
    return weight / (variance.detach().float().cpu() + module.eps).sqrt()
