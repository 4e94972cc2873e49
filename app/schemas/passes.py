"""Forward passes: predictions, what a layer holds, live frames."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field


class ClassScore(BaseModel):
    """One class with its softmax probability and its logit."""

    class_: int = Field(alias="class", serialization_alias="class")
    label: str
    probability: float
    logit: float

    model_config = {"populate_by_name": True}


class Prediction(BaseModel):
    """The likeliest classes, best first.

    ``unsure``: the answer should not be trusted; ``reason`` says why: "empty" (no ink),
    "low_probability" (the top probability is below the network's ``unsure_below``) or "no_number"
    (training has diverged: probabilities and logits that are no numbers are sent as 0).
    """

    top: list[ClassScore]
    unsure: bool
    reason: Literal["empty", "low_probability", "no_number"] | None = None


class WeightsRef(BaseModel):
    """Which weights computed an answer."""

    source: str
    sha256: str


class PictureFrame(BaseModel):
    """Which part of an upright picture of width × height pixels the network sees, in its pixels.

    Pixel edges count: the whole picture is top 0, left 0, bottom ``height``, right ``width``.
    """

    width: int
    height: int
    top: float
    left: float
    bottom: float
    right: float


class Predictions(BaseModel):
    """``POST /models/{model}/predictions``: one entry an image, in order."""

    model: str
    weights: WeightsRef
    predictions: list[Prediction]


class LayerStats(BaseModel):
    """A layer's values in one pass, over all channels and positions."""

    id: str
    shape: list[int]
    min: float
    max: float
    mean: float
    std: float
    zero_fraction: float


class PassInfo(BaseModel):
    """``POST /models/{model}/passes`` → 201; ``GET /passes/{id}``.

    ``predictions`` is empty where the weights have no classifier. ``GET /passes/{id}/image``
    is the picture that the network sees; ``picture`` says which part of the uploaded photograph
    that is (null: no photograph, or so long ago that the server has forgotten).
    """

    id: str
    model: str
    picture: PictureFrame | None = None
    weights: WeightsRef
    predictions: list[Prediction]
    layers: list[LayerStats]


class LiveLayer(BaseModel):
    """Where one layer's values lie in the body of a live frame (little-endian)."""

    id: str
    shape: list[int]
    dtype: str
    offset: int


class LiveHeader(BaseModel):
    """The JSON header of a live frame. ``seq`` counts this socket's drawings, from 1."""

    seq: int
    predictions: list[Prediction]
    layers: list[LiveLayer]
