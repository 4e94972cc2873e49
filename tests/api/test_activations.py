from __future__ import annotations

import io
import json
from functools import partial
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.numpy import load as load_safetensors
from torch import Tensor

import models
from app.services.activations import Runner
from app.services.preprocess import to_network
from tests.api.conftest import API, DIGITS, Array, Client, MakeClient, assert_problem, npy_body

URL = f"{API}/models/harley/activations"


def direct(model: str, x: Tensor) -> dict[str, Tensor]:
    """Every module's output in a plain torch forward pass, by forward hooks."""
    network, found = models.load(model), {"input": x}
    for name, module in network.named_modules():
        if name:
            module.register_forward_hook(
                lambda _module, _args, out, name=name: found.update({name: out})
            )
    with torch.no_grad():
        network(x)
    return found


def load_npz(body: bytes) -> dict[str, Array]:
    with np.load(io.BytesIO(body)) as file:
        return dict(file)


def load_npy(answer: Any) -> Array:
    assert answer.status_code == 200, answer.text
    array: Array = np.load(io.BytesIO(answer.content))
    return array


@pytest.mark.parametrize("model", DIGITS)
def test_every_layer_equals_a_direct_forward_pass(
    client: Client, digits: Array, model: str
) -> None:
    url = f"{API}/models/{model}/activations"
    arrays = load_safetensors(client.post(f"{url}?format=safetensors", **npy_body(digits)).content)
    expected = direct(model, to_network(digits, models.spec(model)))
    assert arrays.keys() == expected.keys()
    for name, values in expected.items():
        assert arrays[name].shape == tuple(values.shape)
        assert np.allclose(arrays[name], values.numpy(), rtol=1e-5, atol=1e-5)


def test_all_formats_agree(client: Client, digits: Array) -> None:
    body = npy_body(digits[:2])
    wanted = client.post(f"{URL}?layers=conv1,fc1&format=npz", **body)
    arrays = load_npz(wanted.content)
    assert list(arrays) == ["conv1", "fc1"]
    assert (arrays["conv1"].shape, arrays["fc1"].shape) == ((2, 6, 28, 28), (2, 120))

    tensors = load_safetensors(
        client.post(f"{URL}?layers=conv1,fc1&format=safetensors", **body).content
    )
    nested = client.post(f"{URL}?layers=conv1,fc1", **body).json()
    for name, values in arrays.items():
        assert np.array_equal(tensors[name], values)
        entry = nested["layers"][name]
        assert (entry["shape"], entry["dtype"]) == (list(values.shape), "float32")
        assert np.array_equal(np.array(entry["data"], np.float32), values)
    single = load_npy(client.post(f"{URL}?layers=fc1&format=npy", **body))
    assert np.array_equal(single, arrays["fc1"])


@pytest.mark.parametrize("dtype", ["float32", "float16", "uint8"])
def test_bfloat16_is_close_to_float32(client: Client, digits: Array, dtype: str) -> None:
    body = npy_body(digits[:3])
    url = f"{API}/models/digitnet/activations?format=npz&layers=input,relu4,out&dtype={dtype}"
    exact = load_npz(client.post(f"{API}/models/digitnet/activations?format=npz", **body).content)
    arrays = load_npz(client.post(f"{url}&precision=bfloat16", **body).content)
    for name in ("input", "relu4", "out"):
        scale, offset = arrays.get(f"{name}/scale", (1, 0))
        assert arrays[name].dtype == dtype
        off = np.abs(offset + scale * arrays[name].astype(float) - exact[name]).max()
        assert 0 < off < 0.03 * np.ptp(exact[name])


def test_what_torch_lacks_in_bfloat16_is_said(
    client: Client, digits: Array, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lacking(runner: Runner, x: Tensor, layers: list[str]) -> dict[str, Tensor]:
        raise NotImplementedError("not implemented for 'BFloat16'")

    monkeypatch.setattr(Runner, "run", lacking)
    answer = client.post(f"{URL}?precision=bfloat16", **npy_body(digits[0]))
    problem = assert_problem(answer, 422, field="precision")
    assert "BFloat16" in problem["detail"]


def test_a_png_shows_one_layer_of_one_image(client: Client, digits: Array) -> None:
    answer = client.post(f"{URL}?layers=conv1&format=png", **npy_body(digits[0]))
    assert answer.headers["content-type"] == "image/png"
    assert Image.open(io.BytesIO(answer.content)).size == (84, 56)
    for query, images in (("layers=conv1", 2), ("layers=conv1,fc1", 1)):
        bad = client.post(f"{URL}?{query}&format=png", **npy_body(digits[:images]))
        assert_problem(bad, 422, field="format")
    two = client.post(f"{URL}?layers=conv1,fc1&format=npy", **npy_body(digits[0]))
    assert_problem(two, 422, field="format")


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "application/json"),
        ("application/x-npz", "application/x-npz"),
        ("text/html, application/x-safetensors;q=0.9", "application/x-safetensors"),
        ("application/x-npz;q=0.1, application/json;q=0.5", "application/json"),
        ("APPLICATION/X-NPZ", "application/x-npz"),
        ("application/x-npz;q=x, */*;q=0.1", "application/json"),
    ],
)
def test_the_accept_header_chooses(
    client: Client, digits: Array, accept: str, media_type: str
) -> None:
    body = npy_body(digits[0])
    body["headers"]["Accept"] = accept
    answer = client.post(f"{URL}?layers=fc1", **body)
    assert answer.headers["content-type"] == media_type


