"""What a network answers to every picture of a data set."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from app.services.catalog import Loaded
from app.services.datasets import Material, Split

_BATCH = 250
_LARGE = 10_000_000  # multiply-adds of a picture; above, fewer at a time


class StoppedError(RuntimeError):
    """Nobody waits for the result any more."""


@dataclass(frozen=True)
class Subject:
    """A network in eval mode, and the data set that it is trained on.

    When ``stopping`` says so, work on it ends at the next batch with StoppedError.
    """

    loaded: Loaded
    material: Material
    stopping: Callable[[], bool] = bool

    @property
    def device(self) -> torch.device:
        """Where the network is."""
        return next(self.loaded.network.parameters(), torch.empty(0)).device

    def split(self, split: Split) -> tuple[Tensor, Tensor]:
        """Pictures and labels of a split."""
        own = self.material
        return (own.train, own.labels) if split == "train" else (own.test, own.test_labels)

    def places(self, split: Split) -> Tensor:
        """Where each picture stands in the whole split of the data set."""
        return self.material.indices if split == "train" else self.material.test_indices

    def some(self, split: Split, most: int) -> tuple[Tensor, Tensor]:
        """At most so many pictures of a split with their labels, spread evenly over it."""
        pictures, labels = self.split(split)
        count = min(most, len(labels))
        chosen = torch.arange(count, device=labels.device) * len(labels) // max(1, count)
        return pictures[chosen], labels[chosen]

    def affordable(self, work: int, fewest: int, most: int) -> int:
        """How many pictures pass through the network for ``work`` multiply-adds, within limits."""
        return max(fewest, min(most, work // max(1, self.loaded.graph.macs)))

    def feed(self, pictures: Tensor) -> Tensor:
        """Pictures (uint8, or float 0…1) as the network is fed; points are fed as they are.

        N×C×h×w → N×C×H×W, on the network's device.
        """
        found = pictures.to(self.device)
        own = self.loaded.spec.input
        if own.shape[1:] == (1, 1):
            return found
        scaled = found.float() / 255 if found.dtype == torch.uint8 else found
        mean, std = (
            torch.tensor(values, device=self.device)[:, None, None]
            for values in (own.mean, own.std)
        )
        return (self.material.fit(scaled) - mean) / std

    def parts(self, count: int) -> Iterator[slice]:
        """``count`` pictures in batches."""
        macs = self.loaded.graph.macs
        size = _BATCH if macs <= _LARGE else max(8, _BATCH * _LARGE // macs)
        for first in range(0, count, size):
            if self.stopping():
                raise StoppedError("The server ends.")
            yield slice(first, first + size)

    def logits(self, pictures: Tensor) -> Tensor:
        """What the network says of a batch: N×K, as of `both`."""
        with torch.inference_mode():
            return both(self.loaded.network(self.feed(pictures)))


@dataclass(frozen=True)
class Answers:
    """Of N pictures: the label, the class named, how likely both are, and the place in the split.

    ``loss`` is the mean cross-entropy; no finite number where the network's values are none.
    """

    labels: NDArray[np.int64]
    predicted: NDArray[np.int64]
    probability: NDArray[np.float32]
    label_probability: NDArray[np.float32]
    places: NDArray[np.int64]
    loss: float

    @property
    def accuracy(self) -> float:
        """The share that is right; 0 of none."""
        return float((self.labels == self.predicted).mean()) if len(self.labels) else 0.0


def answer(subject: Subject, split: Split) -> Answers:
    """What the network answers to a whole split."""
    pictures, labels = subject.split(split)
    parts = [
        _judge(subject.logits(pictures[part]), labels[part].to(subject.device))
        for part in subject.parts(len(labels))
    ] or [(torch.empty(0),) * 4]
    predicted, probability, own, losses = (
        torch.cat([part[i] for part in parts]).cpu().numpy() for i in range(4)
    )
    return Answers(
        labels=labels.cpu().numpy(),
        predicted=predicted.astype(np.int64),
        probability=probability,
        label_probability=own,
        places=subject.places(split).cpu().numpy(),
        loss=float(losses.mean(dtype=np.float64)) if len(losses) else math.nan,
    )


def both(outputs: Tensor) -> Tensor:
    """Logits of at least two classes: one output is the log-odds of the second of two."""
    outputs = outputs.float()
    return torch.cat([torch.zeros_like(outputs), outputs], 1) if outputs.shape[1] == 1 else outputs


def _judge(logits: Tensor, labels: Tensor) -> tuple[Tensor, ...]:
    probabilities = logits.softmax(dim=1)
    best = probabilities.max(dim=1)
    own = probabilities.gather(1, labels[:, None])[:, 0]
    return best.indices, best.values, own, F.cross_entropy(logits, labels, reduction="none")
