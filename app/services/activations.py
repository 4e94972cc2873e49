"""The values of every layer in one forward pass."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, fx, nn

from app.services.direct import direct
from app.services.graph import Graph
from app.services.tracing import LAYER_ID, bound, callable_of

# Up to this many multiply-adds in a pass, oneDNN's set-up costs more than it saves.
_SMALL_PASS = 8_000_000
_SMALL_BATCH = 15  # from 16 images on, torch without oneDNN takes NNPACK, which rounds more
_PLANS = 256  # combinations of layers whose plans are kept
_FLOAT = 4  # bytes of a number
_ONEDNN = torch.backends.mkldnn.enabled


class Runner:
    """Runs one network and gives the values of the layers asked for.

    It keeps the weights as they are when it is made: make a new one after training. A network
    in bfloat16 computes, and gives its values, in bfloat16 with the channels last in memory.
    May be used from several threads. No in-place operation changes a value that it gives.
    """

    def __init__(self, network: nn.Module, graph: Graph) -> None:
        if network.training:
            raise ValueError("The network is in training mode: call eval() first.")
        self.graph = graph
        self._shape = tuple(graph.layer("input").output_shape)
        first = next(network.parameters(), torch.empty(0))
        self._device, self._half = first.device, first.dtype == torch.bfloat16
        self._steps = _compile(network, graph, self._half)
        self._plans: dict[tuple[str, ...] | None, _Plan] = {}
        self._visits: dict[tuple[str, ...], _Plan] = {}

    def run(self, x: Tensor, layers: Sequence[str] | None = None) -> dict[str, Tensor]:
        """One forward pass of ``x`` (N×C×H×W, network-ready, any device) in evaluation mode.

        Gives layer id → N×C×H×W (N×C for dense layers), in the graph's order, for ``layers``
        (default: all, "input" included), on the network's device. ``graph.output`` is the id of
        the logits. Layers that change nothing share memory with their input: do not write into
        the values.
        Raises UnknownLayerError, and ValueError for an input of another shape.
        """
        plan = self.check(x, layers)
        if self._half:
            return _execute(plan, self._halved(x))
        if x.device != self._device:
            x = x.to(self._device)
        small = len(x) <= _SMALL_BATCH and len(x) * self.graph.macs <= _SMALL_PASS
        return _execute_small(plan, x) if small and x.device.type == "cpu" else _execute(plan, x)

    def visit(
        self, x: Tensor, layers: Sequence[str], receive: Callable[[str, Tensor], object]
    ) -> None:
        """One forward pass that gives each layer's values away as soon as they are there.

        ``receive`` gets layer id and values, in the graph's order; they are forgotten when no
        other layer reads them any more. So a batch takes far less memory than in `run`.
        Raises what `run` raises.
        """
        self.check(x, layers)
        x = self._halved(x) if self._half else x.to(self._device)
        _visit(self._visited(layers), x, receive)

    def visited_bytes(self, layers: Sequence[str]) -> int:
        """The most memory that one image's values take at a time in `visit`.

        Raises UnknownLayerError.
        """
        return self._visited(layers).bytes

    def bytes(self, layers: Sequence[str] | None = None) -> int:
        """The most memory that one image's values take at a time, for these layers.

        Raises UnknownLayerError.
        """
        return self._planned(layers).bytes

    def check(self, x: Tensor, layers: Sequence[str] | None = None) -> _Plan:
        """Raise what ``run`` would raise for these arguments."""
        if tuple(x.shape[1:]) != self._shape:
            raise ValueError(f"The input has to be N×{self._shape}, not {tuple(x.shape)}.")
        return self._planned(layers)

    def _halved(self, x: Tensor) -> Tensor:
        return x.to(self._device, torch.bfloat16, memory_format=torch.channels_last)

    def _planned(self, layers: Sequence[str] | None) -> _Plan:
        wanted = None if layers is None else tuple(layers)
        return self._plans.get(wanted) or self._plan(wanted)

    def _plan(self, wanted: tuple[str, ...] | None) -> _Plan:
        layers = self.graph.layers if wanted is None else [self.graph.layer(i) for i in wanted]
        if len(self._plans) >= _PLANS:
            self._plans.clear()
        named = {layer.id for layer in layers}
        self._plans[wanted] = plan = _plan(self._steps, named, held=named)
        return plan

    def _visited(self, layers: Sequence[str]) -> _Plan:
        wanted = tuple(layers)
        if wanted not in self._visits:
            named = {self.graph.layer(layer).id for layer in wanted}
            if len(self._visits) >= _PLANS:
                self._visits.clear()
            self._visits[wanted] = _plan(self._steps, named, held=set())
        return self._visits[wanted]


@dataclass(frozen=True)
class _Step:
    """One operation of the program. ``reads``: the numbers of the steps whose values it takes.

    ``bytes`` is the size of its value for one image.
    """

    call: Callable[..., Any]
    reads: tuple[int, ...]
    layer: str | None
    bytes: int


@dataclass(frozen=True)
class _Plan:
    """The steps that the wanted layers need, each with the values that nobody reads after it.

    ``bytes`` is the most that all values of one image take at a time.
    """

    steps: tuple[tuple[Callable[..., Any], tuple[int, ...], tuple[int, ...]], ...]
    outputs: tuple[tuple[str, int], ...]
    bytes: int


def _compile(network: nn.Module, graph: Graph, channels_last: bool) -> list[_Step]:
    """The traced program as plain calls, with the weights of ``network``."""
    numbers: dict[fx.Node, int] = {}
    steps: list[_Step] = []
    layers = {layer.id for layer in graph.layers}
    for node in graph.traced.graph.nodes:
        if node.op == "output":
            break
        function = callable_of(node, network)
        if isinstance(function, nn.Module):
            function = direct(function)
        elif channels_last and node.target == "view":
            function = Tensor.reshape  # a view of maps in another order may not exist
        layer = node.meta[LAYER_ID] if node.meta[LAYER_ID] in layers else None
        size = _FLOAT * math.prod(graph.layer(layer).output_shape) if layer else 0
        numbers[node] = len(steps)
        reads = tuple(numbers[source] for source in node.all_input_nodes)
        steps.append(_Step(bound(function, node), reads, layer, size))
    return steps


def _plan(steps: list[_Step], wanted: set[str], held: set[str]) -> _Plan:
    """Leave out the steps behind the last wanted layer, and forget values when they are used up.

    Those of the layers in ``held`` are not forgotten.
    """
    last_reader: dict[int, int] = {}
    kept: list[int] = []
    for number in reversed(range(len(steps))):
        if number and steps[number].layer not in wanted and number not in last_reader:
            continue
        kept.insert(0, number)
        for source in steps[number].reads:
            last_reader.setdefault(source, number)
    place = {number: index for index, number in enumerate(kept)}
    program = [
        (
            steps[number].call,
            tuple(place[source] for source in steps[number].reads),
            tuple(
                place[source]
                for source in set(steps[number].reads)
                if last_reader[source] == number and steps[source].layer not in held
            ),
        )
        for number in kept[1:]
    ]
    outputs = [(str(steps[n].layer), place[n]) for n in kept if steps[n].layer in wanted]
    sizes = [steps[number].bytes for number in kept]
    return _Plan(tuple(program), tuple(outputs), _peak(sizes, [step[2] for step in program]))


def _peak(sizes: list[int], used_up: list[tuple[int, ...]]) -> int:
    """The most bytes that are alive at a time: each step adds a value, then drops others."""
    most = alive = sizes[0]
    for size, dropped in zip(sizes[1:], used_up, strict=True):
        alive += size
        most = max(most, alive)
        alive -= sum(sizes[place] for place in dropped)
    return most


def _execute(plan: _Plan, x: Tensor) -> dict[str, Tensor]:
    values: list[Any] = [x]
    with torch.inference_mode():
        for call, reads, used_up in plan.steps:
            values.append(call(*[values[i] for i in reads]))
            for i in used_up:
                values[i] = None
    return {layer: values[i] for layer, i in plan.outputs}


def _visit(plan: _Plan, x: Tensor, receive: Callable[[str, Tensor], object]) -> None:
    values: list[Any] = [x]
    layers = {place: layer for layer, place in plan.outputs}
    with torch.inference_mode():
        if 0 in layers:
            receive(layers[0], x)
        for call, reads, used_up in plan.steps:
            values.append(call(*[values[i] for i in reads]))
            if len(values) - 1 in layers:
                receive(layers[len(values) - 1], values[-1])
            for i in used_up:
                values[i] = None


def _execute_small(plan: _Plan, x: Tensor) -> dict[str, Tensor]:
    """Without oneDNN. The switch is the process's: a pass beside this one may lose speed."""
    torch.backends.mkldnn.enabled = False  # type: ignore[assignment]
    try:
        return _execute(plan, x)
    finally:
        torch.backends.mkldnn.enabled = _ONEDNN
