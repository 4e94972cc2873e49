"""What is optimized: three ways to write a picture down as numbers.

Each gives pixels in 0…1 that depend smoothly on its tensors, and brings the optimizer that suits
it. Every picture of a batch starts from a stream of its own, drawn from the seed and the
picture's number: it does not change with the pictures beside it.
"""

from __future__ import annotations

import hashlib
import math
from typing import Protocol

import torch
from torch import Tensor

from app.schemas.maximize import Method
from app.services.maximize import colour
from app.services.maximize.spectrum import Spectrum, frequencies
from models.registry import InputSpec

Size = tuple[int, int]  # height, width


class Parameter(Protocol):
    """A batch of N pictures in the making. ``tensors`` are the leaves that get gradients."""

    tensors: list[Tensor]

    def pixels(self) -> Tensor:
        """The pictures, N×C×H×W in 0…1, channels as many and in the order that the network has."""
        ...

    def optimizer(self) -> torch.optim.Optimizer:
        """One that moves the tensors down the gradient of a loss."""
        ...


def parameter(
    method: Method,
    spec: InputSpec,
    count: int,
    size: Size,
    generator: torch.Generator,
    *,
    device: torch.device,
    spectrum: Spectrum | None = None,
    first: int = 0,
    learning_rate: float | None = None,
) -> Parameter:
    """``count`` pictures for a network, the first of which is number ``first`` of its run.

    ``generator`` gives the seed (nothing is drawn from it). ``spectrum`` is that of the pictures
    that the network saw: "fourier" takes the colours from it, "maco" cannot do without it
    (ValueError).
    """
    draws = _Draws(generator.initial_seed(), first, count, device)
    if method == "pixels":
        return Pixels(draws, spec, size, learning_rate)
    if method == "fourier":
        return Fourier(draws, spec, size, spectrum, learning_rate)
    if spectrum is None:
        raise ValueError("MACO needs the spectrum of pictures.")
    return Maco(draws, spec, size, spectrum, learning_rate)


class Pixels:
    """The pixels themselves, kept within 0…1 after each step: plain gradient ascent.

    Starts at mid grey (background for digits) with a little noise. What comes out is full of
    high frequencies; it shows what the other two spare us.
    """

    def __init__(
        self, draws: _Draws, spec: InputSpec, size: Size, learning_rate: float | None = None
    ) -> None:
        ground = 0.0 if spec.preprocessing == "digit" else 0.5
        noise = draws.normal((spec.shape[0], *size)) * _NOISE
        self._pixels = (noise + ground).clamp_(0, 1).requires_grad_()
        self._rate = learning_rate or _PIXEL_RATE
        self.tensors = [self._pixels]

    def pixels(self) -> Tensor:
        """N×C×H×W in 0…1."""
        return self._pixels

    def optimizer(self) -> torch.optim.Optimizer:
        """Adam that stays within 0…1."""
        optimizer = torch.optim.Adam(self.tensors, lr=self._rate)
        optimizer.register_step_post_hook(self._clamp)
        return optimizer

    def _clamp(self, *_: object) -> None:
        with torch.no_grad():
            self._pixels.clamp_(0, 1)


