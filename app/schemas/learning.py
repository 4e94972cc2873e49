"""What a network has learned, at a checkpoint of its training."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field


class Confusion(BaseModel):
    """``…/checkpoints/{step}/confusion``: ``matrix[true][predicted]`` counts pictures.

    A ratio is null where its denominator is 0, a loss where it is no finite number.
    """

    step: int
    split: Literal["train", "test"]
    classes: list[str]
    matrix: list[list[int]]
    accuracy: float
    loss: float | None
    precision: list[float | None]
    recall: list[float | None]
    f1: list[float | None]


class Answered(BaseModel):
    """A picture of the data set and what the network makes of it.

    ``index`` is its place in the split; ``href`` is empty for points, which have no picture.
    """

    index: int
    href: str
    label: int
    predicted: int
    probability: float
    label_probability: float


class AnsweredPage(BaseModel):
    """Pictures behind a cell of the confusion matrix, or the worst mistakes; ``total`` of them."""

    step: int
    split: Literal["train", "test"]
    total: int
    pictures: list[Answered]


class Counts(BaseModel):
    """A histogram: ``counts[i]`` values lie in ``edges[i]…edges[i + 1]``."""

    edges: list[float]
    counts: list[int]


class LayerLearning(BaseModel):
    """One weighted layer at a checkpoint.

    ``gradient``: the norm of its weights' gradient over 256 training pictures (fewer for large
    networks), always the same ones, without augmentation and dropout; null where the perceptron's
    rule trains. ``change``: the norm of the weights' change since the checkpoint before, ÷ the
    weights' norm. ``dead``: the share of channels whose output (after the activation, ``output``)
    does not vary on 1,000 test pictures, such as a ReLU that is always 0. ``saturated``: of bounded
    activations, the share of values within 1 % of the range from a bound.
    """

    layer: str
    output: str
    parameters: int
    weight_norm: float | None
    gradient: float | None
    change: float | None
    dead: float | None
    dead_units: list[int] = Field(default_factory=list)
    saturated: float | None = None
    weights: Counts
    activations: Counts


class LayersLearning(BaseModel):
    """``…/checkpoints/{step}/layers``."""

    step: int
    layers: list[LayerLearning]


class Robustness(BaseModel):
    """``…/checkpoints/{step}/robustness``: accuracy on ``pictures`` test pictures that are changed.

    ``curves``: by kind ("shift" in pixels to the right, "rotation" in degrees counter-clockwise,
    "noise" as a standard deviation of 0…1, "scale" as a factor), ``values`` and the accuracy at
    each.
    """

    step: int
    pictures: int
    curves: dict[str, RobustnessCurve]


class RobustnessCurve(BaseModel):
    """Accuracy over the strength of a change."""

    values: list[float]
    accuracy: list[float]


class Surface(BaseModel):
    """``…/checkpoints/{step}/surface``: what every unit answers on a square of the plane (JSON).

    ``range``: the square's sides, both from …to; rows from top (largest y) to bottom. ``units`` of
    each layer: ``size``×``size`` values; ``weights`` of each dense layer, outputs × inputs.
    """

    step: int
    size: int
    range: tuple[float, float]
    layers: list[SurfaceLayer]


class SurfaceLayer(BaseModel):
    """One layer of units behind its activation; the first one is the inputs.

    The last one, ``out``, is the sum that the network gives (log-odds of the second class).
    """

    id: str
    units: list[list[list[float]]]
    weights: list[list[float]] | None = None
    bias: list[float] | None = None
