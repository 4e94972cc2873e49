"""From a traced program to the description of its layers."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, fx, nn

from app.schemas import LayerInfo
from app.services import receptive
from app.services.operations import Operation, Window, role_of, twin, type_name, window_of
from app.services.tracing import LAYER_ID, arguments, function_name
from models.layers import SparseConv2d, Subsample


class Reader(fx.Interpreter):
    """Runs the program once and writes down what every layer is."""

    def __init__(self, program: fx.GraphModule) -> None:
        super().__init__(program)
        self.layers: list[LayerInfo] = []
        self.modules: dict[str, nn.Module] = {}
        self.last = ""
        self.constants: dict[fx.Node, Any] = {}
        self._fields: dict[str, receptive.Field] = {}
        self._origin: dict[fx.Node, list[str]] = {}  # the layers whose values a node carries
        self._shapes: dict[str, list[int]] = {}

    def run_node(self, n: fx.Node) -> Any:
        """Compute a node, and describe it when it is a layer."""
        value = super().run_node(n)
        origin = [layer for node in arguments(n) for layer in self._origin[node]]
        if n.op == "output":
            self.last = origin[0]
        elif isinstance(value, Tensor) and (origin or n.op == "placeholder"):
            self._add(n, value, origin)
            origin = [n.meta[LAYER_ID]]
        # Sizes and constants carry no layer's values; a tuple of tensors carries its maker's.
        carries = isinstance(value, Tensor | tuple | list) and not isinstance(value, torch.Size)
        self._origin[n] = origin if carries else []
        if not carries:
            self.constants[n] = value
        return value

    def _add(self, node: fx.Node, value: Tensor, inputs: list[str]) -> None:
        layer, module = node.meta[LAYER_ID], self._module(node, inputs)
        if module is not None:
            self.modules[layer] = module
        self._shapes[layer] = list(value.shape[1:])
        operation = Operation(
            name="input" if node.op == "placeholder" else function_name(node.target),
            module=module,
            sources=len(inputs),
            weights=[
                list(self.env[source].shape)
                for source in node.all_input_nodes
                if isinstance(self.env[source], nn.Parameter)
            ],
            before=self._shapes[inputs[0]] if inputs else [],
            after=self._shapes[layer],
        )
        self.layers.append(self._info(layer, operation, inputs))

    def _module(self, node: fx.Node, inputs: list[str]) -> nn.Module | None:
        if node.op == "call_module":
            return self.fetch_attr(str(node.target))  # type: ignore[no-any-return]
        if len(inputs) != 1 or node.op == "placeholder":
            return None
        args, kwargs = self.fetch_args_kwargs_from_env(node)
        return twin(function_name(node.target), args[1:], kwargs)

    def _info(self, layer: str, operation: Operation, inputs: list[str]) -> LayerInfo:
        module, window = operation.module, window_of(operation)
        self._fields[layer] = self._field(operation, inputs, window)
        table = module.table if isinstance(module, SparseConv2d) else None
        return LayerInfo(
            id=layer,
            type=type_name(operation),
            role=role_of(operation),
            inputs=inputs,
            output_shape=operation.after,
            parameters=_parameters(operation),
            macs=multiply_adds(operation),
            **(vars(window) if window else {}),
            groups=getattr(module, "groups", None) if window else None,
            connections=[list(row) for row in table] if table else None,
            receptive_field=receptive.as_schema(self._fields[layer]),
            stage=layer,
        )

    def _field(
        self, operation: Operation, inputs: list[str], window: Window | None
    ) -> receptive.Field:
        if not inputs:
            return receptive.Axis(), receptive.Axis()
        whole = receptive.whole(self._shapes["input"], operation.after)
        if len(operation.after) < 3:
            return whole
        if len(inputs) > 1:
            branches = [(self._fields[source], self._shapes[source]) for source in inputs]
            return receptive.hull(branches, operation.after)
        return _through(operation, self._fields[inputs[0]], window) or whole


def _through(
    operation: Operation, field: receptive.Field, window: Window | None
) -> receptive.Field | None:
    """Behind a layer of one input; None where every unit may see everything."""
    module, before, after = operation.module, operation.before, operation.after
    if isinstance(module, nn.ConvTranspose2d) and window:
        return receptive.slide_back(field, window)
    if window:
        return receptive.slide(field, window)
    if isinstance(module, nn.Upsample) and len(before) == 3:
        return receptive.upsample(field, (after[1] / before[1], after[2] / before[2]), module.mode)
    return field if len(before) >= 3 and before[-2:] == after[-2:] else None


def _parameters(operation: Operation) -> int:
    if operation.module is None:
        return sum(math.prod(shape) for shape in operation.weights)
    return sum(parameter.numel() for parameter in operation.module.parameters())


def multiply_adds(operation: Operation) -> int:
    """Multiplications by a weight; biases and normalizations are not counted."""
    module, after = operation.module, operation.after
    if isinstance(module, nn.Linear):
        return math.prod(after) * module.in_features
    if isinstance(module, Subsample):
        return math.prod(after)
    if isinstance(module, nn.ConvTranspose2d):
        return math.prod(operation.before[1:]) * module.weight.numel()
    return math.prod(after[1:]) * _kernel_entries(operation)


def _kernel_entries(operation: Operation) -> int:
    """Weights that a convolution (or a bare ``linear``) applies at each of its positions."""
    module = operation.module
    if isinstance(module, SparseConv2d):
        return module.kernels.numel()
    if isinstance(module, nn.modules.conv._ConvNd):
        return module.weight.numel()
    bare = module is None and operation.name in ("conv2d", "linear") and operation.weights
    return math.prod(operation.weights[0]) if bare else 0