class Fourier:
    """Fourier coefficients, each divided by its frequency, and colours along independent axes.

    Olah, Mordvintsev, Schubert, Feature Visualization, Distill 2017: gradient ascent in this
    space moves low frequencies as easily as high ones, as natural pictures have them. The
    sigmoid brings pixels into 0…1.
    """

    def __init__(
        self,
        draws: _Draws,
        spec: InputSpec,
        size: Size,
        spectrum: Spectrum | None,
        learning_rate: float | None = None,
    ) -> None:
        channels, (height, width) = spec.shape[0], size
        self._size = size
        shape = (channels, height, width // 2 + 1, 2)
        self._coefficients = (draws.normal(shape) * _START).requires_grad_()
        lowest = 1 / max(height, width)
        self._scale = (1 / frequencies(size).clamp_min(lowest)).to(draws.device)
        self._colours = _colours(spec, spectrum, draws.device)
        self._rate = learning_rate or _FOURIER_RATE
        self._offset = _DIGIT_OFFSET if spec.preprocessing == "digit" else 0.0
        self.tensors = [self._coefficients]

    def pixels(self) -> Tensor:
        """N×C×H×W in 0…1."""
        coefficients = torch.view_as_complex(self._coefficients) * self._scale
        planes = torch.fft.irfft2(coefficients, s=self._size, norm="ortho") / 4
        return torch.sigmoid(_mix(planes, self._colours) + self._offset)

    def optimizer(self) -> torch.optim.Optimizer:
        """Adam."""
        return torch.optim.Adam(self.tensors, lr=self._rate)


class Maco:
    """Only the phase is free; the magnitude of each frequency is that of real pictures.

    Fel et al., Unlocking Feature Visualization for Deeper Networks with MAgnitude Constrained
    Optimization, NeurIPS 2023. The constraint holds before pixels are cut off at 0 and 1.
    """

    def __init__(
        self,
        draws: _Draws,
        spec: InputSpec,
        size: Size,
        spectrum: Spectrum,
        learning_rate: float | None = None,
    ) -> None:
        fitted = spectrum.resampled(size)
        self._size = size
        self._magnitude = fitted.magnitude.to(draws.device)
        self._phase = draws.uniform(tuple(fitted.magnitude.shape)).mul_(2 * math.pi)
        self._phase.requires_grad_()
        self._colours = None if fitted.axes is None else _ordered(fitted.axes, spec, draws.device)
        self._mean = _ordered(fitted.mean, spec, draws.device)[:, None, None]
        self._rate = learning_rate or _MACO_RATE
        self.tensors = [self._phase]

    def pixels(self) -> Tensor:
        """N×C×H×W in 0…1."""
        return self.unbounded().clamp(0, 1)

    def unbounded(self) -> Tensor:
        """The pictures with exactly the spectrum's magnitudes, N×C×H×W; some are beyond 0…1."""
        coefficients = torch.polar(self._magnitude.expand_as(self._phase), self._phase)
        planes = torch.fft.irfft2(coefficients, s=self._size, norm="ortho")
        return _mix(planes, self._colours) + self._mean

    def optimizer(self) -> torch.optim.Optimizer:
        """NAdam, as in the paper's own code."""
        return torch.optim.NAdam(self.tensors, lr=self._rate)


_NOISE = 0.01  # standard deviation of the start, in pixel units
_START = 0.01  # of the first Fourier coefficients (Olah et al.)
_PIXEL_RATE = 0.01
_FOURIER_RATE = 0.05
_MACO_RATE = 0.1  # radians
_DIGIT_OFFSET = -2.0  # sigmoid's argument: digits lie on a dark ground


class _Draws:
    """Random numbers of ``count`` pictures from number ``first`` on, each from its own stream."""

    def __init__(self, seed: int, first: int, count: int, device: torch.device) -> None:
        self.device = device
        self._generators = [_stream(seed, first + number) for number in range(count)]

    def normal(self, shape: tuple[int, ...]) -> Tensor:
        return self._stack([torch.randn(shape, generator=g) for g in self._generators])

    def uniform(self, shape: tuple[int, ...]) -> Tensor:
        return self._stack([torch.rand(shape, generator=g) for g in self._generators])

    def _stack(self, pictures: list[Tensor]) -> Tensor:
        return torch.stack(pictures).to(self.device)


def _stream(seed: int, number: int) -> torch.Generator:
    """A generator of its own for each pair; drawn on the processor, the same for all devices."""
    digest = hashlib.sha256(f"{seed}/{number}".encode()).digest()
    return torch.Generator().manual_seed(int.from_bytes(digest[:7], "big"))


def _colours(spec: InputSpec, spectrum: Spectrum | None, device: torch.device) -> Tensor | None:
    """From independent axes to the network's channels, 3×3; None for grey pictures."""
    if spec.shape[0] != 3:
        return None
    if spectrum is None or spectrum.axes is None or spectrum.spread is None:
        axes, spread = colour.neutral()
    else:
        axes, spread = spectrum.axes, spectrum.spread
    return _ordered(axes * spread, spec, device)


def _ordered(values: Tensor, spec: InputSpec, device: torch.device) -> Tensor:
    """R G B along the first axis, in the order that the network's channels have."""
    return (values.flip(0) if spec.channels == "BGR" else values).to(device)


def _mix(planes: Tensor, colours: Tensor | None) -> Tensor:
    """N×C×H×W along the colour axes → the network's channels."""
    if colours is None:
        return planes
    return (colours @ planes.flatten(2)).view_as(planes)
