"""What is optimized: three ways to write a picture down as numbers.

Each gives pixels in 0…1 that depend smoothly on its tensors, and brings the optimizer that suits
it. Every picture of a batch starts from a stream of its own, drawn from the seed and the
picture's number: it does not change with the pictures beside it.
"""

from __future__ import annotations

import math
from typing import Protocol

import torch
from torch import Tensor

from app.schemas.maximize import Method
from app.services.maximize.draws import Draws
from app.services.maximize.picture import Picture, axes_of, bounded, mixed
from app.services.maximize.spectrum import DARK, Spectrum, frequencies, one_over_f
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
    that the network saw; for photographs "fourier" takes only the colours from it. None: a law
    of natural scenes. ``learning_rate`` None: the method's own.
    """
    draws = Draws(generator.initial_seed(), first, count, device)
    if method == "pixels":
        return Pixels(draws, spec, size, learning_rate)
    if method == "fourier" and spec.kind != "digit":
        return Fourier(draws, spec, size, spectrum, learning_rate)
    if spectrum is None:
        spectrum = one_over_f(spec.shape[0], size, DARK if spec.kind == "digit" else 0.5)
    kind = DrawnFourier if method == "fourier" else Maco
    return kind(draws, spec, size, spectrum, learning_rate)


class Pixels:
    """The pixels themselves, kept within 0…1 after each step: plain gradient ascent.

    Starts at mid grey (background for digits) with a little noise. What comes out is full of
    high frequencies; it shows what the other two spare us.
    """

    def __init__(
        self, draws: Draws, spec: InputSpec, size: Size, learning_rate: float | None = None
    ) -> None:
        ground = 0.0 if spec.kind == "digit" else 0.5
        noise = draws.normal((spec.shape[0], *size)) * _NOISE
        self._pixels = (noise + ground).clamp_(0, 1).requires_grad_()
        self._rate = learning_rate or _PIXEL_RATE
        self.tensors = [self._pixels]

    def pixels(self) -> Tensor:
        """N×C×H×W in 0…1."""
        return self._pixels

    def optimizer(self) -> torch.optim.Optimizer:
        """Adam that stays within 0…1."""
        optimizer = _adam(self.tensors, self._rate)
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

    # The power of the frequency. Lucid's is 1; photographs fall more steeply (the gallery's: 1.36),
    # and with 1.25 pictures of VGG-16, MobileNetV2 and EfficientNet-Lite0 score higher in as many
    # steps, with less fine grain.
    FALL = 1.25

    def __init__(
        self,
        draws: Draws,
        spec: InputSpec,
        size: Size,
        spectrum: Spectrum | None,
        learning_rate: float | None = None,
    ) -> None:
        self._size = size
        self._coefficients = _coefficients(draws, spec, size)
        frequency = frequencies(size).clamp_min(1 / max(size))
        steeper = (frequency / _PIVOT) ** (1 - self.FALL)
        self._scale = (steeper / frequency / 4).to(draws.device)
        self._colours = axes_of(spec, spectrum, draws.device)
        self._rate = learning_rate or _FOURIER_RATE
        self.tensors = [self._coefficients]

    def pixels(self) -> Tensor:
        """N×C×H×W in 0…1."""
        coefficients = torch.view_as_complex(self._coefficients) * self._scale
        planes = torch.fft.irfft2(coefficients, s=self._size, norm="ortho")
        return torch.sigmoid(mixed(planes, self._colours))

    def optimizer(self) -> torch.optim.Optimizer:
        """Adam."""
        return _adam(self.tensors, self._rate)


class DrawnFourier:
    """Fourier coefficients for digits: scaled as strong as the training digits have each of them.

    Digits are no stationary texture, as photographs nearly are: their ink lies in the middle of
    a black ground. So the sum of the waves is weighed at each place by how much the digits vary
    there, and added to the mean digit (see `Spectrum.envelope`).
    """

    def __init__(
        self,
        draws: Draws,
        spec: InputSpec,
        size: Size,
        spectrum: Spectrum,
        learning_rate: float | None = None,
    ) -> None:
        self._picture = Picture(spectrum.resampled(size), spec, draws.device)
        self._coefficients = _coefficients(draws, spec, size)
        scale = self._picture.magnitude.clone()
        scale[:, 0, 0] = (scale[:, 0, 1] + scale[:, 1, 0]) / 2
        self._scale = scale
        self._rate = learning_rate or _FOURIER_RATE
        self.tensors = [self._coefficients]

    def pixels(self) -> Tensor:
        """N×C×H×W in 0…1."""
        waves = torch.view_as_complex(self._coefficients) * self._scale
        return bounded(self._picture.of(waves))

    def optimizer(self) -> torch.optim.Optimizer:
        """Adam."""
        return _adam(self.tensors, self._rate)


class Maco:
    """Only the phase is free; the magnitude of each frequency is that of real pictures.

    Fel et al., Unlocking Feature Visualization for Deeper Networks with MAgnitude Constrained
    Optimization, NeurIPS 2023. The constraint holds before pixels are cut off at 0 and 1; for
    digits, before the sum of the waves is weighed and moved as in `DrawnFourier`.
    """

    def __init__(
        self,
        draws: Draws,
        spec: InputSpec,
        size: Size,
        spectrum: Spectrum,
        learning_rate: float | None = None,
    ) -> None:
        self._picture = Picture(spectrum.resampled(size), spec, draws.device)
        shape = (spec.shape[0], size[0], size[1] // 2 + 1)
        self._phase = draws.uniform(shape).mul_(2 * math.pi).requires_grad_()
        self._rate = learning_rate or _MACO_RATE
        self.tensors = [self._phase]

    def pixels(self) -> Tensor:
        """N×C×H×W in 0…1."""
        return bounded(self.unbounded())

    def unbounded(self) -> Tensor:
        """The pictures with exactly the spectrum's magnitudes, N×C×H×W; some are beyond 0…1."""
        magnitude = self._picture.magnitude.expand_as(self._phase)
        return self._picture.of(torch.polar(magnitude, self._phase))

    def optimizer(self) -> torch.optim.Optimizer:
        """NAdam, as in the paper's own code."""
        return torch.optim.NAdam(self.tensors, lr=self._rate)


_NOISE = 0.01  # standard deviation of the start, in pixel units
_START = 0.01  # of the first Fourier coefficients (Olah et al.)
_PIVOT = 1 / 8  # cycles per pixel, where a steeper fall leaves the strength as it is
_PIXEL_RATE = 0.01
_FOURIER_RATE = 0.05
_MACO_RATE = 0.1  # radians


def _coefficients(draws: Draws, spec: InputSpec, size: Size) -> Tensor:
    """Small random Fourier coefficients, N×C×H×(W/2+1)×2, a leaf."""
    shape = (spec.shape[0], size[0], size[1] // 2 + 1, 2)
    return (draws.normal(shape) * _START).requires_grad_()


def _adam(tensors: list[Tensor], rate: float) -> torch.optim.Adam:
    fused = tensors[0].device.type in ("cpu", "cuda")  # one pass over memory instead of many
    return torch.optim.Adam(tensors, lr=rate, fused=fused)
