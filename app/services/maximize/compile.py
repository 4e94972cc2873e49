"""From a traced network to the shortest list of operations that gives some of its layers."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, fx, nn

from app.services.catalog import Loaded
from app.services.maximize import operations
from app.services.maximize.block import Block, revived, window
from app.services.maximize.convolution import Packed, Plain, can_pack
from app.services.maximize.operations import Weighted
from app.services.operations import PASS_THROUGH
from app.services.tracing import LAYER_ID, bound, callable_of
from models.layers import BinaryStep, MinPool2d, ScaledTanh

# Layers that treat each channel by itself, all in the same way.
_CHANNELWISE = (
    nn.ReLU, nn.ReLU6, nn.Tanh, nn.Sigmoid, nn.SiLU, nn.GELU, nn.Hardswish, nn.LeakyReLU, nn.ELU,
    ScaledTanh, BinaryStep, nn.MaxPool2d, nn.AvgPool2d, MinPool2d, nn.AdaptiveAvgPool2d,
    nn.AdaptiveMaxPool2d, *PASS_THROUGH,
)  # fmt: skip
_CEILINGS: dict[type, float] = {nn.ReLU: math.inf, nn.ReLU6: 6.0}

Call = Callable[..., Any]


@dataclass(frozen=True)
class Step:
    """One operation. ``reads``: the places of the values that it takes; 0 is the input.

    ``revived`` does the same for `Program.reviving`; it takes, besides, which pictures are asleep.
    """

    call: Call
    reads: tuple[int, ...]
    revived: Call | None = None


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
        self._joined = self._join()
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
            elif node in self._joined:
                places[node] = places[node.all_input_nodes[0]]
            else:
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
            passes = isinstance(module, _CHANNELWISE) or source in self._joined
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

    def _join(self) -> dict[fx.Node, fx.Node]:
        """Which node does another one's work besides its own; those with none to do join any."""
        joined: dict[fx.Node, fx.Node] = {}
        for node in self._nodes[1:]:
            sources = node.all_input_nodes
            if len(sources) != 1:
                continue
            first, alone = sources[0], self._readers[sources[0]] == 1
            while first in joined:
                first = first.all_input_nodes[0]
                alone = alone and self._readers[first] == 1
            done = [self._module(other) for other, by in joined.items() if by is first]
            module = self._module(node)
            if isinstance(module, PASS_THROUGH) or (alone and self._fits(first, done, module)):
                joined[node] = first
        return joined

    def _fits(
        self, first: fx.Node, done: Sequence[nn.Module | None], module: nn.Module | None
    ) -> bool:
        """Whether ``first`` can do what ``module`` does, after its own work and what is ``done``.

        A weighted layer takes a normalization; a convolution then a rectifier, then a max pooling.
        """
        layer = operations.weighted(self._module(first))
        if layer is None:
            return False
        kinds = [type(other) for other in done if not isinstance(other, PASS_THROUGH)]
        if operations.normalization(module) is not None:
            return not kinds
        if layer.geometry is None:
            return False
        if type(module) in _CEILINGS:
            return not kinds or kinds[-1] not in (nn.MaxPool2d, *_CEILINGS)
        pools = type(module) is nn.MaxPool2d and not module.return_indices
        return pools and bool(kinds) and kinds[-1] in _CEILINGS

    def _step(self, node: fx.Node, reads: tuple[int, ...]) -> Step:
        module = self._module(node)
        if (layer := operations.weighted(module)) is not None:
            return self._weighted(node, layer, reads)
        if type(module) in _CEILINGS:
            ceiling = _CEILINGS[type(module)]
            call = torch.relu if ceiling == math.inf else nn.functional.relu6
            return Step(call, reads, lambda x, asleep: revived(x, ceiling, asleep))
        if (affine := operations.normalization(module)) is not None:
            return Step(_scaling(*affine, self._dtype), reads)
        return Step(self._other(node), reads)

    def _weighted(self, node: fx.Node, layer: Weighted, reads: tuple[int, ...]) -> Step:
        """A convolution or dense layer with all that has joined it."""
        ceiling, pool = None, None
        for module in (self._module(other) for other, by in self._joined.items() if by is node):
            if (affine := operations.normalization(module)) is not None:
                layer = layer.scaled(*affine)
            ceiling = _CEILINGS.get(type(module), ceiling)
            pool = module if isinstance(module, nn.MaxPool2d) else pool
        layer = (layer.only(self._only[node]) if node in self._only else layer).to(self._dtype)
        weight, bias = layer.weight, layer.bias
        if layer.geometry is None:
            return Step(lambda x: nn.functional.linear(x, weight, bias), reads)
        kind = Packed if can_pack(weight) else Plain
        convolution = kind(weight, bias, layer.geometry)
        block = Block(convolution, ceiling, None if pool is None else window(pool), layer.pad)
        return Step(block, reads, block.revived)

    def _other(self, node: fx.Node) -> Call:
        """Anything else as the network has it, its own weights without gradient."""
        function = callable_of(node, self._network)
        if isinstance(function, nn.Module):
            return operations.frozen(function, self._dtype)
        if node.op == "get_attr":
            return _constant(function(), self._dtype)
        if node.target == "view":  # which needs one memory layout, and ours is another
            function = Tensor.reshape
        return bound(function, node)


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
