"""Forward passes that are kept, so that a browser can ask for their layers one by one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from torch import Tensor

from app.schemas import LayerStats
from app.services.catalog import Catalog, Loaded


class UnknownPassError(LookupError):
    """No pass has this id, or its input was dropped when the store was full."""

    def __init__(self, pass_id: str) -> None:
        self.pass_id = pass_id
        super().__init__(f"No pass is named {pass_id!r}. POST the image again to make it.")


@dataclass(frozen=True)
class Pass:
    """One image's forward pass: every layer's values, C×H×W or C, on the CPU ("input" too)."""

    id: str
    model: str
    activations: dict[str, Tensor]


def layer_stats(activations: dict[str, Tensor]) -> list[LayerStats]:
    """Minimum, maximum, mean, standard deviation and share of zeros of every layer.

    ``activations`` are C×H×W or C. The standard deviation is the population's.
    """
    raise NotImplementedError


class PassStore:
    """Keeps activations under a byte budget and inputs on disk under their own.

    The least recently used pass loses its activations first; they are computed again from
    the kept input when somebody asks. Safe to use from several threads.
    """

    def __init__(
        self,
        catalog: Catalog,
        activation_bytes: int,
        input_bytes: int,
        folder: Path | None = None,
    ) -> None:
        raise NotImplementedError

    def keep(self, loaded: Loaded, activations: dict[str, Tensor]) -> Pass:
        """Keep one image's layers (all of them, "input" included; C×H×W or C, no batch).

        The id is the hash of model id, weights hash and input bytes: the same picture gives
        the same id.
        """
        raise NotImplementedError

    def get(self, pass_id: str) -> Pass:
        """The pass; may compute (call it off the event loop). Raises UnknownPassError."""
        raise NotImplementedError

    def close(self) -> None:
        """Delete the kept inputs."""
        raise NotImplementedError
