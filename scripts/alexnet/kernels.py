"""How many first-layer kernels look like those of figure 3 of Krizhevsky et al. 2012.

A kernel is an oriented edge where a Gabor function explains most of it: a wave under an elliptic
bell (Daugman, Uncertainty relation for resolution in space …, JOSA A 1985), one for the three
colours, each with a weight and phase of its own. It is a blob where an elliptic bell on an even
ground does, again with weights for each colour. What is explained is a share of the kernel's
energy (the sum of its squares); of white noise both explain about a tenth.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

GOOD = 0.6  # the share of a kernel's energy that a fit has to explain
_STARTS = 48  # from which each fit is tried
_STEPS = 200
_RATE = 0.08
_LOWEST, _HIGHEST = 0.05, 0.4  # cycles per pixel: half a wave in eleven pixels, nearly Nyquist
_NARROW, _WIDE = 1.2, 8.0  # pixels: the standard deviations of a bell


@dataclass(frozen=True)
class Fits:
    """The share of each of N kernels' energy that is explained by a Gabor function, by a blob."""

    gabor: Tensor
    blob: Tensor

    def good(self, threshold: float = GOOD) -> float:
        """The share of kernels that one of the two explains well."""
        return float((torch.maximum(self.gabor, self.blob) >= threshold).float().mean())


def fits(kernels: Tensor, seed: int = 0) -> Fits:
    """The best fits to kernels N×3×S×S."""
    generator = torch.Generator().manual_seed(seed)
    return Fits(*(_best(kernels.detach(), waves, generator) for waves in (True, False)))


def _best(kernels: Tensor, waves: bool, generator: torch.Generator) -> Tensor:
    """The largest explained share over all starts, after gradient ascent: N."""
    shape = (len(kernels), _STARTS, 6)
    places = torch.randn(shape, generator=generator).requires_grad_()
    energy = kernels.square().sum((1, 2, 3)).clamp_min(1e-12)[:, None]
    ascent = torch.optim.Adam([places], _RATE)
    best = torch.zeros(len(kernels))
    for _ in range(_STEPS):
        share = _explained(kernels.flatten(2), *_pair(places, kernels.shape[-1], waves)) / energy
        best = torch.maximum(best, share.detach().amax(1))
        ascent.zero_grad()
        (-share.sum()).backward()  # type: ignore[no-untyped-call]
        ascent.step()
    return best


def _pair(places: Tensor, side: int, waves: bool) -> tuple[Tensor, Tensor]:
    """Two functions for each start, N×starts×S·S: a wave's two phases, or a bell and a constant.

    ``places``: middle (2), direction, frequency, and the bell's two widths, unbounded.
    """
    axis = torch.arange(side) - (side - 1) / 2
    y, x = (each.flatten() for each in torch.meshgrid(axis, axis, indexing="ij"))
    right, down, turn, frequency, along, across = places[..., None].unbind(-2)
    dx, dy = x - 2 * right, y - 2 * down
    angle = math.pi * turn
    u, v = dx * angle.cos() + dy * angle.sin(), dy * angle.cos() - dx * angle.sin()
    bell = torch.exp(-(u / _width(along)).square() / 2 - (v / _width(across)).square() / 2)
    if not waves:
        return bell, torch.ones_like(bell)
    phase = 2 * math.pi * (_LOWEST + (_HIGHEST - _LOWEST) * torch.sigmoid(frequency)) * u
    return bell * phase.cos(), bell * phase.sin()


def _width(place: Tensor) -> Tensor:
    return _NARROW * (_WIDE / _NARROW) ** torch.sigmoid(place)


def _explained(kernels: Tensor, first: Tensor, second: Tensor) -> Tensor:
    """The energy of kernels N×3×P in the plane of two functions N×starts×P: N×starts."""
    a, b, c = ((p * q).sum(-1) for p, q in ((first, first), (first, second), (second, second)))
    p, q = (torch.einsum("ncp,nsp->nsc", kernels, each) for each in (first, second))
    a, b, c = (each[..., None] for each in (a + 1e-6, b, c + 1e-6))
    return ((c * p * p - 2 * b * p * q + a * q * q) / (a * c - b * b).clamp_min(1e-9)).sum(-1)
