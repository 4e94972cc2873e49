"""Read weights files that others made, without executing anything in them."""

from __future__ import annotations

import pickle
import zipfile
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from models.sources.errors import WeightsError
from models.sources.source import State

SUFFIXES = (".safetensors", ".pth", ".pt", ".onnx")
_MOST_GROWTH = 2  # a file of torch's is not compressed; one that grows more is not honest


def read(path: Path, name: str) -> State:
    """The named tensors of a file; ``name`` is the name that it had, which tells its format.

    Raises WeightsError: another format, a damaged file, or one that holds no tensors.
    """
    suffix = Path(name).suffix.lower()
    try:
        if suffix == ".safetensors":
            return load_file(path)
        if suffix in (".pth", ".pt"):
            return _tensors(_torch(path), name)
        if suffix == ".onnx":
            return _onnx(path)
    except WeightsError:
        raise
    # A damaged file raises almost anything: these readers trust what they read.
    except (SafetensorError, pickle.UnpicklingError, ArithmeticError, LookupError) as error:
        raise _unreadable(name, error) from error
    except (OSError, RuntimeError, ValueError, TypeError, EOFError, AttributeError) as error:
        raise _unreadable(name, error) from error
    raise WeightsError(f"{name}: weights come as {', '.join(SUFFIXES)}, not as {suffix or 'this'}")


def _torch(path: Path) -> object:
    """What torch.save wrote: in a zip archive, or in the older format of one stream."""
    if not zipfile.is_zipfile(path):
        return torch.load(path, map_location="cpu", weights_only=True)
    with zipfile.ZipFile(path) as archive:
        unpacked = sum(entry.file_size for entry in archive.infolist())
    if unpacked > _MOST_GROWTH * path.stat().st_size:
        raise WeightsError(f"{path.name} would grow to {unpacked} bytes")
    return torch.load(path, map_location="cpu", weights_only=True, mmap=True)


def _onnx(path: Path) -> State:
    """The constants of an ONNX graph. The graph itself is not looked at."""
    import onnx  # noqa: PLC0415 (slow to import, and only one source needs it)
    from onnx import numpy_helper  # noqa: PLC0415

    graph = onnx.load(path, load_external_data=False).graph
    constants = ((each.name, numpy_helper.to_array(each)) for each in graph.initializer)
    return {name: torch.from_numpy(array.copy()) for name, array in constants}


def _tensors(content: object, name: str) -> State:
    """The tensors of a state dict, which a training script may have put under "state_dict"."""
    if isinstance(content, Mapping) and isinstance(content.get("state_dict"), Mapping):
        content = content["state_dict"]
    if not isinstance(content, Mapping) or not content:
        raise WeightsError(f"{name} holds no state dict (names with tensors)")
    wrong = [str(key) for key, value in content.items() if not isinstance(value, Tensor)]
    if wrong:
        raise WeightsError(f"{name} holds more than tensors: {', '.join(wrong[:5])}")
    return {str(key): value.detach() for key, value in content.items()}


def _unreadable(name: str, error: Exception) -> WeightsError:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return WeightsError(f"{name} cannot be read: {lines[0]}")
