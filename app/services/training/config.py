"""What a training is to do, with every choice made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from torch import Tensor

from app.schemas.design import Design
from app.schemas.training import (
    AugmentationChoice,
    DataChoice,
    Initialisation,
    OptimizerChoice,
    ScheduleChoice,
    StoppingChoice,
    TrainingRequest,
)


@dataclass(frozen=True)
class Config:
    """One training: a `TrainingRequest` without gaps. One of ``model`` and ``design`` is set."""

    model: str | None
    design: Design | None
    data: DataChoice
    optimizer: OptimizerChoice
    schedule: ScheduleChoice
    augmentation: AugmentationChoice
    epochs: float
    batch: int
    dropout: float | None = None
    label_smoothing: float = 0.0
    ema_decay: float = 0.0
    initialisation: Initialisation = "default"
    stopping: StoppingChoice | None = None
    precision: Literal["auto", "float32", "bfloat16"] = "auto"
    seed: int = 1
    speed: float | None = None

    @classmethod
    def of(cls, request: TrainingRequest) -> Config:
        """From a request that `complete` has filled in. Raises ValueError where it has gaps."""
        optimizer, schedule = request.optimizer, request.schedule
        augmentation, epochs, batch = request.augmentation, request.epochs, request.batch
        if optimizer is None or schedule is None or augmentation is None:
            raise ValueError("A training needs an optimizer, a schedule and an augmentation.")
        if epochs is None or batch is None:
            raise ValueError("A training needs a number of epochs and a batch size.")
        return cls(
            model=request.model,
            design=request.design,
            data=request.dataset,
            optimizer=optimizer,
            schedule=schedule,
            augmentation=augmentation,
            epochs=epochs,
            batch=batch,
            dropout=request.dropout,
            label_smoothing=request.label_smoothing or 0.0,
            ema_decay=request.ema_decay or 0.0,
            initialisation=request.initialisation,
            stopping=request.stopping,
            precision=request.precision,
            seed=request.seed,
            speed=request.speed,
        )

    @property
    def points(self) -> bool:
        """Whether it learns points of the plane, with one output unit, instead of pictures."""
        return self.data.id == "points"


class Material(Protocol):
    """What a network learns from, as tensors on the device that trains.

    ``train`` and ``test``: uint8 N×C×H×W (points: float32 N×2×1×1); labels: int64 N.
    """

    @property
    def train(self) -> Tensor: ...  # noqa: D102
    @property
    def labels(self) -> Tensor: ...  # noqa: D102
    @property
    def test(self) -> Tensor: ...  # noqa: D102
    @property
    def test_labels(self) -> Tensor: ...  # noqa: D102
    @property
    def classes(self) -> tuple[str, ...]: ...  # noqa: D102
    def fit(self, pictures: Tensor) -> Tensor:
        """Float pictures at the size that the network takes."""
        ...
