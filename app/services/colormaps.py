"""The colour maps on offer: a hand-picked few of colorcet's perceptually uniform ones.

P. Kovesi, Good Colour Maps: How to Design Them, arXiv:1509.03700. Zero takes (nearly) the page's
background: maps for dark pages have a dark end or middle, those for light pages a white one.
The first of each kind and theme is the default. All can be told apart with red-green
colour blindness: lightness alone orders them, or blue is opposed to yellow or red.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import colorcet
import numpy as np
from numpy.typing import NDArray

from app.schemas import ColorMap

# colorcet's name, title, kind, theme, and what is taken of it: all, turned round, or the upper half
_CHOSEN: tuple[tuple[str, str, str, str, str], ...] = (
    ("CET_D6", "Blue – dark – yellow", "diverging", "dark", ""),
    ("CET_D4", "Blue – dark – red", "diverging", "dark", ""),
    ("CET_CBL4", "Dark – gold – cream", "sequential", "dark", ""),
    ("CET_CBL2", "Dark – blue – yellow", "sequential", "dark", ""),
    ("CET_L16", "Dark – blue – green – yellow", "sequential", "dark", ""),
    ("CET_L3", "Black – red – yellow", "sequential", "dark", ""),
    ("CET_L2", "Dark grey – white", "sequential", "dark", ""),
    ("CET_D9", "Blue – white – red", "diverging", "light", ""),
    ("CET_CBD1", "Blue – white – ochre", "diverging", "light", ""),
    # The warm half of the default diverging map: a positive value has one colour everywhere.
    ("CET_D9", "White – red", "sequential", "light", "_upper"),
    ("CET_L17", "White – orange – blue", "sequential", "light", ""),
    ("CET_L18", "White – yellow – red", "sequential", "light", ""),
    ("CET_CBL3", "White – blue – black", "sequential", "light", "_r"),
    ("CET_L2", "White – dark grey", "sequential", "light", "_r"),
)


class UnknownColorMapError(LookupError):
    """No colour map has this id; ``valid`` lists those that exist, ``nearest`` the most similar."""

    def __init__(self, map_id: str) -> None:
        self.valid = [colormap.id for colormap in all_maps()]
        close = difflib.get_close_matches(map_id, self.valid, n=1, cutoff=0.4)
        self.nearest = close[0] if close else None
        super().__init__(f"No colour map is named {map_id!r}.")


@dataclass(frozen=True)
class Palette:
    """A colour map as an array: ``lut`` is uint8 256×3."""

    id: str
    diverging: bool
    lut: NDArray[np.uint8]


@cache
def all_maps() -> list[ColorMap]:
    """Every colour map, defaults first."""
    return [_describe(*entry) for entry in _CHOSEN]


@cache
def palette(map_id: str) -> Palette:
    """One colour map by id. Raises UnknownColorMapError."""
    for colormap in all_maps():
        if colormap.id == map_id:
            lut = np.frombuffer(bytes.fromhex(colormap.lut), np.uint8).reshape(256, 3)
            return Palette(map_id, colormap.kind == "diverging", lut)
    raise UnknownColorMapError(map_id)


def default(signed: bool, theme: str = "light") -> Palette:
    """The map for signed (diverging) or non-negative (sequential) values."""
    kind = "diverging" if signed else "sequential"
    return palette(next(m.id for m in all_maps() if m.kind == kind and m.theme == theme))


def _describe(name: str, title: str, kind: str, theme: str, part: str) -> ColorMap:
    lut = "".join(_hex(colour) for colour in getattr(colorcet, name))
    colours = np.frombuffer(bytes.fromhex(lut), np.uint8).reshape(256, 3)
    fields = {"id": name + part, "title": title, "kind": kind, "theme": theme}
    return ColorMap.model_validate(fields | {"lut": _PARTS[part](colours).tobytes().hex()})


def _upper_half(colours: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The middle to the end of a diverging map, stretched to 256 colours."""
    at = np.linspace(128, 255, 256)
    channels = [np.interp(at, np.arange(256), channel) for channel in colours.T]
    return np.stack(channels, axis=1).round().astype(np.uint8)


_PARTS: dict[str, Callable[[NDArray[np.uint8]], NDArray[np.uint8]]] = {
    "": lambda colours: colours,
    "_r": lambda colours: colours[::-1],
    "_upper": _upper_half,
}


def _hex(colour: str | list[float]) -> str:
    """colorcet gives some maps as "#rrggbb", others as three floats."""
    if isinstance(colour, str):
        return colour.removeprefix("#")
    return "".join(f"{round(255 * part):02x}" for part in colour)
