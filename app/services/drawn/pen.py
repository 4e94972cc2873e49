"""A hand and a pen: strokes with a person's unsteadiness, drawn as the page's pad draws."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]  # M×2, x and y
SIZE = 28  # pixels, the side of the pad
_PIECES = 5  # straight pieces between two points of a stroke
_PIXELS = np.stack(np.meshgrid(*[np.arange(SIZE) + 0.5] * 2)).reshape(2, -1)  # x and y: 2, P


@dataclass(frozen=True)
class Hand:
    """How one drawing is made. Angles in degrees; lengths in pixels of a 28×28 pad."""

    height: float
    aspect: float  # width ÷ height
    slant: float  # a positive one leans to the right
    rotation: float
    pen: float  # the pen's diameter
    wobble: float  # how far points stray, as a share of the height
    x: float  # where the middle of the drawing comes, from the pad's middle
    y: float


def hand(rng: np.random.Generator) -> Hand:
    """Somebody's hand: thin or thick pen, small or large, upright or leaning."""
    height = rng.uniform(11, 24)
    room = max(0.0, 12.5 - height / 2)
    return Hand(
        height=height,
        aspect=rng.uniform(0.45, 0.95),
        slant=rng.normal(6, 10),
        rotation=rng.normal(0, 6),
        pen=rng.uniform(1.4, 3.6),
        wobble=rng.uniform(0.01, 0.05),
        x=rng.uniform(-room, room),
        y=rng.uniform(-room, room),
    )


def parse(glyph: str) -> list[list[Points]]:
    """The strokes of a glyph (see glyphs.py), each as the smooth curves between its corners."""
    return [_curves(stroke.split()) for stroke in glyph.split("/")]


def _curves(stroke: list[str]) -> list[Points]:
    points = [[float(value) for value in point.rstrip("!").split(",")] for point in stroke]
    corners = [index for index, point in enumerate(stroke) if point.endswith("!")]
    ends = [0, *corners, len(stroke) - 1]
    return [np.array(points[start : end + 1]) / 100 for start, end in pairwise(ends)]


def write(glyph: list[list[Points]], how: Hand, rng: np.random.Generator) -> NDArray[np.uint8]:
    """The glyph drawn by this hand: uint8 28×28, white ink on black."""
    lines = [_place(_unsteady(curves, how, rng), how) for curves in glyph]
    return ink(lines, how.pen)


def _unsteady(curves: list[Points], how: Hand, rng: np.random.Generator) -> Points:
    """One stroke as a polyline M×2; every point strays a little, the whole stroke too."""
    shift = rng.normal(0, how.wobble, 2)
    last: Points | None = None
    pieces = []
    for curve in curves:
        moved = curve + shift + rng.normal(0, how.wobble, curve.shape)
        if last is not None:
            moved[0] = last  # the pen stays down at a corner
        last = moved[-1]
        pieces.append(smooth(moved))
    return np.concatenate(pieces)


def smooth(points: Points) -> Points:
    """A Catmull-Rom spline through points M×2, as a polyline."""
    around = np.concatenate([2 * points[:1] - points[1:2], points, 2 * points[-1:] - points[-2:-1]])
    t = np.linspace(0, 1, _PIECES, endpoint=False)[:, None]
    parts = []
    for a, b, c, d in zip(around, around[1:], around[2:], around[3:], strict=False):
        cubic = -a + 3 * b - 3 * c + d
        square = 2 * a - 5 * b + 4 * c - d
        parts.append(b + (t * (c - a) + t**2 * square + t**3 * cubic) / 2)
    return np.concatenate([*parts, points[-1:]])


def _place(line: Points, how: Hand) -> Points:
    """From the glyph's unit box to pixels of the pad."""
    x = (line[:, 0] - 0.5) * how.aspect - (line[:, 1] - 0.5) * np.tan(np.radians(how.slant))
    y = line[:, 1] - 0.5
    cos, sin = np.cos(np.radians(how.rotation)), np.sin(np.radians(how.rotation))
    turned = np.stack([cos * x - sin * y, sin * x + cos * y], axis=1)
    return turned * how.height + (SIZE / 2 + how.x, SIZE / 2 + how.y)


def ink(lines: list[Points], pen: float) -> NDArray[np.uint8]:
    """Polylines in pixels, drawn with a round pen, antialiased: uint8 28×28."""
    starts = np.concatenate([line[:-1] for line in lines])[:, :, None]  # S, 2, 1
    ends = np.concatenate([line[1:] for line in lines])[:, :, None]
    along_x, along_y = (ends - starts)[:, 0], (ends - starts)[:, 1]  # S, 1
    x, y = _PIXELS[0] - starts[:, 0], _PIXELS[1] - starts[:, 1]  # S, P: from the start
    share = x * along_x + y * along_y
    share /= np.maximum(along_x**2 + along_y**2, 1e-9)
    np.clip(share, 0, 1, out=share)  # the nearest point of the piece: start + share·along
    x -= share * along_x
    y -= share * along_y
    distance = np.sqrt((x * x + y * y).min(axis=0)).reshape(SIZE, SIZE)
    coverage = np.clip(pen / 2 + 0.5 - distance, 0, 1)
    picture: NDArray[np.uint8] = np.round(255 * coverage).astype(np.uint8)
    return picture
