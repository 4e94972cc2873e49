from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from safetensors.numpy import load as load_safetensors

import models
from app.services.colormaps import palette
from models.layers import LENET_TABLE
from tests.api.conftest import API, DIGITS, Array, Client, MakeClient, assert_problem


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


def test_summary(client: Client) -> None:
    found = client.get(f"{API}/models/digitnet/layers/conv2/filters/summary?strongest=3").json()
    weight = kernels(client, "digitnet", "conv2")
    assert (found["model"], found["layer"], found["shape"]) == (
        "digitnet",
        "conv2",
        [*weight.shape],
    )
    assert found["weights"]["source"] == "shipped"
    assert len(found["filters"]) == len(weight)
    first = found["filters"][0]
    assert first["norm"] == pytest.approx(float(np.linalg.norm(weight[0])), rel=1e-5)
    assert first["min"] == pytest.approx(float(weight[0].min()))
    assert len(first["strongest"]) == 3
    detail = client.get(f"{API}/models/digitnet").json()
    layers = {layer["id"]: layer for layer in detail["layers"]}
    assert layers[found["source"]]["output_shape"][0] == weight.shape[1]


def test_summary_of_what_has_no_kernels(client: Client) -> None:
    url = f"{API}/models/harley/layers"
    assert_problem(client.get(f"{url}/pool1/filters/summary"), 404, field="layer")
    assert_problem(client.get(f"{url}/nope/filters/summary"), 404, field="layer")
    assert client.get(f"{url}/conv1/filters/summary?strongest=-1").status_code == 422
    missing = client.get(f"{API}/models/squeezenet1_1/layers/features.0/filters/summary")
    assert_problem(missing, 409)


def test_first_layer_in_colour(client: Client) -> None:
    url = f"{API}/models/squeezenet1_1/layers/features.0/filters?weights=random"
    answer = client.get(f"{url}&format=png&cell=6&columns=16")
    image = Image.open(io.BytesIO(answer.content))
    assert (image.mode, image.size) == ("RGB", (16 * 6, 4 * 6))
    weight = np.load(io.BytesIO(client.get(f"{url}&format=npy").content))
    most = float(np.abs(weight).max())
    assert answer.headers["x-range"] == f"{-most!r},{most!r}"
    pixel = np.asarray(image)[0, 0] / 255 * 2 - 1  # of the first kernel's first corner
    assert pixel == pytest.approx(weight[0, :, 0, 0] / most, abs=0.01)


def test_colours_of_a_bgr_input_are_shown_as_rgb(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = client.services.catalog.get("squeezenet1_1", "random")
    url = f"{API}/models/squeezenet1_1/layers/features.0/filters?weights=random&format=png"
    plain = np.asarray(Image.open(io.BytesIO(client.get(url).content)))
    changed = replace(loaded.spec, input=replace(loaded.spec.input, channels="BGR"))
    monkeypatch.setitem(loaded.__dict__, "spec", changed)
    turned = np.asarray(Image.open(io.BytesIO(client.get(url).content)))
    assert np.array_equal(turned, plain[..., ::-1])


def test_one_filter_is_a_square_of_its_inputs(client: Client) -> None:
    url = f"{API}/models/harley/layers/fc1/filters?format=png&channels=3"
    answer = client.get(url)
    assert Image.open(io.BytesIO(answer.content)).size == (4 * 5, 4 * 5)
    assert answer.headers["x-grid"] == "columns=4;rows=4;width=5;height=5;zoom=1"


def test_only_what_is_asked_for_counts_against_the_limit(make_client: MakeClient) -> None:
    client = make_client(max_response_bytes=2**20)
    url = f"{API}/models/harley/layers/fc1/filters?format=json"
    assert_problem(client.get(url), 413)
    few = client.get(f"{url}&channels=5,2")
    assert few.status_code == 200
    assert few.json()["shape"] == [2, 400]
    assert_problem(client.get(f"{url}&channels=500"), 422, field="channels")
    assert_problem(client.get(f"{API}/models/mlp/filters?format=npz"), 413)
