"""What a network is made of: layers, shapes, connections, receptive fields, stages."""

from __future__ import annotations

import difflib
import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import torch
from torch import Tensor, fx, nn

from app.schemas import LayerInfo, StageInfo
from app.services import receptive, stages
from app.services.operations import Call, Window, as_module, role_of, type_name, window_of
from app.services.tracing import LAYER_ID, evaluating, function_name, trace
from models import ModelSpec
from models.layers import SparseConv2d, Subsample

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

    ``modules`` maps a layer id to the module that does its work (a function of one tensor gets
    the module that does the same), ``traced`` is the torch.fx program behind it, ``output`` the
    id of the layer whose values are the logits.
    """

    model: str
    layers: list[LayerInfo]
    stages: list[StageInfo]
    parameters: int
    macs: int
    output: str
    modules: dict[str, nn.Module] = field(repr=False)
    traced: fx.GraphModule = field(repr=False)

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


def describe(network: nn.Module, spec: ModelSpec) -> Graph:
    """The graph of a network for its ``spec.input``; its weights do not matter."""
    program = trace(network)
    reader = _Reader(program)
    with torch.no_grad(), evaluating(network):
        reader.run(_blank(network, spec))
    layers = stages.assign(reader.layers)
    return Graph(
        model=spec.id,
        layers=layers,
        stages=stages.collect(layers, reader.modules),
        parameters=sum(parameter.numel() for parameter in network.parameters()),
        macs=sum(layer.macs for layer in layers),
        output=reader.last,
        modules=reader.modules,
        traced=program,
    )


def _blank(network: nn.Module, spec: ModelSpec) -> Tensor:
    like = next(network.parameters(), torch.empty(0))
    return torch.zeros(1, *spec.input.shape, device=like.device, dtype=like.dtype)


class _Reader(fx.Interpreter):
    """Runs the program once and writes down what every layer is."""

    def __init__(self, program: fx.GraphModule) -> None:
        super().__init__(program)
        self.layers: list[LayerInfo] = []
        self.modules: dict[str, nn.Module] = {}
        self.last = ""
        self._fields: dict[str, receptive.Field] = {}
        self._origin: dict[fx.Node, list[str]] = {}  # the layers whose values a node carries
        self._shapes: dict[str, list[int]] = {}

    def run_node(self, n: fx.Node) -> Any:
        value = super().run_node(n)
        origin = [layer for node in _arguments(n) for layer in self._origin[node]]
        if n.op == "output":
            self.last = origin[0]
        elif isinstance(value, Tensor) and (origin or n.op == "placeholder"):
            self._add(n, value, origin)
            origin = [n.meta[LAYER_ID]]
        # Sizes and constants carry no layer's values; a tuple of tensors carries its maker's.
        carries = isinstance(value, Tensor | tuple | list) and not isinstance(value, torch.Size)
        self._origin[n] = origin if carries else []
        return value

    def _add(self, node: fx.Node, value: Tensor, inputs: list[str]) -> None:
        layer = node.meta[LAYER_ID]
        module = self._module(node, inputs)
        if module is not None:
            self.modules[layer] = module
        self._shapes[layer] = list(value.shape[1:])
        info = self._info(layer, self._name(node), module, inputs)
        self.layers.append(info)

    def _name(self, node: fx.Node) -> str:
        return "input" if node.op == "placeholder" else function_name(node.target)

    def _module(self, node: fx.Node, inputs: list[str]) -> nn.Module | None:
        if node.op == "call_module":
            return self.fetch_attr(str(node.target))  # type: ignore[no-any-return]
        if len(inputs) != 1 or node.op == "placeholder":
            return None
        args, kwargs = self.fetch_args_kwargs_from_env(node)
        function = getattr(Tensor, node.target) if isinstance(node.target, str) else node.target
        return as_module(function_name(node.target), function, args[1:], kwargs)

    def _info(
        self, layer: str, name: str, module: nn.Module | None, inputs: list[str]
    ) -> LayerInfo:
        before = self._shapes[inputs[0]] if inputs else []
        after = self._shapes[layer]
        window = window_of(module, before, after)
        self._fields[layer] = self._field(module, inputs, after, window)
        table = module.table if isinstance(module, SparseConv2d) else None
        return LayerInfo(
            id=layer,
            type=type_name(name, module),
            role=role_of(module, len(inputs), before, after),
            inputs=inputs,
            output_shape=after,
            parameters=sum(p.numel() for p in module.parameters()) if module else 0,
            macs=multiply_adds(module, before, after),
            **(vars(window) if window else {}),
            groups=getattr(module, "groups", None) if window else None,
            connections=[list(row) for row in table] if table else None,
            receptive_field=receptive.as_schema(self._fields[layer]),
            stage=layer,
        )

    def _field(
        self, module: nn.Module | None, inputs: list[str], after: list[int], window: Window | None
    ) -> receptive.Field:
        if not inputs:
            return receptive.Axis(), receptive.Axis()
        whole = receptive.whole(*self._shapes["input"][-2:])
        if len(after) < 3:
            return whole
        fields = [self._fields[source] for source in inputs]
        if len(fields) > 1:
            return receptive.hull(fields)
        return _through(module, fields[0], self._shapes[inputs[0]], after, window) or whole


def _arguments(node: fx.Node) -> list[fx.Node]:
    """The nodes that a node reads; one that it reads twice stands twice."""
    nodes: list[fx.Node] = []
    fx.node.map_arg((node.args, node.kwargs), nodes.append)
    return nodes


def _through(
    module: nn.Module | None,
    field: receptive.Field,
    before: list[int],
    after: list[int],
    window: Window | None,
) -> receptive.Field | None:
    """Behind a layer of one input; None where every unit may see everything."""
    if isinstance(module, nn.ConvTranspose2d) and window:
        return receptive.slide_back(field, window)
    if window:
        return receptive.slide(field, window)
    if isinstance(module, nn.Upsample) and len(before) == 3:
        factors = after[1] / before[1], after[2] / before[2]
        return receptive.upsample(field, factors, module)
    same = len(before) == 3 and before[1:] == after[1:]
    return field if same and not (isinstance(module, Call) and before != after) else None


def multiply_adds(module: nn.Module | None, before: list[int], after: list[int]) -> int:
    """Multiplications by a weight, biases not counted. Shapes are without the batch."""
    if isinstance(module, nn.Linear):
        return math.prod(after) * module.in_features
    if isinstance(module, Subsample):
        return math.prod(after)
    if isinstance(module, SparseConv2d):
        return module.kernels.numel() * math.prod(after[1:])
    if isinstance(module, nn.ConvTranspose2d):
        return math.prod(before[1:]) * module.weight.numel()
    if isinstance(module, nn.modules.conv._ConvNd):
        return math.prod(after[1:]) * module.weight.numel()
    return 0
