"""The loop that makes pictures: where objective, parameter, transforms and program meet.

The same seed on the same device, with the same number of threads and in the same precision,
gives the same picture. Picture i of a batch starts from its own random stream and is moved
exactly as the others are, so it is the same picture whatever stands beside it, up to the
rounding of the processor's arithmetic for batches of another size. Exceptions: objectives that
compare pictures, as diversity and alignment do, and pictures whose unit slept at the start: what
wakes it depends on the other units of its layer that are computed.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from app.services import preprocess
from app.services.catalog import Loaded
from app.services.maximize import transforms
from app.services.maximize.mask import Mask
from app.services.maximize.objectives import Objective
from app.services.maximize.parameters import Parameter, parameter
from app.services.maximize.plateau import Plateau
from app.services.maximize.precision import precision
from app.services.maximize.program import Program
from app.services.maximize.recipe import Recipe
from app.services.maximize.spectrum import Spectrum
from app.services.maximize.values import Needs, Values, checked, units
from models.registry import InputSpec

Bytes = NDArray[np.uint8]


@dataclass(frozen=True)
class Progress:
    """Where a run is after a step; ``step`` counts from 1.

    ``finished`` tells of each picture whether its score has stopped rising: it changes no more.
    """

    step: int
    steps: int
    finished: list[bool]
    _scores: Tensor = field(repr=False)
    _render: Callable[[], Bytes] = field(repr=False)

    @property
    def scores(self) -> list[float]:
        """What each picture scored in this step, transformed and in the run's precision."""
        scores: list[float] = self._scores.tolist()
        return scores

    def pictures(self) -> Bytes:
        """The pictures after this step, N×H×W or N×H×W×3 (RGB). To be called before the next."""
        return self._render()


@dataclass(frozen=True)
class Outcome:
    """What a run gave.

    ``pictures`` are N×H×W or N×H×W×3 (RGB), ``masks`` their opacity N×H×W. ``scores`` are the
    objective's for these 8-bit pictures at the size and in the precision of the run, without
    transformations. ``silent`` tells which pictures show nothing, because nothing made the
    score rise. ``steps`` are those taken until the last picture was finished; ``curve`` holds
    the scores of each step.
    """

    pictures: Bytes
    masks: Bytes
    scores: list[float]
    silent: list[bool]
    steps: int
    curve: list[tuple[int, list[float]]]
    precision: str
    device: str


def maximize(
    loaded: Loaded,
    objective: Objective,
    recipe: Recipe,
    count: int,
    spectrum: Spectrum | None = None,
    *,
    first: int = 0,
) -> Generator[Progress, None, Outcome]:
    """Make ``count`` pictures that score high; one yield a step, and closing it stops the run.

    ``first`` is the number of the first picture: where a long list is made batch by batch, every
    picture has a start of its own. ``spectrum`` is that of the pictures that the network saw.
    Raises UnknownLayerError, UnknownChannelError, ValueError where the objective is for another
    number of pictures, and program.SizeError for a size at which a layer cannot be computed.
    """
    needs = checked(objective.needs, loaded.graph)
    objective.check_count(count)
    scorer = Scorer(loaded, objective, needs, recipe)
    picture = parameter(
        recipe.method,
        loaded.spec.input,
        count,
        scorer.size,
        torch.Generator().manual_seed(recipe.seed),
        device=scorer.device,
        spectrum=spectrum,
        first=first,
        learning_rate=recipe.learning_rate,
    )
    return _Run(scorer, recipe, picture, count).steps()


class Scorer:
    """Scores pictures N×C×H×W in 0…1 by the differentiable program."""

    def __init__(self, loaded: Loaded, objective: Objective, needs: Needs, recipe: Recipe) -> None:
        self.spec: InputSpec = loaded.spec.input
        side = recipe.size
        self.size = self.spec.shape[1:] if side is None else (side, side)
        self.device = next(loaded.network.parameters(), torch.empty(0)).device
        wanted = recipe.precision
        if wanted == "auto" and self.spec.preprocessing != "photo":
            wanted = "float32"
        self.dtype = precision(wanted, self.device)
        self._graph, self._objective, self._units = loaded.graph, objective, units(needs)
        self.program = Program(loaded, list(needs), self.size, dtype=self.dtype, units=self._units)
        mean, std = preprocess.statistics(self.spec, self.device)
        self._factor, self._offset = 1 / std, -mean / std

    def __call__(self, pixels: Tensor) -> Tensor:
        """The score of each picture, N."""
        values = self.program(torch.addcmul(self._offset, pixels, self._factor))
        score = self._objective.score(Values(values, self._graph, self._units))
        return score.expand(len(pixels))

    def plain(self, pictures: Bytes) -> tuple[Tensor, list[bool]]:
        """Scores of 8-bit pictures, and whether any pixel of each can change its score."""
        pixels = to_pixels(pictures, self.spec).to(self.device).requires_grad_()
        scores = self(pixels)
        (gradient,) = torch.autograd.grad(scores.sum(), pixels)
        return scores.detach(), gradient.flatten(1).any(dim=1).tolist()


