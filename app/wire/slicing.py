"""The slicing grammar: ``channels=0-15,31``."""

from __future__ import annotations

import re

_GRAMMAR = re.compile(r"\d{1,9}(-\d{1,9})?(,\d{1,9}(-\d{1,9})?)*", re.ASCII)


class SliceError(ValueError):
    """A ``channels`` text that is not in the grammar, or that leaves the tensor."""


def parse_channels(text: str, count: int) -> list[int]:
    """The channels that ``text`` names, in its order, out of 0 … ``count`` - 1.

    Items are numbers and inclusive ranges, separated by commas; each channel at most once.
    Raises SliceError.
    """
    if not _GRAMMAR.fullmatch(text):
        raise SliceError(f"{text[:40]!r} is not like 0-15,31: numbers and ranges with commas.")
    channels: list[int] = []
    for item in text.split(","):
        first, _, last = item.partition("-")
        channels += _range(int(first), int(last or first), count)
    if len(set(channels)) != len(channels):
        raise SliceError(f"{text[:40]!r} names a channel twice.")
    return channels


def _range(first: int, last: int, count: int) -> range:
    if first > last:
        raise SliceError(f"The range {first}-{last} runs backwards.")
    if last >= count:
        raise SliceError(f"There is no channel {last}: the layer has 0 to {count - 1}.")
    return range(first, last + 1)
