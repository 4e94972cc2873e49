"""From a traced network to the shortest list of operations that gives some of its layers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, fx, nn

from app.services.catalog import Loaded
from app.services.maximize import operations
from app.services.maximize.operations import Rectifier, Weighted
from app.services.operations import PASS_THROUGH
from app.services.tracing import LAYER_ID, bound, callable_of
from models.layers import ScaledTanh

# Layers that treat each channel by itself, all in the same way.
_CHANNELWISE = (
    nn.ReLU, nn.ReLU6, nn.Tanh, nn.Sigmoid, nn.SiLU, nn.GELU, nn.Hardswish, nn.LeakyReLU, nn.ELU,
    ScaledTanh, nn.MaxPool2d, nn.AvgPool2d, nn.AdaptiveAvgPool2d, nn.AdaptiveMaxPool2d,
    *PASS_THROUGH,
)  # fmt: skip
_FRESH = (nn.Conv2d, nn.Linear)  # their values are theirs alone, and not needed for the gradient


@dataclass(frozen=True)
class Step:
    """One operation. ``reads``: the places of the values that it takes; 0 is the input.

    ``ceiling`` is that of a rectifier (ReLU: None), which `Program.reviving` treats apart.
    """

    call: Callable[..., Any]
    reads: tuple[int, ...]
    rectifies: bool = False
    ceiling: float | None = None


@dataclass(frozen=True)
class Steps:
    """The operations in order, and where each wanted layer's values stand.

    ``picks`` are the channels that still have to be picked from a layer's values.
    """

    steps: list[Step]
    places: dict[str, int]
    picks: dict[str, list[int]]


def compiled(
    loaded: Loaded,
    layers: Sequence[str],
    units: Mapping[str, Sequence[int]],
    dtype: torch.dtype,
) -> Steps:
    """The operations that give ``layers``; of those in ``units`` these channels only."""
    return _Compiler(loaded, layers, units, dtype).compile()


class _Compiler:
    """Reads the traced network node by node."""

    def __init__(
        self,
        loaded: Loaded,
        layers: Sequence[str],
        units: Mapping[str, Sequence[int]],
        dtype: torch.dtype,
    ) -> None:
        self._network, self._graph, self._dtype = loaded.network, loaded.graph, dtype
        nodes = {node.meta[LAYER_ID]: node for node in self._graph.traced.graph.nodes}
        self._wanted = {nodes[self._graph.layer(layer).id]: layer for layer in layers}
        self._nodes = self._needed()
        self._readers = self._counted()
        self._only: dict[fx.Node, list[int]] = {}
        self._picks: dict[str, list[int]] = {}
        for node, layer in self._wanted.items():
            if layer in units:
                self._narrow(node, layer, list(units[layer]))

    def compile(self) -> Steps:
        """All operations, in the network's order."""
        steps: list[Step] = []
        places: dict[fx.Node, int] = {}
        for node in self._nodes:
            if not places:  # the input
                places[node] = 0
                continue
            if self._is_folded(node):
                places[node] = places[node.all_input_nodes[0]]
                continue
            steps.append(self._step(node, tuple(places[n] for n in node.all_input_nodes)))
            places[node] = len(steps)
        found = {layer: places[node] for node, layer in self._wanted.items()}
        return Steps(steps, found, self._picks)

    def _needed(self) -> list[fx.Node]:
        """The nodes that the wanted ones depend on, in order."""
        needed = set(self._wanted)
        nodes = [node for node in self._graph.traced.graph.nodes if node.op != "output"]
        for node in reversed(nodes):
            if node in needed:
                needed.update(node.all_input_nodes)
        return [node for node in nodes if node in needed or node is nodes[0]]

    def _counted(self) -> dict[fx.Node, int]:
        """How many read a node; whoever asked for its values reads it too."""
        readers = {node: int(node in self._wanted) for node in self._nodes}
        for node in self._nodes:
            for source in node.all_input_nodes:
                readers[source] += 1
        return readers

    def _module(self, node: fx.Node) -> nn.Module | None:
        layer = node.meta[LAYER_ID]
        known = node.op == "call_module" or layer in self._graph.modules
        return self._graph.module(self._network, layer) if known else None

    def _narrow(self, node: fx.Node, layer: str, channels: list[int]) -> None:
        """Compute these channels alone where nobody else reads the others, else pick them."""
        source = node
        while self._readers[source] == 1:
            module = self._module(source)
            if self._weights_alone(source):
                self._only[source] = channels
                return
            passes = isinstance(module, _CHANNELWISE) or self._is_folded(source)
            if not passes or len(source.all_input_nodes) != 1:
                break
            source = source.all_input_nodes[0]
        self._picks[layer] = channels

    def _weights_alone(self, node: fx.Node) -> bool:
        module = self._module(node)
        if isinstance(module, nn.Linear) and len(self._shape(node)) != 1:
            return False  # its outputs stand last, not where channels do
        return operations.weighted(module) is not None and operations.groups(module) == 1

    def _shape(self, node: fx.Node) -> list[int]:
        return self._graph.layer(node.meta[LAYER_ID]).output_shape

    def _is_folded(self, node: fx.Node) -> bool:
        """Whether a node's work is done by what it reads, or nothing is to do."""
        module = self._module(node)
        if isinstance(module, PASS_THROUGH):
            return True
        if operations.normalization(module) is None:
            return False
        source = node.all_input_nodes[0]
        return self._readers[source] == 1 and operations.weighted(self._module(source)) is not None

    def _step(self, node: fx.Node, reads: tuple[int, ...]) -> Step:
        module = self._module(node)
        if (layer := operations.weighted(module)) is not None:
            return Step(self._folded_in(node, layer).call(self._dtype), reads)
        if type(module) is nn.ReLU:
            return Step(self._relu(node), reads, rectifies=True)
        if type(module) is nn.ReLU6:
            return Step(nn.functional.relu6, reads, rectifies=True, ceiling=6.0)
        if (affine := operations.normalization(module)) is not None:
            return Step(_scaling(*affine, self._dtype), reads)
        return Step(self._other(node), reads)

    def _folded_in(self, node: fx.Node, layer: Weighted) -> Weighted:
        """The layer with the normalization behind it, and without the outputs nobody reads."""
        for reader in node.users:
            if reader in self._readers and self._is_folded(reader):
                affine = operations.normalization(self._module(reader))
                layer = layer if affine is None else layer.scaled(*affine)
        return layer.only(self._only[node]) if node in self._only else layer

    def _relu(self, node: fx.Node) -> Callable[..., Any]:
        """In place where nobody else needs what it reads."""
        source = node.all_input_nodes[0]
        while self._is_folded(source) and self._readers[source] == 1:
            source = source.all_input_nodes[0]
        alone = self._readers[source] == 1 and isinstance(self._module(source), _FRESH)
        return torch.relu_ if alone else torch.relu

    def _other(self, node: fx.Node) -> Callable[..., Any]:
        """Anything else as the network has it, its own weights without gradient."""
        function = callable_of(node, self._network)
        if isinstance(function, nn.Module):
            return operations.frozen(function, self._dtype)
        if node.op == "get_attr":
            return _constant(function(), self._dtype)
        if node.target == "view":  # which needs one memory layout, and ours is another
            function = Tensor.reshape
        return bound(function, node)


def revived(step: Step, asleep: Tensor | None) -> Callable[[Tensor], Tensor]:
    """A rectifier whose gradient flows also where it is cut off (see Rectifier)."""

    def call(x: Tensor) -> Tensor:
        result: Tensor = Rectifier.apply(x, step.ceiling, asleep)  # type: ignore[no-untyped-call]
        return result

    return call


def _constant(value: Any, dtype: torch.dtype) -> Callable[[], Any]:
    if isinstance(value, Tensor):
        value = value.detach()
        value = value.to(dtype) if value.is_floating_point() else value
    return lambda: value


def _scaling(factor: Tensor, offset: Tensor, dtype: torch.dtype) -> Callable[[Tensor], Tensor]:
    factor, offset = factor.to(dtype), offset.to(dtype)

    def call(x: Tensor) -> Tensor:
        shape = (-1, *[1] * (x.dim() - 2))
        return torch.addcmul(offset.view(shape), x, factor.view(shape))

    return call
