"""Packed convolutions against torch's, both ways."""

from __future__ import annotations

import math

import pytest
import torch

from app.services.maximize.convolution import Geometry, Packed, Plain, can_pack
from app.services.maximize.precision import precision

# kernel, geometry, inputs, outputs
CASES = [
    ((3, 3), Geometry(padding=(1, 1)), 4, 6),
    ((1, 1), Geometry(), 4, 6),
    ((5, 3), Geometry(padding=(0, 2)), 4, 6),  # padded beyond the kernel's reach one way
    ((3, 5), Geometry(padding=(1, 5)), 4, 6),  # as much as torch has to do itself
    ((3, 3), Geometry(padding=(2, 1), dilation=(2, 1)), 4, 6),
    ((3, 3), Geometry(padding=(1, 1), groups=2), 4, 6),
    ((3, 3), Geometry(padding=(1, 1), groups=4), 4, 4),
    ((11, 11), Geometry(stride=(4, 4), padding=(2, 2)), 3, 8),
    ((7, 7), Geometry(stride=(2, 2), padding=(3, 3)), 3, 8),
    ((3, 3), Geometry(stride=(2, 2)), 3, 8),
    ((1, 1), Geometry(stride=(2, 2)), 3, 8),
    ((2, 2), Geometry(stride=(3, 3)), 3, 8),  # some of the input is not looked at
    ((3, 3), Geometry(stride=(2, 1), padding=(1, 1)), 4, 6),
    ((3, 3), Geometry(stride=(2, 2), padding=(1, 1), groups=4), 4, 4),
]


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize(("kernel", "geometry", "inputs", "outputs"), CASES)
def test_both_ways(
    kernel: tuple[int, int], geometry: Geometry, inputs: int, outputs: int, dtype: torch.dtype
) -> None:
    generator = torch.Generator().manual_seed(1)
    weight = torch.randn(outputs, inputs // geometry.groups, *kernel, generator=generator)
    bias = torch.randn(outputs, generator=generator)
    plain = Plain(weight, bias, geometry)
    packed = Packed(weight.to(dtype), bias.to(dtype), geometry)
    rtol, atol = (1e-4, 1e-4) if dtype == torch.float32 else (0.05, 0.3)
    for size in ((23, 26), (24, 25), (30, 31)):
        x = torch.randn(2, inputs, *size, generator=generator)
        for ceiling in (None, math.inf, 6.0):
            y = plain.forward(x, ceiling)
            torch.testing.assert_close(
                packed.forward(x.to(dtype), ceiling).float(), y, rtol=rtol, atol=atol
            )
        gradient = torch.randn(y.shape, generator=generator)
        expected = plain.backward(gradient, x.shape)
        back = packed.backward(gradient.to(dtype), x.shape)
        torch.testing.assert_close(back.float(), expected, rtol=rtol, atol=atol)


def test_what_can_be_packed() -> None:
    assert not can_pack(torch.zeros(1, dtype=torch.float64))
    assert not can_pack(torch.zeros(1, device="meta"))


def test_precision() -> None:
    device = torch.device("cpu")
    assert precision("float32", device) is torch.float32
    assert precision("bfloat16", device) is torch.bfloat16
    assert precision("auto", device) in (torch.float32, torch.bfloat16)
    assert precision("auto", torch.device("mps")) is torch.float32
