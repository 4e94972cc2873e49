"""(d) A PNG sprite sheet of a layer against Pillow's default for the same picture."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from app.wire.png import palette_png
from bench.measure import Row, interleaved, kib, median, ms, ratio

TITLE = "A sprite sheet as PNG: ours ÷ Pillow's default"


def sheet(channels: int, side: int) -> NDArray[np.uint8]:
    """A sheet as a rectified convolution gives it: smooth where active, much of it zero."""
    rng = np.random.default_rng(1)
    columns = int(np.ceil(np.sqrt(channels)))
    size = columns * side
    noise = rng.normal(size=(size // 4 + 1, size // 4 + 1))
    smooth = np.kron(noise, np.ones((4, 4)))[:size, :size] + rng.normal(
        scale=0.1, size=(size, size)
    )
    return (np.clip(smooth, 0, 3) * 85).astype(np.uint8)


def pillow(codes: NDArray[np.uint8], lut: NDArray[np.uint8]) -> bytes:
    """The same palette picture by Pillow's defaults."""
    picture = Image.fromarray(codes, "L")
    picture.putpalette(lut.tobytes())
    body = io.BytesIO()
    picture.save(body, "PNG")
    return body.getvalue()


def rows(folder: Path) -> Iterator[Row]:
    """Two sizes of layer."""
    lut = np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, axis=1)
    for channels, side, asked in ((64, 224, True), (32, 28, False)):
        codes = sheet(channels, side)
        works = {
            "ours": partial(palette_png, codes, lut),
            "pillow": partial(pillow, codes, lut),
        }
        times = interleaved(works, rounds=7, calls=2)
        ours, theirs = len(works["ours"]()), len(works["pillow"]())
        share = ratio(times["pillow"], times["ours"])
        yield Row(
            f"{channels}×{side}×{side}",
            f"{ms(median(times['ours']))}, {kib(ours)}",
            f"Pillow: {ms(median(times['pillow']))}, {kib(theirs)}",
            f"{share:.1f}× faster, {ours / theirs:.2f}× bytes",
            "≥ 15×, ≤ 1.15×" if asked else "",
            share >= 15 and ours <= 1.15 * theirs if asked else None,
        )
