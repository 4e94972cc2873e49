"""What a training would come to before it starts: sizes, steps, memory, and what cannot be."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch
from pydantic import ValidationError

import models
from app.schemas import (
    DatasetInfo,
    DesignLayerInfo,
    TrainingCheck,
    TrainingProblem,
    TrainingRequest,
)
from app.services.datasets import (
    DatasetMissingError,
    DatasetTooLargeError,
    check_room,
    info,
    material,
)
from app.services.design import check, training_bytes
from app.services.graph import describe
from app.services.training import Config, complete
from app.services.training.network import card
from app.services.training.plan import Plan, total
from app.services.training.schedules import RANGE_STEPS
from models import InputSpec, ModelSpec

MOST_BYTES = 3 * 1024**3  # of memory, beside the pictures
_SMALLEST = 4  # pictures: a batch is not made smaller unasked
_WORDS = {
    "less_than_equal": "at most {le}",
    "less_than": "less than {lt}",
    "greater_than_equal": "at least {ge}",
    "greater_than": "more than {gt}",
}


def check_fields(body: dict[str, Any]) -> TrainingRequest | list[TrainingProblem]:
    """A body as a request, or what is wrong with its fields."""
    try:
        return TrainingRequest.model_validate(body)
    except ValidationError as error:
        return [
            TrainingProblem(field=_path(fault["loc"]), detail=_sentence(fault))
            for fault in error.errors(include_url=False)
        ]


def check_training(
    request: TrainingRequest,
    most_parameters: int,
    data_dir: Path | None = None,
    pictures_dir: Path | None = None,
) -> TrainingCheck:
    """The request with every default filled in, and what it would come to.

    ``bytes`` is about the memory that training takes, beside the pictures.
    """
    try:
        dataset = info(request.dataset.id, data_dir, pictures_dir)
    except DatasetMissingError as error:
        return _refused(request, TrainingProblem(field="dataset.id", detail=str(error)))
    misfit = _misfit(request, dataset)
    if misfit is not None:
        return _refused(complete(request, dataset), misfit)
    proposal = propose(request, dataset, most_parameters)
    if proposal.problems:
        body = proposal.request.model_dump(mode="json")
        return TrainingCheck(request=body, problems=proposal.problems, layers=proposal.layers)
    return _sized(proposal, dataset)


@dataclass(frozen=True)
class Proposal:
    """A training with every choice made, the layers of its network, and why it cannot be so."""

    request: TrainingRequest
    config: Config
    spec: ModelSpec
    layers: list[DesignLayerInfo]
    problems: list[TrainingProblem]


def propose(request: TrainingRequest, dataset: DatasetInfo, most_parameters: int) -> Proposal:
    """What a request would come to. The network must suit the data set.

    Where no batch size is asked for, it is one that fits into memory.
    """
    full = complete(request, dataset)
    config = Config.of(full)
    spec = card(config, dataset.shape, tuple(dataset.classes))
    layers, problems = layers_of(config, spec)
    if problems:
        return Proposal(full, config, spec, layers, problems)
    if request.batch is None:
        full = full.model_copy(update={"batch": _fitting(config, layers)})
        config = Config.of(full)
    problems = [
        *_too_large(config, layers, most_parameters),
        *_too_many(dataset, spec),
        *_impossible(config, layers),
    ]
    return Proposal(full, config, spec, layers, problems)


def _sized(proposal: Proposal, dataset: DatasetInfo) -> TrainingCheck:
    config, layers = proposal.config, proposal.layers
    pictures, tests = _counts(config, dataset, proposal.spec.input)
    plan = Plan.of(config, pictures, tests)
    ranging = config.schedule.name == "range"
    return TrainingCheck(
        request=proposal.request.model_dump(mode="json"),
        parameters=sum(layer.parameters for layer in layers),
        macs=sum(layer.macs for layer in layers),
        layers=layers,
        pictures=pictures,
        steps=RANGE_STEPS if ranging else total(config.epochs, plan.per_epoch),
        steps_per_epoch=plan.per_epoch,
        bytes=_bytes(config, layers, min(config.batch, pictures)),
    )


def _refused(request: TrainingRequest, problem: TrainingProblem) -> TrainingCheck:
    return TrainingCheck(request=request.model_dump(mode="json"), problems=[problem])


def _misfit(request: TrainingRequest, dataset: DatasetInfo) -> TrainingProblem | None:
    """Why a registered network cannot learn from a data set at all."""
    if request.model is None:
        return None
    if request.model not in models.names():
        error = models.UnknownModelError(request.model)
        return TrainingProblem(field="model", detail=str(error))
    if request.model in dataset.models:
        return None
    own = models.spec(request.model)
    if dataset.id == "points":
        detail = f"Points have two coordinates; {own.title} takes pictures. Choose a design."
    else:
        channels = dataset.shape[0]
        detail = (
            f"{own.title} takes pictures of {own.input.shape[0]} channel(s); those of "
            f"{dataset.title} have {channels}."
        )
    return TrainingProblem(field="model", detail=detail)


def layers_of(
    config: Config, spec: ModelSpec
) -> tuple[list[DesignLayerInfo], list[TrainingProblem]]:
    """The layers of a training's network, and why they cannot be."""
    outputs = 1 if config.points else len(spec.classes)
    if config.design is not None:
        return check(config.design, spec.input.shape, outputs)
    assert config.model is not None
    try:
        return list(_registered(config.model, spec.input.shape, outputs)), []
    except (RuntimeError, ValueError):  # torch's own words do not help here
        shape, own = spec.input.shape, models.spec(config.model).input.shape
        detail = (
            f"{spec.title} cannot take pictures of {shape[1]}×{shape[2]}: on the way they become "
            f"smaller than a kernel. It is made for {own[1]}×{own[2]}."
        )
        return [], [TrainingProblem(field="dataset.size", detail=detail)]


