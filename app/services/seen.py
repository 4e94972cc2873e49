"""The pictures that this server has seen: where each lay, and what its network made of it."""

from __future__ import annotations

import threading
from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.services.photo import Frame
from app.services.shelf import Shelf

_BYTES = 64 * 1024**2

Floats = NDArray[np.float32]
Group = tuple[str, str]  # model id, hash of its weights: only their vectors can be compared


@dataclass(frozen=True)
class Sight:
    """One picture: its file's name, what part of it was seen, its last hidden layer (D values)."""

    name: str
    frame: Frame | None
    vector: Floats


class Seen:
    """The last pictures, by the id of their pass, up to ``budget`` bytes. Thread-safe."""

    def __init__(self, budget: int = _BYTES) -> None:
        self._lock = threading.Lock()
        self._groups: defaultdict[Group, dict[str, Sight]] = defaultdict(dict)
        self._shelf = Shelf[str, Group](budget, self._forget)

    def add(self, pass_id: str, group: Group, sight: Sight) -> None:
        """Remember a picture; one that is seen again keeps its name where it has none now."""
        with self._lock:
            before = self._groups[group].get(pass_id)
            if before is not None:
                sight = Sight(sight.name or before.name, sight.frame or before.frame, sight.vector)
            self._groups[group][pass_id] = sight
            self._shelf.put(pass_id, group, sight.vector.nbytes)

    def frame(self, pass_id: str) -> Frame | None:
        """Which part of its picture a pass saw; None where nobody knows."""
        with self._lock:
            group = self._shelf.get(pass_id)
            return None if group is None else self._groups[group][pass_id].frame

    def of(self, group: Group) -> dict[str, Sight]:
        """The pictures that these weights of this network have seen, by pass id."""
        with self._lock:
            return dict(self._groups.get(group, {}))

    def _forget(self, pass_id: str, group: Group) -> None:
        del self._groups[group][pass_id]
