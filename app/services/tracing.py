"""A network as a torch.fx program: every layer a node with a public id, nothing in place."""

from __future__ import annotations

import contextlib
import copy
import operator
import threading
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor, fx, nn

LAYER_ID = "layer_id"  # the key of a node's public name in ``node.meta``


# While torch.fx traces, nn.Module.__call__ is patched in the whole process: one trace at a time.
_TRACING = threading.Lock()


class _Tracer(fx.Tracer):
    """Stops at modules without children and remembers in which module each call stands."""

    def __init__(self) -> None:
        super().__init__()
        self.thread = threading.get_ident()
        self.place = ""
        self._names: dict[str, int] = {}

    def is_leaf_module(self, m: nn.Module, module_qualified_name: str) -> bool:
        return not any(True for _ in m.children())

    def call_module(self, m: nn.Module, forward: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        if threading.get_ident() != self.thread:
            return forward(*args, **kwargs)  # another thread's network is none of our business
        outer, self.place = self.place, self.path_of_module(m)
        try:
            if self.is_leaf_module(m, self.place):
                return self.create_proxy("call_module", self.place, args, kwargs)
            return forward(*args, **kwargs)
        finally:
            self.place = outer

    def create_node(self, kind: str, target: Any, *args: Any, **kwargs: Any) -> fx.Node:
        node = super().create_node(kind, target, *args, **kwargs)
        node.meta[LAYER_ID] = self._layer_id(kind, target)
        return node

    def _layer_id(self, kind: str, target: Any) -> str:
        """As torchvision's feature extraction names nodes: ``layer1.0.add``, ``relu_1``."""
        name = "input" if kind == "placeholder" else self.place
        if kind not in ("placeholder", "call_module"):
            name = f"{name}.{function_name(target)}".lstrip(".")
        count = self._names.get(name, 0)
        self._names[name] = count + 1
        return f"{name}_{count}" if count else name


def function_name(target: Any) -> str:
    """``flatten``, ``add``, ``relu`` … of a function, or of the name of a method."""
    return str(target if isinstance(target, str) else target.__name__).strip("_")


def arguments(node: fx.Node) -> list[fx.Node]:
    """The nodes that a node reads, in order; one that it reads twice stands twice."""
    nodes: list[fx.Node] = []
    fx.node.map_arg((node.args, node.kwargs), nodes.append)
    return nodes


def callable_of(node: fx.Node, network: nn.Module) -> Callable[..., Any]:
    """The function that computes a node from its arguments, with the weights of ``network``."""
    target: Any = node.target
    if node.op == "call_module":
        return out_of_place(network.get_submodule(target))
    if node.op == "call_method":
        return getattr(Tensor, target)  # type: ignore[no-any-return]
    if node.op == "get_attr":
        return lambda: operator.attrgetter(target)(network)
    if node.op == "placeholder":
        return lambda default=None: default
    return target  # type: ignore[no-any-return]


def bound(function: Callable[..., Any], node: fx.Node) -> Callable[..., Any]:
    """The function of the values of ``node.all_input_nodes``; constants are fixed."""
    nodes = node.all_input_nodes
    if not node.kwargs and list(node.args) == nodes:
        return function

    def call(*values: Any) -> Any:
        value_of = dict(zip(nodes, values, strict=True)).__getitem__
        args, kwargs = fx.node.map_arg((node.args, node.kwargs), value_of)
        return function(*args, **kwargs)

    return call


@contextlib.contextmanager
def evaluating(network: nn.Module) -> Iterator[None]:
    """The network in eval mode; every module has its own mode back afterwards."""
    training = [module for module in network.modules() if module.training]
    network.eval()
    try:
        yield
    finally:
        for module in training:
            module.training = True


def trace(network: nn.Module) -> fx.GraphModule:
    """The network as a torch.fx program, as it runs in eval mode, without in-place operations.

    A module without children is one node. It shares parameters with ``network``, which is left
    as it was. Every node carries its public id in ``node.meta[LAYER_ID]``. When the network
    gives several outputs, the first counts.
    """
    with evaluating(network), _TRACING:
        graph = _Tracer().trace(network)
    program = fx.GraphModule(network, graph)
    for node in list(program.graph.nodes):
        if _is_in_place(program, node):
            _functionalize(program, node)
    _keep_first_output(program.graph)
    program.graph.eliminate_dead_code()
    program.recompile()
    return program


def out_of_place(module: nn.Module) -> nn.Module:
    """The module itself, or for an in-place one a twin that leaves its input alone."""
    if not getattr(module, "inplace", False):
        return module
    twin = copy.copy(module)
    twin.inplace = False  # type: ignore[assignment]
    return twin


def _is_in_place(program: fx.GraphModule, node: fx.Node) -> bool:
    if node.op == "call_module":
        return bool(getattr(program.get_submodule(str(node.target)), "inplace", False))
    if node.op not in ("call_function", "call_method"):
        return False
    return bool(node.kwargs.get("inplace")) or _plain(node) is not None


def _functionalize(program: fx.GraphModule, node: fx.Node) -> None:
    """Make a node give a new value, which all that read the changed one afterwards now read."""
    if node.op == "call_module":
        module = out_of_place(program.get_submodule(str(node.target)))
        program.set_submodule(str(node.target), module)
    elif (plain := _plain(node)) is not None:
        node.target = plain
    else:
        node.kwargs = {**node.kwargs, "inplace": False}
    changed = node.all_input_nodes[0]
    changed.replace_all_uses_with(node, delete_user_cb=lambda user: node < user)


def _plain(node: fx.Node) -> Callable[..., Any] | str | None:
    """The operation that does the same as this in-place one, into a new tensor."""
    name = node.target if isinstance(node.target, str) else getattr(node.target, "__name__", "")
    if getattr(operator, name, None) is node.target and name.startswith("i"):
        return getattr(operator, name[1:], None)
    if not name.endswith("_") or name.startswith("_"):
        return None
    if node.op == "call_method":
        return name[:-1] if hasattr(Tensor, name[:-1]) else None
    return getattr(torch, name[:-1], None)


def _keep_first_output(graph: fx.Graph) -> None:
    output = next(node for node in graph.nodes if node.op == "output")
    value = output.args[0]
    while not isinstance(value, fx.Node):
        value = next(iter(value.values() if isinstance(value, dict) else value))
    output.args = (value,)
