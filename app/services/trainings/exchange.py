"""Trained networks as files: safetensors that say in their metadata what they are."""

from __future__ import annotations

import json
import secrets
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import torch
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file
from torch import Tensor

from app.schemas import DatasetInfo, TrainingRequest
from app.schemas.training import Positive
from app.services.training import Config, complete
from app.services.training.network import card, create
from app.services.training_check import layers_of
from app.services.trainings.accepting import facts, known_models
from app.services.trainings.files import digest, packed
from app.services.trainings.record import Checkpoint, Facts, Record, Standing
from models.registry import InputSpec, ModelSpec
from models.sources.errors import WeightsError, WeightsMismatchError
from models.sources.fitting import fit
from models.sources.loading import read

KEY = "convscope"  # of the description in the metadata
_SIDE = Annotated[int, Field(ge=1, le=1024)]
_Numbers = Annotated[tuple[float, ...], Field(min_length=1, max_length=3)]
_Count = Annotated[int, Field(ge=0, lt=2**53)]  # so large may numbers in JSON be
_Text = Annotated[str, Field(max_length=200)]


class NotATrainingError(ValueError):
    """A file is no network that was downloaded here, or it does not hold what it says."""


class _Input(BaseModel):
    """The fields of models.InputSpec."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    shape: tuple[Annotated[int, Field(ge=1, le=3)], _SIDE, _SIDE]
    mode: Literal["L", "RGB", "F"]
    mean: _Numbers
    std: Annotated[tuple[Positive, ...], Field(min_length=1, max_length=3)]
    preprocessing: Literal["digit", "plain", "photo", "none"]
    channels: Literal["L", "RGB", "BGR"] = "L"
    resize: _SIDE | None = None
    interpolation: Literal["bilinear", "bicubic"] = "bilinear"


class Description(BaseModel):
    """What a file says of its network. ``request`` tells architecture, data and recipe."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    version: Literal[1] = 1
    title: Annotated[_Text, Field(min_length=1)]
    request: TrainingRequest
    input: _Input
    classes: Annotated[list[_Text], Field(min_length=1, max_length=1000)]
    dataset: DatasetInfo
    step: _Count
    steps: _Count
    steps_per_epoch: Annotated[_Count, Field(ge=1)]
    epoch: Annotated[float, Field(ge=0)]
    loss: float | None = None
    test_loss: float | None = None
    test_accuracy: Annotated[float, Field(ge=0, le=1)] | None = None
    weights: Annotated[str, Field(max_length=64)]


def exported(record: Record, checkpoint: Checkpoint, path: Path) -> bytes:
    """The file of a checkpoint to take away. Raises WeightsError for one that is damaged."""
    described = Description(
        title=record.title,
        request=TrainingRequest.model_validate(record.request),
        input=_Input.model_validate(record.facts.input),
        classes=record.facts.classes,
        dataset=record.facts.dataset,
        step=checkpoint.step,
        steps=record.standing.steps,
        steps_per_epoch=record.standing.steps_per_epoch,
        epoch=checkpoint.epoch,
        loss=checkpoint.loss,
        test_loss=checkpoint.test_loss,
        test_accuracy=checkpoint.test_accuracy,
        weights=checkpoint.sha256,
    )
    return packed(
        read(path, checkpoint.sha256), **{KEY: described.model_dump_json(exclude_none=True)}
    )


def imported(path: Path, name: str, most_parameters: int) -> tuple[Record, bytes]:
    """The record of a file's network, and its checkpoint as we keep it.

    Nothing in the file is executed: it is numbers and a description, and both are checked.
    Raises NotATrainingError.
    """
    tensors, described = _read(path, name)
    found = _facts(described, name, most_parameters)
    spec = _spec(described)
    try:
        with torch.device("meta"):
            network = create(Config.of(_full(described)), spec)
        state = fit(tensors, network, name)
    except (WeightsError, WeightsMismatchError) as error:
        raise NotATrainingError(str(error)) from error
    body = packed(state, step=str(described.step))
    checkpoint = Checkpoint(
        step=described.step,
        epoch=described.epoch,
        bytes=len(body),
        sha256=digest(body),
        loss=described.loss,
        test_loss=described.test_loss,
        test_accuracy=described.test_accuracy,
    )
    record = Record(
        id=secrets.token_hex(4),
        title=described.title,
        created=datetime.now(UTC),
        request=_full(described).model_dump(mode="json"),
        facts=found,
        state="done",
        standing=_standing(described),
        checkpoints=[checkpoint],
    )
    return record, body


def _read(path: Path, name: str) -> tuple[dict[str, Tensor], Description]:
    try:
        with safe_open(path, "pt") as file:
            text = (file.metadata() or {}).get(KEY)
        if text is None:
            raise NotATrainingError(
                f"{name} does not say what network it holds: only files that were downloaded from "
                "a training can be loaded. Others go to a network that is listed already, as "
                "weights of your own."
            )
        return load_file(path), Description.model_validate(json.loads(text))
    except SafetensorError as error:
        raise NotATrainingError(f"{name} is no safetensors file, or damaged: {error}") from error
    except ValidationError as error:
        fault = error.errors()[0]
        place = ".".join(str(part) for part in fault["loc"])
        raise NotATrainingError(
            f"{name}: its description is wrong: {place}: {fault['msg']}"
        ) from error
    except (ValueError, RecursionError) as error:
        if isinstance(error, NotATrainingError):
            raise
        raise NotATrainingError(f"{name}: its description cannot be read.") from error


def _facts(described: Description, name: str, most_parameters: int) -> Facts:
    request, spec = described.request, _spec(described)
    if request.model is not None and request.model not in known_models():
        raise NotATrainingError(f"{name} needs the network {request.model!r}, which is not here.")
    if request.dataset.id == "points":
        raise NotATrainingError(f"{name} was trained on points: such networks are not loaded.")
    config = Config.of(_full(described))
    own = card(config, list(spec.input.shape), tuple(described.classes))
    _check_input(spec.input, own.input, name)
    own = replace(own, input=spec.input)
    _, problems = layers_of(config, own)
    if problems:
        raise NotATrainingError(f"{name}: its layers cannot be: {problems[0].detail}")
    found = facts(_full(described), own, described.dataset, uploaded=True)
    if found.parameters > most_parameters:
        count = f"{found.parameters:,}"
        raise NotATrainingError(f"{name} has {count} parameters: too many for this server.")
    return found


def _check_input(given: InputSpec, own: InputSpec, name: str) -> None:
    """Raise NotATrainingError unless such pictures go into the network; means may be others."""
    as_given = replace(own, mean=given.mean, std=given.std)
    if given != as_given or {len(given.mean), len(given.std)} != {own.shape[0]}:
        raise NotATrainingError(f"{name}: its input is not that of the network that it names.")


def _spec(described: Description) -> ModelSpec:
    return ModelSpec(
        id="uploaded",
        title=described.title,
        family="",
        task="classification",
        input=InputSpec(**described.input.model_dump()),
        classes=tuple(described.classes),
        about="",
        reference="",
    )


def _full(described: Description) -> TrainingRequest:
    return complete(described.request, described.dataset)


def _standing(described: Description) -> Standing:
    return Standing(
        step=described.step,
        steps=max(described.steps, described.step),
        steps_per_epoch=described.steps_per_epoch,
        epoch=described.epoch,
        loss=described.loss,
        test_loss=described.test_loss,
        test_accuracy=described.test_accuracy,
        best_test_accuracy=described.test_accuracy,
        live=1,
    )
