"""Trainings and checkpoints as the API shows them."""

from __future__ import annotations

from typing import Any

from app.schemas import CheckpointInfo, Training
from app.services.trainings.record import Checkpoint, Record, Standing
from app.services.trainings.run import Run
from app.services.trainings.service import Trainings
from app.services.trainings.trained import LIVE, source_of

_STANDING = [name for name in Standing.model_fields if name in Training.model_fields]


def address(training_id: str) -> str:
    """Where a training is."""
    return f"/api/v1/trainings/{training_id}"


def shown(trainings: Trainings, run: Run, *, whole: bool = True) -> Training:
    """A training as it stands; without its checkpoints unless ``whole``."""
    record, job = run.record, trainings.job(run)
    standing = record.standing
    fields: dict[str, Any] = {name: getattr(standing, name) for name in _STANDING}
    checkpoints = record.checkpoints if whole else []
    return Training(
        **fields,
        id=record.id,
        title=record.title,
        href=address(record.id),
        job=None if job is None else job.id,
        model=record.model,
        weights=LIVE if record.model is not None else None,
        state=trainings.state(run),
        error=record.error,
        created=record.created,
        request=record.request,
        parameters=record.facts.parameters,
        classes=record.facts.classes,
        seconds_left=_seconds_left(record),
        checkpoints=[checkpoint_info(record, each) for each in checkpoints],
    )


def checkpoint_info(record: Record, checkpoint: Checkpoint) -> CheckpointInfo:
    """A checkpoint as the API shows it."""
    return CheckpointInfo(
        step=checkpoint.step,
        epoch=checkpoint.epoch,
        href=f"{address(record.id)}/checkpoints/{checkpoint.step}",
        weights=source_of(checkpoint.step),
        bytes=checkpoint.bytes,
        loss=checkpoint.loss,
        test_loss=checkpoint.test_loss,
        test_accuracy=checkpoint.test_accuracy,
    )


def _seconds_left(record: Record) -> float | None:
    """From the steps that were made so far; None before the first."""
    standing = record.standing
    if not standing.step or not standing.seconds:
        return None
    return (standing.steps - standing.step) * standing.seconds / standing.step
