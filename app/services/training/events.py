"""What a training tells, in the order of the steps.

At one step: Evaluation, Row, Moment (each where it is due), then Step. A training can be resumed
from the state that Started, a Moment or a Step gives: what is told after it is then told again.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from app.schemas import Update
from app.services.training.state import State

Weights = dict[str, Tensor]
Reason = Literal["epochs", "early", "diverged", "range"]


@dataclass(frozen=True)
class Snapshot:
    """The present network and all that a resumption needs, copied to the processor when called.

    Both are of the moment of the call: call them before the training goes on.
    """

    weights: Callable[[], Weights]
    state: Callable[[], State]


@dataclass(frozen=True)
class Started:
    """First of all. ``snapshot`` serves at every event that is named above."""

    parameters: int
    steps: int
    steps_per_epoch: int
    device: str
    precision: str
    step: int  # 0, or that of the resumed state
    snapshot: Snapshot


@dataclass(frozen=True)
class Step:
    """One step of the optimizer, counted from 1, with the batch's means.

    ``values`` (loss, accuracy, norm of the gradient) are where the network is: reading them
    waits for a GPU, so read them only as often as somebody looks.
    """

    number: int
    epoch: float
    rate: float
    steps: int  # in all, which a change of epochs changes
    values: Tensor

    @property
    def loss(self) -> float:
        """The batch's mean loss, before the step."""
        return float(self.values[0])

    @property
    def accuracy(self) -> float:
        """The share of the batch that was right, before the step."""
        return float(self.values[1])

    @property
    def gradient_norm(self) -> float:
        """The Euclidean norm of all gradients, before clipping."""
        return float(self.values[2])

    @property
    def finite(self) -> bool:
        """Whether the loss is a number still."""
        return math.isfinite(self.loss)


@dataclass(frozen=True)
class Row:
    """A row of the metrics: means since the row before, and the test's where it was due.

    Keys: epoch, loss, accuracy, gradient_norm, learning_rate, test_loss, test_accuracy. What is
    no finite number is None. The same seed on the same device gives the same rows.
    """

    step: int
    values: dict[str, float | None]


@dataclass(frozen=True)
class Evaluation:
    """The whole test set. ``answers``: the class named for each picture (uint8 or int16, N)."""

    step: int
    loss: float
    accuracy: float
    answers: NDArray[np.uint8] | NDArray[np.int16]


@dataclass(frozen=True)
class Moment:
    """A checkpoint is due. ``weights()`` and ``state()`` as of `Snapshot`."""

    step: int
    epoch: float
    snapshot: Snapshot

    def weights(self) -> Weights:
        """The network's state dict."""
        return self.snapshot.weights()

    def state(self) -> State:
        """What a resumption needs."""
        return self.snapshot.state()


@dataclass(frozen=True)
class Updated:
    """The perceptron's rule was applied (also where it changed nothing)."""

    update: Update


@dataclass(frozen=True)
class Finished:
    """Last of all. ``reason``: all epochs done, early stopping, a loss that is no finite number
    (at ``step``), or the end of a range test with the learning rate that it suggests."""

    step: int
    reason: Reason
    suggested_rate: float | None = None


Event = Started | Step | Row | Evaluation | Moment | Updated | Finished
