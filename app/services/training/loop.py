"""The course of a training: step after step, and what is due in between."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from copy import deepcopy

from torch import Tensor, nn

from app.schemas.training import Change
from app.services.finite import finite
from app.services.training import perceptron
from app.services.training.batches import Batches, step_seed
from app.services.training.compute import compute
from app.services.training.config import Config, Material
from app.services.training.controls import Controls, Pace, Settings
from app.services.training.events import (
    Evaluation,
    Event,
    Finished,
    Moment,
    Reason,
    Row,
    Snapshot,
    Started,
    Step,
    Updated,
)
from app.services.training.network import card, create
from app.services.training.optimizers import copied, restore, tensors
from app.services.training.plan import Plan, total
from app.services.training.schedules import (
    RANGE_STEPS,
    blown_up,
    factor,
    range_rate,
    suggestion,
)
from app.services.training.state import Progress, State
from app.services.training.tally import Tally
from app.services.training.trainer import Trainer, test_batch


def train(
    config: Config,
    material: Material,
    controls: Controls | None = None,
    resume: State | None = None,
) -> Iterator[Event]:
    """Train on the device where the material lies; stop by closing the generator.

    Resumed from a state, it tells exactly what the uninterrupted training told after it.
    Raises ValueError for a combination that cannot be.
    """
    run = _Run(config, material, controls or Controls(), resume)
    yield from run.events()


class _Run:
    """One training: what it consists of, and its course."""

    def __init__(
        self, config: Config, material: Material, controls: Controls, resume: State | None
    ) -> None:
        self.config, self.material, self.controls = config, material, controls
        self.rule = config.optimizer.name == "perceptron"
        self.ranging = config.schedule.name == "range"
        spec = card(config, tuple(material.train.shape[1:]), material.classes)
        network = create(config, spec)
        way = compute(material.train.device, config.precision, network)
        choice = config.optimizer
        if self.rule:
            self.unit = perceptron.unit(network)
            choice = choice.model_copy(update={"name": "sgd"})
        self.trainer = Trainer(network, choice, way, config.label_smoothing, config.ema_decay)
        self.plan = Plan.of(config, len(material.train), len(material.test))
        self.batches = Batches(material, spec.input, config, self.plan.per_epoch)
        self.test_batch = test_batch(spec.input.shape)
        self.settings, self.pace = Settings(config), Pace(config.speed)
        self.tally = Tally(deepcopy(resume.progress) if resume else Progress())
        if resume:
            self._restore(resume)

    @property
    def progress(self) -> Progress:
        """Where it is."""
        return self.tally.progress

    @property
    def total(self) -> int:
        """Steps in all, as things are."""
        return RANGE_STEPS if self.ranging else total(self.settings["epochs"], self.plan.per_epoch)

    def events(self) -> Iterator[Event]:
        """Everything, in order."""
        yield self._started()
        if self.progress.step == 0 and not self.ranging:
            yield self._moment()
        reason: Reason | None = None
        while reason is None:
            self.pace.keep(self.controls)
            self.settings.take(self.controls, self.progress.step + 1)
            if self.progress.step >= self.total:
                break
            reason = yield from self._step()
        yield from self._end(reason or ("range" if self.ranging else "epochs"))

    def _step(self) -> Generator[Event, None, Reason | None]:
        done, number = self.progress.step, self.progress.step + 1
        rate = self._rate(done)
        if self.rule:
            values = yield from self._apply_rule(done, rate)
        else:
            self.trainer.adjust(rate, self.settings["decay"], self.settings["momentum"])
            inputs, wanted = self.batches.batch(done)
            values = self.trainer.step(inputs, wanted, step_seed(self.config.seed, done))
        self.tally.add(values)
        row = self.ranging or self.plan.row(number)
        if row or self.ranging or not self.trainer.compute.waits:
            self.tally.fold()
        last = number >= self.total or self.progress.diverged is not None
        reason = yield from self._due(number, rate, row, last)
        yield Step(number, number / self.plan.per_epoch, rate, self.total, values)
        return reason

    def _due(
        self, number: int, rate: float, row: bool, last: bool
    ) -> Generator[Event, None, Reason | None]:
        """Whatever is due behind a step, and why this was the last one, if it was."""
        if self.ranging:
            yield self._row(rate, None)
            self.progress.curve.append((rate, self.tally.last_loss))
            seen = blown_up([loss for _, loss in self.progress.curve])
            return "range" if seen or self.progress.diverged else None
        reason: Reason | None = "diverged" if self.progress.diverged else self._learned(number)
        test = None
        if len(self.material.test) and (last or reason or self.plan.evaluation(number)):
            yield (test := self._evaluate())
            reason = reason or self._patience(test.loss)
        if row or last or reason or test:
            yield self._row(rate, test)
        if last or reason or self.plan.moment(number):
            yield self._moment()
        return reason

    def _end(self, reason: Reason) -> Iterator[Event]:
        """What a training that was made shorter still owes."""
        if not self.ranging and self.progress.kept != self.progress.step:
            if len(self.material.test) and self.progress.evaluated != self.progress.step:
                yield (test := self._evaluate())
                yield self._row(self._rate(self.progress.step - 1), test)
            yield self._moment()
        suggested = None
        if self.ranging:
            rates, losses = zip(*self.progress.curve, strict=True)
            suggested = suggestion(rates, losses)
        yield Finished(self.progress.diverged or self.progress.step, reason, suggested)

    def _rate(self, done: int) -> float:
        schedule = self.config.schedule
        if self.ranging:
            return range_rate(schedule, done, RANGE_STEPS)
        share = factor(schedule, done, self.total, self.plan.per_epoch)
        return self.settings["learning_rate"] * share

    def _apply_rule(self, done: int, rate: float) -> Generator[Event, None, Tensor]:
        at = self.batches.index(done)
        point, target = self.material.train[at].flatten(), int(self.material.labels[at])
        numbers, values = perceptron.update(self.unit, point, target, rate)
        numbers = numbers.model_copy(update={"step": done + 1, "index": at})
        self.progress.mistakes += numbers.output != numbers.target
        yield Updated(numbers)
        return values

    def _learned(self, number: int) -> Reason | None:
        """The perceptron is done when it was right for a whole epoch."""
        if not self.rule or number % self.plan.per_epoch:
            return None
        mistakes, self.progress.mistakes = self.progress.mistakes, 0
        return None if mistakes else "early"

    def _patience(self, loss: float) -> Reason | None:
        progress, stopping = self.progress, self.config.stopping
        if progress.best_loss is None or loss < progress.best_loss:
            progress.best_loss, progress.waited = loss, 0.0
        else:
            gap = self.plan.evaluation_gap(progress.step)
            progress.waited += gap / self.plan.per_epoch
        return "early" if stopping and progress.waited >= stopping.patience else None

    def _evaluate(self) -> Evaluation:
        parts = range(0, len(self.material.test), self.test_batch)
        batches = (
            (self.batches.ready(self.material.test[some]), self.material.test_labels[some])
            for some in (slice(start, start + self.test_batch) for start in parts)
        )
        self.progress.evaluated = self.progress.step
        return Evaluation(self.progress.step, *self.trainer.test(batches))

    def _row(self, rate: float, test: Evaluation | None) -> Row:
        means = self.tally.means()
        epoch = self.progress.step / self.plan.per_epoch
        values: dict[str, float | None] = {"epoch": epoch, **means, "learning_rate": rate}
        values["test_loss"] = test.loss if test else None
        values["test_accuracy"] = test.accuracy if test else None
        return Row(self.progress.step, {name: finite(value) for name, value in values.items()})

    def _moment(self) -> Moment:
        self.progress.kept = self.progress.step
        epoch = self.progress.step / self.plan.per_epoch
        return Moment(self.progress.step, epoch, self._snapshot())

    def _started(self) -> Started:
        network, way = self.trainer.network, self.trainer.compute
        return Started(
            parameters=sum(p.numel() for p in network.parameters()),
            steps=self.total,
            steps_per_epoch=self.plan.per_epoch,
            device=str(way.device),
            precision=way.precision,
            step=self.progress.step,
            snapshot=self._snapshot(),
        )

    def _snapshot(self) -> Snapshot:
        return Snapshot(self._weights, self._state)

    def _weights(self) -> dict[str, Tensor]:
        return _copied(self.trainer.result)

    def _state(self) -> State:
        self.tally.fold()
        progress = deepcopy(self.progress)
        progress.settings = dict(self.settings.values)
        progress.changes = [change.model_dump() for change in self.controls.changes]
        average = self.trainer.average
        return State(
            _copied(self.trainer.network),
            tensors(self.trainer.optimizer),
            progress,
            _copied(average) if average is not None else {},
        )

    def _restore(self, state: State) -> None:
        """In place, so that parameters and buffers keep their layout."""
        self.trainer.network.load_state_dict(state.weights)
        if self.trainer.average is not None:
            self.trainer.average.load_state_dict(state.average)
        restore(self.trainer.optimizer, state.optimizer)
        self.settings.values.update(self.progress.settings)
        if not self.controls.changes:
            self.controls.changes.extend(Change(**change) for change in self.progress.changes)
        stopping = self.config.stopping
        if stopping and self.progress.waited >= stopping.patience:  # it had ended by that
            self.progress.waited = 0.0


def _copied(network: nn.Module) -> dict[str, Tensor]:
    return {name: copied(value) for name, value in network.state_dict().items()}
