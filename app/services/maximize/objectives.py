"""What is maximized: Lucid's objectives.

Each is one function that gives an `Objective`; they compose by +, − and ×, with each other and
with numbers: ``channel("relu4", 3) - 0.5 * channel("relu4", 7)``. An objective scores each
picture of a batch for itself. A sequence of N channels gives N pictures one unit each. Layers are
named by their ids; `values.LOGITS` is the output. What does not exist is found out by
`values.checked`, before anything is computed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import torch
from torch import Tensor
from torch.nn import functional as F

from app.services.maximize.values import LOGITS, Needs, Values, merged

Channels = int | Sequence[int]
_TINY = 1e-12


@dataclass(frozen=True)
class Objective:
    """``score`` gives each of N pictures a number, N, to be made as large as possible.

    ``needs`` are the layers and channels that it reads; ``count`` is the number of pictures that
    it is made for, where it is for so many only; ``compares`` says that a picture's score depends
    on those beside it.
    """

    title: str
    needs: Needs
    score: Callable[[Values], Tensor] = field(repr=False)
    count: int | None = None
    compares: bool = False

    def check_count(self, count: int) -> None:
        """Raise ValueError where the objective is not for so many pictures."""
        if self.count not in (None, count):
            raise ValueError(f"{self.title!r} is for {self.count} pictures, not {count}.")

    def __add__(self, other: Objective | float) -> Objective:
        """The sum with another objective or a number."""
        if not isinstance(other, Objective):
            return self if other == 0 else self + _constant(other)
        title = f"{self.title} − {other.title[1:]}"
        if not other.title.startswith("−"):
            title = f"{self.title} + {other.title}"
        return _combined(title, self, other, lambda a, b: a + b)

    __radd__ = __add__

    def __neg__(self) -> Objective:
        """What makes this one small: Lucid's "negative"."""
        title = f"−{_factor(self)}"
        return replace(self, title=title, score=lambda values: -self.score(values))

    def __sub__(self, other: Objective | float) -> Objective:
        """The difference to another objective or a number."""
        return self + -other

    def __rsub__(self, other: float) -> Objective:
        """A number less this objective."""
        return -self + other

    def __mul__(self, other: Objective | float) -> Objective:
        """The product with another objective or a number."""
        if not isinstance(other, Objective):
            return _constant(other) * self
        return _combined(f"{_factor(self)} × {_factor(other)}", self, other, lambda a, b: a * b)

    def __rmul__(self, other: float) -> Objective:
        """The product with a number."""
        return _constant(other) * self


def channel(layer: str, channel: Channels) -> Objective:
    """The mean over a channel's map; a dense layer's unit itself."""
    return Objective(
        f"{_numbered('channel', channel)} of {layer}",
        _of(layer, channel),
        lambda values: values.channel(layer, channel).mean(dim=(1, 2)),
        _count(channel),
    )


def neuron(layer: str, channel: Channels, y: int | None = None, x: int | None = None) -> Objective:
    """One position of a channel's map, counted at the network's own input size; None: the middle.

    At another input size it is the position that lies there, seen from the map's edges.
    """

    def score(values: Values) -> Tensor:
        row, column = values.place(layer, y, x)
        return values.channel(layer, channel)[:, row, column]

    where = ", ".join(f"{name} {at}" for name, at in (("y", y), ("x", x)) if at is not None)
    title = f"{_numbered('channel', channel)} of {layer} at {where or 'the middle'}"
    return Objective(title, _of(layer, channel), score, _count(channel))


def logit(class_: Channels) -> Objective:
    """A class before the softmax."""
    return Objective(
        _numbered("class", class_),
        _of(LOGITS, class_),
        lambda values: values.channel(LOGITS, class_).mean(dim=(1, 2)),
        _count(class_),
    )


def layer(layer: str) -> Objective:
    """The mean square of all of a layer's values: DeepDream (Mordvintsev, Olah, Tyka 2015)."""
    return Objective(
        f"layer {layer}",
        {layer: None},
        lambda values: values.maps(layer).square().mean(dim=(1, 2, 3)),
    )


def direction(layer: str, vector: Tensor) -> Objective:
    """A direction in the space of a layer's channels (C numbers, of any length).

    The mean over the map of the values' projection on it.
    """
    unit = F.normalize(vector.float().flatten(), dim=0, eps=_TINY)

    def score(values: Values) -> Tensor:
        maps = values.maps(layer)
        return maps.mean(dim=(2, 3)) @ unit.to(maps.device)

    return Objective(f"direction in {layer}", {layer: None}, score)


def joint(*objectives: Objective) -> Objective:
    """The mean of several objectives: all of them in one picture."""
    if not objectives:
        raise ValueError("A joint objective needs at least one.")
    total = objectives[0]
    for one in objectives[1:]:
        total = total + one
    return total if len(objectives) == 1 else total * (1 / len(objectives))


def interpolation(first: Objective, second: Objective, count: int) -> Objective:
    """``count`` pictures on the way from one objective to another, in equal steps."""
    shares = [number / max(1, count - 1) for number in range(count)]

    def score(values: Values) -> Tensor:
        a, b = first.score(values), second.score(values)
        return torch.lerp(a, b, torch.tensor(values.mine(shares, len(a)), device=a.device))

    way = _combined(f"from {first.title} to {second.title}", first, second, torch.add)
    return replace(way, score=score, count=count)


