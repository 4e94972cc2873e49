"""Sets of pictures that a network can be scanned with.

Digit networks see MNIST, those of photographs the gallery or the user's folder. A set's digest
says what is in it: names, sizes and times of a folder's files, hashes elsewhere. When it changes,
a scan begins anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Protocol

import torch
from torch import Tensor

from app.services import inputs
from app.services.datasets import Bytes, DatasetMissingError, Split, grey_folder
from app.services.datasets.grey import GREY, read
from app.services.folder import NoFolderError, PictureFolder, UnknownFileError
from app.services.gallery import Gallery
from app.services.images import ImageError
from app.services.preprocess import to_network
from models import ModelSpec

MOST_PICTURES = 20_000  # of a folder
MNIST_TEST, MNIST_TRAIN, GALLERY, FOLDER = "mnist-test", "mnist-train", "gallery", "folder"
FASHION_TEST, FASHION_TRAIN = "fashion-mnist-test", "fashion-mnist-train"
_SPLITS: dict[str, tuple[str, Split]] = {
    MNIST_TEST: ("mnist", "test"),
    MNIST_TRAIN: ("mnist", "train"),
    FASHION_TEST: ("fashion-mnist", "test"),
    FASHION_TRAIN: ("fashion-mnist", "train"),
}
_SETS = {  # by the way of a network's input
    "digit": [MNIST_TEST, MNIST_TRAIN],
    "plain": [FASHION_TEST, FASHION_TRAIN],
}


class UnknownSetError(LookupError):
    """The network cannot be scanned with such a set; ``valid`` lists those that it can."""

    def __init__(self, set_id: str, valid: list[str]) -> None:
        self.valid, self.nearest = valid, None
        super().__init__(f"This network has no set of pictures {set_id[:40]!r}.")


class PictureGoneError(LookupError):
    """The picture's file has changed, or is gone, since the scan."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} has changed since it was scanned, or is gone. Scan again.")


@dataclass(frozen=True)
class Entry:
    """One picture of a set. ``stamp`` tells whether its file is still the same."""

    number: int
    name: str
    label: str | None = None
    stamp: str | None = None


class Pictures(Protocol):
    """One set."""

    @property
    def id(self) -> str:
        """Its name in the API."""

    @property
    def place(self) -> str:
        """Where the pictures are, for sets whose content is the user's."""

    def entries(self) -> list[Entry]:
        """What is in it now, numbered from 0."""

    def digest(self, entries: Sequence[Entry]) -> str:
        """Another one for another content."""

    def batch(self, entries: Sequence[Entry], spec: ModelSpec) -> tuple[Tensor, list[int]]:
        """Network-ready pictures N×C×H×W and their numbers; those that are broken are left out."""

    def one(self, entry: Entry, spec: ModelSpec) -> Tensor:
        """One picture as the network takes it, C×H×W. Raises PictureGoneError, ImageError."""


@dataclass(frozen=True)
class Digits:
    """MNIST or Fashion-MNIST in its own order; each picture goes the way that a drawing goes."""

    id: str
    data_dir: Path | None
    place: str = ""

    def entries(self) -> list[Entry]:
        """Raises DatasetMissingError, DatasetDamagedError."""
        dataset, split = _SPLITS[self.id]
        names, labels = GREY[dataset].names, self._read()[1]
        return [Entry(i, f"{split} {i}", names[label]) for i, label in enumerate(labels)]

    def digest(self, entries: Sequence[Entry]) -> str:
        """The hash of pictures and labels."""
        dataset, split = _SPLITS[self.id]
        return _digest(grey_folder(dataset, self.data_dir), split)

    def batch(self, entries: Sequence[Entry], spec: ModelSpec) -> tuple[Tensor, list[int]]:
        """All of them."""
        numbers = [entry.number for entry in entries]
        return to_network(self._read()[0][numbers], spec), numbers

    def one(self, entry: Entry, spec: ModelSpec) -> Tensor:
        """One of them. Raises PictureGoneError where MNIST has become shorter."""
        if entry.number >= len(self._read()[0]):
            raise PictureGoneError(entry.name)
        return self.batch([entry], spec)[0][0]

    def _read(self) -> tuple[Bytes, Bytes]:
        dataset, split = _SPLITS[self.id]
        return read(grey_folder(dataset, self.data_dir), split)


