"""What a network is made of: layers, shapes, connections, receptive fields, stages."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import torch
from torch import Tensor, fx, nn

from app.schemas import LayerInfo, StageInfo
from app.services import stages
from app.services.reader import Reader
from app.services.tracing import LAYER_ID, callable_of, evaluating, out_of_place, trace
from models import ModelSpec

__all__ = ["Graph", "UnknownLayerError", "describe", "trace"]


class UnknownLayerError(LookupError):
    """No layer has this id; ``valid`` lists those that exist, ``nearest`` the most similar."""

    def __init__(self, layer: str, valid: list[str]) -> None:
        self.layer, self.valid = layer, valid
        close = difflib.get_close_matches(layer, valid, n=1, cutoff=0.4)
        self.nearest = close[0] if close else None
        hint = f" Did you mean {self.nearest!r}?" if self.nearest else ""
        super().__init__(f"No layer is named {layer!r}.{hint}")


@dataclass(frozen=True)
class Graph:
    """One network's layers and stages, in the order in which they are computed.

    It fits every instance of the architecture, whatever its weights. ``output`` is the id of the
    layer whose values are the network's output: logits, or the last feature maps of a network
    without a classifier. ``parameters`` counts what evaluation uses. ``modules`` maps a layer id
    to the module that it was read from (a function of one tensor has the module that does the
    same, where torch.nn has one), ``traced`` is the torch.fx program behind it, and ``constants``
    what in it are no tensors: the sizes, for one image.
    """

    model: str
    layers: list[LayerInfo]
    stages: list[StageInfo]
    parameters: int
    macs: int
    output: str
    modules: dict[str, nn.Module] = field(repr=False)
    traced: fx.GraphModule = field(repr=False)
    constants: dict[fx.Node, Any] = field(repr=False)

    @cached_property
    def _layers(self) -> dict[str, LayerInfo]:
        return {layer.id: layer for layer in self.layers}

    @cached_property
    def _stages(self) -> dict[str, StageInfo]:
        return {stage.id: stage for stage in self.stages}

    def layer(self, layer_id: str) -> LayerInfo:
        """One layer. Raises UnknownLayerError."""
        if layer_id not in self._layers:
            raise UnknownLayerError(layer_id, list(self._layers))
        return self._layers[layer_id]

    def stage(self, stage_id: str) -> StageInfo:
        """One stage. Raises UnknownLayerError."""
        if stage_id not in self._stages:
            raise UnknownLayerError(stage_id, list(self._stages))
        return self._stages[stage_id]

    @cached_property
    def _nodes(self) -> dict[str, fx.Node]:
        return {node.meta[LAYER_ID]: node for node in self.traced.graph.nodes}

    def module(self, network: nn.Module, layer_id: str) -> nn.Module | None:
        """What does a layer's work in ``network``, never in place; None for a bare function."""
        node = self._nodes[layer_id]
        if node.op == "call_module":
            return out_of_place(network.get_submodule(str(node.target)))
        return self.modules.get(layer_id)

    def arguments(self, layer_id: str) -> list[object]:
        """What a layer is called with: "x" for values of layers, else the constants."""
        node = self._nodes[layer_id]
        args, kwargs = fx.node.map_arg((node.args, node.kwargs), self._shown)
        return [*args, *kwargs.values()]

    def _shown(self, node: fx.Node) -> Any:
        if node in self.constants:
            return self.constants[node]
        return str(node.target) if node.op == "get_attr" else "x"

    def apply(self, network: nn.Module, layer_id: str, *values: Tensor) -> Tensor:
        """What a layer makes of other values of its inputs: 1×…, in the order of ``inputs``."""
        sources = [self._nodes[source] for source in self.layer(layer_id).inputs]
        env: dict[fx.Node, Any] = dict(zip(sources, values, strict=True))
        result = self._value(network, self._nodes[layer_id], env)
        return result  # type: ignore[no-any-return]

    def _value(self, network: nn.Module, node: fx.Node, env: dict[fx.Node, Any]) -> Any:
        if node in env:
            return env[node]
        if node in self.constants:
            return self.constants[node]

        def value_of(source: fx.Node) -> Any:
            return self._value(network, source, env)

        call = callable_of(node, network)
        return call(*fx.node.map_arg(node.args, value_of), **fx.node.map_arg(node.kwargs, value_of))


def describe(network: nn.Module, spec: ModelSpec) -> Graph:
    """The graph of a network for its ``spec.input``; its weights do not matter."""
    program = trace(network)
    reader = Reader(program)
    with torch.no_grad(), evaluating(network):
        reader.run(_blank(network, spec))
    layers = stages.assign([_named(layer, spec) for layer in reader.layers])
    return Graph(
        model=spec.id,
        layers=layers,
        stages=stages.collect(layers, reader.modules),
        parameters=sum(parameter.numel() for parameter in program.parameters()),
        macs=sum(layer.macs for layer in layers),
        output=reader.last,
        modules=reader.modules,
        traced=program,
        constants=reader.constants,
    )


def _named(layer: LayerInfo, spec: ModelSpec) -> LayerInfo:
    return layer.model_copy(update={"name": spec.layer_names.get(layer.id)})


def _blank(network: nn.Module, spec: ModelSpec) -> Tensor:
    like = next(network.parameters(), torch.empty(0))
    return torch.zeros(1, *spec.input.shape, device=like.device, dtype=like.dtype)
