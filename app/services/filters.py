"""The kernels of a network."""

from __future__ import annotations

import math
from collections.abc import Sequence

from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from app.schemas import LayerInfo
from app.services.graph import Graph
from app.services.operations import PASS_THROUGH
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


def kernel_shape(network: nn.Module, graph: Graph, layer: str) -> tuple[int, ...]:
    """The shape that `kernels` gives, at no cost. Raises what `kernels` raises."""
    module, weight = _weight(network, graph, layer)
    if isinstance(module, _BatchNorm):
        return (len(weight), 1, 1, 1)
    if isinstance(module, Subsample):
        return (len(weight), 1, *module.kernel_size)
    return tuple(weight.shape)


def kernels(
    network: nn.Module, graph: Graph, layer: str, channels: Sequence[int] | None = None
) -> Tensor:
    """The kernels of one layer, float32 on the CPU; ``channels`` selects along the first axis.

    Convolution O×I×kH×kW (I = input channels of one group; a sparse table has zeros where
    nothing is connected), transposed convolution I×O×kH×kW, dense O×I, trainable sub-sampling
    C×1×kH×kW, batch normalization C×1×1×1 (in evaluation it is a depthwise 1×1 convolution by
    γ/√(σ² + ε)). Raises UnknownLayerError and NoKernelsError.
    """
    module, weight = _weight(network, graph, layer)
    if isinstance(module, _BatchNorm):
        weight = _scale(module, weight)[:, None, None, None]
    if channels is not None:
        weight = weight[list(channels)]
    weight = weight.detach().float().cpu()
    if isinstance(module, Subsample):
        return weight[:, None, None, None].repeat(1, 1, *module.kernel_size)
    return weight.contiguous()


def source_of(graph: Graph, layer: str) -> LayerInfo:
    """The layer whose channels a layer's kernels are over, behind reshaping and dropout."""
    source = graph.layer(graph.layer(layer).inputs[0])
    while source.role == "reshape" or isinstance(graph.modules.get(source.id), PASS_THROUGH):
        source = graph.layer(source.inputs[0])
    return source


def over_maps(graph: Graph, layer: str, weight: Tensor) -> Tensor:
    """A dense layer's O×I weights as O×C×H×W where it reads a stack of maps, flattened.

    All other kernels as they are.
    """
    shape = source_of(graph, layer).output_shape
    if weight.ndim == 2 and len(shape) == 3 and math.prod(shape) == weight.shape[1]:
        return weight.reshape(len(weight), *shape)
    return weight


def bias(network: nn.Module, graph: Graph, layer: str) -> Tensor | None:
    """What a layer adds to each channel, float32 on the CPU; None where it adds nothing.

    Batch normalization adds β − μ·γ/√(σ² + ε). Raises UnknownLayerError and NoKernelsError.
    """
    module, weight = _weight(network, graph, layer)
    added = module.bias
    if not isinstance(added, Tensor):
        return None
    added = added.detach().float().cpu()
    if isinstance(module, _BatchNorm) and module.running_mean is not None:
        return added - module.running_mean.detach().float().cpu() * _scale(module, weight)
    return added


def _weight(network: nn.Module, graph: Graph, layer: str) -> tuple[nn.Module, Tensor]:
    graph.layer(layer)
    valid = weighted_layers(graph)
    module = graph.module(network, layer) if layer in valid else None
    weight = getattr(module, "weight", None)
    if module is None or not isinstance(weight, Tensor):
        raise NoKernelsError(layer, valid)
    return module, weight.detach()


def _scale(module: _BatchNorm, weight: Tensor) -> Tensor:
    weight, variance = weight.detach().float().cpu(), module.running_var
    if variance is None:  # no running statistics: the scale changes with each batch
        return weight
    return weight / (variance.detach().float().cpu() + module.eps).sqrt()
