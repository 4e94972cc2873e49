from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image
from safetensors.numpy import load as load_safetensors

import models
from app.services.colormaps import palette
from models.layers import LENET_TABLE
from tests.api.conftest import API, DIGITS, Array, Client, assert_problem


def kernels(client: Client, model: str, layer: str, query: str = "") -> Array:
    answer = client.get(f"{API}/models/{model}/layers/{layer}/filters?format=npy{query}")
    assert answer.status_code == 200, answer.text
    array: Array = np.load(io.BytesIO(answer.content))
    return array


def test_kernels_are_the_networks(client: Client) -> None:
    network = models.load("digitnet")
    for name in ("conv1", "conv4", "fc1", "out"):
        weight = network.get_parameter(f"{name}.weight").detach().numpy()
        assert np.array_equal(kernels(client, "digitnet", name), weight)


def test_a_sparse_table_has_zeros_where_nothing_is_connected(client: Client) -> None:
    dense = kernels(client, "harley", "conv2")
    assert dense.shape == (16, 6, 5, 5)
    for output, row in enumerate(LENET_TABLE):
        assert {int(i) for i in np.flatnonzero(dense[output].any(axis=(1, 2)))} == set(row)


def test_trainable_subsampling(client: Client) -> None:
    assert kernels(client, "lenet5", "s2").shape == (6, 1, 2, 2)


@pytest.mark.parametrize("model", DIGITS)
def test_all_kernels_in_one_answer(client: Client, model: str) -> None:
    answer = client.get(f"{API}/models/{model}/filters?format=safetensors")
    found = load_safetensors(answer.content)
    detail = client.get(f"{API}/models/{model}").json()
    kinds = {"Conv2d", "SparseConv2d", "Subsample", "Linear", "BatchNorm2d"}
    weighted = {layer["id"] for layer in detail["layers"] if layer["type"] in kinds}
    assert set(found) == weighted
    name = sorted(weighted)[0]
    assert np.array_equal(found[name], kernels(client, model, name))


def test_some_kernels(client: Client) -> None:
    answer = client.get(f"{API}/models/harley/filters?layers=out,conv1&format=npz")
    with np.load(io.BytesIO(answer.content)) as file:
        assert list(file) == ["out", "conv1"]


def test_output_channels_are_sliced(client: Client) -> None:
    whole = kernels(client, "harley", "conv2")
    assert np.array_equal(
        kernels(client, "harley", "conv2", "&channels=15,0-2"), whole[[15, 0, 1, 2]]
    )


@pytest.mark.parametrize(
    ("model", "layer", "size", "grid"),
    [
        ("harley", "conv1", (15, 10), "columns=3;rows=2;width=5;height=5;zoom=1"),
        ("harley", "conv2", (30, 80), "columns=6;rows=16;width=5;height=5;zoom=1"),
        ("mlp", "fc2", (300, 100), "columns=1;rows=1;width=300;height=100;zoom=1"),
    ],
)
def test_a_picture_is_diverging_about_zero(
    client: Client, model: str, layer: str, size: tuple[int, int], grid: str
) -> None:
    answer = client.get(f"{API}/models/{model}/layers/{layer}/filters?format=png")
    image = Image.open(io.BytesIO(answer.content))
    assert (image.size, answer.headers["x-grid"]) == (size, grid)
    low, high = (float(part) for part in answer.headers["x-range"].split(","))
    assert low == -high == -np.abs(kernels(client, model, layer)).max()
    assert palette(answer.headers["x-cmap"]).diverging


def test_layers_without_kernels(client: Client) -> None:
    answer = client.get(f"{API}/models/harley/layers/pool1/filters")
    problem = assert_problem(answer, 404, field="layer")
    assert problem["valid_layers"] == ["conv1", "conv2", "fc1", "fc2", "out"]
    unknown = client.get(f"{API}/models/harley/layers/conv9/filters")
    assert_problem(unknown, 404, field="layer")
    several = client.get(f"{API}/models/harley/filters?layers=conv1,nope&format=npz")
    assert_problem(several, 404, field="layer")


def test_several_layers_need_an_archive(client: Client) -> None:
    assert_problem(client.get(f"{API}/models/harley/filters?format=png"), 422, field="format")
