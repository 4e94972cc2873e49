"""Batches out of one tensor on the device: no Python work for single pictures."""

from __future__ import annotations

import torch
from torch import Tensor

from app.schemas.training import AugmentationChoice
from app.services.augment import Strength, augment
from app.services.training.config import Config, Material
from models.registry import InputSpec


class Batches:
    """The batches of a training. The random numbers of a step depend on seed and step alone."""

    def __init__(
        self,
        material: Material,
        spec: InputSpec,
        config: Config,
        per_epoch: int,
    ) -> None:
        self._material, self._per_epoch, self._seed = material, per_epoch, config.seed
        self._augmentation = config.augmentation
        self._plain = config.augmentation == AugmentationChoice()
        device = material.train.device
        self._points = material.train.is_floating_point()
        whole = 1.0 if self._points else 255.0
        mean, std = (torch.tensor(v, device=device)[:, None, None] for v in (spec.mean, spec.std))
        self._unit = whole
        self._scale, self._offset = 1 / (std * whole), -mean / std
        self._generator = torch.Generator(device)
        self._epoch, self._order = -1, torch.empty(0, dtype=torch.int64)

    def batch(self, done: int) -> tuple[Tensor, Tensor]:
        """The batch after ``done`` steps: inputs N×C×H×W, network-ready, and labels N.

        An epoch is all pictures once, in an order of its own, in parts that differ by at most
        one picture.
        """
        epoch, part = divmod(done, self._per_epoch)
        chosen = self._ordered(epoch)
        count = len(chosen)
        start, end = (count * at // self._per_epoch for at in (part, part + 1))
        some = chosen[start:end]
        return self._inputs(self._material.train[some], done), self._material.labels[some]

    def index(self, done: int) -> int:
        """The first picture of the batch after ``done`` steps."""
        epoch, part = divmod(done, self._per_epoch)
        return int(self._ordered(epoch)[len(self._order) * part // self._per_epoch])

    def ready(self, pictures: Tensor) -> Tensor:
        """Unchanged pictures N×C×H×W as the network takes them: normalised."""
        values = pictures if self._points else pictures.float()
        return self._fit(torch.addcmul(self._offset, values, self._scale))

    def _inputs(self, pictures: Tensor, done: int) -> Tensor:
        if self._plain or self._points:
            return self.ready(pictures)
        self._generator.manual_seed(step_seed(self._seed, done))
        changed = augment(
            pictures.float().div_(255), Strength.of(self._augmentation), self._generator
        )
        return self._fit(torch.addcmul(self._offset, changed, self._scale * self._unit))

    def _fit(self, inputs: Tensor) -> Tensor:
        return self._material.fit(inputs)

    def _ordered(self, epoch: int) -> Tensor:
        if epoch != self._epoch:
            generator = torch.Generator().manual_seed(step_seed(self._seed, -1 - epoch))
            order = torch.randperm(len(self._material.labels), generator=generator)
            self._epoch, self._order = epoch, order.to(self._material.labels.device)
        return self._order


def step_seed(seed: int, step: int) -> int:
    """One number for a seed and a step (or, negative, an epoch), spread by a multiplier.

    The constants are those of splitmix64 (Steele, Lea and Flood 2014).
    """
    mixed = (seed * 0x9E3779B97F4A7C15 + step * 0xBF58476D1CE4E5B9) & (2**64 - 1)
    mixed ^= mixed >> 31
    return (mixed * 0x94D049BB133111EB >> 1) & (2**63 - 1)
