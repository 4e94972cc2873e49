"""The data sets that networks can learn from."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import models
from app.schemas import DatasetInfo
from app.services.datasets.cifar import CIFAR
from app.services.datasets.decoded import check_size
from app.services.datasets.errors import (
    DatasetDamagedError,
    DatasetMissingError,
    UnknownDatasetError,
)
from app.services.datasets.folders import FOLDER
from app.services.datasets.grey import GREY
from app.services.datasets.idx import SPLITS, Bytes, Split
from app.services.datasets.places import Places
from app.services.datasets.sets import About, PictureSet

POINTS = "points"
FOLDER_ID = "folder"
TRAINED = "Trained here"  # the family of networks that trainings have made
_PICTURES: Mapping[str, PictureSet] = {
    **GREY,
    "cifar10": CIFAR,
    FOLDER_ID: FOLDER,
}
_POINTS = About(
    "Points in the plane",
    "Two classes of points with x and y in −6…6, and the gates AND, OR and XOR.",
    "After TensorFlow Playground (Smilkov et al., 2017); drawn anew for each seed",
    "none needed",
    (2, 1, 1),
)


def catalogue(data_dir: Path | None = None, pictures_dir: Path | None = None) -> list[DatasetInfo]:
    """Every data set; what is not on this machine says how to get it."""
    places = Places(data_dir, pictures_dir)
    return [_info(dataset, places) for dataset in (*_PICTURES, POINTS)]


def info(
    dataset: str, data_dir: Path | None = None, pictures_dir: Path | None = None
) -> DatasetInfo:
    """One data set that is on this machine. Raises UnknownDatasetError, DatasetMissingError."""
    if dataset not in (*_PICTURES, POINTS):
        raise UnknownDatasetError(dataset, [*_PICTURES, POINTS])
    found = _info(dataset, Places(data_dir, pictures_dir))
    if found.missing is not None:
        raise DatasetMissingError(found.missing)
    return found


def check_room(dataset: DatasetInfo, side: int) -> None:
    """Raises DatasetTooLargeError where a folder has too many pictures of ``side``×``side``."""
    if dataset.id == FOLDER_ID:
        check_size(dataset.train + dataset.test, side)


def picture_set(dataset: str) -> PictureSet:
    """A data set of pictures. Raises UnknownDatasetError."""
    if dataset not in _PICTURES:
        raise UnknownDatasetError(dataset, list(_PICTURES))
    return _PICTURES[dataset]


def picture(
    dataset: str,
    split: Split,
    index: int,
    data_dir: Path | None = None,
    pictures_dir: Path | None = None,
) -> Bytes:
    """One picture of a split, uint8 H×W or H×W×3.

    Raises UnknownDatasetError, DatasetMissingError, IndexError.
    """
    found = picture_set(dataset)
    places = Places(data_dir, pictures_dir)
    if not 0 <= index < found.count(split, places):
        raise IndexError(index)
    return found.picture(split, index, places)


def _info(dataset: str, places: Places) -> DatasetInfo:
    card = _POINTS if dataset == POINTS else _PICTURES[dataset].card
    classes: tuple[str, ...] = ("0", "1") if dataset == POINTS else ()
    counts, missing = [0, 0], None
    if dataset != POINTS:
        try:
            classes, counts = _content(_PICTURES[dataset], places)
        except (DatasetMissingError, DatasetDamagedError) as error:
            missing = str(error)
    return DatasetInfo(
        id=dataset,
        title=card.title,
        about=card.about,
        source=card.source,
        licence=card.licence,
        shape=list(card.shape),
        classes=list(classes),
        train=counts[0],
        test=counts[1],
        models=_models(card),
        missing=missing,
    )


def _content(found: PictureSet, places: Places) -> tuple[tuple[str, ...], list[int]]:
    counts = [found.count(split, places) for split in SPLITS]
    return found.classes(places), counts


def _models(card: About) -> list[str]:
    """The registered networks that look at such pictures; those that were trained here are not."""
    mode = {1: "L", 3: "RGB"}.get(card.shape[0])
    specs = [models.spec(each) for each in models.names()]
    return [each.id for each in specs if each.input.mode == mode and each.family != TRAINED]
