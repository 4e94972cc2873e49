from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

import models
from app.schemas import Predictions
from app.services.batching import Busy
from app.services.preprocess import to_network
from models.weights import WeightsMissingError
from tests.api.conftest import API, DIGITS, Array, Client, MakeClient, assert_problem, npy, npy_body

URL = f"{API}/models/digitnet/predictions"


def png(pixels: Array, kind: str = "PNG") -> bytes:
    body = io.BytesIO()
    Image.fromarray(pixels).save(body, kind)
    return body.getvalue()


def classes(answer: Any) -> list[int]:
    assert answer.status_code == 200, answer.text
    return [entry["top"][0]["class"] for entry in answer.json()["predictions"]]


@pytest.mark.parametrize("model", DIGITS)
def test_logits_and_probabilities_are_torchs(client: Client, digits: Array, model: str) -> None:
    answer = client.post(f"{API}/models/{model}/predictions?top=10", **npy_body(digits))
    body = Predictions.model_validate(answer.json())
    assert body.weights.source == "shipped"
    predictions = body.predictions
    logits = models.load(model)(to_network(digits, models.spec(model))).detach()
    probabilities = logits.softmax(dim=1)
    assert len(predictions) == len(digits)
    for image, prediction in enumerate(predictions):
        shares = [score.probability for score in prediction.top]
        assert shares == sorted(shares, reverse=True)
        for score in prediction.top:
            assert score.logit == pytest.approx(float(logits[image, score.class_]), abs=1e-4)
            assert score.probability == pytest.approx(
                float(probabilities[image, score.class_]), abs=1e-5
            )


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("inverted", [False, True])
def test_pictures_in_every_format(client: Client, digits: Array, kind: str, inverted: bool) -> None:
    seven = 255 - digits[0] if inverted else digits[0]
    headers = {"Content-Type": f"image/{kind.lower()}"}
    assert classes(client.post(URL, content=png(seven, kind), headers=headers)) == [7]


def test_many_files_keep_their_order(client: Client, digits: Array) -> None:
    files = [
        ("file", ("a.png", png(digits[0]), "image/png")),
        ("file", ("b.npy", npy(digits[1:3]), "application/octet-stream")),
        ("file", ("c.webp", png(digits[3], "WEBP"), "")),
    ]
    assert classes(client.post(URL, files=files)) == [7, 2, 1, 0]


def test_json_pixels(client: Client, digits: Array) -> None:
    assert classes(client.post(URL, json={"pixels": (digits[0] / 255).tolist()})) == [7]
    assert classes(client.post(URL, json={"pixels": (digits[:2] / 255).tolist()})) == [7, 2]


def test_network_ready_numbers(client: Client, digits: Array) -> None:
    ready = to_network(digits[:2], models.spec("digitnet")).numpy()
    assert classes(client.post(URL, **npy_body(ready))) == [7, 2]
    assert classes(client.post(URL, **npy_body(ready[0]))) == [7]


def test_preprocessing_can_be_switched_off(client: Client, digits: Array) -> None:
    corner = np.zeros((28, 28), np.uint8)
    corner[:14, :14] = digits[0][::2, ::2]
    assert classes(client.post(URL, **npy_body(corner))) == [7]
    raw = client.post(f"{URL}?preprocess=none&top=10", **npy_body(corner)).json()
    spec = models.spec("digitnet")
    logits = models.load("digitnet")(to_network(corner[None], spec, "none"))[0].detach()
    (prediction,) = raw["predictions"]
    assert prediction["top"][0]["logit"] == pytest.approx(float(logits.max()), abs=1e-4)


def test_an_empty_pad_is_unsure(client: Client) -> None:
    answer = client.post(URL, **npy_body(np.zeros((28, 28), np.uint8)))
    (prediction,) = answer.json()["predictions"]
    assert (prediction["unsure"], prediction["reason"]) == (True, "empty")


def test_more_images_than_one_batch(make_client: MakeClient, digits: Array) -> None:
    client = make_client(max_batch=3)
    expected = [7, 2, 1, 0, 4, 1, 4, 9]
    assert classes(client.post(URL, **npy_body(digits))) == expected


