"""Train the digit networks and write models/weights/: `make train-digits`.

Two networks at a time, one thread each (two threads on one network are slower). The same
seed gives the same weights on the same kind of processor; bfloat16 is used where the
processor has instructions for it.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

import models
from app.schemas.training import OptimizerChoice, ScheduleChoice
from app.services import drawn, preprocess
from app.services.augment import Strength, augment
from app.services.datasets import load_mnist
from app.services.training.batches import step_seed
from app.services.training.compute import compute
from app.services.training.schedules import factor
from app.services.training.trainer import Trainer
from models.registry import ModelSpec
from models.weights import FOLDER
from scripts.digit_report import HELD_OUT, measure
from scripts.shipped import Result, write

SEED = 2015  # the year of Harley's page
OUTLIERS = 24  # pictures in a batch that are no digits; the right answer is "any digit"
OUTLIER_LETTERS = "ACEJKMRTUXahmw"
OUTLIER_SCRIBBLES = ("grid", "hatching", "tangle")

PLAIN = Strength()
MOVED = Strength(shift=7.5)
RESIZED = Strength(scale=(0.55, 1.45), aspect=0.4, stroke=1.0)


@dataclass(frozen=True)
class Recipe:
    """How one network is trained. ``epochs`` are passes over the 55,000 digits."""

    epochs: int
    batch: int
    peak_rate: float
    weight_decay: float


# The one that takes longest comes first, so that two workers end at about the same time.
RECIPES = {
    "digitnet": Recipe(epochs=56, batch=256, peak_rate=4e-3, weight_decay=0.02),
    "mlp": Recipe(epochs=80, batch=256, peak_rate=3e-3, weight_decay=0.02),
    "harley": Recipe(epochs=60, batch=256, peak_rate=4e-3, weight_decay=0.02),
    "lenet5": Recipe(epochs=50, batch=256, peak_rate=4e-3, weight_decay=0.02),
}


@dataclass(frozen=True)
class Material:
    """Float pictures N×1×28×28 in 0…1, and the digits' labels."""

    digits: Tensor
    labels: Tensor
    outliers: Tensor


def material() -> Material:
    """MNIST's training digits without the held-out ones, and drawings that are no digits."""
    pictures, labels = load_mnist("train")
    outliers = np.concatenate(
        [
            drawn.letters(6000, SEED, OUTLIER_LETTERS),
            drawn.scribbles(6000, SEED, OUTLIER_SCRIBBLES),
        ]
    )
    return Material(
        _floats(pictures[:-HELD_OUT]),
        torch.from_numpy(labels[:-HELD_OUT].astype(np.int64)),
        _floats(outliers),
    )


def batches(
    data: Material, recipe: Recipe, spec: ModelSpec, seed: int
) -> Iterator[tuple[Tensor, Tensor]]:
    """Endless batches: augmented pictures, network-ready, and the wanted probabilities."""
    generator = torch.Generator().manual_seed(seed)
    classes = len(spec.classes)
    outlier_targets = torch.full((OUTLIERS, classes), 1 / classes)
    while True:
        order = torch.randperm(len(data.digits), generator=generator)
        for chosen in torch.split(order, recipe.batch - OUTLIERS):
            others = torch.randint(len(data.outliers), (OUTLIERS,), generator=generator)
            pictures = torch.cat([data.digits[chosen], data.outliers[others]])
            wanted = torch.cat([F.one_hot(data.labels[chosen], classes).float(), outlier_targets])
            shuffle = torch.randperm(len(pictures), generator=generator)
            yield change(pictures[shuffle], spec, generator), wanted[shuffle]


def change(pictures: Tensor, spec: ModelSpec, generator: torch.Generator) -> Tensor:
    """An eighth of the pictures as they are, three eighths slightly changed; a quarter moved
    and a quarter resized, perhaps beyond the frame, and centred again as the page does with a
    drawing."""
    eighth = len(pictures) // 8
    moved, resized, same, near = torch.split(
        pictures, [2 * eighth, 2 * eighth, eighth, len(pictures) - 5 * eighth]
    )
    far = [augment(moved, MOVED, generator), augment(resized, RESIZED, generator)]
    drawings = (torch.cat(far)[:, 0] * 255).round().byte().numpy()
    uncentred = torch.cat([same, augment(near, PLAIN, generator)])[:, 0].numpy()
    return preprocess.normalize(np.concatenate([preprocess.center(drawings), uncentred]), spec)


def train_one(model_id: str, recipe: Recipe, seed: int = SEED) -> Result:
    """One network, trained and measured, on one thread."""
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    start = time.process_time()
    network, spec, data = models.create(model_id), models.spec(model_id), material()
    per_epoch = -(-len(data.digits) // (recipe.batch - OUTLIERS))
    total = 0.0
    stream = batches(data, recipe, spec, seed)
    for number, loss in course(network, stream, recipe, recipe.epochs * per_epoch, seed):
        total += loss
        if number % per_epoch == 0:
            print(
                f"{model_id}: epoch {number // per_epoch}, loss {total / per_epoch:.4f}", flush=True
            )
            total = 0.0
    seconds = time.process_time() - start
    return measure(network, spec, describe(recipe), seed, seconds)


def course(
    network: nn.Module,
    stream: Iterable[tuple[Tensor, Tensor]],
    recipe: Recipe,
    steps: int,
    seed: int,
) -> Iterator[tuple[int, float]]:
    """Train in place by AdamW under a one-cycle rate; the number and the loss of each step."""
    choice = OptimizerChoice(learning_rate=recipe.peak_rate, decay=recipe.weight_decay)
    trainer = Trainer(network, choice, compute(torch.device("cpu"), "auto", network))
    cycle = ScheduleChoice(name="one_cycle")
    for done, (inputs, wanted) in zip(range(steps), stream, strict=False):
        rate = recipe.peak_rate * factor(cycle, done, steps, steps)
        trainer.adjust(rate, recipe.weight_decay, choice.momentum)
        yield done + 1, float(trainer.step(inputs, wanted, step_seed(seed, done))[0])


def describe(recipe: Recipe) -> str:
    """The recipe in words, for index.toml."""
    return (
        f"{recipe.epochs} epochs, batches of {recipe.batch}, AdamW (weight decay "
        f"{recipe.weight_decay}) with a one-cycle rate up to {recipe.peak_rate}; shift, rotation, "
        "scale, shear, elastic and stroke-width augmentation, half of it centred again, an eighth "
        "as it is; "
        f"{OUTLIERS} of each batch are drawn letters ({OUTLIER_LETTERS}) and scribbles "
        f"({', '.join(OUTLIER_SCRIBBLES)}) with a uniform target; no drawn digits"
    )


def _floats(pictures: NDArray[np.uint8]) -> Tensor:
    return torch.from_numpy(pictures.astype(np.float32) / 255)[:, None]


def main() -> None:
    """Train the named networks (default: all) and write their files and index.toml."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("networks", nargs="*", help=f"some of {list(RECIPES)}")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where to write")
    parser.add_argument("--workers", type=int, default=min(2, os.cpu_count() or 1))
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    chosen = options.networks or list(RECIPES)
    results = []
    with ProcessPoolExecutor(options.workers, get_context("spawn")) as pool:
        jobs = [pool.submit(train_one, model_id, RECIPES[model_id]) for model_id in chosen]
        for job in as_completed(jobs):
            results.append(job.result())
            write(results[-1], options.folder)
    print(f"{sum(result.seconds for result in results) / 60:.1f} CPU-minutes of training")


if __name__ == "__main__":
    main()