class _Run:
    def __init__(self, scorer: Scorer, recipe: Recipe, picture: Parameter, count: int) -> None:
        self._scorer, self._recipe, self._parameter = scorer, recipe, picture
        self._optimizer = picture.optimizer()
        standard = transforms.standard(scorer.spec, scorer.size)
        self._transforms = standard if recipe.transforms else transforms.NONE
        self._generator = torch.Generator().manual_seed(recipe.seed)
        self._mask = Mask()
        self._plateau = Plateau(count)
        self._finished: dict[int, Bytes] = {}  # number → its last state
        self._curve: list[Tensor] = []

    def steps(self) -> Generator[Progress, None, Outcome]:
        steps = self._recipe.steps
        for step in range(1, steps + 1):
            scores = self._step()
            self._after(scores)
            yield Progress(step, steps, list(self._plateau.reached), scores, self._render)
            if all(self._plateau.reached):
                break
        return self._outcome()

    def _step(self) -> Tensor:
        """One step of the optimizer; gives the scores before it, N."""
        with torch.enable_grad():
            pixels = self._parameter.pixels()
            pixels.register_hook(self._mask.add)  # type: ignore[no-untyped-call]
            with self._waking():
                scores = self._scorer(self._transforms(pixels, self._generator))
                self._optimizer.zero_grad()
                (-scores.sum()).backward()  # type: ignore[no-untyped-call]
        self._optimizer.step()
        return scores.detach()

    def _waking(self) -> AbstractContextManager[None]:
        """Gradients through dead ReLUs for the pictures whose score stands still."""
        if len(self._curve) < 2:
            return nullcontext()
        asleep = self._curve[-1] == self._curve[-2]
        return self._scorer.program.reviving(asleep) if asleep.any() else nullcontext()

    def _after(self, scores: Tensor) -> None:
        self._curve.append(scores)
        if self._recipe.early_stop:
            for number in self._plateau.add(scores):
                self._finished[number] = self._current()[number]

    def _current(self) -> Bytes:
        with torch.no_grad():
            return to_bytes(self._parameter.pixels(), self._scorer.spec)

    def _render(self) -> Bytes:
        pictures = self._current()
        for number, picture in self._finished.items():
            pictures[number] = picture
        return pictures

    def _outcome(self) -> Outcome:
        pictures = self._render()
        scores, sensitive = self._scorer.plain(pictures)
        rose = (scores > self._curve[0]).tolist()
        silent = [
            score <= 0 and not up and not moves
            for score, up, moves in zip(scores.tolist(), rose, sensitive, strict=True)
        ]
        return Outcome(
            pictures=pictures,
            masks=self._mask.result(),
            scores=scores.tolist(),
            silent=silent,
            steps=len(self._curve),
            curve=[(step, each.tolist()) for step, each in enumerate(self._curve, 1)],
            precision=str(self._scorer.dtype).removeprefix("torch."),
            device=str(self._scorer.device),
        )


def to_bytes(pixels: Tensor, spec: InputSpec) -> Bytes:
    """8-bit pictures, N×H×W or N×H×W×3 (RGB), of pixels N×C×H×W in the network's order."""
    codes = (pixels.clamp(0, 1) * 255).round().byte().cpu()
    if codes.shape[1] == 1:
        return codes[:, 0].numpy()
    ordered = codes.flip(1) if spec.channels == "BGR" else codes
    return ordered.permute(0, 2, 3, 1).contiguous().numpy()


def to_pixels(pictures: Bytes, spec: InputSpec) -> Tensor:
    """The way back: N×C×H×W in 0…1 in the network's order."""
    codes = torch.from_numpy(pictures)
    if pictures.ndim == 3:
        return codes[:, None].float() / 255
    ordered = codes.flip(3) if spec.channels == "BGR" else codes
    return ordered.permute(0, 3, 1, 2).contiguous().float() / 255
