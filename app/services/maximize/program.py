"""A network up to some of its layers, differentiable in its input, and as quick as it gets."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Literal

import torch
from torch import Tensor

from app.services.catalog import Loaded
from app.services.maximize.compile import Steps, compiled
from app.services.maximize.precision import precision

__all__ = ["Program", "SizeError", "natural_size", "precision"]

Size = tuple[int, int]  # height, width


class SizeError(ValueError):
    """A layer cannot be computed for pictures of this size.

    ``only`` is the one size that it takes, ``least`` the smallest square; one of them is None.
    """

    def __init__(self, size: Size, least: Size | None = None, only: Size | None = None) -> None:
        self.size, self.least, self.only = size, least, only
        known, word = only or least, "takes only" if only else "needs at least"
        hint = f": the network {word} {known[0]}×{known[1]}." if known else "."
        super().__init__(f"This layer cannot be computed at {size[0]}×{size[1]} pixels{hint}")


class Program:
    """The network up to some layers, with gradients for its input only.

    Weights are copies (later changes of the network do not show), batch normalization is folded
    into the convolution before it, dropout is gone, memory is channels-last. One thread at a
    time. ``shapes`` gives each layer's shape for one picture, C'×h×w or C'.
    """

    def __init__(
        self,
        loaded: Loaded,
        layers: Sequence[str],
        size: Size,
        *,
        dtype: torch.dtype = torch.float32,
        units: Mapping[str, Sequence[int]] | None = None,
    ) -> None:
        """``size``: height and width of the pictures to come. ``units``: layer → its channels.

        Of a layer that ``units`` names only these channels are given, in this order, and only
        they are computed where no other layer needs the rest. With ``dtype`` bfloat16 all is
        computed in it, but values come as float32.
        Raises UnknownLayerError, SizeError, and IndexError for a channel that does not exist.
        """
        units = units or {}
        _check_units(loaded, units)
        self.dtype = dtype
        self._device = next(loaded.network.parameters(), torch.empty(0)).device
        self._compiled = compiled(loaded, layers, units, dtype)
        self._calls = [step.call for step in self._compiled.steps]
        self._used_up = _last_reads(self._compiled)
        self.shapes = self._tried(loaded, size)

    def __call__(self, x: Tensor) -> dict[str, Tensor]:
        """The layers' values in float32, N×C'×h×w (N×C'), for ``x``: N×C×H×W, network-ready."""
        x = x.to(self._device, self.dtype, memory_format=torch.channels_last)
        values: list[Tensor | None] = [x]
        for step, call, used_up in zip(
            self._compiled.steps, self._calls, self._used_up, strict=True
        ):
            values.append(call(*[values[place] for place in step.reads]))
            for place in used_up:
                values[place] = None
        return {layer: self._given(layer, values) for layer in self._compiled.places}

    @contextlib.contextmanager
    def reviving(self, asleep: Tensor | None = None) -> Iterator[None]:
        """Inside, the gradient flows through dead ReLUs (Lucid's trick; see Rectifier).

        It has to be that of a loss, which is to fall: minus the score. ``asleep`` (N bool) tells
        for which pictures; None: for all.
        """
        usual, steps = self._calls, self._compiled.steps
        self._calls = [
            partial(step.revived, asleep=asleep) if step.revived else step.call for step in steps
        ]
        try:
            yield
        finally:
            self._calls = usual

    def _given(self, layer: str, values: list[Tensor | None]) -> Tensor:
        value = values[self._compiled.places[layer]]
        assert value is not None
        if layer in self._compiled.picks:
            value = value[:, self._compiled.picks[layer]]
        return value.float() if self.dtype == torch.bfloat16 else value

    def _tried(self, loaded: Loaded, size: Size) -> dict[str, tuple[int, ...]]:
        """The layers' shapes for one picture. Raises SizeError."""
        try:
            return self._measured(loaded, size)
        except RuntimeError:
            own = _own(loaded)
            if size == own:
                raise  # the size is not to blame
            if any(natural_size(loaded, layer) == own for layer in self._compiled.places):
                raise SizeError(size, only=own) from None
            raise SizeError(size, least=self._least(loaded, own)) from None

    def _measured(self, loaded: Loaded, size: Size) -> dict[str, tuple[int, ...]]:
        with torch.no_grad():
            values = self(torch.zeros(1, loaded.spec.input.shape[0], *size))
        return {layer: tuple(value.shape[1:]) for layer, value in values.items()}

    def _least(self, loaded: Loaded, own: Size) -> Size:
        """The smallest square that can be computed, below the network's own size."""
        low, high = 0, min(own)
        while high - low > 1:
            middle = (low + high) // 2
            try:
                self._measured(loaded, (middle, middle))
                high = middle
            except RuntimeError:
                low = middle
        return high, high


def natural_size(loaded: Loaded, layer: str) -> Literal["any"] | Size:
    """At which sizes of the picture a layer makes sense: "any", or the network's own only.

    The maps of convolutions grow with the picture; a dense layer has weights for one size.
    Raises UnknownLayerError.
    """
    waiting, seen = [layer], {layer}
    while waiting:
        info = loaded.graph.layer(waiting.pop())
        if len(info.output_shape) != 3:
            return _own(loaded)
        waiting += [each for each in info.inputs if each not in seen]
        seen.update(info.inputs)
    return "any"


def _own(loaded: Loaded) -> Size:
    return loaded.spec.input.shape[1], loaded.spec.input.shape[2]


def _check_units(loaded: Loaded, units: Mapping[str, Sequence[int]]) -> None:
    for layer, channels in units.items():
        count = loaded.graph.layer(layer).output_shape[0]
        for channel in channels:
            if not 0 <= channel < count:
                raise IndexError(f"{layer!r} has {count} channels; there is no {channel}.")


def _last_reads(compiled: Steps) -> list[list[int]]:
    """For each step, the values that nobody reads after it."""
    held, seen = set(compiled.places.values()), set[int]()
    used_up: list[list[int]] = []
    for step in reversed(compiled.steps):
        used_up.append(list({*step.reads} - held - seen))
        seen.update(step.reads)
    return used_up[::-1]
