"""Trainings on points in the plane."""

from __future__ import annotations

from pydantic import BaseModel


class Update(BaseModel):
    """One application of the perceptron's rule: w ← w + η·(target − output)·x, b likewise."""

    step: int
    index: int
    x: list[float]
    target: float
    sum: float
    output: float
    learning_rate: float
    before: list[float]
    bias_before: float
    after: list[float]
    bias_after: float


class Points(BaseModel):
    """``GET /trainings/{id}/points``: the 2-D points, x and y in −6…6, with their class."""

    train: list[tuple[float, float, int]]
    test: list[tuple[float, float, int]]


class PointsPreview(BaseModel):
    """``POST /trainings/previews``: the points of a request, and the weights before the first step.

    ``layers`` are the dense ones, in order.
    """

    points: Points
    layers: list[PointsLayer]


class PointsNetwork(BaseModel):
    """``GET /trainings/{id}/network``: the newest weights of a network that learns points.

    ``layers`` are the dense ones, in order. ``update``: the last step of the perceptron's rule.
    """

    step: int
    layers: list[PointsLayer]
    update: Update | None = None


class PointsLayer(BaseModel):
    """A dense layer: its weights, outputs × inputs, and its bias; null for what is not finite."""

    id: str
    weights: list[list[float | None]]
    bias: list[float | None] | None
