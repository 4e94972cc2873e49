"""Count how many maximized pictures drive their unit harder than every real picture does.

``python -m scripts.maximization_check NETWORK [PICTURES] [--units 100] [--seed 0] [--preset fast]
[--method fourier] [--steps 96] [--size 224] [--weights SOURCE] [--layers shown]
[--keep FILE.npz] [--save FILE.png]``

PICTURES is a folder or a zip file of photographs; networks for digits are shown MNIST's 10,000
test digits. Units are channels, drawn at random with a seed over all layers that the viewer shows
("all": also those in between; "sums": the weighted sums before any non-linearity, of use where
a tanh is 1.716 for both). Both the real and the
maximized picture are measured by the same number, in float32 at the network's own input size, by
the ordinary forward pass: the mean of the channel's map, or the value of a dense unit. ``--keep``
keeps what real pictures reach for the next time; ``--save`` writes the pictures as a sheet.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from app.services import preprocess
from app.services.catalog import Catalog, Loaded
from app.services.datasets import load_mnist
from app.services.maximize import objectives
from app.services.maximize.measure import measure
from app.services.maximize.recipe import Recipe, preset
from app.services.maximize.run import Bytes, maximize
from app.services.maximize.spectra import Spectra
from app.services.maximize.spectrum import Spectrum
from app.services.operations import PASS_THROUGH
from models.weights import WeightsError
from scripts import photo_accuracy
from scripts.photo_accuracy import Photograph

DIGITS = 250  # in one forward pass
PHOTOS = 4
TOGETHER = 10  # units of one layer in one run

Unit = tuple[str, int]  # layer, channel
Means = dict[str, Tensor]  # layer → the largest mean of each channel's map over real pictures


@dataclass(frozen=True)
class Result:
    """One unit: what its maximized picture scores and what real pictures reach."""

    unit: Unit
    score: float
    real: float
    silent: bool
    picture: Bytes

    @property
    def wins(self) -> bool:
        """Whether the maximized picture beats every real one."""
        return self.score > self.real

    def __str__(self) -> str:
        """One line of the report."""
        layer, channel = self.unit
        note = " (did not activate)" if self.silent else ""
        return f"{layer} {channel}: {self.score:.4g}, real pictures up to {self.real:.4g}{note}"


def layers_of(loaded: Loaded, which: str) -> list[str]:
    """The layers whose channels are units: "shown" in the viewer, "sums" or "all"."""
    graph = loaded.graph
    if which == "shown":
        return [stage.output for stage in graph.stages if stage.output != "input"]
    if which == "sums":
        return [layer.id for layer in graph.layers if layer.role == "weighted"]
    return [
        layer.id
        for layer in graph.layers
        if layer.id != "input"
        and layer.role != "reshape"
        and not isinstance(graph.module(loaded.network, layer.id), PASS_THROUGH)
    ]


def largest_means(loaded: Loaded, inputs: Iterable[Tensor], layers: list[str]) -> Means:
    """The largest mean of each channel's map over all ``inputs`` (batches, network-ready)."""
    largest: Means = {}

    def receive(layer: str, value: Tensor) -> None:
        means = value.flatten(2).mean(dim=2) if value.ndim == 4 else value
        best = means.amax(dim=0)
        largest[layer] = torch.maximum(largest.get(layer, best), best)

    for x in inputs:
        loaded.runner.visit(x, layers, receive)
    return largest


def draw(means: Means, count: int, seed: int) -> list[Unit]:
    """``count`` different units, each as likely as any other, layer by layer."""
    units = [(layer, channel) for layer, best in means.items() for channel in range(len(best))]
    order = torch.randperm(len(units), generator=torch.Generator().manual_seed(seed))
    return [units[number] for number in sorted(order[:count].tolist())]


def compare(
    loaded: Loaded, units: list[Unit], means: Means, recipe: Recipe, spectrum: Spectrum | None
) -> Iterator[Result]:
    """Maximize each unit, those of a layer together, and measure it beside real pictures."""
    by_layer = defaultdict(list)
    for layer, channel in units:
        by_layer[layer].append(channel)
    for layer, channels in by_layer.items():
        for start in range(0, len(channels), TOGETHER):
            part = channels[start : start + TOGETHER]
            objective = objectives.channel(layer, part)
            run = maximize(loaded, objective, recipe, len(part), spectrum)
            try:
                while True:
                    next(run)
            except StopIteration as end:
                outcome = end.value
            scores = measure(loaded, outcome.pictures, objective).scores
            for number, channel in enumerate(part):
                real = float(means[layer][channel])
                made = outcome.pictures[number]
                silent = outcome.silent[number]
                yield Result((layer, channel), scores[number], real, silent, made)