@pytest.mark.parametrize(
    ("body", "media_type", "status", "field"),
    [
        (b"", "image/png", 422, "body"),
        (b"", "", 422, "body"),
        (b"\x89PNG\r\n\x1a\n", "image/png", 422, "body"),
        (b"hello", "text/plain", 415, "Content-Type"),
        (b"hello", "", 415, "Content-Type"),
        (b"{", "application/json", 422, "body"),
        (b'{"pixels": [[2]]}', "application/json", 422, "pixels"),
        (b"\x93NUMPY", "application/x-npy", 422, "body"),
        (npy(np.zeros((3, 7, 7), np.float32)), "application/x-npy", 422, "shape"),
        (npy(np.full((1, 28, 28), np.nan, np.float32)), "application/x-npy", 422, "body"),
        (npy(np.zeros(784, np.uint8)), "application/x-npy", 422, "shape"),
        (npy(np.zeros((28, 28))), "application/x-npy", 422, "dtype"),
        (b"abc", "multipart/form-data", 422, "body"),
        (b"--x--\r\n", "multipart/form-data; boundary=x", 422, "file"),
    ],
)
def test_bad_bodies_name_the_field(
    client: Client, body: bytes, media_type: str, status: int, field: str
) -> None:
    answer = client.post(URL, content=body, headers={"Content-Type": media_type})
    assert_problem(answer, status, field=field)


def test_a_form_without_files(client: Client) -> None:
    assert_problem(client.post(URL, files={"x": (None, "1")}), 422, field="file")


@pytest.mark.parametrize("query", ["top=0", "top=x", "preprocess=sharpen"])
def test_bad_parameters_are_named(client: Client, digits: Array, query: str) -> None:
    answer = client.post(f"{URL}?{query}", **npy_body(digits[0]))
    assert_problem(answer, 422, field=query.partition("=")[0])


def test_too_many_images(make_client: MakeClient, digits: Array) -> None:
    client = make_client(max_images=2)
    assert_problem(client.post(URL, **npy_body(digits[:3])), 413, max_images=2)
    files = [("file", (f"{k}.png", png(digits[k]), "image/png")) for k in range(3)]
    assert_problem(client.post(URL, files=files), 413, max_images=2)
    assert classes(client.post(URL, files=files[:2])) == [7, 2]


def test_a_body_too_long(make_client: MakeClient) -> None:
    client = make_client(max_upload_bytes=2000)
    headers = {"Content-Type": "image/png"}
    long = client.post(URL, content=b"0" * 2001, headers=headers)
    assert_problem(long, 413, max_bytes=2000)

    def chunks() -> Iterator[bytes]:  # no Content-Length
        yield from [b"0" * 500] * 5

    assert_problem(client.post(URL, content=chunks(), headers=headers), 413, max_bytes=2000)
    form = client.post(URL, files={"file": ("a.png", b"0" * 5000, "image/png")})
    assert_problem(form, 413, max_bytes=2000)


def test_too_many_pixels(make_client: MakeClient) -> None:
    body = png(np.zeros((40, 40), np.uint8))
    client = make_client(max_pixels=1000)
    answer = client.post(URL, content=body, headers={"Content-Type": "image/png"})
    assert_problem(answer, 413, max_pixels=1000)


def test_missing_weights_are_a_conflict(
    client: Client, digits: Array, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = client.services

    def missing(model_id: str, source: str | None) -> None:
        raise WeightsMissingError(f"No weights of {model_id!r}. `make train-digits` makes them.")

    monkeypatch.setattr(services.catalog, "get", missing)
    problem = assert_problem(client.post(URL, **npy_body(digits[0])), 409)
    assert "make train-digits" in problem["detail"]


def test_a_full_queue_asks_to_come_back(
    client: Client, digits: Array, monkeypatch: pytest.MonkeyPatch
) -> None:

    async def busy(*args: object) -> dict[str, torch.Tensor]:
        raise Busy(1.5)

    monkeypatch.setattr(client.services.batcher, "run", busy)
    answer = client.post(URL, **npy_body(digits[0]))
    assert_problem(answer, 503)
    assert answer.headers["retry-after"] == "2"
