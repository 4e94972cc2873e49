"""From a picture to what a network takes in.

Photographs go through app.services.photo. For drawings of digits, `center` follows MNIST's own
convention (LeCun, Cortes, Burges: the MNIST page): crop to the ink, scale the longer side to 20
pixels, put the centre of mass into the middle of 28×28.
"""

from __future__ import annotations

from functools import cache
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from app.services import photo
from app.services.images import ImageError
from models.registry import InputSpec, ModelSpec

Mode = Literal["center", "crop", "none"]
# What each kind of network knows, its own way first.
MODES: dict[str, tuple[Mode, ...]] = {
    "digit": ("center", "none"),
    "plain": ("none", "center"),
    "photo": ("crop", "none"),
}

Drawings = NDArray[np.uint8]
Floats = NDArray[np.float32]

SIZE = 28  # pixels, the side of an MNIST picture
INK_SIZE = 20  # pixels, the longer side of the ink in it
MIDDLE = 14.5  # the middle of pixel 14, where MNIST's centres of mass are (±0.5)
SPECK = 5.0  # fully inked pixels of 28×28: a drawing with less is empty
CLEAN = 0.4  # share of pixels: no clean drawing has ink on more of them
NOISE = 96  # grey levels: what is darker is background, in a drawing that is not clean


def to_network(pictures: Drawings, spec: ModelSpec, mode: Mode | None = None) -> Tensor:
    """Network-ready pictures, float32 N×C×H×W, by the network's own way or another of `MODES`.

    For digits, ``pictures`` are drawings N×H×W (white ink on black). "center" applies `center`;
    "none" only brings another size to 28×28, keeping the aspect. Networks with a larger input
    get background around it; a drawing that has the network's size already is left alone by
    "none". For photographs they are N×H×W×3 (RGB): see `photo.crop` and `photo.squeeze`.
    Raises ImageError for a mode that is not for this network.
    """
    chosen = choose_mode(spec.input, mode)
    if spec.input.preprocessing == "photo":
        return to_photo_network(photo.photos(pictures), spec.input, chosen)[0]
    height, width = spec.input.shape[1:]
    if chosen == "center":
        pixels = center(pictures)
    elif pictures.shape[1:] == (height, width):
        pixels = _unit(pictures)
    else:
        pixels = fit(pictures)
    return normalize(torch.from_numpy(pixels), spec)


def choose_mode(spec: InputSpec, mode: Mode | None) -> Mode:
    """The network's own mode for None. Raises ImageError for a mode that it does not have."""
    known = MODES.get(spec.preprocessing, ("none",))
    if mode is None:
        return known[0]
    if mode not in known:
        raise ImageError(f"This network knows {' and '.join(known)}, not {mode}.", "preprocess")
    return mode


def to_photo_network(
    pictures: list[photo.Photo], spec: InputSpec, mode: Mode
) -> tuple[Tensor, list[photo.Frame]]:
    """Network-ready photographs, float32 N×3×H×W, and what part of each the network sees."""
    view = photo.crop if mode == "crop" else photo.squeeze
    views = [view(picture, spec) for picture in pictures]
    seen = np.stack([pixels for pixels, _ in views])
    if spec.channels == "BGR":
        seen = seen[..., ::-1]
    # torchvision's ToTensor and Normalize: divided by 255 first, then standardised.
    unit = torch.from_numpy(np.ascontiguousarray(seen.transpose(0, 3, 1, 2))).float().div_(255)
    mean, std = statistics(spec)
    return unit.sub_(mean).div_(std), [frame for _, frame in views]


def normalize(pixels: Tensor, spec: ModelSpec) -> Tensor:
    """Grey pixels in 0…1, N×H×W, padded to the network's size and normalised: N×C×H×W."""
    channels, height, width = spec.input.shape
    top, left = (height - pixels.shape[1]) // 2, (width - pixels.shape[2]) // 2
    bottom, right = height - pixels.shape[1] - top, width - pixels.shape[2] - left
    padded = F.pad(pixels, (left, right, top, bottom))[:, None].expand(-1, channels, -1, -1)
    mean, std = statistics(spec.input)
    return (padded - mean) / std


def to_pixels(x: Tensor, spec: InputSpec) -> Drawings:
    """The picture in a network-ready tensor C×H×W: uint8 H×W, or H×W×3 (RGB).

    To the last bit what the network was given, where that came from 8-bit pixels.
    """
    mean, std = statistics(spec)
    codes = ((x * std + mean) * 255).round().clamp(0, 255).byte().numpy()
    if len(codes) == 1:
        return np.ascontiguousarray(codes[0])
    ordered = codes[::-1] if spec.channels == "BGR" else codes
    return np.ascontiguousarray(ordered.transpose(1, 2, 0))


@cache  # making the two tensors takes as long as using them
def statistics(spec: InputSpec, device: torch.device | None = None) -> tuple[Tensor, Tensor]:
    """Mean and standard deviation of each channel of a network's input, C×1×1 each."""
    mean, std = (torch.tensor(each, device=device)[:, None, None] for each in (spec.mean, spec.std))
    return mean, std


