"""The card of a unit over HTTP."""

from __future__ import annotations

import io

import numpy as np
import pytest

from app.schemas import UnitCard
from tests.api.conftest import API, Client, assert_problem

DIGITNET = f"{API}/models/digitnet"


def card(client: Client, model: str, layer: str, channel: int, query: str = "") -> UnitCard:
    answer = client.get(f"{API}/models/{model}/layers/{layer}/units/{channel}{query}")
    assert answer.status_code == 200, answer.text
    return UnitCard.model_validate(answer.json())


def test_a_units_card(client: Client) -> None:
    one = card(client, "digitnet", "relu3", 5)
    assert (one.model, one.layer.id, one.channel) == ("digitnet", "relu3", 5)
    assert (one.weighted_layer, one.kernel_shape) == ("conv3", [32, 32, 3, 3])
    assert (one.previous, one.next, one.class_label) == (4, 6, None)
    assert (len(one.before), len(one.after)) == (12, 12)
    assert one.weights.source == "shipped"
    assert one.kernel is not None
    kernel = np.load(io.BytesIO(client.get(f"{one.kernel}&format=npy").content))
    assert kernel.shape == (1, 32, 3, 3)


def test_the_first_and_the_last_of_a_layer(client: Client) -> None:
    first, last = card(client, "digitnet", "out", 0), card(client, "digitnet", "out", 9)
    assert (first.previous, first.next) == (None, 1)
    assert (last.previous, last.next, last.class_label) == (8, None, "9")
    assert last.after == []


def test_how_many_links(client: Client) -> None:
    two = card(client, "digitnet", "relu3", 5, "?links=2")
    whole = card(client, "digitnet", "relu3", 5, "?links=64")
    assert two.before == whole.before[:2]
    assert (len(whole.before), two.after) == (32, whole.after[:2])
    none = card(client, "digitnet", "relu3", 5, "?links=0")
    assert (none.before, none.after) == ([], [])


def test_a_layer_without_a_kernel(client: Client) -> None:
    pool = card(client, "harley", "pool1", 3)
    assert (pool.weighted_layer, pool.kernel, pool.kernel_shape, pool.bias) == (None,) * 4
    assert [(link.layer, link.channel) for link in pool.before] == [("tanh1", 3)]


def test_random_weights(client: Client) -> None:
    one = card(client, "squeezenet1_1", "features.3.cat", 70, "?weights=random")
    assert one.weights.source == "random"
    assert {link.layer for link in one.before} == {"features.3.expand3x3_activation"}
    assert one.after[0].layer.startswith("features.4")


def test_maps_that_are_averaged_into_classes_are_named(client: Client) -> None:
    for layer in ("classifier.1", "classifier.2", "classifier.3"):
        one = card(client, "squeezenet1_1", layer, 0, "?weights=random")
        assert one.class_label == "tench"
    assert (
        card(client, "squeezenet1_1", "features.12.cat", 0, "?weights=random").class_label is None
    )


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("relu33/units/0", "layer"),
        ("relu3/units/32", "unit"),
        ("flatten/units/999999", "unit"),
    ],
)
def test_what_does_not_exist(client: Client, path: str, field: str) -> None:
    assert_problem(client.get(f"{DIGITNET}/layers/{path}"), 404, field=field)


def test_bad_parameters(client: Client) -> None:
    assert_problem(client.get(f"{DIGITNET}/layers/relu3/units/-1"), 422, field="channel")
    assert_problem(client.get(f"{DIGITNET}/layers/relu3/units/x"), 422, field="channel")
    answer = client.get(f"{DIGITNET}/layers/relu3/units/1?links=65")
    assert_problem(answer, 422, field="links")
