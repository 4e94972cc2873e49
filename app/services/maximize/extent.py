"""How large pictures may be, and how many are computed together: found without computing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import fx

from app.services.catalog import Loaded
from app.services.graph import Graph
from app.services.maximize.program import SizeError
from app.services.tracing import LAYER_ID

_FLOAT = 4  # bytes


def check_size(loaded: Loaded, layers: Sequence[str], side: int, *, fixed: bool) -> None:
    """Raise SizeError where one of the layers cannot be computed for such a picture.

    ``fixed``: one of them has weights for the network's own size only.
    """
    shape = loaded.spec.input.shape
    if fixed and side != shape[1]:
        raise SizeError((side, side), only=(shape[1], shape[2]))
    if not _computable(loaded, layers, side):
        larger = (s for s in range(side + 1, shape[1]) if _computable(loaded, layers, s))
        least = next(larger, shape[1])
        raise SizeError((side, side), least=(least, least))


def most_pictures(graph: Graph, layers: Sequence[str], side: int, most_bytes: int) -> int:
    """How many pictures' values, up to these layers, are held in so many bytes (float32).

    A gradient needs the values of all layers on the way.
    """
    own = graph.layer("input").output_shape
    values = sum(math.prod(graph.layer(layer).output_shape) for layer in _before(graph, layers))
    share = (side * side) / (own[1] * own[2])
    return int(most_bytes // max(1.0, values * share * _FLOAT))


def _before(graph: Graph, layers: Sequence[str]) -> set[str]:
    """The layers, and all that they read."""
    waiting, seen = list(layers), set(layers)
    while waiting:
        new = set(graph.layer(waiting.pop()).inputs) - seen
        waiting += new
        seen |= new
    return seen


def _computable(loaded: Loaded, layers: Sequence[str], side: int) -> bool:
    """Whether all of them have values; only shapes are computed where the graph has no weights."""
    program = loaded.graph.traced
    like = next(program.parameters(), torch.empty(0))
    x = torch.zeros(1, loaded.spec.input.shape[0], side, side, device=like.device)
    try:
        _Until(program, set(layers)).run(x)
    except RuntimeError:
        return False
    except _ThereError:
        return True
    return True


class _ThereError(Exception):
    """All that was wanted has been computed."""


class _Until(fx.Interpreter):
    """Runs a program up to some layers."""

    def __init__(self, program: fx.GraphModule, layers: set[str]) -> None:
        super().__init__(program)
        self._waiting = set(layers)

    def run_node(self, n: fx.Node) -> Any:
        value = super().run_node(n)
        self._waiting.discard(n.meta[LAYER_ID])
        if not self._waiting:
            raise _ThereError
        return value
