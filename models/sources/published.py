"""Read weights files that others made, without executing anything in them."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor

from models.sources.errors import WeightsError
from models.sources.source import State

Reader = Callable[[Path], State]
_MOST_GROWTH = 2  # a file of torch's is not compressed; one that grows more is not honest


def read(path: Path, name: str, onnx: bool = False) -> State:
    """The named tensors of a file; ``name`` is the name that it had, which tells its format.

    The constants of an ONNX graph are read where ``onnx`` allows it. Raises WeightsError:
    another format, a damaged file, or one that holds no tensors.
    """
    suffix = Path(name).suffix.lower()
    known: dict[str, Reader] = {".safetensors": load_file, ".pth": _torch, ".pt": _torch}
    reader = {**known, ".onnx": _onnx}.get(suffix) if onnx else known.get(suffix)
    if reader is None:
        raise WeightsError(f"{name}: weights come as {', '.join(known)}, not as {suffix or 'this'}")
    try:
        return reader(path)
    except WeightsError as error:
        raise WeightsError(f"{name} {error}") from error
    except Exception as error:  # readers raise nearly everything for damaged files
        lines = str(error).strip().splitlines() or [type(error).__name__]
        raise WeightsError(f"{name} cannot be read: {lines[0]}") from error


def _torch(path: Path) -> State:
    """What torch.save wrote: in a zip archive, or in the older format of one stream."""
    archived = zipfile.is_zipfile(path)
    if archived:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > _MOST_GROWTH * path.stat().st_size:
            raise WeightsError(f"would grow to {unpacked} bytes")
    return _tensors(torch.load(path, map_location="cpu", weights_only=True, mmap=archived))


def _tensors(content: object) -> State:
    """The tensors of a state dict, which a training script may have put under "state_dict"."""
    if isinstance(content, Mapping) and isinstance(content.get("state_dict"), Mapping):
        content = content["state_dict"]
    if not isinstance(content, Mapping) or not content:
        raise WeightsError("holds no state dict (names with tensors)")
    wrong = [str(key) for key, value in content.items() if not isinstance(value, Tensor)]
    if wrong:
        raise WeightsError(f"holds more than tensors: {', '.join(wrong[:5])}")
    return {str(key): value.detach() for key, value in content.items()}


def _onnx(path: Path) -> State:
    """The constants of an ONNX graph. The graph itself is not looked at."""
    import onnx  # noqa: PLC0415 (slow to import, and only one source needs it)
    from onnx import numpy_helper  # noqa: PLC0415

    graph = onnx.load(path, load_external_data=False).graph
    constants = ((each.name, numpy_helper.to_array(each)) for each in graph.initializer)
    return {name: torch.from_numpy(array.copy()) for name, array in constants}
