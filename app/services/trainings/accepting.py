"""From a request to a training that may begin, or a sentence why it may not."""

from __future__ import annotations

import difflib
import secrets
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime

import torch

import models
from app.schemas import DatasetInfo, Design, TrainingProblem, TrainingRequest
from app.services.training import Config
from app.services.training.network import create
from app.services.training.plan import MOST, doublings, moments
from app.services.training_check import propose
from app.services.trainings.record import Facts, Record
from models.registry import ModelSpec
from models.weights import trained

# Times the weights: live, and the state (average, two moments), twice while it is replaced.
_STATES = 9
_NUMBER = 4  # bytes
_LEAST_CHECKPOINTS = 8
_SHARE = 4  # one training may take one part in so many of the budget


class TrainingRequestError(ValueError):
    """A field of the request cannot be; ``problems`` lists all that is wrong."""

    def __init__(self, problems: list[TrainingProblem], **help: object) -> None:
        super().__init__("; ".join(each.detail for each in problems))
        self.field, self.problems, self.help = problems[0].field, problems, help


def refuse(field: str, detail: str, **help: object) -> TrainingRequestError:
    """The error for one field."""
    return TrainingRequestError([TrainingProblem(field=field, detail=detail)], **help)


def resolved(request: TrainingRequest, records: Iterable[Record]) -> TrainingRequest:
    """A network that was trained here stands for what it is made of: its model or its design."""
    if request.model is None or trained.find(request.model) is None:
        return request
    base = next((each.request for each in records if each.model == request.model), None)
    if base is None:
        return request
    design = Design.model_validate(base["design"]) if base.get("design") else None
    return request.model_copy(update={"model": base.get("model"), "design": design})


def accepted(request: TrainingRequest, info: DatasetInfo, most_parameters: int) -> Record:
    """The record of a new training, with every default filled in. Raises TrainingRequestError."""
    _check_model(request, info)
    proposal = propose(request, info, most_parameters)
    if proposal.problems:
        raise TrainingRequestError(proposal.problems)
    full, config, spec = proposal.request, proposal.config, proposal.spec
    ranging = config.schedule.name == "range"
    return Record(
        id=secrets.token_hex(4),
        title=request.title or f"{_short(spec)} · {info.title}",
        created=datetime.now(UTC),
        request=full.model_dump(mode="json"),
        hold=request.paused,
        facts=facts(full, spec, info, entry=not (config.points or ranging)),
    )


def facts(
    request: TrainingRequest,
    spec: ModelSpec,
    info: DatasetInfo,
    *,
    entry: bool = True,
    uploaded: bool = False,
) -> Facts:
    """What is fixed of a training. ``request`` is complete, ``spec`` the card of its network."""
    with torch.device("meta"):
        network = create(Config.of(request), spec)
    return Facts(
        architecture=request.model or _slug(spec.title),
        title=spec.title,
        family=spec.family,
        reference=spec.reference,
        about=spec.about,
        input=asdict(spec.input),
        classes=list(spec.classes),
        parameters=sum(parameter.numel() for parameter in network.parameters()),
        dataset=info,
        entry=entry,
        uploaded=uploaded,
    )


def known_models() -> list[str]:
    """The registered networks, but for those that were trained here."""
    return [name for name in models.names() if trained.find(name) is None]


def checkpoints(parameters: int, budget: int) -> int:
    """How many checkpoints a training may keep, about: fewer of large networks.

    One that is made twice as long, and again twice, may keep half as many more each time.
    """
    fits = budget // _SHARE // max(1, parameters * _NUMBER) - _STATES
    return max(_LEAST_CHECKPOINTS, min(MOST, fits))


def disk_bytes(record: Record, epochs: float, budget: int) -> int:
    """What a training of so many epochs may take on disk, about."""
    first, parameters = record.request["epochs"], record.facts.parameters
    most = checkpoints(parameters, budget)
    number = min(moments(first, epochs), most + most * doublings(epochs / first) // 2)
    return parameters * _NUMBER * (number + _STATES)


def _check_model(request: TrainingRequest, info: DatasetInfo) -> None:
    """Raise TrainingRequestError unless the network exists and looks at such pictures."""
    if request.model is None:
        return
    valid = known_models()
    if request.model not in valid:
        nearest = difflib.get_close_matches(request.model, valid, n=1, cutoff=0.4)
        hint = f" Did you mean {nearest[0]!r}?" if nearest else ""
        detail = f"No network is named {request.model[:60]!r}.{hint}"
        raise refuse("model", detail, valid_models=valid, nearest=nearest[0] if nearest else None)
    if request.model not in info.models:
        title = models.spec(request.model).title
        detail = f"{title} cannot learn from {info.title}: it takes other pictures."
        raise refuse("model", detail, valid_models=info.models)


def _short(spec: ModelSpec) -> str:
    """A network's title without its year."""
    return spec.title.split(" (")[0]


def _slug(title: str) -> str:
    plain = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in title.lower())
    return "-".join(part for part in plain.split("-") if part)[:40] or "design"
