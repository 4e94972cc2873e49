"""Our own AlexNet over HTTP: there without a download, with filters, feature maps and answers."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from models import weights
from models.cifar10 import CLASSES
from tests.api.conftest import API, Array, Client
from tests.unit.services.pictures import encoded, scene

HERE = f"{API}/models/alexnet_small"


@pytest.fixture(scope="module")
def photograph() -> dict[str, Any]:
    """Arguments of ``client.post`` that send a photograph."""
    return {"content": encoded(scene(320, 240)), "headers": {"Content-Type": "image/png"}}


def test_it_is_listed_beside_the_official_one(client: Client) -> None:
    rows = {row["id"]: row for row in client.get(f"{API}/models").json()}
    order = list(rows)
    assert order.index("alexnet_small") == order.index("alexnet") + 1
    ours, official = rows["alexnet_small"], rows["alexnet"]
    card = weights.shipped()["alexnet_small"]
    assert ours["classes"] == list(CLASSES)
    assert "not the network of 2012" in ours["about"]
    info = ours["weights"]
    assert (info["status"], info["source"], info["bytes"]) == ("ready", "shipped", card.bytes)
    assert (info["data"], info["recipe"], info["seed"]) == (card.data, card.recipe, card.seed)
    assert info["features"] == info["sources"][0]["features"] == card.features
    assert official["weights"]["status"] == "downloadable"
    assert official["weights"]["features"] == {}


def test_its_filters_are_64_in_colour(client: Client) -> None:
    answer = client.get(f"{HERE}/layers/features.0/filters", params={"format": "npy"})
    kernels: Array = np.load(io.BytesIO(answer.content))
    assert kernels.shape == (64, 3, 11, 11)
    assert kernels.dtype == np.float32
    sheet = client.get(f"{HERE}/layers/features.0/filters", params={"format": "png", "cell": 11})
    colours = np.asarray(Image.open(io.BytesIO(sheet.content)).convert("RGB")).reshape(-1, 3)
    assert (np.ptp(colours.astype(int), axis=1) > 32).any()


def test_it_answers_with_one_of_ten_classes(client: Client, photograph: dict[str, Any]) -> None:
    answer = client.post(f"{HERE}/predictions?top=10", **photograph)
    (said,) = answer.json()["predictions"]
    assert {each["label"] for each in said["top"]} == set(CLASSES)
    assert sum(each["probability"] for each in said["top"]) == pytest.approx(1, abs=1e-5)


def test_its_feature_maps(client: Client, photograph: dict[str, Any]) -> None:
    query = "layers=features.0,features.11&format=npz"
    answer = client.post(f"{HERE}/activations?{query}", **photograph)
    with np.load(io.BytesIO(answer.content)) as maps:
        assert maps["features.0"].shape == (1, 64, 31, 31)
        assert maps["features.11"].shape == (1, 256, 7, 7)
        assert maps["features.11"].max() > 0
