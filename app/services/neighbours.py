"""The nearest neighbours of a picture, by Euclidean distance in the last hidden layer.

Krizhevsky, Sutskever and Hinton (2012), figure 4.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.services.hidden import Floats
from app.services.scans import Scan
from app.services.seen import Sight

_ROWS = 256  # vectors compared at a time, so that memory stays small


@dataclass(frozen=True)
class Found:
    """A near picture. ``pass_id``: this server has seen it; ``path``: it lies in the folder."""

    name: str
    distance: float
    pass_id: str | None
    path: str | None


@dataclass
class _Candidate:
    vector: Floats
    name: str = ""
    seen: bool = False
    path: str | None = None


def nearest(
    own: str,
    vector: Floats,
    seen: dict[str, Sight],
    scan: Scan,
    *,
    top: int,
    is_there: Callable[[str], bool],
) -> tuple[list[Found], int]:
    """The ``top`` pictures next to the one of pass ``own``, and how many were compared.

    A picture counts once, however often it was seen or lies in the folder, and never as its own
    neighbour. ``is_there`` says whether a path of the scan still leads to a picture.
    """
    candidates = _candidates(seen, scan)
    candidates.pop(own, None)
    distances = _distances(vector, [each.vector for each in candidates.values()])
    found: list[Found] = []
    for (pass_id, each), distance in sorted(
        zip(candidates.items(), distances, strict=True), key=lambda pair: pair[1]
    ):
        if len(found) == top:
            break
        path = each.path if each.path is not None and is_there(each.path) else None
        if each.seen or path is not None:
            shown = pass_id if each.seen else None
            found.append(Found(each.name, float(distance), shown, path))
    return found, len(candidates)


def _candidates(seen: dict[str, Sight], scan: Scan) -> dict[str, _Candidate]:
    """By the id that a pass of the picture has, which is the same for the same pixels."""
    candidates = {
        key: _Candidate(sight.vector, sight.name, seen=True) for key, sight in seen.items()
    }
    for path, entry in scan.items():
        candidate = candidates.setdefault(entry.pass_id, _Candidate(entry.vector))
        candidate.path = candidate.path or path
        candidate.name = candidate.name or path.rsplit("/", 1)[-1]
    return candidates


def _distances(vector: Floats, others: Sequence[Floats]) -> NDArray[np.float64]:
    parts = [
        np.linalg.norm(np.stack(others[at : at + _ROWS]).astype(np.float64) - vector, axis=1)
        for at in range(0, len(others), _ROWS)
    ]
    return np.concatenate(parts) if parts else np.empty(0)
