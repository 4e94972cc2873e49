"""What there is to learn from: CIFAR-10 and photographs, from zip files, and random crops."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

from app.services.augment import Strength, augment
from models.registry import InputSpec

CIFAR = "cifar10-jpeg.zip"  # train/<class>/*.jpg and test/<class>/*.jpg
PHOTOGRAPHS = "photos-unlabelled-1000.zip"  # *.jpg
SMALLEST = 80  # pixels, the shorter side of a crop
_ASPECT = 1.33  # the longer side of a crop, at most, over the shorter
_LABELLED = Strength(
    shift=3, rotation=8, shear=4, scale=(0.85, 1.3), aspect=0.2, elastic=0, stroke=0,
    brightness=0.3, flip=True, interpolation="bilinear",
)  # fmt: skip
_GAIN = 0.1  # of each colour, a standard deviation
_CONTRAST = (0.7, 1.3)


@dataclass(frozen=True)
class Labelled:
    """Pictures uint8 N×3×32×32 and their labels N (int64)."""

    pictures: Tensor
    labels: Tensor


@dataclass(frozen=True)
class Region:
    """A part of a photograph, in its pixels; ``flipped``: to be mirrored left to right."""

    photo: int
    top: int
    left: int
    height: int
    width: int
    flipped: bool


def cifar(archive: Path, split: str, classes: Sequence[str]) -> Labelled:
    """CIFAR-10's "train" or "test" half, in order of class and file name."""
    pictures, labels = [], []
    with zipfile.ZipFile(archive) as files:
        for name in sorted(files.namelist()):
            path = PurePosixPath(name)
            if path.suffix == ".jpg" and path.parts[0] == split:
                pictures.append(_decoded(files.read(name)))
                labels.append(classes.index(path.parts[1]))
    return Labelled(torch.stack(pictures), torch.tensor(labels))


def photographs(archive: Path) -> list[Tensor]:
    """Every photograph of a zip file, uint8 3×H×W, in order of name."""
    with zipfile.ZipFile(archive) as files:
        names = sorted(name for name in files.namelist() if name.endswith(".jpg"))
        return [_decoded(files.read(name)) for name in names]


def regions(photos: Sequence[Tensor], count: int, generator: torch.Generator) -> list[Region]:
    """Random crops of random photographs: sides and places are drawn, sides log-uniformly."""
    chosen = torch.randint(len(photos), (count,), generator=generator).tolist()
    draws = torch.rand((count, 5), generator=generator).tolist()
    return [_region(photos[photo], photo, draw) for photo, draw in zip(chosen, draws, strict=True)]


def _region(picture: Tensor, photo: int, draws: Sequence[float]) -> Region:
    """A crop by five numbers in 0…1: size, shape, place down and right, mirrored or not."""
    size, shape, down, right, mirror = draws
    height, width = picture.shape[1:]
    shorter = SMALLEST * (min(height, width) / SMALLEST) ** size
    longer = shorter * _ASPECT ** abs(2 * shape - 1)
    sides = (shorter, longer) if shape < 0.5 else (longer, shorter)
    tall, wide = (min(round(side), most) for side, most in zip(sides, (height, width), strict=True))
    top, left = round(down * (height - tall)), round(right * (width - wide))
    return Region(photo, top, left, tall, wide, mirror < 0.5)


def crops(
    photos: Sequence[Tensor], chosen: Sequence[Region], side: int, generator: torch.Generator
) -> Tensor:
    """The regions at side × side pixels, antialiased, in changed colours: float N×3×S×S, 0…1."""
    return _recoloured(torch.stack([_crop(photos[r.photo], r, side) for r in chosen]), generator)


def _crop(photo: Tensor, region: Region, side: int) -> Tensor:
    rows = slice(region.top, region.top + region.height)
    columns = slice(region.left, region.left + region.width)
    part = photo[None, :, rows, columns].float()
    small = F.interpolate(part, (side, side), mode="bilinear", antialias=True)[0] / 255
    return small.flip(-1) if region.flipped else small


def _recoloured(pictures: Tensor, generator: torch.Generator) -> Tensor:
    """Another contrast for each picture, and another gain for each of its colours."""
    count = len(pictures)
    low, high = _CONTRAST
    contrast = torch.rand((count, 1, 1, 1), generator=generator) * (high - low) + low
    gain = 1 + _GAIN * torch.randn((count, 3, 1, 1), generator=generator)
    mean = pictures.mean((1, 2, 3), keepdim=True)
    return ((pictures - mean) * contrast + mean).mul_(gain).clamp_(0, 1)


def enlarged(pictures: Tensor, side: int) -> Tensor:
    """uint8 N×3×H×W at side × side pixels: float, 0…1."""
    return F.interpolate(pictures.float() / 255, (side, side), mode="bilinear")


def changed(pictures: Tensor, side: int, generator: torch.Generator) -> Tensor:
    """Labelled pictures at another size, slightly moved, turned, bent and mirrored."""
    return augment(enlarged(pictures, side), _LABELLED, generator)


def ready(pictures: Tensor, spec: InputSpec) -> Tensor:
    """Pictures in 0…1 as a network wants them: normalised, channels last."""
    mean, std = (torch.tensor(values)[:, None, None] for values in (spec.mean, spec.std))
    return ((pictures - mean) / std).contiguous(memory_format=torch.channels_last)


def _decoded(body: bytes) -> Tensor:
    pixels = np.array(Image.open(io.BytesIO(body)).convert("RGB"))
    return torch.from_numpy(np.ascontiguousarray(pixels.transpose(2, 0, 1)))
