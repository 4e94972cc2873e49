"""The arithmetic of one unit."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel


class Box(BaseModel):
    """Pixels top ≤ y < bottom, left ≤ x < right of the input (clipped to it)."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Source:
    """The unit that an input value comes from. ``y``, ``x`` are null in dense layers.

    A plain dataclass: a dense unit of VGG-16 has 25,088 of them, and a model a piece is slow.
    """

    layer: str
    channel: int
    y: int | None = None
    x: int | None = None


class Patch(BaseModel):
    """The window of the source layer that a convolution or pooling unit reads.

    Cell (k, i, j) is channel ``channels[k]``, row ``top + i·dilation[0]``, column
    ``left + j·dilation[1]``; cells outside the source are zero padding and stand in no list.
    """

    layer: str
    channels: list[int]
    top: int
    left: int
    height: int
    width: int
    dilation: tuple[int, int]


class Step(BaseModel):
    """One elementwise layer between the weighted sum and the output."""

    layer: str
    type: str
    formula: str
    input: float
    output: float


class Neuron(BaseModel):
    """The arithmetic of one unit.

    ``sum(products) + bias == sum`` and, after ``steps``, ``output`` equals the tensor's value,
    to 1e-4 relative. ``inputs``, ``weights``, ``products`` and ``sources`` run side by side, one
    entry an incoming edge. Max pooling has weight 1 on the winner and 0 elsewhere. For an
    elementwise layer the sum is that of the layer it follows (``weighted_layer``).
    """

    model: str
    layer: str
    type: str
    weighted_layer: str
    channel: int
    y: int | None = None
    x: int | None = None
    inputs: list[float]
    weights: list[float]
    products: list[float]
    sources: list[Source]
    patch: Patch | None = None
    bias: float
    sum: float
    steps: list[Step]
    activation: str | None
    output: float
    receptive_field: Box
