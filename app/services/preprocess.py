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
Doubles = NDArray[np.float64]

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
    return normalize(pixels, spec)


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


def normalize(pixels: Floats, spec: ModelSpec) -> Tensor:
    """Grey pixels in 0…1, N×H×W, padded to the network's size and normalised: N×C×H×W.

    Larger pictures lose their edges.
    """
    channels, height, width = spec.input.shape
    top, left = (height - pixels.shape[1]) // 2, (width - pixels.shape[2]) // 2
    seen = pixels[:, max(-top, 0) :, max(-left, 0) :][:, None, :height, :width]
    padded = np.zeros((len(pixels), channels, height, width), np.float32)
    y, x = max(top, 0), max(left, 0)
    padded[..., y : y + seen.shape[2], x : x + seen.shape[3]] = seen
    mean, std = (each.numpy() for each in statistics(spec.input))
    padded -= mean
    padded /= std
    return torch.from_numpy(padded)


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
    sides = np.array([[height], [width]], np.float64)
    scale = np.full(len(drawings), SIZE / max(height, width))
    return _resample(drawings, scale, np.zeros_like(sides), sides, (SIZE - sides * scale) / 2)


def center(drawings: Drawings) -> Floats:
    """Drawings N×H×W as MNIST would have them: N×28×28 in 0…1.

    The shift is by whole pixels, as MNIST's, so that MNIST's own digits pass unchanged.
    A drawing with next to no ink gives an empty picture.
    """
    masses = _masses(_without_noise(drawings))
    enough = SPECK * 255 * drawings.shape[1] * drawings.shape[2] / SIZE**2
    masses *= (masses[0].sum(axis=-1) >= enough)[:, None]
    start, end = _extents(masses > 0)
    longer = (end - start).max(axis=0)
    scale = INK_SIZE / np.maximum(longer, 1)
    offset = np.round(MIDDLE - scale * (_mean_positions(masses) - start)) - scale * start
    return _resample(drawings, scale, start, end, offset)


def _without_noise(drawings: Drawings) -> Drawings:
    """The drawings with 0 where no ink is.

    In a clean drawing whatever is not 0 is ink, as in MNIST. Where too much is not 0, that is
    noise or the paper of a photograph, and only what is brighter than NOISE is ink.
    """
    area = drawings.shape[1] * drawings.shape[2]
    noisy = (drawings > 0).sum(axis=(1, 2)) > CLEAN * area
    if not noisy.any():
        return drawings
    return np.where(noisy[:, None, None] & (drawings < NOISE), np.uint8(0), drawings)


def _unit(drawings: Drawings) -> Floats:
    return drawings.astype(np.float32) / np.float32(255)


# Below, the first axis is (vertical, horizontal): both go through one computation, for on a
# single small drawing NumPy's calls cost more than its arithmetic.


def _masses(drawings: Drawings) -> Doubles:
    """The ink in each row and in each column of N×H×W: 2×N×max(H, W), 0 beyond the shorter."""
    count, height, width = drawings.shape
    masses = np.zeros((2, count, max(height, width)))
    drawings.sum(axis=2, out=masses[0, :, :height], dtype=np.float64)
    drawings.sum(axis=1, out=masses[1, :, :width], dtype=np.float64)
    return masses


def _extents(ink: NDArray[np.bool_]) -> tuple[Doubles, Doubles]:
    """First and one past the last True along the last axis; (0, 0) where there is none."""
    start = ink.argmax(axis=-1)
    end = (ink * np.arange(1, ink.shape[-1] + 1)).max(axis=-1)
    return start.astype(np.float64), end.astype(np.float64)


def _mean_positions(masses: Doubles) -> Doubles:
    """Centre of mass along the last axis; pixel j covers j…j+1."""
    positions = np.arange(masses.shape[-1]) + 0.5
    mean: Doubles = masses @ positions / np.maximum(masses.sum(axis=-1), 1)
    return mean


def _resample(
    drawings: Drawings, scale: Doubles, start: Doubles, end: Doubles, offset: Doubles
) -> Floats:
    """The box ``start``…``end`` of N drawings, at ``scale·position + offset``, on 28×28, as 0…1.

    ``scale`` is N; ``start``, ``end`` and ``offset`` are 2×N, or 2×1 for all drawings alike.
    """
    _, height, width = drawings.shape
    rows, columns = _weights(max(height, width), scale, start, end, offset)
    pixels = rows[..., :height] @ _unit(drawings) @ columns[..., :width].transpose(0, 2, 1)
    clipped: Floats = pixels.clip(0, 1)
    return clipped


def _weights(size: int, scale: Doubles, start: Doubles, end: Doubles, offset: Doubles) -> Floats:
    """How much each source pixel gives to each of the 28 output pixels: 2×N×28×``size``.

    Bilinear when the drawing grows; the mean over an output pixel's area when it shrinks.
    """
    start, end = start[..., None], end[..., None]
    at = (np.arange(SIZE) + 0.5 - offset[..., None]) / scale[:, None]  # 2, N, 28: source pixels
    source = np.arange(size) + 0.5
    reach = 0.5 / np.minimum(scale, 1) + 0.5  # N: where an output pixel no longer touches
    weights = (reach[:, None, None] - np.abs(at[..., None] - source)).clip(0, 1)
    weights *= ((source > start) & (source < end))[:, :, None]
    weights *= ((at > start) & (at < end))[..., None]
    weights /= np.maximum(weights.sum(axis=-1, keepdims=True), 1e-6)
    return weights.astype(np.float32)
