"""Files in half precision: small on disk, float32 in memory."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

import models
from models.sources import loading

NETWORKS = ("alexnet_small", "digitnet")  # the second has counters, which are whole numbers
HALVES = (torch.float16, torch.bfloat16)


def halved(model_id: str, half: torch.dtype, path: Path) -> dict[str, Tensor]:
    """Write random weights in half precision; gives them as float32."""
    state = loading.random_network(model_id).state_dict()
    small = {n: v.to(half) if v.is_floating_point() else v for n, v in state.items()}
    save_file(small, path)
    return {name: value.to(state[name].dtype) for name, value in small.items()}


def assert_is(network: nn.Module, expected: dict[str, Tensor]) -> None:
    state = network.state_dict()
    assert state.keys() == expected.keys()
    for name, value in state.items():
        assert value.dtype == expected[name].dtype
        assert torch.equal(value, expected[name])


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("model_id", NETWORKS)
def test_a_network_of_halves_computes_in_float32(
    model_id: str, half: torch.dtype, tmp_path: Path
) -> None:
    path = tmp_path / "half.safetensors"
    expected = halved(model_id, half, path)
    spec = models.spec(model_id)
    network = loading.load_network(model_id, len(spec.classes), path, loading.file_sha256(path))
    assert_is(network, expected)
    assert network(torch.zeros(1, *spec.input.shape)).dtype == torch.float32
    other = loading.refilled(network, loading.read(path), path.name)
    assert_is(other, expected)


@pytest.mark.parametrize("half", HALVES)
def test_a_users_file_of_halves(half: torch.dtype, tmp_path: Path) -> None:
    path = tmp_path / "mine.safetensors"
    expected = halved("alexnet_small", half, path)
    assert_is(models.create("alexnet_small", weights=path), expected)
    store = models.weights.Store(tmp_path / "store")
    store.add_file("alexnet_small", path, path.name)
    assert_is(store.load("alexnet_small", "file")[0], expected)
