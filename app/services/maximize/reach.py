"""What real pictures reach on the units that pictures were made for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.schemas import Reference
from app.services.catalog import Loaded
from app.services.maximize.store import Kept
from app.services.tops.scan import NoChannelsError
from app.services.tops.tops import Found, NotScannedError

# All channels of a layer on the best set that was scanned; see `app.services.tops.tops.Tops`.
Scanned = Callable[[Loaded, str], Found]


@dataclass(frozen=True)
class Reach:
    """Looks things up in what was scanned."""

    scanned: Scanned

    def filled(self, loaded: Loaded, pictures: Sequence[Kept]) -> list[Kept]:
        """The same pictures, with a reference where one is known by now."""
        layers = {each.layer for each in pictures if _comparable(each)}
        found = {layer: self._find(loaded, layer) for layer in layers}
        return [_with(each, found.get(each.layer)) for each in pictures]

    def _find(self, loaded: Loaded, layer: str) -> Found | None:
        try:
            return self.scanned(loaded, layer)
        except (NotScannedError, NoChannelsError):
            return None


def _comparable(picture: Kept) -> bool:
    return picture.measure != "objective" and picture.channel is not None


def _with(picture: Kept, found: Found | None) -> Kept:
    if found is None or not _comparable(picture):
        return picture
    record = found.record
    largest = record.largest_mean if picture.measure == "mean" else record.largest
    reference = Reference(
        set=found.set, pictures=found.pictures, largest=float(largest[picture.channel])
    )
    return picture.model_copy(update={"reference": reference})


def ratio(picture: Kept) -> float | None:
    """How many times as strongly as by any real picture the unit is driven; None: unknown."""
    if picture.score is None or picture.reference is None or picture.reference.largest <= 0:
        return None
    return picture.score / picture.reference.largest
