"""From Fourier coefficients and colour axes to the pixels of a network's input."""

from __future__ import annotations

import torch
from torch import Tensor

from app.services.maximize import colour
from app.services.maximize.spectrum import Spectrum
from models.registry import InputSpec

_SOFT = 4.0  # slope of the sigmoid whose gradient passes where pixels are cut off


class Picture:
    """From Fourier coefficients to a picture with a spectrum's colours and layout."""

    def __init__(self, spectrum: Spectrum, spec: InputSpec, device: torch.device) -> None:
        self.magnitude = spectrum.magnitude.to(device)
        self._size = spectrum.size
        self._mean = _mean(spectrum, spec, device)
        self._envelope = spectrum.envelope.to(device)
        axes = spectrum.axes
        self._axes = None if axes is None else _ordered(axes, spec, device)

    def of(self, coefficients: Tensor) -> Tensor:
        """N×C×H×W from N×C×H×(W/2+1); not bounded."""
        planes = torch.fft.irfft2(coefficients, s=self._size, norm="ortho")
        return mixed(planes * self._envelope, self._axes) + self._mean


def mixed(planes: Tensor, colours: Tensor | None) -> Tensor:
    """N×C×H×W along the colour axes → the network's channels."""
    if colours is None:
        return planes
    return (colours @ planes.flatten(2)).view_as(planes)


def bounded(x: Tensor) -> Tensor:
    """Cut off at 0 and 1, with a sigmoid's gradient: what is beyond can come back."""
    soft = torch.sigmoid(_SOFT * (x - 0.5))
    return x.detach().clamp(0, 1) + (soft - soft.detach())


def axes_of(spec: InputSpec, spectrum: Spectrum | None, device: torch.device) -> Tensor | None:
    """From independent axes to the network's channels, 3×3; None for grey pictures."""
    if spec.shape[0] != 3:
        return None
    if spectrum is None or spectrum.axes is None or spectrum.spread is None:
        axes, spread = colour.neutral()
    else:
        axes, spread = spectrum.axes, spectrum.spread
    return _ordered(axes * spread, spec, device)


def _mean(spectrum: Spectrum, spec: InputSpec, device: torch.device) -> Tensor:
    """The mean picture. Of photographs the colour that the network was trained to take for it.

    That one comes from all pictures that the network saw, not only from those at hand.
    """
    if spec.kind == "digit":
        return spectrum.mean.to(device)
    return torch.tensor(spec.mean, device=device)[:, None, None]


def _ordered(values: Tensor, spec: InputSpec, device: torch.device) -> Tensor:
    """R G B along the first axis, in the order that the network's channels have."""
    return (values.flip(0) if spec.channels == "BGR" else values).to(device)