def real_inputs(loaded: Loaded, pictures: Path | None) -> Iterator[Tensor]:
    """MNIST's test digits or the photographs, as the network sees them, batch by batch."""
    if loaded.spec.input.kind == "digit":
        digits, _ = load_mnist("test")
        for start in range(0, len(digits), DIGITS):
            part = digits[start : start + DIGITS]
            yield preprocess.to_network(part, loaded.spec, "none")
        return
    if pictures is None:
        raise ValueError("A network for photographs needs a folder or a zip file of them.")
    photographs = [Photograph(name, 0, body) for name, body in photo_accuracy.files(pictures)]
    if not photographs:
        raise ValueError(f"{pictures} holds no .jpg, .jpeg or .png files")
    for start in range(0, len(photographs), PHOTOS):
        chunk = photographs[start : start + PHOTOS]
        yield photo_accuracy.network_input(chunk, loaded.spec.input)


def sheet(results: list[Result]) -> Image.Image:
    """The pictures row by row, ten in a row."""
    side = max(result.picture.shape[0] for result in results)
    whole = Image.new("RGB", (10 * side, math.ceil(len(results) / 10) * side))
    for number, result in enumerate(results):
        place = (number % 10 * side, number // 10 * side)
        whole.paste(Image.fromarray(result.picture).convert("RGB"), place)
    return whole


def _kept(file: Path | None, loaded: Loaded, layers: list[str], pictures: Path | None) -> Means:
    """What real pictures reach: from the file, else measured and written there."""
    if file is not None and file.exists():
        with np.load(file) as kept:
            return {layer: torch.from_numpy(kept[layer]) for layer in layers}
    means = largest_means(loaded, real_inputs(loaded, pictures), layers)
    if file is not None:
        np.savez(file, **{layer: best.numpy() for layer, best in means.items()})  # type: ignore[arg-type]
    return means


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("network")
    parser.add_argument("pictures", nargs="?", type=Path, help="a folder or a zip file")
    parser.add_argument("--units", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0, help="of the draw and of the pictures")
    parser.add_argument("--preset", choices=["fast", "fine"], default="fast")
    parser.add_argument("--method", choices=["fourier", "maco", "pixels"], default="fourier")
    parser.add_argument("--steps", type=int, help="default: the preset's")
    parser.add_argument("--size", type=int, help="side in pixels; default: the preset's")
    parser.add_argument("--weights", help="a source; default: the first that is ready")
    parser.add_argument("--layers", choices=["shown", "sums", "all"], default="shown")
    parser.add_argument("--keep", type=Path, help="file for what real pictures reach")
    parser.add_argument("--save", type=Path, help="file for a sheet of the pictures")
    return parser.parse_args()


def main() -> None:
    """Print the units that lose, and how many win."""
    options = _options()
    torch.set_num_threads(1)
    try:
        loaded = Catalog("cpu").get(options.network, options.weights)
        spec = loaded.spec.input
        layers = layers_of(loaded, options.layers)
        means = _kept(options.keep, loaded, layers, options.pictures)
        units = draw(means, options.units, options.seed)
        recipe = preset(options.preset, spec, options.method)
        recipe = replace(
            recipe,
            seed=options.seed,
            steps=options.steps or recipe.steps,
            size=options.size or recipe.size,
        )
        results = []
        for result in compare(loaded, units, means, recipe, Spectra().of(spec)):
            results.append(result)
            if not result.wins:
                print(result, flush=True)
    except (ValueError, LookupError, OSError, WeightsError) as error:
        sys.exit(str(error))
    wins = sum(result.wins for result in results)
    print(f"{loaded.spec.id} ({loaded.source}): {wins} of {len(results)} beat every real picture")
    if options.save:
        sheet(results).save(options.save)


if __name__ == "__main__":
    main()
