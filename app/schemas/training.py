"""Trainings: what to train, on what and how, and what has come of it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.schemas.design import Design
from app.schemas.points import Update

OptimizerName = Literal[
    "sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adadelta", "adam", "adamw", "perceptron"
]
ScheduleName = Literal["constant", "step", "cosine", "one_cycle", "range"]
Initialisation = Literal[
    "default", "xavier_uniform", "xavier_normal", "kaiming_uniform", "kaiming_normal", "orthogonal",
    "normal", "zeros",
]  # fmt: skip
PointSet = Literal[
    "circle", "xor", "gauss", "spiral", "moons", "line", "gate_and", "gate_or", "gate_xor"
]

Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class DataChoice(_Strict):
    """What the network learns from.

    ``id``: "mnist", "fashion-mnist", "cifar10", "folder" (CONVSCOPE_PICTURES_DIR's sub-folders are
    the classes) or "points" (2-D). ``share`` of the training pictures is used, the same for the
    same seed; ``shuffled`` of their labels are drawn anew at random (Zhang et al. 2017). ``size``:
    the pictures' side as the network is fed, default its own. The fields below it are for points.
    """

    id: Literal["mnist", "fashion-mnist", "cifar10", "folder", "points"] = "mnist"
    share: Annotated[float, Field(gt=0, le=1)] = 1.0
    shuffled: Share = 0.0
    size: Annotated[int, Field(ge=8, le=512)] | None = None
    points: PointSet = "circle"
    count: Annotated[int, Field(ge=4, le=5000)] = 400
    noise: Annotated[float, Field(ge=0, le=1)] = 0.1
    test_share: Annotated[float, Field(ge=0, lt=1)] = 0.5


class OptimizerChoice(_Strict):
    """How the weights change. ``momentum``: of SGD's kin; ``betas``: of Adam's. ``decay`` is the
    weight decay (decoupled for AdamW, L2 for the others), on kernels and matrices only.
    ``clip``: the largest norm of the gradient. "perceptron" is Rosenblatt's rule (1958).
    """

    name: OptimizerName = "adamw"
    learning_rate: Annotated[float, Field(gt=0, le=1000)] = 4e-3
    momentum: Annotated[float, Field(ge=0, lt=1)] = 0.9
    betas: tuple[Annotated[float, Field(ge=0, lt=1)], Annotated[float, Field(ge=0, lt=1)]] = (
        0.9,
        0.999,
    )
    decay: Annotated[float, Field(ge=0, le=10)] = 0.02
    clip: Positive | None = None


class ScheduleChoice(_Strict):
    """The learning rate over time, as a factor of the optimizer's.

    "one_cycle" (Smith 2018) rises for the share ``warmup`` of the steps to 1 and falls to nearly 0;
    "cosine" falls from 1 to 0; "step" is multiplied by ``factor`` every ``epochs`` epochs; "range"
    rises exponentially from ``lowest`` to ``highest`` learning rate: Smith's range test (2017),
    which finds a good one, trains at most 200 steps and keeps no network.
    """

    name: ScheduleName = "one_cycle"
    warmup: Share = 0.3
    factor: Annotated[float, Field(gt=0, lt=1)] = 0.1
    epochs: Annotated[float, Field(gt=0, le=1000)] = 1
    lowest: Positive = 1e-6
    highest: Positive = 1.0


class AugmentationChoice(_Strict):
    """The most that each picture is changed, drawn uniformly for each picture and step.

    ``shift`` and ``elastic`` in pixels of a 28-pixel picture, ``rotation`` and ``shear`` in
    degrees, ``scale`` as a share (0.1: 0.9…1.1), ``brightness`` as a share, ``noise`` a standard
    deviation in 0…1, ``stroke`` in pixels, ``flip``: every second one left to right.
    """

    shift: Annotated[float, Field(ge=0, le=14)] = 0
    rotation: Annotated[float, Field(ge=0, le=180)] = 0
    shear: Annotated[float, Field(ge=0, le=60)] = 0
    scale: Annotated[float, Field(ge=0, le=0.9)] = 0
    brightness: Annotated[float, Field(ge=0, le=1)] = 0
    noise: Annotated[float, Field(ge=0, le=1)] = 0
    elastic: Annotated[float, Field(ge=0, le=4)] = 0
    stroke: Annotated[float, Field(ge=0, le=1)] = 0
    flip: bool = False


class StoppingChoice(_Strict):
    """Early stopping: end when the test loss has not fallen for so many epochs."""

    patience: Annotated[int, Field(ge=1, le=1000)]


class TrainingRequest(_Strict):
    """``POST /trainings``: one of ``model`` (a registered network) and ``design``.

    Without ``optimizer``, ``schedule``, ``augmentation``, ``epochs``, ``batch``,
    ``label_smoothing`` or ``ema_decay`` the default recipe of the network and data set is taken.
    ``dropout`` sets every dropout layer's probability. ``ema_decay``: what is tested, shown and
    kept is a moving average of the weights, which keeps this part of itself at each step (0.995:
    over some 200 steps; 0: the weights themselves). ``speed``: at most so many steps a second.
    ``paused``: wait before the first step.
    """

    model: Annotated[str, Field(max_length=100)] | None = None
    design: Design | None = None
    title: Annotated[str, Field(max_length=120)] | None = None
    dataset: DataChoice = Field(default_factory=DataChoice)
    optimizer: OptimizerChoice | None = None
    schedule: ScheduleChoice | None = None
    augmentation: AugmentationChoice | None = None
    epochs: Annotated[float, Field(gt=0, le=10_000)] | None = None
    batch: Annotated[int, Field(ge=1, le=8192)] | None = None
    dropout: Annotated[float, Field(ge=0, lt=1)] | None = None
    label_smoothing: Annotated[float, Field(ge=0, lt=1)] | None = None
    ema_decay: Annotated[float, Field(ge=0, lt=1)] | None = None
    initialisation: Initialisation = "default"
    stopping: StoppingChoice | None = None
    precision: Literal["auto", "float32", "bfloat16"] = "auto"
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 1
    speed: Positive | None = None
    paused: bool = False

    @model_validator(mode="after")
    def _one_network(self) -> TrainingRequest:
        if (self.model is None) == (self.design is None):
            raise ValueError("Name one network: either model or design.")
        return self


class TrainingChange(_Strict):
    """``PATCH /trainings/{id}`` (and ``PATCH /jobs/{id}``): what may change while it runs.

    ``learning_rate`` takes the place of the optimizer's; the schedule's factor still applies.
    ``advance``: one step or one epoch, then pause. ``epochs`` makes it longer or shorter. ``speed``
    0: as fast as it goes.
    """

    state: Literal["paused", "running"] | None = None
    advance: Literal["step", "epoch"] | None = None
    learning_rate: Annotated[float, Field(gt=0, le=1000)] | None = None
    decay: Annotated[float, Field(ge=0, le=10)] | None = None
    momentum: Annotated[float, Field(ge=0, lt=1)] | None = None
    epochs: Annotated[float, Field(gt=0, le=10_000)] | None = None
    speed: Annotated[float, Field(ge=0, le=100_000)] | None = None
    title: Annotated[str, Field(min_length=1, max_length=120)] | None = None


class TrainingCheck(BaseModel):
    """``POST /trainings/checks``: what a request would come to, before it starts.

    ``request`` has every default filled in. ``problems``: why it cannot be; then numbers are null.
    ``bytes``: about the memory that it takes beside the pictures.
    """

    request: dict[str, Any]
    problems: list[TrainingProblem] = Field(default_factory=list)
    parameters: int | None = None
    macs: int | None = None
    layers: list[DesignLayerInfo] = Field(default_factory=list)
    pictures: int | None = None
    steps: int | None = None
    steps_per_epoch: int | None = None
    bytes: int | None = None


class TrainingProblem(BaseModel):
    """One thing that cannot be, in words; ``field`` is its path ("design.layers.3.kernel")."""

    field: str
    detail: str


class DesignLayerInfo(BaseModel):
    """A layer of a checked design: its id in the network, output C×H×W (or C), parameters."""

    index: int
    id: str
    type: str
    output_shape: list[int]
    parameters: int
    macs: int


class TrainingAccepted(BaseModel):
    """202. ``href`` is the job's, ``training`` the training's; ``model`` its entry of /models
    (null where there is none: points, range tests)."""

    id: str
    href: str
    training: str
    model: str | None


class Change(BaseModel):
    """A hyper-parameter that was changed by hand before this step."""

    step: int
    name: str
    value: float


class CheckpointInfo(BaseModel):
    """A moment that is kept. ``weights`` is the source id to name in calls (?weights=step-400).

    ``test_accuracy`` and ``test_loss`` are null where nobody has asked for them yet.
    """

    step: int
    epoch: float
    href: str
    weights: str
    bytes: int
    loss: float | None
    test_loss: float | None = None
    test_accuracy: float | None = None


class Measured(BaseModel):
    """What is measured as a training goes on; what is no finite number is null."""

    device: str | None = None
    precision: str | None = None
    learning_rate: float | None = None
    loss: float | None = None
    accuracy: float | None = None
    test_loss: float | None = None
    test_accuracy: float | None = None
    best_test_accuracy: float | None = None
    diverged: int | None = None
    stopped_early: bool = False
    images_per_second: float | None = None
    seconds: float = 0
    changes: list[Change] = Field(default_factory=list)
    update: Update | None = None
    suggested_rate: float | None = None


class Training(Measured):
    """``GET /trainings/{id}``, and a row of ``GET /trainings`` (then without checkpoints).

    ``state`` is the job's; "interrupted": the server ended while it ran, and it can go on.
    ``step`` of ``steps`` are done. Rates: ``images_per_second`` of training alone. A loss that is
    no finite number any more is null and ``diverged`` is the step of that.
    """

    id: str
    title: str
    href: str
    job: str | None
    model: str | None
    weights: str | None
    state: Literal["queued", "running", "paused", "done", "failed", "cancelled", "interrupted"]
    error: str | None = None
    created: datetime
    request: dict[str, Any]
    parameters: int
    classes: list[str]
    step: int
    steps: int
    steps_per_epoch: int
    epoch: float
    seconds_left: float | None = None
    checkpoints: list[CheckpointInfo] = Field(default_factory=list)


class TrainingMetrics(BaseModel):
    """``GET /trainings/{id}/metrics``: columns of equal length, a row a report.

    ``loss`` and ``accuracy`` are means over the training batches since the row before; test
    columns are null but in rows of an evaluation. What is no finite number is null.
    """

    steps: list[int]
    columns: dict[str, list[float | None]]