def diversity(layer: str) -> Objective:
    """How unlike the other pictures each is: −1 (the same textures) … 0 (nothing in common).

    Minus the mean cosine similarity of the Gram matrices of a layer's channels (Olah,
    Mordvintsev, Schubert 2017, "Diversity"). 0 for a picture alone.
    """

    def score(values: Values) -> Tensor:
        flat = values.maps(layer).flatten(2)  # N, C, positions
        if len(flat) == 1:
            return flat.sum(dim=(1, 2)) * 0
        gram = F.normalize((flat @ flat.transpose(1, 2)).flatten(1), dim=1, eps=_TINY)
        similar = gram @ gram.T  # N, N
        return -(similar.sum(dim=1) - similar.diagonal()) / (len(flat) - 1)

    return Objective(f"diversity in {layer}", {layer: None}, score, compares=True)


def alignment(layer: str, decay: float = 2.0) -> Objective:
    """How alike each picture and those beside it in the batch look to a layer; at most 0.

    Minus the squared distance of their values, as a share of the values' mean square, at half
    the weight for each further picture (Lucid's "alignment", for interpolations).
    """

    def score(values: Values) -> Tensor:
        flat = values.maps(layer).flatten(1)  # N, all
        distance = (flat[:, None] - flat[None]).square().mean(dim=2)  # N, N
        scale = flat.detach().square().mean().clamp_min(_TINY)
        number = torch.arange(len(flat), device=flat.device)
        apart = (number[:, None] - number[None]).abs()
        near = decay ** -apart.float() * ((apart > 0) & (apart <= 4))
        return -(distance * near).sum(dim=1) / scale

    return Objective(f"alignment in {layer}", {layer: None}, score, compares=True)


def caricature(layer: str, values: Tensor, power: float = 1.0) -> Objective:
    """What a layer sees in a picture, exaggerated; ``values`` (C×h×w) are its for that picture.

    The dot product with them, as a share of their mean square, times cosine similarity to the
    power (Lucid's "activation_difference" with "dot_compare").
    """

    def compare(seen: Tensor, wanted: Tensor) -> Tensor:
        dot = (seen * wanted).mean(dim=1) / wanted.square().mean().clamp_min(_TINY)
        cosine = F.cosine_similarity(seen, wanted, dim=1, eps=1e-6)
        return dot * cosine.clamp_min(0.1) ** power  # Lucid's floor: turning round stays possible

    return _difference(f"caricature in {layer}", layer, values, compare)


def inversion(layer: str, values: Tensor) -> Objective:
    """A picture with the same values in a layer as another, C×h×w: what the layer keeps of it.

    Minus the squared distance as a share of their mean square; 0 is reached when nothing differs
    (Mahendran and Vedaldi, CVPR 2015).
    """

    def compare(seen: Tensor, wanted: Tensor) -> Tensor:
        scale = wanted.square().mean().clamp_min(_TINY)
        return -(seen - wanted).square().mean(dim=1) / scale

    return _difference(f"inversion of {layer}", layer, values, compare)


def _difference(
    title: str, layer: str, wanted: Tensor, compare: Callable[[Tensor, Tensor], Tensor]
) -> Objective:
    """Compares a layer's values with those wanted, both flat: N×all and 1×all."""
    shape = (1, len(wanted), *(wanted.shape[1:] or (1, 1)))
    like = wanted.float().clone().reshape(shape)  # inference tensors take no part in gradients

    def score(values: Values) -> Tensor:
        seen = values.maps(layer)
        fitted = like.to(seen.device)
        if fitted.shape[2:] != seen.shape[2:]:  # the picture is made at another size
            fitted = F.interpolate(fitted, seen.shape[2:], mode="bilinear", antialias=True)
        return compare(seen.flatten(1), fitted.flatten(1))

    return Objective(title, {layer: None}, score)


def _constant(number: float) -> Objective:
    def score(values: Values) -> Tensor:
        return torch.tensor(float(number))

    return Objective(f"{number:.3g}".replace("-", "−"), {}, score)


def _combined(
    title: str, a: Objective, b: Objective, both: Callable[[Tensor, Tensor], Tensor]
) -> Objective:
    if None not in (a.count, b.count) and a.count != b.count:
        raise ValueError(f"{a.title} is for {a.count} pictures, {b.title} for {b.count}.")
    return Objective(
        title,
        merged((a.needs, b.needs)),
        lambda values: both(a.score(values), b.score(values)),
        a.count or b.count,
        a.compares or b.compares,
    )


def _factor(objective: Objective) -> str:
    """The title as it stands in a product."""
    compound = " + " in objective.title or " − " in objective.title
    return f"({objective.title})" if compound else objective.title


def _numbered(noun: str, channels: Channels) -> str:
    if isinstance(channels, int):
        return f"{noun} {channels}"
    plural = f"{noun}es" if noun.endswith("s") else f"{noun}s"
    return f"{plural} {', '.join(map(str, channels))}"


def _of(layer: str, channels: Channels) -> Needs:
    return {layer: frozenset([channels] if isinstance(channels, int) else channels)}


def _count(channels: Channels) -> int | None:
    return None if isinstance(channels, int) else len(channels)
