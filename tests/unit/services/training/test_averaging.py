"""The moving average of the weights: what it is, and that it is what is tested and kept."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import torch
from torch import Tensor, nn

from app.services.training import Evaluation, Moment, Started, Step, train
from app.services.training.averaging import average
from tests.unit.services.training.material import config, of, stripes

DATA = stripes()
DECAY = 0.8


def network() -> nn.Module:
    return nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2))


def test_it_is_the_exponential_moving_average_that_soon_forgets_the_first_weights() -> None:
    learner = network()
    averaged = average(learner, DECAY)
    expected: list[Tensor] = []
    for done in range(60):
        with torch.no_grad():
            for number, parameter in enumerate(learner.parameters(), start=done):
                parameter.fill_(number)
        averaged.update_parameters(learner)
        keep = min(DECAY, (1 + done) / (10 + done)) if done else 0.0
        values = [value.detach().clone() for value in learner.parameters()]
        expected = [
            torch.lerp(old, new, 1 - keep)
            for old, new in zip(expected or values, values, strict=True)
        ]
    for ours, right in zip(averaged.module.parameters(), expected, strict=True):
        torch.testing.assert_close(ours, right)
    assert not averaged.module.training


def test_statistics_are_averaged_and_batches_counted() -> None:
    learner = network()
    averaged = average(learner, DECAY)
    for _ in range(5):
        learner(torch.randn(8, 3) + 7)
        averaged.update_parameters(learner)
    ours, own = averaged.module[1], learner[1]  # type: ignore[index]
    assert int(ours.num_batches_tracked) == int(own.num_batches_tracked) == 5
    assert not torch.equal(ours.running_mean, own.running_mean)


def test_the_average_is_tested_and_kept_and_the_training_itself_is_the_same() -> None:
    wanted = config(epochs=3)
    plain, averaged = list(train(wanted, DATA)), list(train(replace(wanted, ema_decay=0.9), DATA))
    for one, other in zip(of(Step, plain), of(Step, averaged), strict=True):
        assert torch.equal(one.values, other.values)
    assert of(Evaluation, plain)[-1].loss != of(Evaluation, averaged)[-1].loss


def test_checkpoints_hold_the_average_of_all_steps_so_far() -> None:
    wanted = config(epochs=1)
    after = count()
    expected: dict[str, Tensor] = {}
    for event in train(wanted, DATA):
        if isinstance(event, Started):
            snapshot = event.snapshot
        if isinstance(event, Step):
            done = next(after)
            keep = min(0.9, (1 + done) / (10 + done)) if done else 0.0
            for name, value in snapshot.weights().items():
                old = expected.get(name, value)
                whole = not value.is_floating_point()
                expected[name] = value if whole else torch.lerp(old, value, 1 - keep)
    for event in train(replace(wanted, ema_decay=0.9), DATA):
        if isinstance(event, Moment):
            kept = event.weights()
    assert list(kept) == list(expected)
    for name, value in kept.items():
        torch.testing.assert_close(value, expected[name])
