"""The data sets that npm or the user's disk holds. Nothing here downloads anything."""

from __future__ import annotations

from app.services.datasets.catalog import catalogue, check_room, info, picture, picture_set
from app.services.datasets.errors import (
    DatasetDamagedError,
    DatasetMissingError,
    DatasetTooLargeError,
    UnknownDatasetError,
)
from app.services.datasets.grey import grey_folder
from app.services.datasets.idx import Bytes, Split, read_idx
from app.services.datasets.material import Material, material
from app.services.datasets.mnist import load_mnist, mnist_folder

__all__ = [
    "Bytes",
    "DatasetDamagedError",
    "DatasetMissingError",
    "DatasetTooLargeError",
    "Material",
    "Split",
    "UnknownDatasetError",
    "catalogue",
    "check_room",
    "grey_folder",
    "info",
    "load_mnist",
    "material",
    "mnist_folder",
    "picture",
    "picture_set",
    "read_idx",
]
