from __future__ import annotations

import io
import json

import numpy as np
import pytest
from PIL import Image

import models
from app.schemas import Neuron, PassInfo
from app.services.colormaps import palette
from app.services.preprocess import to_network
from tests.api.conftest import (
    API,
    DIGITS,
    Array,
    Client,
    MakeClient,
    assert_problem,
    npy,
    npy_body,
)


def new_pass(client: Client, digit: Array, model: str = "harley") -> PassInfo:
    answer = client.post(f"{API}/models/{model}/passes", **npy_body(digit))
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"{API}/passes/{answer.json()['id']}"
    return PassInfo.model_validate(answer.json())


def layer(client: Client, kept: PassInfo, name: str, query: str = "") -> Array:
    answer = client.get(f"{API}/passes/{kept.id}/layers/{name}?format=npy{query}")
    assert answer.status_code == 200, answer.text
    array: Array = np.load(io.BytesIO(answer.content))
    return array


@pytest.mark.parametrize("model", DIGITS)
def test_the_statistics_are_those_of_the_layers(client: Client, digits: Array, model: str) -> None:
    kept = new_pass(client, digits[0], model)
    assert kept.predictions[0].top[0].class_ == 7
    assert len(kept.predictions[0].top) == 10
    for stats in kept.layers:
        values = layer(client, kept, stats.id)
        assert list(values.shape) == stats.shape
        assert (stats.min, stats.max) == (values.min(), values.max())
        assert stats.mean == pytest.approx(values.mean(dtype=float), abs=1e-6)
        assert stats.std == pytest.approx(values.std(dtype=float), rel=1e-5, abs=1e-6)
        assert stats.zero_fraction == pytest.approx((values == 0).mean())


def test_the_same_picture_gives_the_same_id(client: Client, digits: Array) -> None:
    first, again = new_pass(client, digits[0]), new_pass(client, digits[0])
    assert first == again
    assert new_pass(client, digits[1]).id != first.id
    assert new_pass(client, digits[0], "lenet5").id != first.id


def test_a_pass_can_be_read_again(client: Client, digits: Array) -> None:
    kept = new_pass(client, digits[2])
    answer = client.get(f"{API}/passes/{kept.id}")
    assert PassInfo.model_validate(answer.json()) == kept
    assert "immutable" in answer.headers["cache-control"]


def test_a_pass_lives_on_when_its_activations_are_dropped(
    make_client: MakeClient, digits: Array
) -> None:
    client = make_client(pass_cache_bytes=100_000, pass_input_bytes=10_000)
    kept = [new_pass(client, digit) for digit in digits]
    whole = to_network(digits, models.spec("harley"))
    for k, info in enumerate(kept):
        assert np.array_equal(layer(client, info, "input"), whole[k].numpy())
        assert layer(client, info, "fc2").shape == (100,)


def test_the_input_is_what_the_network_saw(client: Client, digits: Array) -> None:
    kept = new_pass(client, digits[0])
    expected = to_network(digits[:1], models.spec("harley"))[0]
    assert np.array_equal(layer(client, kept, "input"), expected.numpy())


def test_slices_and_smaller_numbers(client: Client, digits: Array) -> None:
    kept = new_pass(client, digits[0])
    whole = layer(client, kept, "pool2")
    assert np.array_equal(layer(client, kept, "pool2", "&channels=3,0-1"), whole[[3, 0, 1]])
    assert layer(client, kept, "pool2", "&dtype=float16").dtype == np.float16
    fields = client.get(f"{API}/passes/{kept.id}/layers/fc2?channels=5").json()
    assert (fields["model"], fields["layer"], fields["shape"]) == ("harley", "fc2", [1])


def test_a_picture_of_a_layer(client: Client, digits: Array) -> None:
    kept = new_pass(client, digits[0], "digitnet")
    url = f"{API}/passes/{kept.id}/layers/relu1?format=png"
    answer = client.get(f"{url}&cmap=CET_CBL4&cell=56&columns=4")
    grid = "columns=4;rows=4;width=56;height=56;zoom=2"
    assert (answer.headers["x-grid"], answer.headers["x-cmap"]) == (grid, "CET_CBL4")
    image = Image.open(io.BytesIO(answer.content))
    assert (image.size, image.mode) == ((224, 224), "P")
    low, high = (float(part) for part in answer.headers["x-range"].split(","))
    values = layer(client, kept, "relu1")
    assert [low, high] == pytest.approx([0, values.max()])
    shown = np.asarray(image)[0:56:2, 56:112:2]
    assert np.abs(shown * (high - low) / 255 - values[1]).max() <= (high - low) / 255
    colours = np.array(image.getpalette()).reshape(-1, 3)
    assert np.array_equal(colours, palette("CET_CBL4").lut[: len(colours)])
    assert image.info["layer"] == "relu1"


