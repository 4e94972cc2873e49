"""Feature maximization: what a program asks for, and what it is given."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.schemas.passes import Prediction, WeightsRef

Method = Literal["fourier", "maco", "pixels"]
Preset = Literal["fast", "fine"]
Precision = Literal["auto", "float32", "bfloat16"]
ObjectiveName = Literal[
    "activation",
    "negative",
    "joint",
    "contrast",
    "interpolation",
    "diversity",
    "deepdream",
    "caricature",
    "inversion",
]

Channel = Annotated[int, Field(ge=0)]
Place = Annotated[list[int], Field(min_length=3, max_length=3)]  # channel, y, x


class MaximizationRequest(BaseModel):
    """``POST /models/{model}/maximizations``.

    What to look at is one of ``channel`` (of ``layer``; the mean over its map), ``neuron``
    ([channel, y, x] of ``layer``; null y, x do not exist: a dense layer has channels),
    ``class`` (a logit), ``direction`` (one number a channel of ``layer``) or, for "deepdream",
    "caricature" and "inversion", the whole ``layer``. A list of several gives as many pictures in
    one batch, but for the objectives that bring several into one picture.

    ``objective``: "activation" maximizes; "negative" minimizes; "joint" maximizes the mean of all
    in one picture; "contrast" the first less the second; "interpolation" gives ``count`` pictures
    on the way from the first to the second; "diversity" gives ``count`` pictures of one that
    differ from each other; "deepdream" the mean square of the layer; "caricature" exaggerates
    and "inversion" restores what the layer holds for the kept pass ``picture``.

    ``preset`` fills in what is not given: "fast" or "fine". ``size``: the side of the picture
    in pixels, also that at which the network is fed while it computes (default: by preset, but
    no larger than the network's own; that itself for classes and dense layers).
    ``transforms`` false: no random transformations, and with ``method`` "pixels" what comes out
    is an adversarial picture.
    """

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    layer: str | None = Field(default=None, max_length=200)
    channel: Channel | list[Channel] | None = None
    neuron: Place | list[Place] | None = None
    class_: Channel | list[Channel] | None = Field(default=None, alias="class")
    direction: list[float] | None = Field(default=None, min_length=1)
    objective: ObjectiveName = "activation"
    picture: str | None = Field(default=None, max_length=64)
    method: Method = "fourier"
    preset: Preset = "fast"
    steps: int | None = Field(default=None, ge=1, le=4096)
    size: int | None = Field(default=None, ge=8, le=512)
    seed: int = Field(default=0, ge=0, lt=2**31)
    count: int | None = Field(default=None, ge=1, le=16)
    batch: int | None = Field(default=None, ge=1, le=64)
    transforms: bool = True
    precision: Precision = "auto"


class Reference(BaseModel):
    """What real pictures reach on the same unit, by the same measure: the largest value.

    ``set`` is the set of ``pictures`` pictures that was scanned (GET …/top-pictures).
    """

    set: str
    pictures: int
    largest: float


class MaximizedPicture(BaseModel):
    """One picture of a maximization.

    ``state``: "waiting", "running", "done", or "silent": the unit did not activate, whatever we
    tried. ``score`` is the objective re-measured in float32, without transformations, on the
    8-bit picture that is given away, at the network's own input size. ``measure`` says of what
    it is: "mean" (over the channel's map), "value" (one unit), "objective" (anything else).
    ``ratio`` = score ÷ reference.largest; null where there is no reference or it is not
    positive. ``prediction`` is what the network answers to the picture. ``href`` is the PNG;
    ``?alpha=true`` adds the transparency mask.
    """

    index: int
    title: str
    layer: str
    channel: int | None = None
    y: int | None = None
    x: int | None = None
    class_: int | None = Field(default=None, alias="class", serialization_alias="class")
    state: Literal["waiting", "running", "done", "silent"]
    score: float | None = None
    measure: Literal["mean", "value", "objective"] = "objective"
    reference: Reference | None = None
    ratio: float | None = None
    prediction: Prediction | None = None
    steps: int | None = None
    href: str

    model_config = {"populate_by_name": True}


class Maximization(BaseModel):
    """``GET /maximizations/{id}``: what was asked for, with all defaults filled in, and what came.

    The id is the hash of model, weights and resolved request: the same request is answered at
    once. ``job`` is that of the computation, while the server remembers it. ``curve`` holds
    [step, score of each picture] (the score while it is optimized: transformed, maybe in
    bfloat16) of the last batch. ``spectrum`` says which real pictures lent the strengths of
    their waves (maco; fourier for digits, with the mean digit and where ink varies) or their
    colours (fourier for photographs); null: none did.
    ``caveat`` is a sentence on what such pictures cannot say.
    """

    id: str
    href: str
    model: str
    weights: WeightsRef
    request: dict[str, Any]
    job: str | None = None
    state: Literal["waiting", "running", "done", "cancelled", "failed"]
    device: str | None = None
    precision: str | None = None
    spectrum: str | None = None
    seconds: float | None = None
    curve: list[tuple[int, list[float]]] = Field(default_factory=list)
    pictures: list[MaximizedPicture]
    caveat: str


class MaximizationAccepted(BaseModel):
    """202: the job to follow, and where the pictures will be. A kept answer's job ends at once."""

    id: str
    href: str
    maximization: str
