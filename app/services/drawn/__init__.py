"""Drawings like those on the page's pad, made by a program: digits, letters, scribbles.

The digits test the networks on something that is not MNIST; none is ever trained on. Some
letters and scribbles teach the networks what no digit is (scripts/train_digits.py); the
others test that. Every function gives the same pictures for the same seed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from app.services.drawn.doodles import KINDS
from app.services.drawn.glyphs import DIGITS, LETTERS
from app.services.drawn.pen import hand, parse, write

Pictures = NDArray[np.uint8]  # N×28×28, white ink on black


def styles() -> list[tuple[int, str]]:
    """Every (digit, style) there is."""
    return [(digit, style) for digit, shapes in DIGITS.items() for style in shapes]


def digits(
    count: int, seed: int, only: Sequence[tuple[int, str]] | None = None
) -> tuple[Pictures, NDArray[np.uint8]]:
    """Drawn digits and their labels; every digit as often, styles at random.

    ``only`` limits them to some of `styles`, taken in turn.
    """
    rng = np.random.default_rng(seed)
    chosen = only or [
        (index % 10, str(rng.choice(list(DIGITS[index % 10])))) for index in range(count)
    ]
    which = [chosen[index % len(chosen)] for index in range(count)]
    pictures = [write(parse(DIGITS[digit][style]), hand(rng), rng) for digit, style in which]
    return np.stack(pictures), np.array([digit for digit, _ in which], np.uint8)


def letters(count: int, seed: int, only: Iterable[str] | None = None) -> Pictures:
    """Drawn letters in turn; ``only`` names some of `glyphs.LETTERS`."""
    rng = np.random.default_rng(seed)
    names = sorted(LETTERS if only is None else only)
    glyphs = [parse(LETTERS[name]) for name in names]
    return np.stack([write(glyphs[i % len(glyphs)], hand(rng), rng) for i in range(count)])


def scribbles(count: int, seed: int, only: Iterable[str] | None = None) -> Pictures:
    """Scribbles of the kinds in turn; ``only`` names some of `doodles.KINDS`."""
    rng = np.random.default_rng(seed)
    kinds = [KINDS[name] for name in sorted(KINDS if only is None else only)]
    return np.stack([kinds[i % len(kinds)](rng) for i in range(count)])
