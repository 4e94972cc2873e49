"""One scan: every picture of a set through the network, every layer's record brought up to date."""

from __future__ import annotations

import copy
import time
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise

from torch import Tensor

from app.schemas import JobProgress, LayerInfo
from app.services.catalog import Loaded
from app.services.graph import Graph
from app.services.jobs import JobEvent, Result
from app.services.operations import PASS_THROUGH
from app.services.prefetch import Follower, prefetched
from app.services.tops.record import Record
from app.services.tops.sets import Entry, Pictures
from app.services.tops.store import ScanFile, Store

_BATCH = 256  # most pictures in one forward pass
_BATCH_BYTES = 128 * 1024**2  # of values at a time
_PAUSE = 5.0  # seconds between two writings of a long scan, at least
_SHARE = 20  # times as long as a writing takes, too: large networks have large records

Batch = tuple[list[Entry], Tensor, list[int]]  # the pictures; those that are not broken, numbered


class NoChannelsError(ValueError):
    """A layer only rearranges values, and on more axes than channels, rows and columns."""

    def __init__(self, layer: str) -> None:
        super().__init__(f"Layer {layer!r} only rearranges values: it has no channels to look at.")


def own_layer(graph: Graph, layer_id: str) -> LayerInfo:
    """The layer whose values this one has: itself, or what dropout in evaluation mode hands on.

    Raises UnknownLayerError, NoChannelsError.
    """
    layer = graph.layer(layer_id)
    while isinstance(graph.modules.get(layer.id), PASS_THROUGH):
        layer = graph.layer(layer.inputs[0])
    if len(layer.output_shape) not in (1, 3):
        raise NoChannelsError(layer_id)
    return layer


def scanned_layers(graph: Graph, layers: Sequence[str] | None = None) -> list[str]:
    """The layers that a scan looks at, in the graph's order: those named, or all.

    All are those that compute something: neither the input nor what only hands values on or
    rearranges them. Raises UnknownLayerError, NoChannelsError.
    """
    if layers is not None:
        named = {own_layer(graph, layer).id for layer in layers}
        return [layer.id for layer in graph.layers if layer.id in named]
    return [
        layer.id
        for layer in graph.layers
        if layer.role not in ("input", "reshape")
        and len(layer.output_shape) in (1, 3)
        and not isinstance(graph.modules.get(layer.id), PASS_THROUGH)
    ]


@dataclass
class Scan:
    """A scan of some layers. What is in ``file`` already is not computed again.

    ``whole``: no picture has been looked at by halves, so that the records may be kept;
    ``news``: they differ from those in the file.
    """

    loaded: Loaded
    pictures: Pictures
    layers: list[str]
    store: Store
    file: ScanFile
    records: dict[str, Record] = field(default_factory=dict)
    whole: bool = True
    news: bool = False
    computed: int = 0
    saved: float = field(default_factory=time.monotonic)
    took: float = 0.0  # seconds to write

    def run(self) -> Generator[JobEvent, None, None]:
        """Progress after each batch; closing it keeps what was done. The end is a Result.

        Raises DatasetDamagedError, NotFiniteError and ScanNotKeptError (a full disk).
        """
        entries = self.pictures.entries()
        digest = self.pictures.digest(entries)
        save = partial(self._save, digest, entries)
        self._begin(digest)
        batches = prefetched(self._prepare, self._batches(entries))
        with closing(batches), Follower() as follower:
            try:
                yield self._progress(entries)
                for batch in batches:
                    self._add(batch, follower)
                    if time.monotonic() - self.saved > max(_PAUSE, _SHARE * self.took):
                        save()
                    yield self._progress(entries)
            finally:
                if self.whole and self.news:
                    save()
        yield Result(self._result())

    def _begin(self, digest: str) -> None:
        """Take up what the file has of this very set."""
        about = self.file.about()
        known = about.done if about is not None and about.digest == digest else {}
        for layer in self.layers:
            record = self.file.layer(layer) if layer in known else None
            shape = self.loaded.graph.layer(layer).output_shape
            self.records[layer] = copy.deepcopy(record) or Record.empty(shape)

    def _batches(self, entries: list[Entry]) -> Generator[list[Entry], None, None]:
        """The pictures that some layer has not seen, so that each batch is new to whole layers."""
        room = _BATCH_BYTES // self.loaded.runner.visited_bytes(self.layers)
        most = max(1, min(_BATCH, room))
        ends = sorted({len(entries), *(record.done for record in self.records.values())})
        for start, end in pairwise(ends):
            for at in range(start, end, most):
                yield entries[at : min(at + most, end)]

    def _prepare(self, entries: list[Entry]) -> Batch:
        return entries, *self.pictures.batch(entries, self.loaded.spec)

    def _add(self, batch: Batch, follower: Follower) -> None:
        """One forward pass, entered into the records of the layers that wait for it.

        While a layer is entered, the next one is computed.
        """
        entries, x, numbers = batch
        start, end = entries[0].number, entries[-1].number + 1
        waiting = [layer for layer in self.layers if self.records[layer].done == start]
        self.whole = False
        if numbers:

            def receive(layer: str, values: Tensor) -> None:
                follower.call(self.records[layer].add, values, numbers)

            self.loaded.runner.visit(x, waiting, receive)
            follower.wait()
        for layer in waiting:
            self.records[layer].done = end
        self.whole = self.news = True
        self.computed += len(numbers)

    def _save(self, digest: str, entries: list[Entry]) -> None:
        start = time.monotonic()
        self.file.write(digest, entries, self.records)
        self.store.tidy(self.file)
        self.saved, self.news = time.monotonic(), False
        self.took = self.saved - start

    def _progress(self, entries: list[Entry]) -> JobProgress:
        done = min((record.done for record in self.records.values()), default=len(entries))
        return JobProgress(done=done, total=len(entries), unit="pictures")

    def _result(self) -> dict[str, object]:
        used = [record.used for record in self.records.values()]
        done = [record.done for record in self.records.values()]
        return {
            "set": self.pictures.id,
            "layers": len(self.layers),
            "pictures": min(used),
            "broken": min(done) - min(used),
            "computed": self.computed,
        }