@lru_cache(maxsize=64)
def _registered(
    model: str, shape: tuple[int, int, int], outputs: int
) -> tuple[DesignLayerInfo, ...]:
    """The layers of a registered network for inputs of a shape; no numbers are allocated."""
    spec = models.spec(model)
    plain = ModelSpec(
        model, spec.title, "", "", InputSpec(shape, "", (), (), ""), ("",) * outputs, "", ""
    )
    try:
        with torch.device("meta"):
            graph = describe(models.create(model, outputs), plain)
    except NotImplementedError:  # a network that computes with its own numbers as it is built
        graph = describe(models.create(model, outputs), plain)
    return tuple(
        DesignLayerInfo(
            index=index,
            id=layer.id,
            type=layer.type,
            output_shape=layer.output_shape,
            parameters=layer.parameters,
            macs=layer.macs,
        )
        for index, layer in enumerate(graph.layers[1:])
    )


def _too_many(dataset: DatasetInfo, spec: ModelSpec) -> list[TrainingProblem]:
    """More pictures than there is memory for."""
    try:
        check_room(dataset, min(spec.input.shape[1:]))
    except DatasetTooLargeError as error:
        return [TrainingProblem(field="dataset.size", detail=str(error))]
    return []


def _too_large(
    config: Config, layers: list[DesignLayerInfo], most_parameters: int
) -> list[TrainingProblem]:
    """More parameters or memory than there is for a training."""
    problems = []
    parameters = sum(layer.parameters for layer in layers)
    if parameters > most_parameters:
        detail = (
            f"The network has {parameters:,} parameters; at most {most_parameters:,} are trained "
            "here (CONVSCOPE_MAX_TRAINING_PARAMETERS)."
        )
        field = "model" if config.model else "design"
        problems.append(TrainingProblem(field=field, detail=detail))
    needed = _bytes(config, layers, config.batch)
    if needed > MOST_BYTES:
        detail = (
            f"Training in batches of {config.batch} would take about {needed / 2**30:.1f} GiB of "
            f"memory; at most {MOST_BYTES / 2**30:.0f} GiB are given. A smaller batch takes less."
        )
        problems.append(TrainingProblem(field="batch", detail=detail))
    return problems


def _bytes(config: Config, layers: list[DesignLayerInfo], batch: int) -> int:
    return training_bytes(layers, batch, averaged=config.ema_decay > 0)


def _fitting(config: Config, layers: list[DesignLayerInfo]) -> int:
    """The config's batch, halved until training takes no more memory than is given."""
    batch = config.batch
    while batch > _SMALLEST and _bytes(config, layers, batch) > MOST_BYTES:
        batch //= 2
    return batch


def _impossible(config: Config, layers: list[DesignLayerInfo]) -> list[TrainingProblem]:
    """Choices that do not go together."""
    problems = []
    hidden = sum(layer.parameters for layer in layers) != 3
    if config.optimizer.name == "perceptron" and (hidden or not config.points):
        detail = (
            "The perceptron's rule is for one unit on points: it says nothing about hidden layers. "
            "Take a design without layers, or SGD."
        )
        problems.append(TrainingProblem(field="optimizer.name", detail=detail))
    if config.optimizer.name == "perceptron" and config.ema_decay:
        detail = "The perceptron's rule is shown step by step: its weights are not averaged."
        problems.append(TrainingProblem(field="ema_decay", detail=detail))
    schedule = config.schedule
    if schedule.name == "range" and schedule.lowest >= schedule.highest:
        detail = "The range of learning rates ends below its beginning: highest has to be larger."
        problems.append(TrainingProblem(field="schedule.highest", detail=detail))
    normed = any("norm" in layer.type.lower() and layer.parameters for layer in layers)
    if config.batch == 1 and normed:
        detail = "Batch normalization needs at least two pictures a batch: one has no spread."
        problems.append(TrainingProblem(field="batch", detail=detail))
    return problems


def _counts(config: Config, dataset: DatasetInfo, own: InputSpec) -> tuple[int, int]:
    """Pictures to learn from and to be tested with."""
    if config.points:
        drawn = material(config.data, own, config.seed)
        return len(drawn.labels), len(drawn.test_labels)
    share = config.data.share
    if share >= 1:
        return dataset.train, dataset.test
    return max(round(share * dataset.train), len(dataset.classes)), dataset.test


def _path(place: tuple[str | int, ...]) -> str:
    """``design.layers.3.kernel``: without the layer's type, which pydantic names behind the 3."""
    parts = [
        part
        for before, part in zip(("", *place), place, strict=False)
        if not isinstance(before, int)
    ]
    return ".".join(str(part) for part in parts)


def _sentence(fault: Any) -> str:
    """What is wrong with one field, in words."""
    words = _WORDS.get(fault["type"])
    if words is None:
        return str(fault["msg"]).removeprefix("Value error, ")
    return f"{fault['input']} is not possible: it must be {words.format(**fault['ctx'])}."
