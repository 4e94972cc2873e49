"""Networks: their cards, layers, stages and weights."""

from __future__ import annotations

from typing import Literal

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
    the server keeps; ``download_bytes`` is what a fetch brings. ``features``: measured figures
    of the features by name, each a share (0…1).
    """

    id: str
    kind: Literal["shipped", "official", "wheel", "file", "trained"]
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
    features: dict[str, float] = Field(default_factory=dict)
    job: str | None = None


class WeightsInfo(BaseModel):
    """Whether weights are on this machine, and where they come from.

    ``source`` is the id of the source in use: the one that the call named (``?weights=``), else
    the first in ``sources`` that is ready. "random" means random numbers, only ever when asked
    for. ``data``, ``recipe`` and ``seed`` say how weights of this project were trained.
    ``features``: measured figures by name, each a share (0…1): ``gabor_or_blob`` (first kernels
    that are oriented edges or blobs of colour), ``probe_cifar10`` (CIFAR-10 test pictures that a
    linear classifier on the last feature maps gets right), and both with ``_untrained``.
    """

    status: Literal["ready", "downloadable", "missing", "downloading"]
    source: str | None = None
    data: str | None = None
    recipe: str | None = None
    seed: int | None = None
    sources: list[WeightsSource] = Field(default_factory=list)
    bytes: int | None = None
    sha256: str | None = None
    accuracy: dict[str, float] = Field(default_factory=dict)
    features: dict[str, float] = Field(default_factory=dict)
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
