"""Which parts of a picture matter: transparency from the gradients (MACO, section 3.3).

Where the gradient of the score stayed small during the whole optimization, pixels are left over
from the start, and better not shown (Fel et al., NeurIPS 2023).
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

_OPAQUE = 0.95  # quantile of the importance from which on pixels are opaque
_CLEAR = 0.05  # and below which they are clear
_BLUR = 1 / 64  # standard deviation of the smoothing, as a share of the side


class Mask:
    """Adds up absolute gradients of the pictures' pixels, step by step."""

    def __init__(self) -> None:
        self._sum: Tensor | None = None

    def add(self, gradient: Tensor) -> None:
        """The gradient of one step with respect to the pixels, N×C×H×W."""
        size = gradient.detach().abs().sum(dim=1)  # N, H, W
        size /= size.mean(dim=(1, 2), keepdim=True).clamp_min(1e-20)  # all steps count the same
        self._sum = size if self._sum is None else self._sum.add_(size)

    def result(self) -> NDArray[np.uint8]:
        """The pictures' opacity, N×H×W: 0 clear, 255 opaque. Raises ValueError before any `add`."""
        if self._sum is None:
            raise ValueError("No gradient was added.")
        smooth = _blurred(self._sum.float().cpu())
        low, high = (smooth.flatten(1).quantile(q, dim=1)[:, None, None] for q in (_CLEAR, _OPAQUE))
        opacity = ((smooth - low) / (high - low).clamp_min(1e-12)).clamp(0, 1)
        opacity = torch.where(high > low, opacity, torch.ones_like(opacity))
        codes: NDArray[np.uint8] = (opacity * 255).round().byte().numpy()
        return codes


def _blurred(maps: Tensor) -> Tensor:
    """N×H×W smoothed by a Gaussian; the edges are repeated outwards."""
    sigma = _BLUR * min(maps.shape[1:])
    radius = max(1, round(2.5 * sigma))
    kernel = torch.exp(-(torch.arange(-radius, radius + 1.0) ** 2) / (2 * max(sigma, 0.3) ** 2))
    kernel /= kernel.sum()
    padded = F.pad(maps[:, None], (radius,) * 4, mode="replicate")
    across = F.conv2d(padded, kernel[None, None, None, :])
    return F.conv2d(across, kernel[None, None, :, None])[:, 0]
