"""Drawings that are neither digit nor letter. Each function gives one, uint8 28×28."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from app.services.drawn.pen import Points, ink, smooth

Picture = NDArray[np.uint8]


def _tangle(rng: np.random.Generator) -> Picture:
    """A pen that wanders."""
    return ink([smooth(rng.uniform(4, 24, (int(rng.integers(8, 16)), 2)))], _pen(rng))


def _hatching(rng: np.random.Generator) -> Picture:
    """Straight lines in all directions."""
    return ink([rng.uniform(3, 25, (2, 2)) for _ in range(rng.integers(4, 9))], _pen(rng))


def _zigzag(rng: np.random.Generator) -> Picture:
    """Up and down, turned by any angle."""
    teeth = int(rng.integers(5, 10))
    x = np.linspace(-10, 10, teeth)
    y = rng.uniform(5, 9) * np.where(np.arange(teeth) % 2, 1, -1) + rng.normal(0, 1, teeth)
    return ink([_turned(x, y, rng)], _pen(rng))


def _spiral(rng: np.random.Generator) -> Picture:
    """Two to four turns outwards."""
    angle = np.linspace(0, rng.uniform(2, 4) * 2 * np.pi, 120)
    radius = np.linspace(1, rng.uniform(8, 12), 120)
    return ink([_turned(radius * np.cos(angle), radius * np.sin(angle), rng)], _pen(rng, 2.2))


def _star(rng: np.random.Generator) -> Picture:
    """A star of five or seven rays, drawn in one go."""
    rays = int(rng.choice([5, 7]))
    angle = np.arange(rays + 1) * 2 * np.pi * (rays // 2) / rays
    radius = rng.uniform(8, 12) + rng.normal(0, 0.7, rays + 1)
    return ink([_turned(radius * np.cos(angle), radius * np.sin(angle), rng)], _pen(rng))


def _grid(rng: np.random.Generator) -> Picture:
    """Two or three lines across two or three."""
    lines = []
    for across in (False, True):
        for at in np.linspace(-7, 7, int(rng.integers(2, 4))) + rng.normal(0, 0.7):
            x, y = np.array([-10.0, 10.0]), np.array([at, at + rng.normal(0, 1)])
            lines.append((x, y) if across else (y, x))
    turn = rng.uniform(-0.3, 0.3)
    return ink([_turned(x, y, rng, turn) for x, y in lines], _pen(rng, 2.6))


def _pen(rng: np.random.Generator, thickest: float = 3.4) -> float:
    return float(rng.uniform(1.4, thickest))


def _turned(x: Points, y: Points, rng: np.random.Generator, angle: float | None = None) -> Points:
    """Around the pad's middle, turned by ``angle`` (radians; None: any)."""
    angle = rng.uniform(0, 2 * np.pi) if angle is None else angle
    cos, sin = np.cos(angle), np.sin(angle)
    return np.stack([cos * x - sin * y, sin * x + cos * y], axis=1) + 14


KINDS: dict[str, Callable[[np.random.Generator], Picture]] = {
    "grid": _grid,
    "hatching": _hatching,
    "spiral": _spiral,
    "star": _star,
    "tangle": _tangle,
    "zigzag": _zigzag,
}