def test_signed_layers_get_a_diverging_map(client: Client, digits: Array) -> None:
    kept = new_pass(client, digits[0])
    answer = client.get(f"{API}/passes/{kept.id}/layers/conv1?format=png")
    low, high = (float(part) for part in answer.headers["x-range"].split(","))
    assert low == -high
    assert palette(answer.headers["x-cmap"]).diverging


def test_scale_unit_and_fixed(client: Client, digits: Array) -> None:
    kept = new_pass(client, digits[0])
    url = f"{API}/passes/{kept.id}/layers/conv1?format=png"
    unit = Image.open(io.BytesIO(client.get(f"{url}&scale=unit").content))
    assert len(json.loads(unit.info["ranges"])) == 6
    assert client.get(f"{url}&scale=-2,2").headers["x-range"] == "-2.0,2.0"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("scale=x", "scale"),
        ("scale=2,1", "scale"),
        ("cmap=viridis", "cmap"),
        ("cell=0", "cell"),
        ("cell=4096", "cell"),
        ("columns=x", "columns"),
        ("channels=99", "channels"),
        ("dtype=int4", "dtype"),
        ("format=gif", "format"),
    ],
)
def test_bad_picture_parameters(client: Client, digits: Array, query: str, field: str) -> None:
    kept = new_pass(client, digits[0], "digitnet")
    answer = client.get(f"{API}/passes/{kept.id}/layers/conv1?format=png&{query}")
    assert_problem(answer, 422, field=field)


@pytest.mark.parametrize(
    ("model", "name", "unit"),
    [
        ("harley", "tanh1", (5, 27, 0)),
        ("harley", "conv2", (15, 9, 9)),
        ("harley", "pool2", (3, 2, 4)),
        ("lenet5", "s2_tanh", (1, 13, 6)),
        ("digitnet", "relu3", (31, 0, 13)),
        ("digitnet", "pool2", (0, 6, 6)),
        ("mlp", "relu1", (299,)),
        ("mlp", "out", (7,)),
    ],
)
def test_the_arithmetic_of_a_neuron_adds_up(
    client: Client, digits: Array, model: str, name: str, unit: tuple[int, ...]
) -> None:
    kept = new_pass(client, digits[0], model)
    path = "/".join(str(part) for part in unit)
    answer = client.get(f"{API}/passes/{kept.id}/layers/{name}/neurons/{path}")
    neuron = Neuron.model_validate(answer.json())
    assert sum(neuron.products) + neuron.bias == pytest.approx(neuron.sum, rel=1e-4, abs=1e-6)
    assert neuron.output == pytest.approx(float(layer(client, kept, name)[unit]), rel=1e-4)
    products = [a * b for a, b in zip(neuron.inputs, neuron.weights, strict=True)]
    assert neuron.products == pytest.approx(products)
    assert len(neuron.sources) == len(neuron.inputs)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("conv1/neurons/6/0/0", 404),
        ("conv1/neurons/0/28/0", 404),
        ("conv1/neurons/0/0/99", 404),
        ("fc1/neurons/120", 404),
        ("conv1/neurons/x/0/0", 422),
        ("conv1/neurons/-1/0/0", 422),
        ("nope/neurons/0/0/0", 404),
        ("nope", 404),
    ],
)
def test_units_that_do_not_exist(client: Client, digits: Array, path: str, status: int) -> None:
    kept = new_pass(client, digits[0])
    assert_problem(client.get(f"{API}/passes/{kept.id}/layers/{path}"), status)


def test_an_unknown_pass(client: Client) -> None:
    for path in ("", "/layers/conv1", "/layers/conv1/neurons/0/0/0"):
        assert_problem(client.get(f"{API}/passes/nope{path}"), 404, field="pass")


def test_a_pass_is_of_one_image(client: Client, digits: Array) -> None:
    answer = client.post(f"{API}/models/harley/passes", **npy_body(digits[:2]))
    assert_problem(answer, 422, field="body")
    one = client.post(
        f"{API}/models/harley/passes",
        files={"file": ("a.npy", npy(digits[0]), "application/x-npy")},
    )
    assert one.status_code == 201
