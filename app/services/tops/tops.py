"""The real pictures that drive each unit most: scans of whole sets, and what they found."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.schemas import Box, ChannelRange, Histogram
from app.services.catalog import Loaded
from app.services.jobs import JobEvent
from app.services.neuron import UnknownUnitError
from app.services.preprocess import to_pixels
from app.services.receptive import box
from app.services.tops.best import KEPT
from app.services.tops.record import Record
from app.services.tops.scan import Scan, own_layer, scanned_layers
from app.services.tops.sets import Entry, Pictures, PictureSets
from app.services.tops.store import ScanFile, Store

__all__ = ["KEPT", "Found", "NotScannedError", "Reach", "Standing", "Top", "Tops"]


class NotScannedError(LookupError):
    """No pictures, or none of this set, have been scanned for the layer.

    ``model`` and ``sets``: what could be scanned.
    """

    def __init__(self, model: str, layer: str, sets: list[str], set_id: str | None) -> None:
        self.model, self.sets = model, sets
        which = "no set of pictures" if set_id is None else f"not the set {set_id!r}"
        super().__init__(f"For layer {layer!r} {which} has been scanned with these weights.")


@dataclass(frozen=True)
class Standing:
    """How many of a set's pictures all layers have seen."""

    id: str
    pictures: int
    scanned: int


@dataclass(frozen=True)
class Reach:
    """How far real pictures drive a unit: one position at most, and the mean over a map."""

    set: str
    pictures: int
    largest: float
    largest_mean: float


@dataclass(frozen=True)
class Top:
    """A picture, the unit's largest value in it, and the pixels that this position sees."""

    picture: Entry
    value: float
    y: int | None
    x: int | None
    box: Box


@dataclass(frozen=True)
class Found:
    """What a set's scan says of one layer."""

    set: str
    layer: str
    record: Record

    @property
    def pictures(self) -> int:
        """How many pictures that is of."""
        return self.record.used


class Tops:
    """Scans kept in ``folder``, of the sets in ``sets``. Safe to use from several threads.

    Everything is by network and weights: the ``loaded`` of each call.
    """

    def __init__(self, folder: Path, sets: PictureSets) -> None:
        self._sets, self._store = sets, Store(folder)

    def sets(self, loaded: Loaded) -> list[Standing]:
        """The sets of a network that are on this machine, and how far their scans are."""
        layers = scanned_layers(loaded.graph)
        return [self._standing(loaded, each, layers) for each in self._sets.of(loaded.spec)]

    def scan(
        self, loaded: Loaded, set_id: str, layers: Sequence[str] | None = None
    ) -> Generator[JobEvent, None, None]:
        """A job that looks at all pictures of a set; it goes on where another one stopped.

        Raises UnknownSetError, NoFolderError, DatasetMissingError, UnknownLayerError and
        NoChannelsError at once; for the job itself see `Scan.run`.
        """
        pictures = self._sets.get(loaded.spec, set_id)
        chosen = scanned_layers(loaded.graph, layers)
        return Scan(loaded, pictures, chosen, self._store, self._file(loaded, pictures)).run()

    def layer(self, loaded: Loaded, layer_id: str, set_id: str | None = None) -> Found:
        """All channels of a layer on a set; by default on that with most pictures scanned.

        Raises UnknownLayerError, NoChannelsError, UnknownSetError, NotScannedError, and for a set
        that is not here NoFolderError or DatasetMissingError.
        """
        layer = own_layer(loaded.graph, layer_id).id
        if set_id is None:
            sets = self._sets.of(loaded.spec)
        else:
            sets = [self._sets.get(loaded.spec, set_id)]
        records = [(each.id, self._file(loaded, each).layer(layer)) for each in sets]
        found = [Found(name, layer, record) for name, record in records if record and record.used]
        if not found:
            ids = [each.id for each in self._sets.of(loaded.spec)]
            raise NotScannedError(loaded.spec.id, layer_id, ids, set_id)
        return max(found, key=lambda each: each.pictures)

    def unit(self, loaded: Loaded, found: Found, channel: int, k: int = KEPT) -> list[Top]:
        """The ``k`` pictures that drive a channel most, best first. Raises UnknownUnitError."""
        check_channel(found, channel)
        best, info = found.record.best, loaded.graph.layer(found.layer)
        k = min(k, int((best.picture[channel] >= 0).sum()))
        pictures = self._file(loaded, self._sets.get(loaded.spec, found.set)).pictures(
            best.picture[channel, :k].tolist()
        )
        tops = []
        for rank, picture in enumerate(pictures):
            place, spatial = int(best.place[channel, rank]), len(info.output_shape) == 3
            y, x = divmod(place, info.output_shape[2]) if spatial else (0, 0)
            seen = box(info.receptive_field, y, x, list(loaded.spec.input.shape))
            value = float(best.value[channel, rank])
            at = (y, x) if spatial else (None, None)
            tops.append(Top(picture, value, at[0], at[1], seen))
        return tops

    def reference(self, loaded: Loaded, layer_id: str, channel: int) -> Reach | None:
        """What real pictures reach on a unit; None where nothing was scanned.

        Raises UnknownLayerError, NoChannelsError and UnknownUnitError.
        """
        try:
            found = self.layer(loaded, layer_id)
        except NotScannedError:
            return None
        check_channel(found, channel)
        record = found.record
        return Reach(
            found.set,
            found.pictures,
            float(record.largest[channel]),
            float(record.largest_mean[channel]),
        )

    def picture(self, loaded: Loaded, set_id: str, picture: Entry) -> NDArray[np.uint8]:
        """A picture as the network sees it: H×W, or H×W×3 (RGB). Raises PictureGoneError."""
        pictures = self._sets.get(loaded.spec, set_id)
        return to_pixels(pictures.one(picture, loaded.spec), loaded.spec.input)

    def _standing(self, loaded: Loaded, pictures: Pictures, layers: list[str]) -> Standing:
        entries = pictures.entries()
        about = self._file(loaded, pictures).about()
        done: dict[str, int] = {}
        if about is not None and about.digest == pictures.digest(entries):
            done = about.done
        scanned = min((done.get(layer, 0) for layer in layers), default=0)
        return Standing(pictures.id, len(entries), scanned)

    def _file(self, loaded: Loaded, pictures: Pictures) -> ScanFile:
        """The architecture counts, too: that of a network of the user's own may change."""
        layers = (f"{each.id} {each.type} {each.output_shape}" for each in loaded.graph.layers)
        group = loaded.spec.id, loaded.card.sha256
        return self._store.file(*group, pictures.id, pictures.place, *layers)


def channel_range(record: Record, channel: int) -> ChannelRange:
    """What one channel did."""
    values = record.used * record.units
    return ChannelRange(
        channel=channel,
        smallest=float(record.smallest[channel]),
        largest=float(record.largest[channel]),
        largest_mean=float(record.largest_mean[channel]),
        mean=float(record.total[channel]) / values,
        zero_share=int(record.zeros[channel]) / values,
    )


def histogram(record: Record, channel: int) -> Histogram:
    """All values of one channel, counted."""
    edges, counts = record.histograms.of(channel)
    return Histogram(edges=edges, counts=counts)


def check_channel(found: Found, channel: int) -> None:
    """Raises UnknownUnitError."""
    count = len(found.record.largest)
    if not 0 <= channel < count:
        raise UnknownUnitError(
            f"Layer {found.layer!r} has channels 0 to {count - 1}; there is no channel {channel}."
        )