class _Files:
    """Photographs in files, read one by one."""

    max_pixels: int

    def digest(self, entries: Sequence[Entry]) -> str:
        """The hash of names and stamps."""
        about = "\n".join(f"{entry.name} {entry.stamp}" for entry in entries)
        return hashlib.sha256(about.encode()).hexdigest()

    def batch(self, entries: Sequence[Entry], spec: ModelSpec) -> tuple[Tensor, list[int]]:
        """Those that can be read."""
        pictures, numbers = [], []
        for entry in entries:
            try:
                pictures.append(self.one(entry, spec))
            except (ImageError, LookupError):
                continue
            numbers.append(entry.number)
        empty = torch.empty(0, *spec.input.shape)
        return (torch.stack(pictures) if pictures else empty), numbers

    def one(self, entry: Entry, spec: ModelSpec) -> Tensor:
        """One of them. Raises PictureGoneError, ImageError."""
        return inputs.to_batch([self.read(entry)], spec, None, 1, self.max_pixels)[0]

    def read(self, entry: Entry) -> inputs.Upload:
        """The file. Raises PictureGoneError, ImageError."""
        raise NotImplementedError


@dataclass(frozen=True)
class GalleryPictures(_Files):
    """The free pictures that come with the server."""

    gallery: Gallery
    max_pixels: int
    id: str = GALLERY
    place: str = ""

    def entries(self) -> list[Entry]:
        """In the manifest's order, by their ids."""
        cards = self.gallery.cards()
        return [Entry(i, card.id, None, card.sha256) for i, card in enumerate(cards)]

    def read(self, entry: Entry) -> inputs.Upload:
        """Raises PictureGoneError, ImageError."""
        stamps = {card.id: card.sha256 for card in self.gallery.cards()}
        if stamps.get(entry.name) != entry.stamp:
            raise PictureGoneError(entry.name)
        path = self.gallery.path(entry.name)
        return inputs.recognise(path.read_bytes(), "", path.name)


@dataclass(frozen=True)
class FolderPictures(_Files):
    """The user's own photographs, at most `MOST_PICTURES`.

    Those whose names are no Unicode are left out: nobody could be told of them.
    """

    folder: PictureFolder
    max_pixels: int
    id: str = FOLDER

    @property
    def place(self) -> str:
        """The folder's path."""
        return str(self.folder.root)

    def entries(self) -> list[Entry]:
        """In the order of their names."""
        names = islice(filter(_is_unicode, self.folder.names()), MOST_PICTURES)
        return [Entry(i, name, None, self._stamp(name)) for i, name in enumerate(names)]

    def read(self, entry: Entry) -> inputs.Upload:
        """Raises PictureGoneError, ImageError."""
        if self._stamp(entry.name) != entry.stamp:
            raise PictureGoneError(entry.name)
        return self.folder.read(entry.name)

    def _stamp(self, name: str) -> str:
        """The file's size and time; "" where it is gone."""
        try:
            status = self.folder.path(name).stat()
        except (OSError, UnknownFileError):
            return ""
        return f"{status.st_size} {status.st_mtime_ns}"


@dataclass(frozen=True)
class PictureSets:
    """The sets of one server; ``pictures_dir`` is the user's folder, None where there is none."""

    gallery: Gallery
    data_dir: Path | None
    pictures_dir: Path | None
    max_pixels: int

    def of(self, spec: ModelSpec) -> list[Pictures]:
        """The sets of a network that are on this machine."""
        found: list[Pictures] = []
        for set_id in self.ids(spec):
            try:
                pictures = self.get(spec, set_id)
            except (NoFolderError, DatasetMissingError):
                continue
            found.append(pictures)
        return found

    def get(self, spec: ModelSpec, set_id: str) -> Pictures:
        """One set. Raises UnknownSetError, DatasetMissingError, NoFolderError."""
        if set_id not in self.ids(spec):
            raise UnknownSetError(set_id, self.ids(spec))
        if set_id in _SPLITS:
            grey_folder(_SPLITS[set_id][0], self.data_dir)
            return Digits(set_id, self.data_dir)
        if set_id == GALLERY:
            return GalleryPictures(self.gallery, self.max_pixels)
        if self.pictures_dir is None:
            raise NoFolderError(
                "The server was given no folder of pictures: name one in CONVSCOPE_PICTURES_DIR "
                "and start it again."
            )
        return FolderPictures(PictureFolder(self.pictures_dir), self.max_pixels)

    @staticmethod
    def ids(spec: ModelSpec) -> list[str]:
        """The sets that such a network may have."""
        return _SETS.get(spec.input.preprocessing, [GALLERY, FOLDER])


def _is_unicode(name: str) -> bool:
    """Whether a file's name could be decoded (PEP 383)."""
    return not any("\ud800" <= letter <= "\udfff" for letter in name)


@cache
def _digest(folder: Path, split: Split) -> str:
    images, labels = read(folder, split)
    return hashlib.sha256(images.tobytes() + labels.tobytes()).hexdigest()
