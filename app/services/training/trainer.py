"""One step of training, and the test of a network."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.utils import clip_grads_with_norm_, get_total_norm

from app.schemas.training import OptimizerChoice
from app.services.training.averaging import average
from app.services.training.compute import Compute
from app.services.training.losses import answers, loss, right
from app.services.training.optimizers import adjust, optimizer
from app.services.training.quick import quicken

TEST_BATCH = 500
_TEST_VALUES = 500 * 32 * 32  # numbers in a test batch of larger pictures, about


class Trainer:
    """A network and its optimizer. The network is placed on the device and trained in place.

    ``decay``: of a moving `average` of its weights, 0 for none.
    """

    def __init__(
        self,
        network: nn.Module,
        choice: OptimizerChoice,
        compute: Compute,
        smoothing: float = 0.0,
        decay: float = 0.0,
    ) -> None:
        self.compute = compute
        self.network = compute.place(network.train())
        self.average = average(self.network, decay) if decay else None
        if compute.device.type == "cpu":
            quicken(self.network)
            quicken(self.result)
        self.optimizer = optimizer(self.network, choice)
        self._clip, self._smoothing = choice.clip, smoothing
        self._parameters = [p for p in self.network.parameters() if p.requires_grad]

    @property
    def result(self) -> nn.Module:
        """What is tested and kept: the average, or else the network itself."""
        return self.network if self.average is None else self.average.module

    def adjust(self, rate: float, decay: float, momentum: float) -> None:
        """Set the hyper-parameters of the next steps."""
        adjust(self.optimizer, rate, decay, momentum)

    def step(self, inputs: Tensor, wanted: Tensor, seed: int) -> Tensor:
        """One step; loss, accuracy and norm of the gradient of the batch, before it (3).

        ``wanted``: labels N or probabilities N×K. ``seed`` decides what is dropped.
        """
        with self.compute.random(seed):
            return self._step(inputs, wanted)

    def _step(self, inputs: Tensor, wanted: Tensor) -> Tensor:
        self.optimizer.zero_grad()
        with self.compute.autocast():
            logits = self.network(self.compute.ready(inputs))
        logits = logits.float()
        value = loss(logits, wanted, self._smoothing)
        value.backward()  # type: ignore[no-untyped-call]
        norm = get_total_norm([p.grad for p in self._parameters if p.grad is not None])
        if self._clip is not None:
            clip_grads_with_norm_(self._parameters, self._clip, norm)
        self.optimizer.step()
        if self.average is not None:
            self.average.update_parameters(self.network)
        with torch.no_grad():
            return torch.stack([value.detach(), right(logits, wanted), norm])

    def test(
        self, batches: Iterator[tuple[Tensor, Tensor]]
    ) -> tuple[float, float, NDArray[np.uint8] | NDArray[np.int16]]:
        """Mean loss, accuracy and answers of network-ready batches, in float32."""
        network = self.result.eval()
        losses, given, count, correct = [], [], 0, []
        with torch.inference_mode():
            for inputs, labels in batches:
                logits = network(self.compute.ready(inputs)).float()
                losses.append(loss(logits, labels) * len(labels))
                correct.append(right(logits, labels) * len(labels))
                given.append(answers(logits))
                count += len(labels)
        self.network.train()
        if not count:
            return float("nan"), float("nan"), np.zeros(0, np.uint8)
        kind = torch.uint8 if int(torch.cat(given).max()) < 256 else torch.int16
        said = torch.cat(given).to(kind).cpu().numpy()
        return float(sum(losses)) / count, float(sum(correct)) / count, said


def test_batch(shape: tuple[int, ...]) -> int:
    """How many pictures C×H×W are tested at a time."""
    return max(1, min(TEST_BATCH, _TEST_VALUES // int(np.prod(shape))))
