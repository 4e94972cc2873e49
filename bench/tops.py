"""(i) Scans for top pictures: all digits of MNIST's test set, and photographs through VGG-16."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import torch

from app.services.catalog import Catalog, Loaded
from app.services.gallery import Gallery
from app.services.tops.sets import PictureSets
from app.services.tops.tops import Tops
from bench.measure import Row, median, ms, ratio
from bench.photos import photograph

TITLE = "Top pictures: scans, one torch thread"
PHOTOGRAPHS = 80
WARM = 32  # photographs until most channels have their best pictures

Times = tuple[float, float]  # seconds on the clock, and of the processor in all threads


def rows(folder: Path) -> Iterator[Row]:
    """Digits in seconds, photographs beside the bare forward passes."""
    torch.set_num_threads(1)
    yield _digits(folder)
    yield from _photographs(folder)


def _digits(folder: Path) -> Row:
    tops = Tops(folder / "digits", PictureSets(Gallery(), None, None, 10**6))
    loaded = Catalog("cpu").get("digitnet")
    start = time.perf_counter()
    list(tops.scan(loaded, "mnist-test"))
    seconds = time.perf_counter() - start
    return Row(
        "10,000 digits × all layers of digitnet",
        f"{seconds:.1f} s",
        "",
        ask="< 60 s",
        met=seconds < 60,
    )


def _photographs(folder: Path) -> Iterator[Row]:
    root = folder / "photographs"
    root.mkdir()
    for seed in range(PHOTOGRAPHS):
        (root / f"{seed:03}.jpg").write_bytes(photograph(seed))
    tops = Tops(folder / "tops", PictureSets(Gallery(), None, root, 10**8))
    loaded = Catalog("cpu").get("vgg16", "random")
    bare, scan = compare(tops, loaded)
    what = "photographs × VGG-16's 13 convolutions ÷ bare forward passes"
    for clock, ask in (("rate", 0.8), ("work of all threads, by processor time", None)):
        place = 0 if ask else 1
        alone, scanned = ([times[place] for times in each] for each in (bare, scan))
        share = ratio(alone, scanned)
        yield Row(
            f"{what}: {clock}",
            f"{ms(median(scanned))} each",
            f"bare {ms(median(alone))} each",
            f"{share:.2f}",
            f"≥ {ask}" if ask else "",
            share >= ask if ask else None,
        )


def compare(tops: Tops, loaded: Loaded, warm: int = WARM) -> tuple[list[Times], list[Times]]:
    """Times a photograph of bare passes and of the scan, batch by batch in turn.

    Decoding included; the first ``warm`` photographs are not counted.
    """
    layers = [layer.id for layer in loaded.graph.layers if layer.type == "Conv2d"]
    steps = tops.scan(loaded, "folder", layers)
    before, bare, scan = 0, list[Times](), list[Times]()
    next(steps)
    while True:
        start = _clocks()
        done = getattr(next(steps), "done", None)
        end = _clocks()
        if done is None:
            return bare, scan
        x = torch.randn(done - before, *loaded.spec.input.shape)
        again = _clocks()
        loaded.runner.run(x, layers[-1:])
        if done > warm:
            bare.append(_each(again, _clocks(), len(x)))
            scan.append(_each(start, end, len(x)))
        before = done


def _clocks() -> Times:
    return time.perf_counter(), time.process_time()


def _each(start: Times, end: Times, count: int) -> Times:
    return (end[0] - start[0]) / count, (end[1] - start[1]) / count
