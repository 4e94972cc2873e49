"""Default recipes: what is taken where a request leaves something open."""

from __future__ import annotations

from app.schemas.training import (
    AugmentationChoice,
    DatasetInfo,
    OptimizerChoice,
    ScheduleChoice,
    TrainingRequest,
)


def complete(request: TrainingRequest, info: DatasetInfo) -> TrainingRequest:
    """The request with every default filled in: the recipe of its network and data set."""
    return request.model_copy(
        update={
            "optimizer": request.optimizer or OptimizerChoice(),
            "schedule": request.schedule or ScheduleChoice(),
            "augmentation": request.augmentation or AugmentationChoice(),
            "epochs": request.epochs or 5,
            "batch": request.batch or 128,
        }
    )
