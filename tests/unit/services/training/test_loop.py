"""The course of a training on something small: what it tells, and that it can be repeated."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest
import torch
from torch import Tensor

from app.schemas.training import (
    AugmentationChoice,
    DataChoice,
    OptimizerChoice,
    OptimizerName,
    ScheduleChoice,
    StoppingChoice,
)
from app.services.training import (
    Config,
    Controls,
    Evaluation,
    Event,
    Finished,
    Moment,
    Row,
    Started,
    State,
    Step,
    build,
    train,
)
from app.services.training.state import StateError, load, save
from tests.unit.services.training.material import config, info, of, points, same, stripes

DATA = stripes()
MOVED = AugmentationChoice(shift=1, rotation=10, noise=0.05)
NAMES = [name for name in get_args(OptimizerName) if name != "perceptron"]
RATES = {"adadelta": 1.0, "rmsprop": 0.002, "adagrad": 0.02}


def run(
    wanted: Config, controls: Controls | None = None, resume: State | None = None
) -> tuple[list[Event], dict[str, Tensor]]:
    """All events, and the weights at the end."""
    events: list[Event] = []
    weights: dict[str, Tensor] = {}
    for event in train(wanted, DATA, controls, resume):
        events.append(event)
        if isinstance(event, Moment):
            weights = event.weights()
    return events, weights


def test_what_it_tells_and_when() -> None:
    events = run(config())[0]
    started, finished = events[0], events[-1]
    assert isinstance(started, Started)
    assert isinstance(finished, Finished)
    assert (started.steps, started.steps_per_epoch, started.step) == (20, 10, 0)
    assert (finished.step, finished.reason) == (20, "epochs")
    assert [step.number for step in of(Step, events)] == list(range(1, 21))
    assert [test.step for test in of(Evaluation, events)] == [5, 10, 15, 20]
    assert [row.step for row in of(Row, events)] == list(range(1, 21))
    moments = [moment.step for moment in of(Moment, events)]
    assert moments[:3] == [0, 1, 2]
    assert moments[-1] == 20
    assert of(Step, events)[-1].epoch == 2


def test_loss_falls_and_rows_are_means() -> None:
    events = run(config(epochs=6))[0]
    rows, steps = of(Row, events), of(Step, events)
    losses = [row.values["loss"] for row in rows]
    assert sum(losses[-5:]) < 0.7 * sum(losses[:5])  # type: ignore[arg-type]
    assert losses[0] == steps[0].loss
    tested = [row for row in rows if row.values["test_accuracy"] is not None]
    assert [row.step for row in tested] == [10 * number for number in range(1, 7)]
    last = of(Evaluation, events)[-1]
    right = (torch.from_numpy(last.answers) == DATA.test_labels).float().mean()
    assert last.accuracy == pytest.approx(float(right))
    assert last.answers.dtype == "uint8"


@pytest.mark.parametrize(("name", "ema_decay"), [*((name, 0.0) for name in NAMES), ("adamw", 0.9)])
def test_interrupted_and_resumed_is_as_never_interrupted(
    name: Any, ema_decay: float, tmp_path: Path
) -> None:
    optimizer = OptimizerChoice(name=name, learning_rate=RATES.get(name, 0.01), clip=5)
    wanted = config(optimizer=optimizer, augmentation=MOVED, ema_decay=ema_decay)
    whole, weights = run(wanted)
    for event in train(wanted, DATA):
        if isinstance(event, Started):
            snapshot = event.snapshot
        if isinstance(event, Step) and event.number == 7:
            save(tmp_path / "state", snapshot.state())
            break
    state = load(tmp_path / "state")
    rest, again = run(wanted, resume=state)
    assert state.step == 7
    assert of(Started, rest)[0].step == 7
    assert same(weights, again)
    assert of(Row, rest) == [row for row in of(Row, whole) if row.step > 7]
    later = [each.loss for each in of(Evaluation, whole) if each.step > 7]
    assert [each.loss for each in of(Evaluation, rest)] == later


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_the_seed_decides_everything(precision: Any) -> None:
    wanted = config(augmentation=MOVED, precision=precision, epochs=1)
    rows, weights = run(wanted)
    torch.rand(3)  # nobody else's random numbers matter
    again, same_weights = run(wanted)
    assert of(Row, rows) == of(Row, again)
    assert same(weights, same_weights)
    assert not same(weights, run(replace(wanted, seed=2))[1])
    assert of(Started, rows)[0].precision == precision


def test_training_leaves_the_global_random_numbers_alone() -> None:
    torch.manual_seed(5)
    expected = torch.rand(2)
    torch.manual_seed(5)
    run(config(epochs=0.2))
    assert torch.equal(torch.rand(2), expected)


def test_changes_take_effect_and_are_noted_and_resumed() -> None:
    wanted = config(schedule=ScheduleChoice(name="constant"))
    controls = Controls()
    course = train(wanted, DATA, controls)
    rates = []
    for event in course:
        if isinstance(event, Started):
            snapshot = event.snapshot
        if isinstance(event, Step):
            rates.append(event.rate)
            if event.number == 4:
                controls.learning_rate, controls.epochs = 0.002, 1.5
            if event.number == 6:
                state = snapshot.state()
    assert rates == [0.01] * 4 + [0.002] * 11
    assert [(c.step, c.name, c.value) for c in controls.changes] == [
        (5, "learning_rate", 0.002),
        (5, "epochs", 1.5),
    ]
    after = Controls()
    steps = of(Step, run(wanted, after, state)[0])
    assert [step.number for step in steps] == list(range(7, 16))
    assert {step.rate for step in steps} == {0.002}
    assert after.changes == controls.changes


def test_made_shorter_than_it_is_it_ends_with_a_test_and_a_checkpoint() -> None:
    controls = Controls()
    events: list[Event] = []
    for event in train(config(), DATA, controls):
        events.append(event)
        if isinstance(event, Step) and event.number == 13:
            controls.epochs = 0.5
    assert [type(event) for event in events[-4:]] == [Evaluation, Row, Moment, Finished]
    assert events[-1] == Finished(13, "epochs")


def test_a_huge_learning_rate_diverges_and_that_is_noted() -> None:
    optimizer = OptimizerChoice(name="sgd", learning_rate=1000)
    layers = [{"type": "dense", "units": 8}, {"type": "dense", "units": 8}]
    events = run(config(layers, optimizer=optimizer))[0]
    finished, row = of(Finished, events)[0], of(Row, events)[-1]
    assert finished.reason == "diverged"
    assert finished.step == row.step == of(Step, events)[-1].number
    assert row.values["loss"] is None
    assert not of(Step, events)[-1].finite


def test_early_stopping() -> None:
    optimizer = OptimizerChoice(name="sgd", learning_rate=1e-9)
    wanted = config(optimizer=optimizer, epochs=50, stopping=StoppingChoice(patience=2))
    finished = of(Finished, run(wanted)[0])[0]
    assert finished.reason == "early"
    assert finished.step < 500


def test_range_test_suggests_a_rate() -> None:
    schedule = ScheduleChoice(name="range", lowest=1e-5, highest=100)
    events = run(config(schedule=schedule, optimizer=OptimizerChoice(name="momentum")))[0]
    finished, rows = of(Finished, events)[0], of(Row, events)
    assert finished.reason == "range"
    assert finished.suggested_rate is not None
    assert 1e-4 < finished.suggested_rate < 10
    assert not of(Moment, events)
    assert not of(Evaluation, events)
    assert rows[0].values["learning_rate"] == pytest.approx(1e-5)
    assert len(rows) == finished.step <= 200


def test_points_have_one_output_and_can_be_learned() -> None:
    data = points()
    layers: list[dict[str, Any]] = [
        {"type": "dense", "units": 4},
        {"type": "activation", "name": "tanh"},
    ]
    optimizer = OptimizerChoice(name="adam", learning_rate=0.05, decay=0)
    wanted = config(layers, data=DataChoice(id="points"), optimizer=optimizer, epochs=30, batch=10)
    events = list(train(wanted, data))
    assert of(Evaluation, events)[-1].accuracy > 0.9
    assert build(wanted, info(data))[0](data.test).shape == (40, 1)


def test_speed_is_a_limit() -> None:
    waits: list[float] = []
    controls = Controls(speed=1000, wait=waits.append)
    run(config(epochs=0.5), controls)
    assert all(0 < wait <= 1e-3 for wait in waits)


def test_a_damaged_state_is_named(tmp_path: Path) -> None:
    (tmp_path / "state").write_bytes(b"no tensors")
    with pytest.raises(StateError, match="state"):
        load(tmp_path / "state")
