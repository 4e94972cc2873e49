"""At which steps of a training something is due. It depends on the steps alone, not on time."""

from __future__ import annotations

import math
from dataclasses import dataclass

from app.services.training.config import Config
from app.services.training.schedules import RANGE_STEPS

_ROWS = 550  # of the metrics, about
_MOMENTS = 68  # checkpoints beside the early ones, at most
_EVALUATIONS = 100
_SHORT = 5  # epochs
_EARLY = (0, 1, 2, 5, 10, 20, 50, 100, 200)
MOST = _MOMENTS + len(_EARLY)  # checkpoints of a training that is not made longer
_FIRST_ROWS = 10
_TEST_SHARE = 0.5  # of the training pictures that a test may cost, in pictures


@dataclass(frozen=True)
class Plan:
    """The rhythm of a training, fixed when it is first started.

    Where one is made much longer, checkpoints, rows and tests become half as frequent with each
    doubling of its steps: their number grows with the logarithm.
    """

    per_epoch: int
    row_every: int
    moment_every: float  # a checkpoint at the whole step nearest to each multiple
    evaluate_every: float  # likewise

    @classmethod
    def of(cls, config: Config, pictures: int, tests: int) -> Plan:
        """For so many pictures to learn from and to be tested with.

        A checkpoint every quarter of an epoch, a test every epoch, in short trainings every half;
        more rarely where there would be too many, or where a small set would be tested longer than
        learned from.
        """
        batch = 1 if config.optimizer.name == "perceptron" else config.batch
        per_epoch = max(1, math.ceil(pictures / batch))
        steps = total(config.epochs, per_epoch)
        quarters = _quarters(epochs=config.epochs)
        rare = math.ceil(config.epochs / _EVALUATIONS) if config.epochs > _SHORT else 0.5
        bearable = tests * _TEST_SHARE / pictures
        return cls(
            per_epoch,
            row_every=max(1, math.ceil(steps / _ROWS)),
            moment_every=max(1.0, per_epoch * quarters / 4),
            evaluate_every=max(1.0, per_epoch * max(rare, math.ceil(bearable * 2) / 2)),
        )

    def row(self, step: int) -> bool:
        """Whether a row is due."""
        return step <= _FIRST_ROWS or _is_due(step, self.row_every, _ROWS)

    def moment(self, step: int) -> bool:
        """Whether a checkpoint is due."""
        early = step in _EARLY and step < self.moment_every
        return early or _is_due(step, self.moment_every, _MOMENTS)

    def evaluation(self, step: int) -> bool:
        """Whether the test set is due."""
        return _is_due(step, self.evaluate_every, _EVALUATIONS)

    def evaluation_gap(self, step: int) -> float:
        """Steps between two tests, there."""
        return self.evaluate_every * rarity(step, self.evaluate_every * _EVALUATIONS)


def rarity(step: float, foreseen: float) -> int:
    """How many times more rarely than at first something is due after so many steps.

    Twice as rarely beyond the steps that were ``foreseen``, and again with each doubling.
    """
    return 1 << doublings(step / foreseen)


def doublings(longer: float) -> int:
    """How often 1 has to be doubled until it is so much."""
    return max(0, math.ceil(math.log2(longer))) if longer > 0 else 0


def moments(first: float, epochs: float) -> int:
    """About how many checkpoints so many epochs have, where ``first`` were asked for at first."""
    plain = epochs * 4 / _quarters(epochs=first)
    more = doublings(plain / _MOMENTS) * _MOMENTS // 2
    return len(_EARLY) + 1 + min(math.ceil(plain), _MOMENTS + more)


def _is_due(step: int, every: float, most: int) -> bool:
    """Whether a step is the whole one nearest to a multiple; a larger one beyond ``most``."""
    every *= rarity(step, every * most)
    return step == round(round(step / every) * every)


def _quarters(epochs: float) -> int:
    """Of an epoch between two checkpoints: 1, 2, or whole epochs, as they are tested at."""
    least = math.ceil(epochs * 4 / _MOMENTS)
    return least if least <= 2 else 4 * math.ceil(least / 4)


def total(epochs: float, per_epoch: int) -> int:
    """The steps of so many epochs."""
    return max(1, round(epochs * per_epoch))


def steps(config: Config, pictures: int) -> tuple[int, int]:
    """The steps of a training in all, and of an epoch."""
    per_epoch = Plan.of(config, pictures, 0).per_epoch
    ranging = config.schedule.name == "range"
    return RANGE_STEPS if ranging else total(config.epochs, per_epoch), per_epoch
