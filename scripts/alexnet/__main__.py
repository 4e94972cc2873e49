"""``python -m scripts.alexnet DATA``: train, measure and write AlexNet, small (ours).

DATA is a folder with the two zip files named in `scripts.alexnet.pictures`. WORK keeps what can
be used again: the teacher's feature maps, and where an interrupted training stands, so that it
goes on there. The weights and their entry of index.toml go to FOLDER, which is WORK unless named:
the weights of the repository are replaced only by ``--folder models/weights``.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
import time
from pathlib import Path
from typing import Any

import torch
from torch import nn

import models
from app.services.training.compute import Compute, compute
from models.weights import WeightsError
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
_AMOUNTS = {
    "steps": "steps of the training",
    "labelled": "pictures of CIFAR-10 in a step",
    "crops": "crops of photographs in a step",
}


def trained(course: Course, steps: int, seed: int, kept: Path) -> float:
    """Train to the end; the processor seconds that it took here."""
    if kept.is_file():
        course.load(kept)
        print(f"goes on after step {course.done}", flush=True)
    start, since = time.process_time(), course.done
    losses = torch.zeros(2)
    while course.done < steps:
        losses += torch.tensor(course.step(seed))
        if course.done % _TOLD == 0:
            spent = (time.process_time() - start) / (course.done - since)
            supervised, distilled = (losses / _TOLD).tolist()
            print(
                f"step {course.done} of {steps}: labels {supervised:.3f}, "
                f"teacher {distilled:.3f}, {spent:.2f} CPU-seconds a step",
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
    parser = argparse.ArgumentParser(prog="python -m scripts.alexnet", description=__doc__)
    parser.add_argument("data", type=Path, help="folder with the zip files")
    parser.add_argument("--work", type=Path, default=WORK, help="what is kept for the next time")
    parser.add_argument("--folder", type=Path, help="where to write the weights; default: WORK")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    for name, what in _AMOUNTS.items():
        parser.add_argument(f"--{name}", type=int, default=getattr(Recipe, name), help=what)
    options = parser.parse_args()
    options.folder = options.folder or options.work
    lacking = [name for name in (CIFAR, PHOTOGRAPHS) if not (options.data / name).is_file()]
    if lacking:
        parser.error(f"there is no {' and no '.join(lacking)} in {options.data}")
    return options


def _digest(*parts: Path | str) -> str:
    """A short name for files and texts, by what they hold."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.encode() if isinstance(part, str) else part.read_bytes())
    return digest.hexdigest()[:12]


def main() -> None:
    """Train as the options say, then measure and write."""
    options = _options()
    torch.set_num_threads(options.threads)
    for folder in (options.work, options.folder):
        folder.mkdir(parents=True, exist_ok=True)
    spec = models.spec(MODEL)
    archives = options.data / CIFAR, options.data / PHOTOGRAPHS
    print("reads the pictures", flush=True)
    train, test = (cifar(archives[0], split, spec.classes) for split in ("train", "test"))
    photos = photographs(archives[1])
    seen = options.work / f"teacher-{_digest(archives[1])}.safetensors"
    material = Material(train, photos, teacher(photos, seen))
    recipe = Recipe(options.steps, options.labelled, options.crops)
    torch.manual_seed(SEED)
    student = Student(models.create(MODEL), patches(material, recipe, spec.input, SEED))
    way = compute(torch.device(options.device), "auto", student)
    course = Course(student, material, recipe, spec.input, way)
    kept = options.work / f"course-{_digest(*archives, recipe.words())}.pt"
    seconds = trained(course, recipe.steps, SEED, kept)
    print("measures the network, and one that has learnt nothing", flush=True)
    finished = halved(fold(student.cpu(), models.create(MODEL)))
    facts: dict[str, Any] = {"data": DATA, "licence": LICENCE, "recipe": recipe.words()}
    facts |= {"seed": SEED} | measured(finished, train, test, way)
    write(result(MODEL, finished.half().state_dict(), facts, seconds), options.folder)
    kept.unlink()  # the next training begins anew
    file = options.folder / f"{MODEL}.safetensors"
    print(f"`make weights FILE={file} MODEL={MODEL}` shows these weights on the page, too.")


if __name__ == "__main__":
    try:
        main()
    except WeightsError as error:  # the teacher's cannot be had
        sys.exit(str(error))
