"""Schedules, plan, first weights, optimizers, the perceptron's rule and the recipes."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any, get_args

import pytest
import torch
from torch import nn

import models
from app.schemas import (
    AugmentationChoice,
    DataChoice,
    DatasetInfo,
    OptimizerChoice,
    ScheduleChoice,
    TrainingRequest,
)
from app.schemas.training import Initialisation
from app.services.training import Config, Finished, Row, Updated, build, complete, train
from app.services.training.batches import Batches
from app.services.training.initialise import initialise
from app.services.training.network import input_spec
from app.services.training.optimizers import optimizer
from app.services.training.perceptron import PerceptronError
from app.services.training.plan import Plan, moments, steps
from app.services.training.schedules import blown_up, factor, range_rate, suggestion
from models.layers import SparseConv2d
from tests.unit.services.training.material import config, info, of, points, stripes

MOVED = AugmentationChoice(shift=2, rotation=10)


def factors(choice: ScheduleChoice, total: int = 101) -> list[float]:
    return [factor(choice, done, total, 10) for done in range(total)]


def test_schedules() -> None:
    assert set(factors(ScheduleChoice(name="constant"))) == {1.0}
    cosine = factors(ScheduleChoice(name="cosine"))
    assert (cosine[0], cosine[50], cosine[100]) == pytest.approx((1, 0.5, 0))
    cycle = factors(ScheduleChoice(name="one_cycle", warmup=0.3))
    assert cycle[30] == max(cycle) == 1
    assert cycle[0] == pytest.approx(0.04)
    assert cycle[-1] < 1e-5
    stairs = factors(ScheduleChoice(name="step", factor=0.5, epochs=2), 41)
    assert stairs[::10] == pytest.approx([1, 1, 0.5, 0.5, 0.25])


def test_range_test_reads_its_curve() -> None:
    choice = ScheduleChoice(name="range", lowest=1e-5, highest=10)
    rates = [range_rate(choice, done, 100) for done in range(100)]
    assert (rates[0], rates[-1]) == pytest.approx((1e-5, 10))
    losses = [2.3 - 2 / (1 + (3e-3 / rate) ** 2) + (rate / 0.5) ** 2 for rate in rates]
    found = suggestion(rates, losses)
    assert found is not None
    assert 1e-3 < found < 0.1
    assert suggestion(rates, [1.0] * 100) is None
    assert not blown_up(losses[:60])
    assert blown_up(losses)
    assert blown_up([1.0, float("nan")])


@pytest.mark.parametrize("epochs", [0.1, 1, 3, 20, 300])
def test_checkpoints_and_rows_are_few(epochs: float) -> None:
    wanted = config(epochs=epochs, batch=128)
    plan, (total, per_epoch) = Plan.of(wanted, 60_000, 10_000), steps(wanted, 60_000)
    assert per_epoch == plan.per_epoch == 469
    assert sum(plan.moment(step) for step in range(total + 1)) <= 80
    assert sum(plan.row(step) or plan.evaluation(step) for step in range(1, total + 1)) <= 700
    assert plan.moment(0)


def test_a_training_that_is_made_longer_keeps_few_checkpoints_and_rows() -> None:
    plan = Plan.of(config(epochs=2, batch=128), 6_000, 1_000)
    last = 2000 * plan.per_epoch
    kept = [step for step in range(last + 1) if plan.moment(step)]
    assert 150 < len(kept) <= moments(2, 2000) < 350
    assert sum(plan.row(step) for step in range(last + 1)) < 5 * 550
    tests = [step for step in range(1, last + 1) if plan.evaluation(step)]
    assert tests[-1] - tests[-2] == plan.evaluation_gap(last)


def test_an_epoch_is_every_picture_once_in_an_order_of_its_own() -> None:
    data, wanted = stripes(), config(batch=16)
    spec = input_spec(wanted, data.train.shape[1:])
    batches = Batches(data, spec, wanted, 10)
    order = [batches.index(done) for done in range(10)]
    sizes = [len(batches.batch(done)[1]) for done in range(20)]
    assert set(sizes) == {15}
    first = torch.cat([batches.batch(done)[0] for done in range(10)])
    again = torch.cat([batches.batch(done)[0] for done in range(10)])
    plain = batches.ready(data.train)
    assert torch.equal(first, again)
    assert torch.equal(first.sum(dim=(1, 2, 3)).sort()[0], plain.sum(dim=(1, 2, 3)).sort()[0])
    assert [batches.index(done) for done in range(10, 20)] != order


def test_inputs_are_normalised_as_the_server_does_it() -> None:
    data, wanted = stripes(), config(augmentation=MOVED)
    spec = input_spec(wanted, data.train.shape[1:])
    pictures = Batches(data, spec, wanted, 10).ready(data.test)
    expected = (data.test.float() / 255 - spec.mean[0]) / spec.std[0]
    torch.testing.assert_close(pictures, expected)


@pytest.mark.parametrize("way", get_args(Initialisation))
def test_first_weights(way: Initialisation) -> None:
    torch.manual_seed(1)
    network = models.create("lenet5")
    initialise(network, way)
    weight = network.get_submodule("c5").weight
    expected = {
        "default": 400**-0.5,
        "xavier_uniform": (2 / (400 + 3000)) ** 0.5,
        "xavier_normal": (2 / (400 + 3000)) ** 0.5,
        "kaiming_uniform": (2 / 400) ** 0.5,
        "kaiming_normal": (2 / 400) ** 0.5,
        "orthogonal": 400**-0.5,
        "normal": 0.05,
        "zeros": 0.0,
    }
    assert isinstance(weight, nn.Parameter)
    assert float(weight.detach().std()) == pytest.approx(expected[way], rel=0.05)
    sparse = network.get_submodule("c3")
    assert isinstance(sparse, SparseConv2d)
    assert (float(sparse.kernels.detach().abs().max()) > 0) == (way != "zeros")
    assert not sparse.bias.detach().any()


def test_the_seed_draws_the_same_network_and_dropout_can_be_set() -> None:
    row = info(stripes())
    first, spec = build(config(dropout=0.5), row)
    again, _ = build(config(), row)
    assert torch.equal(first.get_submodule("out").weight, again.get_submodule("out").weight)  # type: ignore[arg-type]
    assert first.get_submodule("drop1").p == 0.5
    assert spec.classes == ("across", "down", "none")
    assert spec.input.preprocessing == "digit"


@pytest.mark.parametrize(
    ("data", "model", "shape", "expected"),
    [
        ("mnist", "lenet5", (1, 28, 28), ((1, 32, 32), "digit")),
        ("fashion-mnist", "digitnet", (1, 28, 28), ((1, 28, 28), "plain")),
        ("cifar10", "vgg11", (3, 32, 32), ((3, 64, 64), "photo")),
        ("points", None, (2, 1, 1), ((2, 1, 1), "none")),
    ],
)
def test_what_networks_take_in(data: Any, model: str | None, shape: Any, expected: Any) -> None:
    size = 64 if data == "cifar10" else None
    wanted = config(data=DataChoice(id=data, size=size), model=model)
    spec = input_spec(wanted, shape)
    assert (spec.shape, spec.preprocessing) == expected


def test_decay_falls_on_kernels_only() -> None:
    groups = optimizer(models.create("digitnet"), OptimizerChoice(decay=0.1)).param_groups
    assert [group["weight_decay"] for group in groups] == [0.1, 0.0]
    assert all(p.ndim > 1 for p in groups[0]["params"])


def test_perceptron_learns_and_says_every_number() -> None:
    data = points()
    wanted = rule()
    events = list(train(wanted, data))
    updates = [event.update for event in of(Updated, events)]
    assert of(Finished, events)[0].reason == "early"
    assert of(Row, events)[-1].values["test_accuracy"] > 0.85  # type: ignore[operator]
    for one, following in pairwise(updates):
        error = one.target - one.output
        moved = [w + one.learning_rate * error * x for w, x in zip(one.before, one.x, strict=True)]
        assert one.after == pytest.approx(moved, rel=1e-5)
        assert one.bias_after == pytest.approx(one.bias_before + one.learning_rate * error)
        assert one.sum == pytest.approx(
            math.fsum(w * x for w, x in zip(one.before, one.x, strict=True)) + one.bias_before,
            abs=1e-5,
        )
        assert one.output == (one.sum > 0)
        assert (following.before, following.bias_before) == (one.after, one.bias_after)
    assert [one.step for one in updates] == list(range(1, len(updates) + 1))


def test_perceptron_is_one_unit() -> None:
    with pytest.raises(PerceptronError, match="single unit"):
        next(train(rule([{"type": "dense", "units": 2}]), points()))


def rule(layers: list[dict[str, Any]] | None = None) -> Config:
    choice = OptimizerChoice(name="perceptron", learning_rate=0.1)
    schedule = ScheduleChoice(name="constant")
    data = DataChoice(id="points")
    return config(layers or [], optimizer=choice, schedule=schedule, epochs=200, data=data)


@pytest.mark.parametrize("model", ["mlp", "harley", "lenet5", "digitnet", "alexnet"])
@pytest.mark.parametrize("data", ["mnist", "fashion-mnist", "cifar10", "folder", "points"])
def test_every_gap_is_filled(model: str, data: Any) -> None:
    row = DatasetInfo(
        id=data, title="", about="", source="", licence="", shape=[1, 28, 28],
        classes=[], train=60, test=10,
    )  # fmt: skip
    request = TrainingRequest(model=model, dataset=DataChoice(id=data, share=0.5), seed=4)
    filled = complete(request, row)
    assert Config.of(filled).seed == 4
    assert filled.batch is not None
    assert filled.batch <= 30
    own = request.model_copy(update={"epochs": 2.5, "batch": 7})
    assert (complete(own, row).epochs, complete(own, row).batch) == (2.5, 7)


def test_a_zero_that_is_asked_for_is_no_gap() -> None:
    open_, zero = (
        complete(
            TrainingRequest(model="digitnet", label_smoothing=asked, ema_decay=asked),
            info(stripes()),
        )
        for asked in (None, 0)
    )
    assert open_.label_smoothing
    assert open_.ema_decay
    assert (zero.label_smoothing, zero.ema_decay) == (0, 0)


def test_a_request_with_gaps_is_refused() -> None:
    with pytest.raises(ValueError, match="optimizer"):
        Config.of(TrainingRequest(model="mlp"))
