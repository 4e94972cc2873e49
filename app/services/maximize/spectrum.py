"""How strong each spatial frequency is in pictures, and their colours."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import torch
from torch import Tensor

from app.services.maximize import colour

Size = tuple[int, int]  # height, width


@dataclass(frozen=True)
class Spectrum:
    """The mean magnitude of pictures' Fourier coefficients, and their colours.

    ``magnitude`` is C×H×(W/2+1) for pictures of ``size`` (H, W) in 0…1: the mean of
    ``|rfft2(picture, norm="ortho")|`` with the mean grey taken out (entry 0, 0 is 0). Of
    photographs the channels are the colour axes ``axes`` (3×3, one a column, R G B down; None
    for digits), along which pictures spread in proportion to ``spread``. ``mean`` is the mean
    grey or colour (C, R G B). ``source`` says in words which pictures these were.
    """

    magnitude: Tensor
    size: Size
    mean: Tensor
    source: str
    axes: Tensor | None = None
    spread: Tensor | None = None

    @cached_property
    def digest(self) -> str:
        """The hash of all the numbers: pictures made with another spectrum are other pictures."""
        digest = hashlib.sha256()
        for part in (self.magnitude, self.mean, self.axes, self.spread):
            if part is not None:
                digest.update(part.contiguous().numpy().tobytes())
        return digest.hexdigest()

    def resampled(self, size: Size) -> Spectrum:
        """The same strengths at the frequencies of pictures of another size.

        Linear between the frequencies that were measured; lower ones are taken as strong as the
        lowest measured.
        """
        if size == self.size:
            return self
        known = self.magnitude.clone()
        known[:, 0, 0] = (known[:, 0, 1] + known[:, 1, 0]) / 2
        down = _between(torch.fft.fftfreq(size[0]) % 1 * self.size[0], known.shape[1], wraps=True)
        across = _between(torch.fft.rfftfreq(size[1]) * self.size[1], known.shape[2], wraps=False)
        magnitude = down @ known @ across.T
        magnitude[:, 0, 0] = 0
        return replace(self, magnitude=magnitude, size=size)


def frequencies(size: Size) -> Tensor:
    """Cycles per pixel of each entry of a real FFT: H×(W/2+1)."""
    down, across = torch.fft.fftfreq(size[0])[:, None], torch.fft.rfftfreq(size[1])[None]
    return torch.sqrt(down**2 + across**2)


def spectrum_of(batches: Iterable[Tensor], source: str) -> Spectrum:
    """The spectrum of grey or colour pictures, float32 N×C×H×W (R G B) in 0…1, all of one size.

    Colours are taken along the principal axes of the first batch's pixels.
    Raises ValueError where there is no picture.
    """
    total, mean, count = torch.zeros(1), torch.zeros(1), 0
    axes = spread = None
    size = (0, 0)
    for pictures in batches:
        if count == 0 and pictures.shape[1] == 3:
            axes, spread = colour.axes_of(torch.cov(pictures.transpose(0, 1).flatten(1)))
        size = (pictures.shape[2], pictures.shape[3])
        turned = pictures if axes is None else (axes.T @ pictures.flatten(2)).view_as(pictures)
        total = total + torch.fft.rfft2(turned, norm="ortho").abs().sum(dim=0)
        mean = mean + pictures.mean(dim=(2, 3)).sum(dim=0)
        count += len(pictures)
    if count == 0:
        raise ValueError("A spectrum needs at least one picture.")
    total[:, 0, 0] = 0
    return Spectrum(total / count, size, mean / count, source, axes, spread)


def one_over_f(channels: int, size: Size) -> Spectrum:
    """Where no pictures are at hand: natural scenes' law (Field, JOSA A 4(12), 1987).

    The strength falls as 1 / frequency; the pictures' standard deviation along the strongest
    axis is a quarter of the range.
    """
    scale = 1 / frequencies(size).clamp_min(1 / max(size))
    scale[0, 0] = 0
    energy = torch.cat([scale, scale[:, 1 : (size[1] + 1) // 2]], dim=1).square().mean()
    axes, spread = colour.neutral() if channels == 3 else (None, None)
    strength = torch.ones(channels) if spread is None else spread * 3**0.5
    magnitude = strength[:, None, None] * scale / energy.sqrt() / 4
    text = "a 1/f law (no pictures at hand)"
    return Spectrum(magnitude, size, torch.full((channels,), 0.5), text, axes, spread)


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
