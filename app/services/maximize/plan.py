"""Which pictures a request means, and the objective of each."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from torch import Tensor

from app.schemas import MaximizationRequest
from app.services.catalog import Loaded
from app.services.graph import Graph
from app.services.maximize import objectives
from app.services.maximize.objectives import Objective
from app.services.maximize.subject import Measure, Unit, each, layer_title
from app.services.passes import UnknownPassError
from app.services.predictions import require_classifier

MOST_PICTURES = 1024  # in one request
MOST_JOINED = 16  # units in one picture
COUNTS = {"diversity": 4, "interpolation": 5}  # pictures, where the request does not say
_WHOLE = ("deepdream", "caricature", "inversion")  # objectives of a whole layer
_UNITS = {
    "activation": (1, MOST_PICTURES),
    "negative": (1, MOST_PICTURES),
    "diversity": (1, 1),
    "joint": (2, MOST_JOINED),
    "contrast": (2, 2),
    "interpolation": (2, 2),
}
# The share of the second unit in a contrast. With all of it, a picture may end as something third
# that neither answers to, and a worse contrast: a "4 less 9" came out as a 3.
_AGAINST = 0.5
_DIVERSITY = 0.5  # the share of the score that pictures lose when they are all alike


class RequestError(ValueError):
    """A request that cannot be computed; ``field`` is what is wrong, ``help`` what would do."""

    def __init__(self, field: str, detail: str, **help_: Any) -> None:
        self.field, self.help = field, help_
        super().__init__(detail)


class KeptPasses(Protocol):
    """The passes of one server, as far as they are needed here: see `app.services.passes`."""

    def origin(self, pass_id: str) -> Any:
        """What computed a pass. Raises UnknownPassError."""

    def get(self, pass_id: str) -> Any:
        """The pass."""


@dataclass(frozen=True)
class Target:
    """One picture to come. ``unit`` is None where it is of a whole layer, or of several units."""

    title: str
    layer: str
    unit: Unit | None
    measure: Measure


@dataclass(frozen=True)
class Plan:
    """What is to be seen. ``together``: all pictures have to be in one batch."""

    layers: list[str]
    targets: list[Target]
    objective: Callable[[int, int], Objective]
    measured: Callable[[int, int], Objective] | None = None
    together: bool = False


def plan(request: MaximizationRequest, loaded: Loaded, passes: KeptPasses | None) -> Plan:
    """What a request wants to see. Raises RequestError, UnknownLayerError, NoClassifierError."""
    if request.objective not in COUNTS and request.count is not None:
        raise RequestError(
            "count", f"{request.objective!r} gives a picture a unit: count is for diversity and "
            "interpolation."
        )  # fmt: skip
    if request.objective in _WHOLE:
        return _whole(request, loaded, passes)
    if request.picture is not None:
        raise RequestError("picture", "Only caricature and inversion take a picture.")
    units = _units(request, loaded)
    least, most = _UNITS[request.objective]
    if not least <= len(units) <= most:
        wanted = str(least) if least == most else f"{least} to {most}"
        detail = f"{request.objective!r} takes {wanted} units, not {len(units)}."
        raise RequestError(_subject_field(request), detail, least=least, most=most)
    if request.objective in ("activation", "negative"):
        return _one_picture_each(units, loaded, negative=request.objective == "negative")
    if request.objective in COUNTS:
        return _family(request, units, loaded)
    return _one_picture(request.objective, units, loaded)


def _one_picture_each(units: list[Unit], loaded: Loaded, *, negative: bool) -> Plan:
    def objective(first: int, count: int) -> Objective:
        chosen = each(units[first : first + count])
        return -chosen if negative else chosen

    sign = "−" if negative else ""
    targets = [
        Target(
            f"{sign}{unit.title(loaded)}",
            unit.layer,
            unit,
            "objective" if negative else unit.measure(loaded.graph),
        )
        for unit in units
    ]
    return Plan([units[0].layer], targets, objective)


def _family(request: MaximizationRequest, units: list[Unit], loaded: Loaded) -> Plan:
    """Several pictures that belong together."""
    count = request.count or COUNTS[request.objective]
    if count < 2:
        raise RequestError("count", f"{request.objective!r} gives 2 to 16 pictures.", least=2)
    first = units[0]
    if request.objective == "interpolation":
        way = objectives.interpolation(first.objective(), units[1].objective(), count)
        title = f"{first.title(loaded)} → {units[1].title(loaded)}"
        targets = [Target(title, first.layer, None, "objective")] * count
        return Plan([first.layer], targets, lambda *_: way, together=True)
    seen = _last_maps(loaded.graph, first.layer)
    apart = first.objective() * (1 + _DIVERSITY * objectives.diversity(seen))
    targets = [Target(first.title(loaded), first.layer, first, first.measure(loaded.graph))] * count
    plain = first.objective()
    return Plan([first.layer, seen], targets, lambda *_: apart, lambda *_: plain, together=True)


def _one_picture(name: str, units: list[Unit], loaded: Loaded) -> Plan:
    """Several units in one picture."""
    parts = [unit.objective() for unit in units]
    mark = " − " if name == "contrast" else " + "
    title = mark.join(unit.title(loaded) for unit in units)
    target = Target(title, units[0].layer, None, "objective")
    if name == "joint":
        together = objectives.joint(*parts)
        return Plan([units[0].layer], [target], lambda *_: together)
    goal, score = parts[0] - _AGAINST * parts[1], parts[0] - parts[1]
    return Plan([units[0].layer], [target], lambda *_: goal, lambda *_: score)


def _whole(request: MaximizationRequest, loaded: Loaded, passes: KeptPasses | None) -> Plan:
    given = _given(request)
    if given:
        raise RequestError(given[0], f"{request.objective!r} is of a whole layer.")
    layer = _layer(request, loaded.graph)
    title = f"{request.objective} · {layer_title(loaded.graph, layer)}"
    target = Target(title, layer, None, "objective")
    if request.objective == "deepdream":
        if request.picture is not None:
            raise RequestError("picture", "Only caricature and inversion take a picture.")
        goal = objectives.layer(layer)
        return Plan([layer], [target], lambda *_: goal)
    values = _values(request, loaded, passes, layer)
    compare = objectives.caricature if request.objective == "caricature" else objectives.inversion
    return Plan([layer], [target], lambda *_: compare(layer, values()))


def _values(
    request: MaximizationRequest, loaded: Loaded, passes: KeptPasses | None, layer: str
) -> Callable[[], Tensor]:
    """What the layer holds for the kept picture; computed when it is needed."""
    picture = request.picture
    if picture is None or passes is None:
        detail = "Name the picture: the id that POST /models/{model}/passes gave."
        raise RequestError("picture", detail)
    try:
        origin = passes.origin(picture)
    except UnknownPassError as error:
        raise RequestError("picture", str(error)) from error
    if (origin.model, origin.sha256) != (loaded.spec.id, loaded.card.sha256):
        detail = "The picture was seen by another network, or with other weights."
        raise RequestError("picture", detail, model=origin.model, weights=origin.source)
    return lambda: passes.get(picture).activations[layer]


def _given(request: MaximizationRequest) -> list[str]:
    fields = {
        "channel": request.channel,
        "neuron": request.neuron,
        "class": request.class_,
        "direction": request.direction,
    }
    return [name for name, value in fields.items() if value is not None]


def _subject_field(request: MaximizationRequest) -> str:
    return (_given(request) or ["channel"])[0]


def _units(request: MaximizationRequest, loaded: Loaded) -> list[Unit]:
    given = _given(request)
    if len(given) != 1:
        which = "one of channel, neuron, class and direction"
        found = f"not {' and '.join(given)}" if given else "there is none"
        raise RequestError((given or ["channel"])[-1], f"Give {which}; {found}.")
    if request.class_ is not None:
        return _classes(request, request.class_, loaded)
    layer = _layer(request, loaded.graph)
    if request.direction is not None:
        return [_direction(request.direction, layer, loaded.graph)]
    if request.neuron is not None:
        return [_neuron(place, layer, loaded.graph) for place in _places(request.neuron)]
    assert request.channel is not None
    return [Unit(layer, c) for c in _checked(request.channel, "channel", layer, loaded.graph)]


def _layer(request: MaximizationRequest, graph: Graph) -> str:
    if request.layer is None:
        raise RequestError("layer", "Name the layer, as GET /models/{model} lists them.")
    info = graph.layer(request.layer)
    if info.role == "input":
        raise RequestError("layer", "The input is what is made: name a layer behind it.")
    if len(info.output_shape) not in (1, 3):
        raise RequestError("layer", f"Layer {info.id!r} only rearranges values: no channels.")
    return info.id


def _checked(channels: int | list[int], field: str, layer: str, graph: Graph) -> list[int]:
    """Channels that exist, one at least."""
    listed = [channels] if isinstance(channels, int) else channels
    count = graph.layer(layer).output_shape[0]
    if not listed:
        raise RequestError(field, f"The list of {field} numbers is empty.")
    for channel in listed:
        if channel >= count:
            detail = f"{layer!r} has {count} channels, 0 to {count - 1}; there is no {channel}."
            raise RequestError(field, detail, channels=count)
    return listed


def _classes(request: MaximizationRequest, classes: int | list[int], loaded: Loaded) -> list[Unit]:
    if request.layer is not None:
        raise RequestError("layer", "A class is of the network's output: leave the layer out.")
    require_classifier(loaded)
    output = loaded.graph.output
    numbers = _checked(classes, "class", output, loaded.graph)
    return [Unit(output, number, class_=number) for number in numbers]


def _places(neurons: list[int] | list[list[int]]) -> list[list[int]]:
    places = [each for each in neurons if isinstance(each, list)]
    if not neurons:
        raise RequestError("neuron", "The list of neurons is empty.")
    return places or [[each for each in neurons if isinstance(each, int)]]


def _neuron(place: list[int], layer: str, graph: Graph) -> Unit:
    shape = graph.layer(layer).output_shape
    if len(shape) != 3:
        raise RequestError("neuron", f"{layer!r} is a dense layer: it has channels.")
    if not all(0 <= at < size for at, size in zip(place, shape, strict=True)):
        detail = f"{layer!r} is {'×'.join(map(str, shape))}: there is no neuron {place}."
        raise RequestError("neuron", detail, shape=shape)
    channel, y, x = place
    return Unit(layer, channel, place=(y, x))


def _direction(numbers: list[float], layer: str, graph: Graph) -> Unit:
    count = graph.layer(layer).output_shape[0]
    if len(numbers) != count:
        detail = f"A direction in {layer!r} has {count} numbers, not {len(numbers)}."
        raise RequestError("direction", detail, channels=count)
    if not all(map(math.isfinite, numbers)) or not any(numbers):
        raise RequestError("direction", "A direction has finite numbers that are not all 0.")
    return Unit(layer, direction=tuple(numbers))


def _last_maps(graph: Graph, layer: str) -> str:
    """The layer itself, or the last one before it with maps: where pictures can differ."""
    info = graph.layer(layer)
    while len(info.output_shape) != 3 or info.output_shape[1:] == [1, 1]:
        if not info.inputs or graph.layer(info.inputs[0]).role == "input":
            return layer
        info = graph.layer(info.inputs[0])
    return info.id
