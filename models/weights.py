"""Find, check and load weights. Files are read without executing them (safetensors)."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load as parse_safetensors
from torch import nn

FOLDER = Path(__file__).parent / "weights"


class WeightsError(ValueError):
    """A weights file is damaged or does not fit the network."""


class WeightsMissingError(WeightsError):
    """The weights are not on this machine; the message says how to get them."""


@dataclass(frozen=True)
class WeightsCard:
    """One entry of weights/index.toml: where a file comes from and how good it is.

    ``accuracy`` maps the name of a test set to the share answered right (0…1).
    ``unsure_below``: a digit whose top probability is lower is called unsure; ``unsure`` is
    the share of each set of drawings for which that happens.
    """

    file: str
    sha256: str
    bytes: int
    data: str
    recipe: str
    seed: int
    accuracy: dict[str, float] = field(default_factory=dict)
    unsure_below: float = 0.5
    unsure: dict[str, float] = field(default_factory=dict)


@cache
def shipped(folder: Path = FOLDER) -> dict[str, WeightsCard]:
    """The weights that come with the repository, by model id."""
    index = folder / "index.toml"
    if not index.is_file():
        return {}
    with index.open("rb") as file:
        return {model_id: WeightsCard(**entry) for model_id, entry in tomllib.load(file).items()}


def load_shipped(network: nn.Module, model_id: str) -> None:
    """Load the shipped weights in place, checked against their SHA-256.

    Raises WeightsMissingError, or WeightsError for a damaged file.
    """
    card = shipped().get(model_id)
    if card is None or not (FOLDER / card.file).is_file():
        raise WeightsMissingError(
            f"No weights of {model_id!r} are on this machine. `make train-digits` makes them."
        )
    load_file(network, FOLDER / card.file, sha256=card.sha256)


def load_file(network: nn.Module, path: Path, sha256: str | None = None) -> None:
    """Load a safetensors file in place, strictly.

    Raises WeightsError that lists missing and unexpected names, or a wrong hash.
    """
    body = path.read_bytes()
    if sha256 is not None and hashlib.sha256(body).hexdigest() != sha256:
        raise WeightsError(f"{path.name}: the SHA-256 is not the one that index.toml promises")
    try:
        network.load_state_dict(parse_safetensors(body), strict=True)
    except (SafetensorError, RuntimeError) as error:
        raise WeightsError(f"{path.name}: {error}") from error
