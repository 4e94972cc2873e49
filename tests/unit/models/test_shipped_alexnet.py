"""The AlexNet that comes with the repository: a small file in half precision, as promised."""

from __future__ import annotations

import hashlib

import pytest
import torch
from safetensors.torch import load_file

import models
from models.weights import FOLDER, shipped

MOST_BYTES = 6_000_000


def test_the_file_is_the_promised_one_and_small() -> None:
    card = shipped()["alexnet_small"]
    body = (FOLDER / card.file).read_bytes()
    assert len(body) == card.bytes < MOST_BYTES
    assert hashlib.sha256(body).hexdigest() == card.sha256
    assert {tensor.dtype for tensor in load_file(FOLDER / card.file).values()} == {torch.float16}


def test_it_says_what_it_learnt_and_how_well() -> None:
    card = shipped()["alexnet_small"]
    assert "CIFAR-10" in card.data
    assert card.recipe
    assert card.seed is not None
    assert 0.5 < card.accuracy["cifar10_test"] < 1
    measured = card.features
    assert measured["gabor_or_blob"] >= 0.6 > measured["gabor_or_blob_untrained"]
    assert measured["probe_cifar10"] >= measured["probe_cifar10_untrained"] + 0.15


def test_it_is_a_float32_network() -> None:
    network = models.load("alexnet_small")
    assert not network.training
    assert {tensor.dtype for tensor in network.state_dict().values()} == {torch.float32}
    stored = load_file(FOLDER / shipped()["alexnet_small"].file)["features.0.weight"]
    assert torch.equal(network.get_parameter("features.0.weight"), stored.float())


def test_its_first_kernels_are_no_noise() -> None:
    """Neighbouring weights are alike in an edge or a blob; in noise they are not."""
    kernels = models.load("alexnet_small").get_parameter("features.0.weight").detach()
    kernels = kernels - kernels.mean((2, 3), keepdim=True)
    beside = (kernels[..., 1:] * kernels[..., :-1]).sum((1, 2, 3)) / kernels.square().sum((1, 2, 3))
    assert float(beside.median()) > 0.3
    noise = torch.randn(64, 3, 11, 11, generator=torch.Generator().manual_seed(1))
    alike = (noise[..., 1:] * noise[..., :-1]).sum((1, 2, 3)) / noise.square().sum((1, 2, 3))
    assert float(alike.median()) == pytest.approx(0, abs=0.1)
