"""The networks. torch only; nothing here imports app/.

``names()``, ``spec(id)``, ``create(id, ...)`` (random weights unless told otherwise) and
``load(id)`` (with its weights, ready, in eval mode).
"""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

from torch import nn

from models import weights as _weights
from models.own import OwnNetworkError, load_directory
from models.registry import InputSpec, ModelSpec, UnknownModelError, names, register, spec
from models.registry import build as _build

__all__ = [
    "InputSpec",
    "ModelSpec",
    "OwnNetworkError",
    "UnknownModelError",
    "create",
    "load",
    "load_directory",
    "names",
    "register",
    "spec",
]

# Every module of this package is imported, so that a new file registers itself.
for _module in pkgutil.iter_modules([str(Path(__file__).parent)]):
    importlib.import_module(f"models.{_module.name}")


def create(
    model_id: str, num_classes: int | None = None, weights: str | Path | None = None
) -> nn.Module:
    """A new network; random weights unless ``weights`` names a file.

    Raises UnknownModelError, and weights.WeightsError when the file does not fit.
    """
    network = _build(model_id, num_classes)
    if weights is not None:
        _weights.load_file(network, Path(weights))
    return network


def load(model_id: str) -> nn.Module:
    """The network with the first weights that are on this machine, in eval mode.

    Raises UnknownModelError, and weights.WeightsMissingError that says how to get some.
    """
    store = _weights.Store()
    source = store.default(model_id) or _weights.sources(model_id)[0].id
    return store.load(model_id, source)[0]
