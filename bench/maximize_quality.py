"""Our maximized pictures and torch-lucent's, scored alike: ``python -m bench.maximize_quality``.

As many steps and the same size for both; the 8-bit pictures are measured again in float32, at
the network's own 224 pixels, without transformations. Of VGG-16 lucent maximizes what is left
of features.19 after the ReLU behind it, which works in place: so do we (features.20). Takes many
minutes, nearly all of them lucent's.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from app import allocator
from app.schemas.maximize import Precision
from app.services.catalog import Catalog, Loaded
from app.services.maximize.measure import measure
from app.services.maximize.objectives import channel
from app.services.maximize.recipe import FAST
from app.services.maximize.run import Bytes, maximize
from app.services.maximize.spectra import Spectra
from app.services.maximize.spectrum import Spectrum
from bench.lucent import Lucent
from models.weights import Store, default_folder

MODEL, LAYER, RECTIFIED = "vgg16", "features.19", "features.20"
SIZE, TOGETHER = 128, 10


def ours(
    loaded: Loaded, units: list[int], steps: int, precision: Precision, spectrum: Spectrum
) -> Bytes:
    """One picture a unit, N×H×W×3."""
    recipe = replace(FAST["photo"], steps=steps, size=SIZE, precision=precision, early_stop=False)
    run = maximize(loaded, channel(RECTIFIED, units), recipe, len(units), spectrum)
    while True:
        try:
            next(run)
        except StopIteration as end:
            pictures: Bytes = end.value.pictures
            return pictures


def theirs(lucent: Lucent, units: list[int], steps: int, folder: Path) -> Bytes:
    """The same by lucent."""
    file = folder / "pictures.npy"
    lucent.run(units, steps, SIZE, file)
    pictures: Bytes = (np.load(file) * 255).round().clip(0, 255).astype(np.uint8)
    return pictures


def scores(loaded: Loaded, pictures: Bytes, units: list[int], layer: str) -> list[float]:
    """The mean of each picture's own channel."""
    return measure(loaded, pictures, channel(layer, units)).scores


def main() -> None:
    """Print mean scores after every ten units."""
    parser = argparse.ArgumentParser(prog="python -m bench.maximize_quality", description=__doc__)
    parser.add_argument("--units", type=int, default=50)
    parser.add_argument("--steps", type=int, default=128)
    parser.add_argument("--seed", type=int, default=0, help="of the draw of units")
    parser.add_argument("--weights", type=Path, default=default_folder(), help="their folder")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    allocator.keep_pages(1024**3)
    store = Store(arguments.weights)
    loaded = Catalog("cpu", store).get(MODEL)
    spectrum = Spectra().of(loaded.spec.input)
    draw = np.random.default_rng(arguments.seed).permutation(512)[: arguments.units].tolist()
    found: dict[tuple[str, str], list[float]] = {}
    source = store.default(MODEL)
    with (
        tempfile.TemporaryDirectory() as folder,
        Lucent(MODEL, LAYER, str(source), arguments.weights) as lucent,
    ):
        for start in range(0, len(draw), TOGETHER):
            units = draw[start : start + TOGETHER]
            made = {
                "lucent": theirs(lucent, units, arguments.steps, Path(folder)),
                "float32": ours(loaded, units, arguments.steps, "float32", spectrum),
                "bfloat16": ours(loaded, units, arguments.steps, "bfloat16", spectrum),
            }
            for who, pictures in made.items():
                for layer in (RECTIFIED, LAYER):
                    new = scores(loaded, pictures, units, layer)
                    found.setdefault((who, layer), []).extend(new)
            report(found, arguments.steps)


def report(found: dict[tuple[str, str], list[float]], steps: int) -> None:
    """Mean scores so far, ratios, and in how many units ours is ahead."""
    for (who, layer), values in found.items():
        peer = found["lucent", layer]
        share = sum(values) / sum(peer)
        ahead = sum(a > b for a, b in zip(values, peer, strict=True))
        mean = sum(values) / len(values)
        print(
            f"{layer}, {len(values)} units, {steps} steps, {who}: mean score {mean:.2f}, "
            f"{share:.2f} of lucent's, higher in {ahead}",
            flush=True,
        )


if __name__ == "__main__":
    main()
