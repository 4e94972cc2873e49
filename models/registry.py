"""The list of networks: who they are, what they take in, and how to build them.

A network joins the product by one decorated builder in a file of this package::

    @register(ModelSpec(id="mynet", title="My network", ...))
    def mynet(num_classes: int = 10) -> nn.Module: ...

It then appears in the menu, the HTTP API, the graph and the parametrised tests.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from torch import nn

DIGITS = tuple(str(digit) for digit in range(10))


@dataclass(frozen=True)
class InputSpec:
    """What a network takes in.

    ``shape`` is C, H, W. ``mode`` is Pillow's ("L" or "RGB"). The network is fed
    ``(pixel - mean) / std`` with pixels in 0…1; its channels stand in the order ``channels``
    ("L", "RGB" or "BGR"), and so do ``mean`` and ``std``. ``preprocessing`` names the default
    way from a picture to that tensor ("digit", "photo", or "plain": like a digit, but as it is;
    see app.services.preprocess). A
    photograph's shorter side becomes ``resize`` pixels, by ``interpolation`` ("bilinear" or
    "bicubic", antialiased); then the middle is cut out.
    """

    shape: tuple[int, int, int]
    mode: str
    mean: tuple[float, ...]
    std: tuple[float, ...]
    preprocessing: str
    channels: str = "L"
    resize: int | None = None
    interpolation: str = "bilinear"

    @property
    def kind(self) -> str:
        """What it looks at: "digit" for anything small, grey and light on black; "photo"."""
        return "digit" if self.preprocessing == "plain" else self.preprocessing


# torchvision's: https://docs.pytorch.org/vision/stable/models.html
IMAGENET_PHOTO = InputSpec(
    shape=(3, 224, 224),
    mode="RGB",
    mean=(0.485, 0.456, 0.406),
    std=(0.229, 0.224, 0.225),
    preprocessing="photo",
    channels="RGB",
    resize=256,
)


@dataclass(frozen=True)
class ModelSpec:
    """One network's card. ``about`` is one sentence, ``reference`` the paper or page.

    ``parameters`` and ``macs`` (multiply-adds for one input) are stated for networks that take
    long to describe; a test compares them with the graph's. None: they are counted.
    ``layer_names`` are the paper's names of layers that torchvision only numbers ("conv1_1" for
    ``features.0``).
    """

    id: str
    title: str
    family: str
    task: str
    input: InputSpec
    classes: tuple[str, ...]
    about: str
    reference: str
    parameters: int | None = None
    macs: int | None = None
    layer_names: Mapping[str, str] = field(default_factory=dict)


class Builder(Protocol):
    """A function that builds a network with random weights.

    ``num_classes=0`` leaves the classifier out, where a network has one that can be left out:
    the output is then the last feature maps.
    """

    def __call__(self, num_classes: int = ...) -> nn.Module: ...


B = TypeVar("B", bound=Builder)


class UnknownModelError(LookupError):
    """No network has this id; ``nearest`` is the most similar one that exists, if any."""

    def __init__(self, model_id: str) -> None:
        self.model_id = model_id
        self.valid = names()
        close = difflib.get_close_matches(model_id, self.valid, n=1, cutoff=0.4)
        self.nearest = close[0] if close else None
        hint = f" Did you mean {self.nearest!r}?" if self.nearest else ""
        super().__init__(f"No network is named {model_id!r}.{hint}")


_registry: dict[str, tuple[ModelSpec, Builder]] = {}


def register(spec: ModelSpec) -> Callable[[B], B]:
    """Add a builder under ``spec.id``. Raises ValueError when the id is taken."""

    def decorate(build: B) -> B:
        if spec.id in _registry:
            raise ValueError(f"A network named {spec.id!r} is registered already")
        _registry[spec.id] = (spec, build)
        return build

    return decorate


def forget(model_id: str) -> None:
    """Take a network out again. Raises UnknownModelError."""
    if model_id not in _registry:
        raise UnknownModelError(model_id)
    del _registry[model_id]


def replace_card(spec: ModelSpec) -> None:
    """Another card for a network, which is there all the time. Raises UnknownModelError."""
    _registry[spec.id] = (spec, _entry(spec.id)[1])


def names() -> list[str]:
    """The ids of all networks, in order of registration."""
    return list(_registry)


def spec(model_id: str) -> ModelSpec:
    """The card of one network. Raises UnknownModelError."""
    return _entry(model_id)[0]


def build(model_id: str, num_classes: int | None = None) -> nn.Module:
    """A new network with random weights. Raises UnknownModelError."""
    card, builder = _entry(model_id)
    return builder(num_classes=len(card.classes) if num_classes is None else num_classes)


def _entry(model_id: str) -> tuple[ModelSpec, Builder]:
    try:
        return _registry[model_id]
    except KeyError:
        raise UnknownModelError(model_id) from None
