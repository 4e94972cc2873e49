"""Cards: what is known about a file of weights that this machine has."""

from __future__ import annotations

import json
import tomllib
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from models.registry import InputSpec, spec
from models.sources.errors import WeightsError

FOLDER = Path(__file__).parents[1] / "weights"  # the weights that come with the repository
SHIPPED = "shipped"
RANDOM = "random"


@dataclass(frozen=True)
class WeightsCard:
    """A file of weights: where it comes from, what it wants to be fed and how good it is.

    ``source`` is the id of its source, ``file``, ``bytes`` and ``sha256`` are of the safetensors
    file kept here. ``num_classes`` 0: it has the feature layers only. ``data``, ``recipe`` and
    ``seed`` tell how weights of this project were trained; ``origin`` is the name of the file or
    package that others were made from. ``accuracy`` maps the name of a test set to the share
    answered right (0…1). ``unsure_below``: an answer whose top probability is lower is called
    unsure; ``unsure`` is the share of each set of drawings for which that happens. ``features``
    maps the name of a measurement of the features to its figure (a share, 0…1). ``licence``:
    that of weights of this project, where it is not the project's own.
    """

    source: str
    file: str
    sha256: str
    bytes: int
    input: InputSpec
    num_classes: int
    data: str = ""
    recipe: str = ""
    seed: int | None = None
    origin: str = ""
    accuracy: dict[str, float] = field(default_factory=dict)
    unsure_below: float = 0.0
    unsure: dict[str, float] = field(default_factory=dict)
    features: dict[str, float] = field(default_factory=dict)
    licence: str = ""


@cache
def shipped(folder: Path = FOLDER) -> dict[str, WeightsCard]:
    """The weights that come with the repository, by model id: ``index.toml`` of the folder."""
    index = folder / "index.toml"
    if not index.is_file():
        return {}
    with index.open("rb") as file:
        return {name: shipped_card(name, entry) for name, entry in tomllib.load(file).items()}


def shipped_card(model_id: str, entry: dict[str, Any]) -> WeightsCard:
    """One entry of ``index.toml`` as a card. Raises UnknownModelError."""
    card = spec(model_id)
    return WeightsCard(source=SHIPPED, input=card.input, num_classes=len(card.classes), **entry)


def random_card(model_id: str) -> WeightsCard:
    """The card of a network with random weights, which belong to no file."""
    card = spec(model_id)
    return WeightsCard(
        source=RANDOM,
        file="",
        sha256=RANDOM,
        bytes=0,
        input=card.input,
        num_classes=len(card.classes),
    )


def to_json(card: WeightsCard) -> str:
    """A card as the text of the file that lies beside the weights."""
    return json.dumps(asdict(card), indent=2, ensure_ascii=False) + "\n"


def from_json(text: str) -> WeightsCard:
    """The card in such a text. Raises WeightsError when it is none."""
    try:
        fields = json.loads(text)
        given: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in fields.pop("input").items()
        }
        return WeightsCard(input=InputSpec(**given), **fields)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise WeightsError(f"The card of the weights cannot be read: {error}") from error
