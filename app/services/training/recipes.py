"""Default recipes: what is taken where a request leaves something open."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.schemas import (
    AugmentationChoice,
    DatasetInfo,
    OptimizerChoice,
    ScheduleChoice,
    TrainingRequest,
)


@dataclass(frozen=True)
class Recipe:
    """How a network is trained on a data set, unless something else is asked for."""

    epochs: float
    batch: int = 128
    optimizer: OptimizerChoice = field(default_factory=OptimizerChoice)
    schedule: ScheduleChoice = field(default_factory=ScheduleChoice)
    augmentation: AugmentationChoice = field(default_factory=AugmentationChoice)
    label_smoothing: float = 0.0
    ema_decay: float = 0.0


def _adamw(rate: float, decay: float = 0.02) -> OptimizerChoice:
    """A short memory for squares of gradients (0.98): there are few steps."""
    return OptimizerChoice(name="adamw", learning_rate=rate, betas=(0.9, 0.98), decay=decay)


_SOON = ScheduleChoice(name="one_cycle", warmup=0.05)
_CONSTANT = ScheduleChoice(name="constant")
_HINTED = AugmentationChoice(shift=1, rotation=6, scale=0.05)
_LIGHT = AugmentationChoice(shift=1.5, rotation=8, scale=0.08)
_DIGITS = AugmentationChoice(shift=2, rotation=10, shear=6, scale=0.1)
_CLOTHES = AugmentationChoice(shift=1.5, scale=0.05, flip=True)
_PHOTOS = AugmentationChoice(shift=3.5, flip=True)  # 4 of 32 pixels: He et al. 2016, section 4.2

_MNIST: dict[str, Recipe] = {
    "lenet5": Recipe(3, batch=96, optimizer=_adamw(4e-3), schedule=_SOON, augmentation=_HINTED),
    "harley": Recipe(3, batch=64, optimizer=_adamw(3e-3), schedule=_SOON, augmentation=_HINTED),
    "digitnet": Recipe(
        18, optimizer=_adamw(5e-3, 0.1), augmentation=_DIGITS, label_smoothing=0.1, ema_decay=0.998
    ),
    "mlp": Recipe(12, optimizer=_adamw(2e-3), augmentation=_HINTED),
}
_BY_DATA: dict[str, Recipe] = {
    "mnist": Recipe(4, optimizer=_adamw(3e-3), augmentation=_LIGHT),
    "fashion-mnist": Recipe(18, optimizer=_adamw(3e-3), augmentation=_CLOTHES),
    "cifar10": Recipe(15, optimizer=_adamw(3e-3, 0.05), augmentation=_PHOTOS),
    "folder": Recipe(8, batch=32, optimizer=_adamw(1e-3, 0.05), augmentation=_PHOTOS),
}
_POINTS = Recipe(
    100,
    batch=10,
    optimizer=OptimizerChoice(name="adam", learning_rate=0.03, decay=0),
    schedule=_CONSTANT,
)
_PERCEPTRON = Recipe(
    20,
    batch=1,
    optimizer=OptimizerChoice(name="perceptron", learning_rate=0.1, decay=0),
    schedule=_CONSTANT,
)


def recipe(request: TrainingRequest) -> Recipe:
    """The recipe for a request's network and data set."""
    if request.dataset.id == "points":
        ruled = request.optimizer is not None and request.optimizer.name == "perceptron"
        return _PERCEPTRON if ruled else _POINTS
    default = _BY_DATA[request.dataset.id]
    if request.dataset.id == "mnist" and request.model is not None:
        return _MNIST.get(request.model, default)
    return default


def complete(request: TrainingRequest, info: DatasetInfo) -> TrainingRequest:
    """The request with every default filled in: the recipe of its network and data set.

    Batches are never larger than what there is to learn from.
    """
    chosen = recipe(request)
    pictures = max(1, round(info.train * request.dataset.share))
    return request.model_copy(
        update={
            "optimizer": request.optimizer or chosen.optimizer,
            "schedule": request.schedule or chosen.schedule,
            "augmentation": request.augmentation or chosen.augmentation,
            "epochs": request.epochs or chosen.epochs,
            "label_smoothing": _either(request.label_smoothing, chosen.label_smoothing),
            "ema_decay": _either(request.ema_decay, chosen.ema_decay),
            "batch": request.batch or min(chosen.batch, pictures),
        }
    )


def _either(asked: float | None, default: float) -> float:
    """What was asked for, also where that is 0."""
    return default if asked is None else asked