def test_the_query_wins_over_the_accept_header(client: Client, digits: Array) -> None:
    body = npy_body(digits[0])
    body["headers"]["Accept"] = "application/json"
    answer = client.post(f"{URL}?layers=fc1&format=npy", **body)
    assert answer.headers["content-type"] == "application/x-npy"


def test_unknown_formats_list_the_valid_ones(client: Client, digits: Array) -> None:
    body = npy_body(digits[0])
    problem = assert_problem(client.post(f"{URL}?format=xml", **body), 422, field="format")
    assert "safetensors" in problem["detail"]
    body["headers"]["Accept"] = "text/html"
    problem = assert_problem(client.post(URL, **body), 422, field="Accept")
    assert "application/x-npz" in problem["valid_media_types"]


def test_channels_are_sliced_in_every_image(client: Client, digits: Array) -> None:
    body = npy_body(digits[:3])
    whole = load_npy(client.post(f"{URL}?layers=pool2&format=npy", **body))
    part = load_npy(client.post(f"{URL}?layers=pool2&format=npy&channels=15,0-2", **body))
    assert np.array_equal(part, whole[:, [15, 0, 1, 2]])


@pytest.mark.parametrize("channels", ["", "a", "5-3", "16", "1,1"])
def test_bad_channels_are_named(client: Client, digits: Array, channels: str) -> None:
    answer = client.post(f"{URL}?layers=pool2&channels={channels}", **npy_body(digits[0]))
    assert_problem(answer, 422, field="channels")


def test_smaller_numbers(client: Client, digits: Array) -> None:
    body = npy_body(digits[:2])
    exact = load_npy(client.post(f"{URL}?layers=conv2&format=npy", **body))
    half = load_npy(client.post(f"{URL}?layers=conv2&format=npy&dtype=float16", **body))
    assert half.dtype == np.float16
    assert np.abs(half - exact).max() <= 2**-10 * np.abs(exact).max()

    answer = client.post(f"{URL}?layers=conv2&format=npy&dtype=uint8", **body)
    scale, offset = (float(answer.headers[name]) for name in ("x-scale", "x-offset"))
    restored = offset + scale * load_npy(answer).astype(float)
    assert np.abs(restored - exact).max() <= scale * 0.501

    fields = client.post(f"{URL}?layers=conv2&dtype=uint8", **body).json()["layers"]["conv2"]
    assert (fields["scale"], fields["offset"], fields["dtype"]) == (scale, offset, "uint8")


def test_an_unknown_layer_lists_what_exists(client: Client, digits: Array) -> None:
    answer = client.post(f"{URL}?layers=conv1,convv2", **npy_body(digits[0]))
    problem = assert_problem(answer, 404, field="layer", nearest="conv2")
    assert "fc1" in problem["valid_layers"]


def test_an_answer_too_long_is_refused_before_the_work(
    make_client: MakeClient, digits: Array
) -> None:
    client = make_client(max_response_bytes=1024 * 1024)
    many = npy_body(np.concatenate([digits] * 4))
    assert client.post(f"{URL}?format=npz", **many).status_code == 413
    assert_problem(client.post(URL, **many), 413, max_response_bytes=1024 * 1024)
    assert client.post(f"{URL}?format=npz&dtype=uint8", **many).status_code == 200


def test_batches_larger_than_a_pass(make_client: MakeClient, digits: Array) -> None:
    client = make_client(max_batch=3)
    body = client.post(f"{URL}?layers=fc2&format=npy", **npy_body(digits))
    expected = direct("harley", to_network(digits, models.spec("harley")))["fc2"]
    assert np.abs(load_npy(body) - expected.numpy()).max() <= 1e-5


def test_uint8_scales_in_archives(client: Client, digits: Array) -> None:
    body = npy_body(digits[0])
    arrays = load_npz(client.post(f"{URL}?layers=conv1&format=npz&dtype=uint8", **body).content)
    raw = client.post(f"{URL}?layers=conv1&format=safetensors&dtype=uint8", **body).content
    header = json.loads(raw[8 : 8 + int.from_bytes(raw[:8], "little")])
    scale = json.loads(header["__metadata__"]["conv1"])
    assert arrays["conv1/scale"].tolist() == [scale["scale"], scale["offset"]]


def test_numbers_that_json_cannot_hold(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """As of a network whose training has diverged."""

    async def broken(*_: object) -> dict[str, Tensor]:
        return {"fc1": torch.full((1, 3), torch.nan)}

    monkeypatch.setattr("app.api.activations.forward", broken)
    body = npy_body(np.zeros((1, 28, 28), np.uint8))
    ask = partial(client.post, f"{API}/models/mlp/activations", **body)
    refused = ask(params={"layers": "fc1", "format": "json"})
    assert "ask for npy" in assert_problem(refused, 409)["detail"]
    given = ask(params={"layers": "fc1", "format": "npy"})
    assert np.isnan(np.load(io.BytesIO(given.content))).all()
