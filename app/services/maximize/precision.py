"""Which number format a maximization computes in."""

from __future__ import annotations

import threading
import time
from functools import cache

import torch

from app.schemas.maximize import Precision

_PROBING = threading.Lock()
_GAIN = 1.3  # times as fast as float32, before bfloat16 is worth its rounding
_ROUNDS = 5


def precision(name: Precision, device: torch.device) -> torch.dtype:
    """The format that a request's ``precision`` means on a device.

    "auto" is bfloat16 where a convolution is clearly quicker in it (processors with AMX, recent
    GPUs), which is measured once, at first use; else float32. Networks of digits are too small
    to gain: ask for "float32" there.
    """
    if name == "auto":
        with _PROBING:  # two at a time would disturb each other
            return torch.bfloat16 if _gain(str(device)) >= _GAIN else torch.float32
    return torch.bfloat16 if name == "bfloat16" else torch.float32


@cache
def _gain(device: str) -> float:
    """How many times as fast a convolution with its input gradient is in bfloat16."""
    if device.startswith("mps"):
        return 0.0
    try:
        times = [_seconds(dtype, device) for dtype in (torch.float32, torch.bfloat16)]
    except RuntimeError:  # this device has no bfloat16
        return 0.0
    return times[0] / times[1]


def _seconds(dtype: torch.dtype, device: str) -> float:
    """The quickest of a few convolutions, 128 → 128 channels of 32×32."""
    x, weight = (
        torch.ones(shape, device=device, dtype=dtype).to(memory_format=torch.channels_last)
        for shape in ((1, 128, 32, 32), (128, 128, 3, 3))
    )
    x.requires_grad_()
    best = float("inf")
    for _ in range(_ROUNDS):
        _wait(device)
        start = time.perf_counter()
        torch.autograd.grad(torch.conv2d(x, weight, padding=1).sum(), x)
        _wait(device)
        best = min(best, time.perf_counter() - start)
    return best


def _wait(device: str) -> None:
    if device.startswith("cuda"):
        torch.cuda.synchronize(device)
