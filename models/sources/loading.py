"""From a safetensors file to a network that is ready to use."""

from __future__ import annotations

import copy
import hashlib
import threading
import warnings
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file as read_tensors
from torch import Tensor, nn

from models import registry
from models.sources.errors import WeightsError
from models.sources.source import State

_random = threading.Lock()  # torch has one random generator for all threads


def load_file(network: nn.Module, path: Path, sha256: str | None = None) -> None:
    """Load a safetensors file into a network, strictly.

    Raises WeightsError that lists missing and unexpected names, or a wrong hash.
    """
    state = read(path, sha256)
    try:
        network.load_state_dict(state, strict=True)
    except RuntimeError as error:
        raise WeightsError(f"{path.name}: {error}") from error


def load_network(model_id: str, num_classes: int, path: Path, sha256: str) -> nn.Module:
    """A network with the weights of a safetensors file, in eval mode.

    It is built without memory and takes the file's tensors as its own, so that no time goes
    into random numbers that are thrown away. Raises WeightsError.
    """
    return filled(model_id, num_classes, read(path, sha256), path.name)


def filled(model_id: str, num_classes: int, state: State, name: str) -> nn.Module:
    """A network that takes these tensors as its own, in eval mode; ``name`` is their file's.

    Raises WeightsError.
    """
    network = skeleton(model_id, num_classes)
    try:
        network.load_state_dict(state, strict=True, assign=True)
        if _has_placeholders(network):  # e.g. buffers that are not part of the weights
            network = registry.build(model_id, num_classes)
            network.load_state_dict(state, strict=True)
    except RuntimeError as error:
        raise WeightsError(f"{name}: {error}") from error
    return network.eval()


def refilled(network: nn.Module, state: State, name: str) -> nn.Module:
    """A network like this one with other weights; nothing is built or copied.

    Raises WeightsError.
    """
    shared = {id(each): each for each in chain(network.parameters(), network.buffers())}
    other = copy.deepcopy(network, shared)
    try:
        other.load_state_dict(state, strict=True, assign=True)
    except RuntimeError as error:
        raise WeightsError(f"{name}: {error}") from error
    return other.eval()


def skeleton(model_id: str, num_classes: int | None = None) -> nn.Module:
    """A network whose tensors have shapes but no memory. Raises UnknownModelError."""
    with torch.device("meta"), warnings.catch_warnings():
        # A network without a classifier may initialise a layer of no units.
        warnings.filterwarnings("ignore", "Initializing zero-element tensors")
        return registry.build(model_id, num_classes)


def random_network(model_id: str, seed: int = 0) -> nn.Module:
    """A network with random weights, the same ones every time, in eval mode.

    Raises UnknownModelError.
    """
    with _random, torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return registry.build(model_id).eval()


def read(path: Path, sha256: str | None = None) -> State:
    """The tensors of a safetensors file; those in half precision (or bfloat16) as float32.

    Raises WeightsError: unreadable, or a wrong hash.
    """
    try:
        if sha256 is not None and file_sha256(path) != sha256:
            raise WeightsError(f"{path.name} is damaged: its SHA-256 is not the promised one")
        return {name: _single(tensor) for name, tensor in read_tensors(path).items()}
    except (SafetensorError, OSError) as error:
        raise WeightsError(f"{path.name} cannot be read: {error}") from error


def file_sha256(path: Path) -> str:
    """The SHA-256 of a file, as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _single(tensor: Tensor) -> Tensor:
    """Networks compute in float32; counters stay whole numbers."""
    return tensor.float() if tensor.is_floating_point() else tensor


def _has_placeholders(network: nn.Module) -> bool:
    return any(tensor.is_meta for tensor in _tensors(network))


def _tensors(network: nn.Module) -> Iterator[Tensor]:
    """Parameters, buffers, and tensors that a layer keeps as plain attributes."""
    plain = (
        value
        for module in network.modules()
        for value in vars(module).values()
        if isinstance(value, Tensor)
    )
    return chain(network.parameters(), network.buffers(), plain)
