"""Colours as independent axes.

The red, green and blue of a photograph rise and fall together: steps along these axes change
brightness long before hue. Optimized along axes that vary independently in real pictures,
colours come out natural (Olah, Mordvintsev, Schubert, Feature Visualization, Distill 2017,
"Preconditioning and Parameterization").
"""

from __future__ import annotations

import torch
from torch import Tensor

# Where no pictures are at hand: brightness, blue–yellow and red–green, each of length 1 and at
# right angles to the others. Hue varies less than brightness; by a half is our choice.
_OPPONENT = ((1.0, 1.0, 1.0), (1.0, 1.0, -2.0), (1.0, -1.0, 0.0))
_SPREAD = (1.0, 0.5, 0.5)


def neutral() -> tuple[Tensor, Tensor]:
    """Axes (3×3, one a column, R G B down) and the spread along each, from no picture at all."""
    rows = torch.tensor(_OPPONENT)
    return (rows / rows.norm(dim=1, keepdim=True)).T.contiguous(), torch.tensor(_SPREAD)


def axes_of(covariance: Tensor) -> tuple[Tensor, Tensor]:
    """The principal axes of a 3×3 covariance of R, G, B (one a column), and the spread along each.

    The largest comes first, and the spreads are divided by it: axes × spread is the covariance's
    square root up to a factor. Signs are fixed, so that the same pictures give the same axes.
    """
    axes, variance, _ = torch.linalg.svd(covariance.double())
    strongest = axes.abs().argmax(dim=0, keepdim=True)
    axes = axes * axes.gather(0, strongest).sign()
    spread = variance.clamp_min(0).sqrt()
    return axes.float(), (spread / spread[0].clamp_min(1e-12)).float()
