"""How a training computes: which number format and memory layout."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
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
    def layout(self) -> torch.memory_format:
        """Channels last in bfloat16, where kernels want it so."""
        return torch.channels_last if self.precision == "bfloat16" else torch.contiguous_format

    @property
    def waits(self) -> bool:
        """Whether reading a number waits for a device that computes on its own."""
        return self.device.type != "cpu"

    def place(self, network: nn.Module) -> nn.Module:
        """The network on the device, in the layout."""
        return network.to(self.device).to(memory_format=self.layout)  # type: ignore[call-overload,no-any-return]

    def autocast(self) -> AbstractContextManager[object]:
        """Where layers compute in the precision."""
        half = self.precision == "bfloat16"
        return torch.autocast(self.device.type, torch.bfloat16, enabled=half)

    def ready(self, pictures: Tensor) -> Tensor:
        """Inputs in the layout."""
        return pictures.contiguous(memory_format=self.layout)


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
