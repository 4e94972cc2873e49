"""The training itself: a step at a time, and where it stands, so that it can go on later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F

from app.schemas.training import ScheduleChoice
from app.services.training.compute import Compute
from app.services.training.schedules import factor
from models.registry import InputSpec
from scripts.alexnet.pictures import Labelled, changed, crops, ready, regions
from scripts.alexnet.student import KERNEL, Student
from scripts.alexnet.teacher import Teacher

_SMOOTHING = 0.1  # of the labels: Szegedy et al. 2016, arXiv:1512.00567
_LOOKED_AT = 100  # pictures and crops of each size, for the patches' statistics
_APART = 7  # pixels between two patches
_SCHEDULE = ScheduleChoice(name="one_cycle", warmup=0.1)


@dataclass(frozen=True)
class Recipe:
    """How it is trained: ``labelled`` and ``crops`` pictures a step, at one of ``sides`` pixels.

    Stochastic gradient descent with Nesterov's momentum under a one-cycle rate.
    """

    steps: int = 9_000
    labelled: int = 64
    crops: int = 64
    sides: tuple[int, ...] = (96, 128)
    last_side: int = 128  # of the last fifth of the steps, as in the product
    rate: float = 0.1
    momentum: float = 0.9
    decay: float = 5e-4
    first_decay: float = 2e-3  # of the first kernels, so that their random beginning fades

    def side(self, done: int) -> int:
        """The size of the pictures of a step."""
        if done >= 0.8 * self.steps:
            return self.last_side
        return self.sides[done % len(self.sides)]

    def words(self) -> str:
        """The recipe for index.toml."""
        sides = " or ".join(map(str, self.sides))
        return (
            f"{self.steps} steps of {self.labelled} labelled pictures and {self.crops} random "
            f"crops at {sides} pixels (the last fifth: {self.last_side}); "
            "cross-entropy with smoothed labels plus the divergence from the teacher's answers; "
            f"SGD (Nesterov {self.momentum}, weight decay {self.decay}, of the first kernels "
            f"{self.first_decay}) with a one-cycle rate up to {self.rate}; batch normalization, "
            "folded into the kernels afterwards; float16"
        )


@dataclass(frozen=True)
class Material:
    """What there is to learn from; ``teacher`` answers for crops of ``photos``."""

    labelled: Labelled
    photos: Sequence[Tensor]
    teacher: Teacher


def patches(material: Material, recipe: Recipe, spec: InputSpec, seed: int) -> Tensor:
    """What the first kernels look at, N×P: from pictures and crops of every size, at random."""
    generator = torch.Generator().manual_seed(seed)
    found = []
    for side in recipe.sides:
        chosen = torch.randint(len(material.labelled.labels), (_LOOKED_AT,), generator=generator)
        labelled = changed(material.labelled.pictures[chosen], side, generator)
        cut = regions(material.photos, _LOOKED_AT, generator)
        both = torch.cat([labelled, crops(material.photos, cut, side, generator)])
        windows = F.unfold(ready(both, spec), KERNEL, stride=_APART)  # N, P, places
        found.append(windows.transpose(1, 2).flatten(0, 1))
    return torch.cat(found)


class Course:
    """A student in training, in place. ``done`` steps of the recipe's are behind it."""

    def __init__(
        self,
        student: Student,
        material: Material,
        recipe: Recipe,
        spec: InputSpec,
        compute: Compute,
    ) -> None:
        self.student, self.done = student, 0
        compute.place(student)
        self._material, self._recipe, self._spec, self._compute = material, recipe, spec, compute
        first = student.kernels
        others = [each for each in student.parameters() if each is not first]
        self._optimizer = torch.optim.SGD(
            [
                {"params": [first], "weight_decay": recipe.first_decay},
                {"params": others, "weight_decay": recipe.decay},
            ],
            recipe.rate,
            recipe.momentum,
            nesterov=True,
        )

    def step(self, seed: int) -> tuple[float, float]:
        """One step; the loss on labels and the divergence from the teacher, before it."""
        generator = torch.Generator().manual_seed(seed * 1_000_003 + self.done)
        rate = self._recipe.rate * factor(_SCHEDULE, self.done, self._recipe.steps, 1)
        for group in self._optimizer.param_groups:
            group["lr"] = rate
        inputs, labels, answers = self._batch(generator)
        self._optimizer.zero_grad()
        supervised, distilled = self._losses(inputs, labels, answers)
        (supervised + distilled).backward()  # type: ignore[no-untyped-call]
        self._optimizer.step()
        self.done += 1
        return supervised.item(), distilled.item()

    def _losses(self, inputs: Tensor, labels: Tensor, answers: Tensor) -> tuple[Tensor, Tensor]:
        """Of the labelled pictures and of the crops; 0 where there are none of a kind."""
        device = self._compute.device
        with self._compute.autocast():
            features = self.student.train()(inputs.to(device)).float()
        known, unknown = features.split([len(labels), len(answers)])
        supervised = distilled = features.new_zeros(())
        if len(labels):
            logits = self.student.classify(known)
            supervised = F.cross_entropy(logits, labels.to(device), label_smoothing=_SMOOTHING)
        if len(answers):
            distilled = _divergence(self.student.imitate(unknown), answers.to(device))
        return supervised, distilled

    def _batch(self, generator: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
        """Inputs (the labelled ones first), labels, and the teacher's answers for the others."""
        recipe, labelled, photos = self._recipe, self._material.labelled, self._material.photos
        side = recipe.side(self.done)
        chosen = torch.randint(len(labelled.labels), (recipe.labelled,), generator=generator)
        parts = [changed(labelled.pictures[chosen], side, generator)] if recipe.labelled else []
        answers = torch.empty(0)
        if recipe.crops:
            cut = regions(photos, recipe.crops, generator)
            parts.append(crops(photos, cut, side, generator))
            answers = self._material.teacher.probabilities(cut)
        return ready(torch.cat(parts), self._spec), labelled.labels[chosen], answers

    def save(self, path: Path) -> None:
        """Write where it stands, atomically."""
        state = {
            "done": self.done,
            "student": self.student.state_dict(),
            "optimizer": self._optimizer.state_dict(),
        }
        beside = path.with_suffix(".part")
        torch.save(state, beside)
        beside.replace(path)

    def load(self, path: Path) -> None:
        """Go on from where it stood."""
        state = torch.load(path, weights_only=True)
        self.student.load_state_dict(state["student"])
        self._optimizer.load_state_dict(state["optimizer"])
        self.done = state["done"]


def _divergence(logits: Tensor, answers: Tensor) -> Tensor:
    """Kullback and Leibler's divergence of the student's answers from the teacher's, in nats."""
    return F.kl_div(F.log_softmax(logits, dim=1), answers.clone(), reduction="batchmean")
