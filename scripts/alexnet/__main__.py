"""``python -m scripts.alexnet DATA``: train, measure and write AlexNet, small (ours).

DATA is a folder with the two zip files named in `scripts.alexnet.pictures`. WORK keeps what can
be used again: the teacher's feature maps, and where the training stands, so that it goes on there.
"""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path
from typing import Any

import torch
from torch import nn

import models
from app.services.training.compute import Compute, compute
from models.weights import FOLDER
from scripts.alexnet.course import Course, Material, Recipe, patches
from scripts.alexnet.features import accuracy, probe
from scripts.alexnet.kernels import fits
from scripts.alexnet.pictures import CIFAR, PHOTOGRAPHS, Labelled, cifar, photographs
from scripts.alexnet.student import Student, fold
from scripts.alexnet.teacher import teacher
from scripts.shipped import result, rounded, write

MODEL = "alexnet_small"
DATA = (
    "CIFAR-10's 50,000 training pictures (as JPEG), and crops of 1,000 photographs from ImageNet "
    "without their labels, with EfficientNet-Lite0 as the teacher"
)
LICENCE = "MIT; learnt from CIFAR-10 and ImageNet, whose terms allow research and teaching"
WORK = Path("build/alexnet")
SEED = 2012  # the year of AlexNet
_OFTEN = 500  # steps, after which it is kept where the training stands
_TOLD = 50  # steps, after which a line is printed


def trained(course: Course, steps: int, seed: int, kept: Path) -> float:
    """Train to the end; the processor seconds that it took here."""
    if kept.is_file():
        course.load(kept)
    start, since = time.process_time(), course.done
    losses = torch.zeros(2)
    while course.done < steps:
        losses += torch.tensor(course.step(seed))
        if course.done % _TOLD == 0:
            spent = (time.process_time() - start) / (course.done - since)
            said, copied = (losses / _TOLD).tolist()
            print(
                f"step {course.done}: labels {said:.3f}, teacher {copied:.3f}, {spent:.2f} s/step",
                flush=True,
            )
            losses.zero_()
        if course.done % _OFTEN == 0 or course.done == steps:
            course.save(kept)
    return time.process_time() - start


def halved(network: nn.Module) -> nn.Module:
    """The network with the numbers that the file of float16 will hold, in float32."""
    return network.half().float()


def measured(
    network: nn.Module, train: Labelled, test: Labelled, way: Compute
) -> dict[str, dict[str, float]]:
    """What index.toml says of the network and of one that has learned nothing."""
    spec = models.spec(MODEL).input
    untrained = models.create(MODEL).eval()
    first = [next(net.parameters()) for net in (network, untrained)]
    ours, theirs = (fits(kernels) for kernels in first)
    return {
        "accuracy": rounded({"cifar10_test": accuracy(network, test, spec, way.device)}),
        "features": rounded(
            {
                "gabor_or_blob": ours.good(),
                "gabor_or_blob_untrained": theirs.good(),
                "probe_cifar10": probe(network, train, test, spec, way, seed=SEED),
                "probe_cifar10_untrained": probe(untrained, train, test, spec, way, seed=SEED),
            }
        ),
    }


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder with the zip files")
    parser.add_argument("--work", type=Path, default=WORK, help="what is kept for the next time")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where to write")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    for name in ("steps", "labelled", "crops"):
        parser.add_argument(f"--{name}", type=int, default=getattr(Recipe, name))
    return parser.parse_args()


def main() -> None:
    """Train as the options say, then measure and write."""
    options = _options()
    torch.set_num_threads(options.threads)
    options.work.mkdir(parents=True, exist_ok=True)
    spec = models.spec(MODEL)
    train, test = (cifar(options.data / CIFAR, split, spec.classes) for split in ("train", "test"))
    recipe = Recipe(options.steps, options.labelled, options.crops)
    photos = photographs(options.data / PHOTOGRAPHS)
    material = Material(train, photos, teacher(photos, options.work / "teacher.safetensors"))
    torch.manual_seed(SEED)
    student = Student(models.create(MODEL), patches(material, recipe, spec.input, SEED))
    way = compute(torch.device(options.device), "auto", student)
    course = Course(student, material, recipe, spec.input, way)
    seconds = trained(course, recipe.steps, SEED, options.work / "course.pt")
    finished = halved(fold(student.cpu(), models.create(MODEL)))
    facts: dict[str, Any] = {"data": DATA, "licence": LICENCE, "recipe": recipe.words(), "seed": SEED}
    facts |= measured(finished, train, test, way)
    write(result(MODEL, finished.half().state_dict(), facts, seconds), options.folder)


if __name__ == "__main__":
    main()
