"""The training loop, on something small."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch
from torch import Tensor, nn

from app.services.training import Schedule, Step, train


def batches(seed: int = 1) -> Iterator[tuple[Tensor, Tensor]]:
    """Endless pictures whose class is whether the left half is brighter."""
    generator = torch.Generator().manual_seed(seed)
    while True:
        inputs = torch.rand(32, 1, 4, 4, generator=generator)
        left, right = inputs[..., :2].sum(dim=(1, 2, 3)), inputs[..., 2:].sum(dim=(1, 2, 3))
        yield inputs, nn.functional.one_hot((left > right).long(), 2).float()


def run(schedule: Schedule) -> tuple[nn.Module, list[Step]]:
    torch.manual_seed(1)
    network = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(16, 2))
    return network, list(train(network, batches(), schedule))


@pytest.mark.parametrize("bf16", [False, True])
def test_loss_falls(bf16: bool) -> None:
    steps = run(Schedule(60, 0.02, 0.01, bf16))[1]
    assert [step.number for step in steps] == list(range(1, 61))
    first, last = (sum(step.loss for step in some) for some in (steps[:10], steps[-10:]))
    assert last < 0.7 * first


def test_same_seed_same_weights() -> None:
    first, again = (run(Schedule(5, 0.02, 0.01))[0].state_dict() for _ in range(2))
    for name, value in first.items():
        torch.testing.assert_close(value, again[name], atol=0, rtol=0)


def test_rate_rises_to_its_peak_and_falls() -> None:
    rates = [step.rate for step in run(Schedule(40, 0.02, 0.0))[1]]
    assert max(rates) == pytest.approx(0.02, rel=0.02)
    assert rates[0] < 0.001
    assert rates[-1] < 0.001
