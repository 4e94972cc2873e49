"""(i) Scans for top pictures: all digits of MNIST's test set, and photographs through VGG-16."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import torch

from app.services.catalog import Catalog, Loaded
from app.services.gallery import Gallery
from app.services.tops.sets import PictureSets
from app.services.tops.tops import Tops
from bench.measure import Row, median, ms, ratio, seconds_a_call
from bench.photos import photograph

TITLE = "Top pictures: scans, one torch thread"
PHOTOGRAPHS = 80
WARM = 32  # photographs until most channels have their best pictures


def rows(folder: Path) -> Iterator[Row]:
    """Digits in seconds, photographs beside the bare forward passes."""
    torch.set_num_threads(1)
    yield _digits(folder)
    yield _photographs(folder)


def _digits(folder: Path) -> Row:
    tops = Tops(folder / "digits", PictureSets(Gallery(), None, None, 10**6))
    loaded = Catalog("cpu").get("digitnet")
    start = time.perf_counter()
    *_, last = tops.scan(loaded, "mnist-test")
    seconds = time.perf_counter() - start
    return Row(
        "10,000 digits × all layers of digitnet",
        f"{seconds:.1f} s",
        str(last),
        ask="< 60 s",
        met=seconds < 60,
    )


def _photographs(folder: Path) -> Row:
    root = folder / "photographs"
    root.mkdir()
    for seed in range(PHOTOGRAPHS):
        (root / f"{seed:03}.jpg").write_bytes(photograph(seed))
    tops = Tops(folder / "tops", PictureSets(Gallery(), None, root, 10**8))
    loaded = Catalog("cpu").get("vgg16", "random")
    bare, scan = compare(tops, loaded)
    share = ratio(bare, scan)
    return Row(
        "photographs × VGG-16's 13 convolutions: rate ÷ that of bare forward passes",
        f"{ms(median(scan))} each",
        f"bare {ms(median(bare))} each",
        f"{share:.2f}",
        "≥ 0.8",
        share >= 0.8,
    )


def compare(tops: Tops, loaded: Loaded, warm: int = WARM) -> tuple[list[float], list[float]]:
    """Seconds a photograph of bare passes and of the scan, batch by batch in turn.

    Decoding included; the first ``warm`` photographs are not counted.
    """
    layers = [layer.id for layer in loaded.graph.layers if layer.type == "Conv2d"]
    steps = tops.scan(loaded, "folder", layers)
    before, bare, scan = 0, list[float](), list[float]()
    next(steps)
    while True:
        start = time.perf_counter()
        step = next(steps)
        seconds = time.perf_counter() - start
        done = getattr(step, "done", None)
        if done is None:
            return bare, scan
        x = torch.randn(done - before, *loaded.spec.input.shape)
        alone = seconds_a_call(partial(loaded.runner.run, x, layers[-1:]), 1)
        if done > warm:
            scan.append(seconds / len(x))
            bare.append(alone / len(x))
        before = done
