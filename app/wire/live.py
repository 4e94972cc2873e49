"""The live frame: u32 header length, JSON header, arrays; one message, little-endian."""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Sequence
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from app.wire.numbers import fits_half

_ALIGN = 8
_DIGITS = 10  # room for each offset, so that they can be filled in beforehand


class FrameLayout:
    """Where each layer lies, worked out once for a network, a choice of layers and a dtype.

    A frame whose numbers are too large or too small for float16 comes in float32.

    ``layers`` are (id, shape of one image) pairs. Offsets count from the first array here and
    from the start of the message in the header.
    """

    def __init__(self, layers: Sequence[tuple[str, Sequence[int]]], dtype: str) -> None:
        self.dtype = np.dtype(dtype).newbyteorder("<")
        self._wide = FrameLayout(layers, "float32") if dtype == "float16" else None
        self.ids = [layer for layer, _ in layers]
        self._entries: list[dict[str, Any]] = []
        self._paddings: list[bytes] = []
        offset = 0
        for layer, shape in layers:
            self._entries.append(
                {"id": layer, "shape": list(shape), "dtype": dtype, "offset": offset}
            )
            size = math.prod(shape) * self.dtype.itemsize
            self._paddings.append(bytes(-size % _ALIGN))
            offset += _padded(size)
        self._described: dict[int, bytes] = {}

    def frame(
        self, seq: int, predictions: list[dict[str, Any]], arrays: Sequence[NDArray[np.float32]]
    ) -> bytes:
        """One message; ``arrays`` go with the layers, in order, one image each."""
        if self._wide is not None and not all(map(fits_half, arrays)):
            return self._wide.frame(seq, predictions, arrays)
        head = orjson.dumps({"seq": seq, "predictions": predictions})[:-1]
        start = _padded(4 + len(head) + self._room())
        header = (b"%b,%b}" % (head, self._layers(start))).ljust(start - 4)
        parts: list[Any] = [struct.pack("<I", len(header)), header]
        for values, padding in zip(arrays, self._paddings, strict=True):
            parts.append(np.ascontiguousarray(values, self.dtype))
            parts.append(padding)
        return b"".join(parts)

    def _layers(self, start: int) -> bytes:
        """The layers' part of the header for arrays that begin at ``start``; remembered."""
        text = self._described.get(start)
        if text is None:
            entries = [{**entry, "offset": entry["offset"] + start} for entry in self._entries]
            text = b'"layers":' + orjson.dumps(entries)
            self._described[start] = text
        return text

    def _room(self) -> int:
        """At least the bytes that `_layers` takes, whatever the start."""
        return len(self._layers(0)) + _DIGITS * len(self._entries) + 2


def parse_frame(message: bytes) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """The header and the arrays by layer id (views, no copies) of one message."""
    (length,) = struct.unpack_from("<I", message)
    header: dict[str, Any] = json.loads(message[4 : 4 + length])
    arrays = {}
    for layer in header["layers"]:
        dtype = np.dtype(layer["dtype"]).newbyteorder("<")
        count = int(np.prod(layer["shape"]))
        values = np.frombuffer(message, dtype, count, layer["offset"])
        arrays[layer["id"]] = values.reshape(layer["shape"])
    return header, arrays


def _padded(size: int) -> int:
    return size + -size % _ALIGN
