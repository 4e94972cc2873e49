"""How a training computes: which number format and memory layout."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn

Precision = Literal["float32", "bfloat16"]


@dataclass(frozen=True)
class Compute:
    """``precision`` is that of the layers; weights, losses and steps stay float32."""

    device: torch.device
    precision: Precision

    @property
    def waits(self) -> bool:
        """Whether reading a number waits for a device that computes on its own."""
        return self.device.type != "cpu"

    def place(self, network: nn.Module) -> nn.Module:
        """The network on the device, channels last, which kernels want."""
        return network.to(self.device).to(memory_format=torch.channels_last)  # type: ignore[call-overload,no-any-return]

    def autocast(self) -> AbstractContextManager[object]:
        """Where layers compute in the precision."""
        half = self.precision == "bfloat16"
        return torch.autocast(self.device.type, torch.bfloat16, enabled=half)

    @contextmanager
    def random(self, seed: int) -> Iterator[None]:
        """Where the device's global random numbers begin at ``seed``; behind it they go on as if
        nothing had been drawn."""
        generator = _generator(self.device)
        before = generator.get_state()
        generator.manual_seed(seed)
        try:
            yield
        finally:
            generator.set_state(before)

    def ready(self, pictures: Tensor) -> Tensor:
        """Inputs channels last, too."""
        return pictures.contiguous(memory_format=torch.channels_last)


def _generator(device: torch.device) -> torch.Generator:
    if device.type == "cuda":
        torch.cuda.init()  # type: ignore[no-untyped-call]
        return torch.cuda.default_generators[device.index or 0]
    return torch.default_generator


def compute(
    device: torch.device, precision: Literal["auto", "float32", "bfloat16"], network: nn.Module
) -> Compute:
    """The way for a network on a device.

    "auto" is bfloat16 for convolutional networks where the device has matrix instructions for
    it. That is asked, not timed: the same device must always give the same curve.
    """
    if precision != "auto":
        return Compute(device, precision)
    convolves = any(hasattr(module, "kernel_size") for module in network.modules())
    return Compute(device, "bfloat16" if convolves and has_bf16(device) else "float32")


def has_bf16(device: torch.device) -> bool:
    """Whether the device multiplies bfloat16 matrices itself (otherwise it is slower)."""
    if device.type == "cuda":
        return torch.cuda.get_device_capability(device) >= (8, 0)
    ask: Callable[[], Mapping[str, object]] | None = getattr(torch.cpu, "get_capabilities", None)
    if device.type != "cpu" or ask is None:  # older versions of torch lack it
        return False
    return bool(ask().get("amx_bf16"))
