"""How strong each spatial frequency is in pictures, and their colours."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import cached_property

import torch
from torch import Tensor
from torch.nn import functional as F

from app.services.maximize import colour

Size = tuple[int, int]  # height, width

DARK = 0.1  # mean grey taken for digits where none are at hand


@dataclass(frozen=True)
class Spectrum:
    """What pictures have in common: the strength of each frequency, the colours, the layout.

    ``magnitude`` is C×H×(W/2+1) for pictures of ``size`` (H, W) in 0…1: the mean of
    ``|rfft2(picture - mean, norm="ortho")|``; entry 0, 0 is 0 (and so what pictures differ in
    as a whole, as red ones from green ones, counts nowhere). Of photographs the channels are
    the colour axes ``axes`` (3×3, one a column, R G B down; None for grey pictures), along which
    pictures spread in proportion to ``spread``. ``mean`` is the mean colour C×1×1 (R G B) or,
    of pictures with a layout, as digits that lie in the middle, the mean picture C×H×W.
    ``envelope`` is how much they vary, C×1×1 or at each place C×H×W, divided by what the mean
    magnitudes give: mean + envelope × waves varies as the pictures do. ``source`` says in words
    which pictures these were.
    """

    magnitude: Tensor
    size: Size
    mean: Tensor
    envelope: Tensor
    source: str
    axes: Tensor | None = None
    spread: Tensor | None = None

    @cached_property
    def digest(self) -> str:
        """The hash of all the numbers: pictures made with another spectrum are other pictures."""
        digest = hashlib.sha256()
        for part in (self.magnitude, self.mean, self.envelope, self.axes, self.spread):
            if part is not None:
                digest.update(part.contiguous().numpy().tobytes())
        return digest.hexdigest()

    def resampled(self, size: Size) -> Spectrum:
        """The same strengths at the frequencies of pictures of another size.

        Linear between the frequencies that were measured; lower ones are taken as strong as the
        lowest measured. A layout is stretched.
        """
        if size == self.size:
            return self
        known = self.magnitude.clone()
        known[:, 0, 0] = (known[:, 0, 1] + known[:, 1, 0]) / 2
        down = _between(torch.fft.fftfreq(size[0]) % 1 * self.size[0], known.shape[1], wraps=True)
        across = _between(torch.fft.rfftfreq(size[1]) * self.size[1], known.shape[2], wraps=False)
        magnitude = down @ known @ across.T
        magnitude[:, 0, 0] = 0
        mean, envelope = (_stretched(maps, size) for maps in (self.mean, self.envelope))
        return replace(self, magnitude=magnitude, size=size, mean=mean, envelope=envelope)


def frequencies(size: Size) -> Tensor:
    """Cycles per pixel of each entry of a real FFT: H×(W/2+1)."""
    down, across = torch.fft.fftfreq(size[0])[:, None], torch.fft.rfftfreq(size[1])[None]
    return torch.sqrt(down**2 + across**2)


def spectrum_of(pictures: Tensor, source: str, layout: bool = False) -> Spectrum:
    """The spectrum of grey or colour pictures, float32 N×C×H×W (R G B) in 0…1.

    ``layout``: whether a place in the picture means something, as it does for centred digits.
    Where it does not, pictures fade out towards their edges (a Hann window): an edge where a
    crop ends would count as horizontal and vertical lines.
    Raises ValueError where there is no picture.
    """
    if len(pictures) == 0:
        raise ValueError("A spectrum needs at least one picture.")
    axes = spread = None
    dims = (0,) if layout else (0, 2, 3)
    mean = pictures.mean(dim=dims, keepdim=True)[0]
    varied = pictures - (mean if layout else pictures.mean(dim=(2, 3), keepdim=True))
    if pictures.shape[1] == 3:
        axes, spread = colour.axes_of(torch.cov(varied.transpose(0, 1).flatten(1)))
        varied = (axes.T @ varied.flatten(2)).view_as(varied)
    size = (pictures.shape[2], pictures.shape[3])
    windowed = varied if layout else varied * _window(size)
    magnitude = torch.fft.rfft2(windowed, norm="ortho").abs().mean(dim=0)
    magnitude[:, 0, 0] = 0
    spreads = varied.square().mean(dim=dims, keepdim=True)[0].sqrt()
    envelope = spreads / deviation(magnitude, size).clamp_min(1e-12)
    return Spectrum(magnitude, size, mean, envelope, source, axes, spread)


def deviation(magnitude: Tensor, size: Size) -> Tensor:
    """The standard deviation, C×1×1, of pictures whose coefficients have these magnitudes."""
    twice = magnitude[:, :, 1 : (size[1] + 1) // 2]  # their mirror images are not written down
    energy = magnitude.square().sum(dim=(1, 2)) + twice.square().sum(dim=(1, 2))
    return (energy / (size[0] * size[1])).sqrt()[:, None, None]


def one_over_f(channels: int, size: Size, mean: float = 0.5) -> Spectrum:
    """Where no pictures are at hand: natural scenes' law (Field, JOSA A 4(12), 1987).

    The strength falls as 1 / frequency; the pictures' standard deviation along the strongest
    axis is a quarter of the range.
    """
    magnitude = (1 / frequencies(size).clamp_min(1 / max(size))).expand(channels, -1, -1).clone()
    magnitude[:, 0, 0] = 0
    magnitude /= 4 * deviation(magnitude, size)
    axes, spread = colour.neutral() if channels == 3 else (None, None)
    if spread is not None:
        magnitude *= spread[:, None, None]
    text = "a 1/f law (no pictures at hand)"
    means, ones = torch.full((channels, 1, 1), mean), torch.ones(channels, 1, 1)
    return Spectrum(magnitude, size, means, ones, text, axes, spread)


def _window(size: Size) -> Tensor:
    """1 in the middle and 0 at the edges, H×W, scaled so that the energy stays."""
    down, across = (torch.hann_window(side + 2)[1:-1] for side in size)
    window = down[:, None] * across
    return window / window.square().mean().sqrt()


def _stretched(maps: Tensor, size: Size) -> Tensor:
    if maps.shape[1:] == (1, 1):
        return maps
    return F.interpolate(maps[None], size, mode="bilinear", align_corners=False)[0]


def _between(positions: Tensor, count: int, wraps: bool) -> Tensor:
    """Weights, len(positions)×count, that read ``count`` values at fractional positions."""
    low = positions.floor()
    share = positions - low
    first, second = low.long(), low.long() + 1
    if wraps:
        first, second = first % count, second % count
    weights = torch.zeros(len(positions), count)
    rows = torch.arange(len(positions))
    weights[rows, first.clamp_max(count - 1)] += 1 - share
    weights[rows, second.clamp_max(count - 1)] += share
    return weights
