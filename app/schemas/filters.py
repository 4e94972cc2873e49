"""Kernels in numbers."""

from __future__ import annotations

from pydantic import BaseModel

from app.schemas.passes import WeightsRef


class InputChannelNorm(BaseModel):
    """The Euclidean norm of one input channel's part of a kernel."""

    channel: int
    norm: float


class FilterSummary(BaseModel):
    """Statistics of one filter (one output channel): its kernel I×kH×kW.

    ``norm`` is Euclidean; ``strongest`` are the input channels with the largest norms, numbered
    within the whole input (groups and sparse tables respected), best first.
    """

    channel: int
    norm: float
    mean: float
    std: float
    min: float
    max: float
    bias: float | None
    strongest: list[InputChannelNorm]


class FiltersSummary(BaseModel):
    """``GET /models/{model}/layers/{layer}/filters/summary``: all filters, in their order."""

    model: str
    layer: str
    weights: WeightsRef
    shape: list[int]
    source: str
    filters: list[FilterSummary]
