"""What the units of each layer do on a set of pictures: dead, saturated, how strongly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from app.services.graph import Graph
from app.services.learning.answers import Subject
from app.services.operations import PASS_THROUGH
from models.layers import ScaledTanh

BINS = 40
_NEAR = 0.01  # of the way from one bound to the other
_SAME = 1e-6  # of the largest value: no more than rounding

# Activations that cannot leave two bounds, and move smoothly between them.
_BOUNDS: dict[type[nn.Module], tuple[float, float]] = {
    nn.Sigmoid: (0.0, 1.0),
    nn.Hardsigmoid: (0.0, 1.0),
    nn.Tanh: (-1.0, 1.0),
    nn.Hardtanh: (-1.0, 1.0),
    ScaledTanh: (-1.7159, 1.7159),
}


@dataclass(frozen=True)
class Histogram:
    """``counts[i]`` values lie in ``edges[i]…edges[i + 1]``."""

    edges: list[float]
    counts: list[int]


@dataclass(frozen=True)
class Behaviour:
    """``dead``: channels that do not vary; ``saturated``: the share of values near a bound."""

    channels: int
    dead: list[int]
    saturated: float | None
    values: Histogram


def behaviour(subject: Subject, layers: list[str], pictures: Tensor) -> dict[str, Behaviour]:
    """Of the layers named, on pictures as `Subject.feed` takes them."""
    ranges = {layer: _Ranges(bounds_of(subject.loaded.graph, layer)) for layer in layers}
    for layer, values in _visited(subject, layers, pictures):
        ranges[layer].add(values)
    counts = {layer: np.zeros(BINS, np.int64) for layer in layers}
    for layer, values in _visited(subject, layers, pictures):
        counts[layer] += _counts(values, *ranges[layer].span)
    return {layer: ranges[layer].found(counts[layer]) for layer in layers}


def bounds_of(graph: Graph, layer: str) -> tuple[float, float] | None:
    """Between which values a layer's activation stays; None for those without bounds."""
    while isinstance(graph.modules.get(layer), PASS_THROUGH):
        layer = graph.layer(layer).inputs[0]
    module = graph.modules.get(layer)
    return None if module is None else _BOUNDS.get(type(module))


def histogram(values: Tensor, bins: int = BINS) -> Histogram:
    """From the smallest to the largest value; what is no finite number is left out."""
    finite = values.detach().float().flatten()
    finite = finite[finite.isfinite()].cpu()
    low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 0.0)
    low, high = _widened(low, high)
    edges = np.linspace(low, high, bins + 1)
    return Histogram(edges.tolist(), _counts(finite, low, high, bins).tolist())


class _Ranges:
    """What has been seen of a layer: the range of each unit, and how many values are at a bound."""

    def __init__(self, bounds: tuple[float, float] | None) -> None:
        self._bounds = bounds
        self._low: Tensor | None = None
        self._high: Tensor | None = None
        self._seen = self._near = 0

    def add(self, values: Tensor) -> None:
        low, high = values.amin(0), values.amax(0)
        self._low = low if self._low is None else torch.minimum(self._low, low)
        self._high = high if self._high is None else torch.maximum(self._high, high)
        if self._bounds is not None:
            margin = _NEAR * (self._bounds[1] - self._bounds[0])
            near = (values < self._bounds[0] + margin) | (values > self._bounds[1] - margin)
            self._near += int(near.sum())
            self._seen += values.numel()

    @property
    def span(self) -> tuple[float, float]:
        """From the smallest to the largest value of all units, finite and not empty."""
        if self._low is None or self._high is None:
            return _widened(0.0, 0.0)
        ends = torch.stack([self._low.min(), self._high.max()]).nan_to_num()
        return _widened(float(ends[0]), float(ends[1]))

    def found(self, counts: NDArray[np.int64]) -> Behaviour:
        edges = np.linspace(*self.span, BINS + 1).tolist()
        dead = [] if self._low is None else self._still().nonzero().flatten().tolist()
        return Behaviour(
            channels=0 if self._low is None else len(self._low),
            dead=dead,
            saturated=self._near / self._seen if self._seen else None,
            values=Histogram(edges, counts.tolist()),
        )

    def _still(self) -> Tensor:
        """Channels of which no position answers differently to different pictures."""
        assert self._low is not None
        assert self._high is not None
        low, high = (ends.reshape(len(ends), -1) for ends in (self._low, self._high))
        largest = torch.maximum(low.abs(), high.abs()).amax(1)
        return (high - low).amax(1) <= _SAME * largest


def _visited(subject: Subject, layers: list[str], pictures: Tensor) -> Iterator[tuple[str, Tensor]]:
    """Every layer's values of every batch."""
    for part in subject.parts(len(pictures)):
        yield from subject.loaded.runner.run(subject.feed(pictures[part]), layers).items()


def _counts(values: Tensor, low: float, high: float, bins: int = BINS) -> NDArray[np.int64]:
    finite = values.float().flatten()
    found = torch.histc(finite[finite.isfinite()].cpu(), bins, low, high)
    return found.numpy().astype(np.int64)


def _widened(low: float, high: float) -> tuple[float, float]:
    """A range that is not empty."""
    if high > low:
        return low, high
    margin = max(1e-6, abs(low) * 1e-3)
    return low - margin, high + margin
