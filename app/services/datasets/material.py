"""What a network learns from: the pictures and labels of a training as tensors."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from app.schemas import DataChoice
from app.services.datasets import points
from app.services.datasets.catalog import picture_set
from app.services.datasets.idx import Bytes
from app.services.datasets.places import Places, Progress
from models.registry import InputSpec

MOST_BACKGROUND = 12  # pixels that small grey pictures are padded by; above, they are enlarged
_LUMA = (0.299, 0.587, 0.114)  # ITU-R BT.601
_SHUFFLE = 0x5348  # tells the random numbers for labels from those for the share


@dataclass(frozen=True)
class Material:
    """Training and test pictures, uint8 N×C×h×w in the network's channels, and labels, int64 N.

    Points are float32 N×2×1×1 (x, y). ``shape`` is the network's input C×H×W: h and w are smaller
    where pictures are enlarged batch by batch (see `fit`), to save memory. ``indices`` and
    ``test_indices``: each picture's place in the data set's split. ``left_out`` names files that
    could not be read.
    """

    train: Tensor
    labels: Tensor
    test: Tensor
    test_labels: Tensor
    classes: tuple[str, ...]
    indices: Tensor
    test_indices: Tensor
    shape: tuple[int, int, int]
    left_out: tuple[str, ...] = ()

    def to(self, device: torch.device | str) -> Material:
        """The same on another device."""
        names = ("train", "labels", "test", "test_labels", "indices", "test_indices")
        return replace(self, **{name: getattr(self, name).to(device) for name in names})

    def fit(self, pictures: Tensor) -> Tensor:
        """Float pictures N×C×h×w at the network's size, N×C×H×W: nearly always as they are."""
        size = self.shape[1:]
        if pictures.shape[2:] == size:
            return pictures
        return F.interpolate(pictures, size=size, mode="bilinear", align_corners=False)


def material(  # noqa: PLR0917
    choice: DataChoice,
    spec_input: InputSpec,
    seed: int,
    data_dir: Path | None = None,
    pictures_dir: Path | None = None,
    cache_dir: Path | None = None,
    progress: Progress | None = None,
) -> Material:
    """The data set of ``choice`` for a network with that input.

    The same seed gives the same share, the same shuffled labels and the same points. ``progress``
    hears how many files of pictures are decoded, of how many. Raises DatasetMissingError,
    DatasetDamagedError, DatasetTooLargeError.
    """
    if choice.id == "points":
        return _points(choice, seed)
    places = Places(data_dir, pictures_dir, cache_dir)
    pictures = picture_set(choice.id)
    side = min(spec_input.shape[1:])
    whole, test = (pictures.half(split, places, side, progress) for split in ("train", "test"))
    classes = pictures.classes(places)
    train = whole.take(_share(len(whole.labels), choice.share, len(classes), seed).numpy())
    return Material(
        train=_tensor(train.pictures, spec_input),
        labels=shuffled(torch.from_numpy(train.labels), choice, len(classes), seed),
        test=_tensor(test.pictures, spec_input),
        test_labels=torch.tensor(test.labels),
        classes=classes,
        indices=torch.from_numpy(train.places),
        test_indices=torch.tensor(test.places),
        shape=spec_input.shape,
        left_out=whole.left_out + test.left_out,
    )


def shuffled(labels: Tensor, choice: DataChoice, classes: int, seed: int) -> Tensor:
    """The labels, ``choice.shuffled`` of them drawn anew from all classes alike.

    Zhang et al., Understanding deep learning requires rethinking generalization, ICLR 2017.
    """
    generator = torch.Generator().manual_seed(seed ^ _SHUFFLE)
    order = torch.randperm(len(labels), generator=generator)
    some = order[: round(choice.shuffled * len(labels))]
    drawn = torch.randint(classes, (len(some),), generator=generator)
    return labels.index_copy(0, some, drawn)


def _share(count: int, share: float, least: int, seed: int) -> Tensor:
    """Which pictures are used, in their order; of two shares the smaller is in the larger."""
    if share >= 1:
        return torch.arange(count)
    order = torch.randperm(count, generator=torch.Generator().manual_seed(seed))
    return order[: max(round(share * count), least)].sort().values


def _points(choice: DataChoice, seed: int) -> Material:
    everything = points.make(choice.points, choice.count, choice.noise, seed)
    train, test = points.split(everything, choice.test_share)
    whole = len(train.labels) if choice.points in points.GATES else 0  # a gate has no less
    chosen = _share(len(train.labels), choice.share, max(whole, 2), seed)
    return Material(
        train=train.places[chosen, :, None, None],
        labels=shuffled(train.labels[chosen], choice, 2, seed),
        test=test.places[:, :, None, None],
        test_labels=test.labels,
        classes=("0", "1"),
        indices=chosen,
        test_indices=torch.arange(len(test.labels)),
        shape=(2, 1, 1),
    )


def _tensor(pictures: Bytes, spec: InputSpec) -> Tensor:
    """The pictures as uint8 N×C×h×w, never larger than the network takes them."""
    found = torch.from_numpy(np.require(pictures, requirements=["C", "W"]))
    stacked = found[:, None] if found.ndim == 3 else found.permute(0, 3, 1, 2)
    coloured = _in_channels(stacked, spec)
    height, width = spec.shape[1:]
    h, w = coloured.shape[2:]
    if (h, w) == (height, width):
        return coloured.contiguous()
    if h > height or w > width:
        return _smaller(coloured, (min(h, height), min(w, width)))
    if found.ndim == 3 and max(height - h, width - w) <= MOST_BACKGROUND:
        top, left = (height - h) // 2, (width - w) // 2
        return F.pad(coloured, (left, width - w - left, top, height - h - top))
    return coloured.contiguous()


def _in_channels(pictures: Tensor, spec: InputSpec) -> Tensor:
    """N×1×H×W or N×3×H×W (RGB) in the channels of the network, in its order."""
    if spec.shape[0] == pictures.shape[1]:
        return pictures.flip(1) if spec.channels == "BGR" else pictures
    if pictures.shape[1] == 1:
        return pictures.expand(-1, spec.shape[0], -1, -1)
    parts = torch.split(pictures, 4096)
    luma = torch.tensor(_LUMA)[:, None, None]
    return torch.cat([(part * luma).sum(dim=1, keepdim=True).round().byte() for part in parts])


def _smaller(pictures: Tensor, size: tuple[int, int]) -> Tensor:
    parts = torch.split(pictures, 4096)
    scaled = [
        F.interpolate(part.float(), size=size, mode="bilinear", antialias=True) for part in parts
    ]
    return torch.cat([part.round().clamp(0, 255).byte() for part in scaled])