def fit(drawings: Drawings) -> Floats:
    """Whole drawings scaled to 28×28 (aspect kept, in the middle), as 0…1."""
    height, width = drawings.shape[1:]
    if (height, width) == (SIZE, SIZE):
        return _unit(drawings)
    scale = np.full(len(drawings), SIZE / max(height, width))
    boxes = [(np.zeros_like(scale), np.full_like(scale, side)) for side in (height, width)]
    offsets = [(SIZE - side * scale) / 2 for side in (height, width)]
    return _resample(drawings, scale, boxes, offsets)


def center(drawings: Drawings) -> Floats:
    """Drawings N×H×W as MNIST would have them: N×28×28 in 0…1.

    The shift is by whole pixels, as MNIST's, so that MNIST's own digits pass unchanged.
    A drawing with next to no ink gives an empty picture.
    """
    inked = _without_background(drawings)
    sums = [inked.sum(axis=axis, dtype=np.float64) for axis in (2, 1)]  # N, H and N, W
    boxes = [_extent(mass > 0) for mass in sums]
    longer = np.maximum(*(end - start for start, end in boxes))
    scale = INK_SIZE / np.maximum(longer, 1)
    offsets = [
        np.round(MIDDLE - scale * (_mean_position(mass) - start)) - scale * start
        for mass, (start, _) in zip(sums, boxes, strict=True)
    ]
    return _resample(drawings, scale, boxes, offsets)


def _without_background(drawings: Drawings) -> Drawings:
    """The drawings with 0 where no ink is: nowhere else but in noise and in specks.

    In a clean drawing whatever is not 0 is ink, as in MNIST. Where too much is not 0, that is
    noise or the paper of a photograph, and only what is brighter than NOISE is ink.
    """
    area = drawings.shape[1] * drawings.shape[2]
    noisy = np.count_nonzero(drawings, axis=(1, 2)) > CLEAN * area
    if noisy.any():
        drawings = np.where(noisy[:, None, None] & (drawings < NOISE), np.uint8(0), drawings)
    empty = drawings.sum(axis=(1, 2), dtype=np.float64) < SPECK * 255 * area / SIZE**2
    if empty.any():
        drawings = np.where(empty[:, None, None], np.uint8(0), drawings)
    return drawings


def _unit(drawings: Drawings) -> Floats:
    return drawings.astype(np.float32) / np.float32(255)


def _extent(ink: NDArray[np.bool_]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """First and one past the last True of each row; (0, 0) where there is none."""
    start = ink.argmax(axis=1)
    end = np.where(ink.any(axis=1), ink.shape[1] - ink[:, ::-1].argmax(axis=1), 0)
    return start.astype(np.float64), end.astype(np.float64)


def _mean_position(mass: NDArray[np.float64]) -> NDArray[np.float64]:
    """Centre of mass of each row; pixel j covers j…j+1."""
    positions = np.arange(mass.shape[1]) + 0.5
    mean: NDArray[np.float64] = mass @ positions / np.maximum(mass.sum(axis=1), 1)
    return mean


def _resample(
    drawings: Drawings,
    scale: NDArray[np.float64],
    boxes: list[tuple[NDArray[np.float64], NDArray[np.float64]]],
    offsets: list[NDArray[np.float64]],
) -> Floats:
    """The boxes of N drawings, at ``scale·position + offset``, on 28×28, as 0…1."""
    rows, columns = (
        _weights(size, scale, box, offset)
        for size, box, offset in zip(drawings.shape[1:], boxes, offsets, strict=True)
    )
    pixels = rows @ _unit(drawings) @ columns.transpose(0, 2, 1)
    clipped: Floats = np.clip(pixels, 0, 1)
    return clipped


def _weights(
    size: int,
    scale: NDArray[np.float64],
    box: tuple[NDArray[np.float64], NDArray[np.float64]],
    offset: NDArray[np.float64],
) -> Floats:
    """How much each source pixel gives to each of the 28 output pixels: N×28×``size``.

    Bilinear when the drawing grows; the mean over an output pixel's area when it shrinks.
    """
    start, end = (edge[:, None] for edge in box)
    at = (np.arange(SIZE) + 0.5 - offset[:, None]) / scale[:, None]  # N, 28: in source pixels
    source = np.arange(size) + 0.5
    reach = 0.5 / np.minimum(scale, 1) + 0.5  # N: where an output pixel no longer touches
    weights = np.clip(reach[:, None, None] - np.abs(at[:, :, None] - source), 0, 1)
    weights *= ((source > start) & (source < end))[:, None, :]
    weights *= ((at > start) & (at < end))[:, :, None]
    weights /= np.maximum(weights.sum(axis=2, keepdims=True), 1e-6)
    exact: Floats = weights.astype(np.float32)
    return exact
