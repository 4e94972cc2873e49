"""Python's pickles of arrays of bytes, read without building anything but what is in this file.

A pickle is a program that may call what it names. Here it may name three of NumPy's makers and
one of Python's; it gets harmless stand-ins for them, which only keep what they are given.
"""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_FAULTS = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
    pickle.UnpicklingError,
)


class InertError(ValueError):
    """A file is no pickle of plain values and arrays of bytes, or it is damaged."""


class Block:
    """An array as a pickle describes it: its shape, the name of its type, and its bytes."""

    def __init__(self) -> None:
        self._state: tuple[Any, ...] = ()

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self._state = state

    def pixels(self) -> NDArray[np.uint8]:
        """The array. Raises ValueError unless it is one of unsigned bytes, row by row."""
        _, shape, kind, in_columns, raw = self._state
        if not isinstance(kind, _Kind) or kind.name not in ("u1", b"u1") or in_columns:
            raise ValueError("an array, but not of unsigned bytes row by row")
        return np.frombuffer(raw, np.uint8).reshape(shape)


def read(path: Path) -> dict[bytes, Any]:
    """The dictionary in a file; its arrays are Blocks. Raises InertError."""
    try:
        with path.open("rb") as file:
            found = _Reader(file, encoding="bytes").load()
    except _FAULTS as error:
        raise InertError(str(error) or type(error).__name__) from error
    if not isinstance(found, dict):
        raise InertError("it holds no dictionary")
    return found


class _Kind:
    """A type of numbers, by its name."""

    def __init__(self, name: str | bytes, *_: object) -> None:
        self.name = name

    def __setstate__(self, state: object) -> None:
        pass


def _block(*_: object) -> Block:
    return Block()


def _encoded(text: str, encoding: object) -> bytes:
    return text.encode("latin1")


_NUMPY = {"_reconstruct": _block, "ndarray": Block, "dtype": _Kind}


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        """The stand-in for what a stream names; nothing is imported."""
        if module.partition(".")[0] == "numpy" and name in _NUMPY:
            return _NUMPY[name]
        if (module, name) == ("_codecs", "encode"):
            return _encoded
        raise pickle.UnpicklingError(f"{module}.{name} does not belong into a data set")
