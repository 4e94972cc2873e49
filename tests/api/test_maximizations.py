"""Maximizations over HTTP, with the real engine for a few steps."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image

from app.config import Settings
from app.schemas import Job, JobProgress, Maximization, MaximizationAccepted
from app.services.maximize.stamp import facts
from tests.api.conftest import API, Array, Client, MakeClient, assert_problem, npy_body
from tests.unit.services.tops.mnist import write_mnist

DIGITNET = f"{API}/models/digitnet"
STEPS = 4
Body = dict[str, Any]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A server with a cache of its own."""
    folder = tmp_path_factory.mktemp("maximizations")
    data = write_mnist(folder / "data", 40)
    settings = Settings(port=0, cache_dir=folder, weights_dir=folder / "weights", data_dir=data)
    with Client(settings) as running:
        yield running


def post(client: Client, body: Body, model: str = DIGITNET, **query: str) -> MaximizationAccepted:
    answer = client.post(f"{model}/maximizations", json={"steps": STEPS} | body, params=query)
    assert answer.status_code == 202, answer.text
    accepted = MaximizationAccepted.model_validate(answer.json())
    assert answer.headers["location"] == accepted.maximization
    return accepted


def job_of(client: Client, accepted: MaximizationAccepted) -> Job:
    """The job, once it has ended."""
    with client.stream("GET", f"{accepted.href}/events") as events:
        events.read()
    return Job.model_validate(client.get(accepted.href).json())


def get(client: Client, href: str) -> Maximization:
    answer = client.get(href)
    assert answer.status_code == 200, answer.text
    return Maximization.model_validate(answer.json())


def made(client: Client, body: Body, model: str = DIGITNET, **query: str) -> Maximization:
    accepted = post(client, body, model, **query)
    job = job_of(client, accepted)
    assert job.state == "done", job.error
    return get(client, accepted.maximization)


def pixels(answer: httpx.Response) -> Array:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "image/png"
    with Image.open(io.BytesIO(answer.content)) as image:
        return np.array(image)


def test_from_the_request_to_the_picture(client: Client) -> None:
    accepted = post(client, {"layer": "relu3", "channel": [5, 6]})
    job = job_of(client, accepted)
    assert (job.kind, job.state, job.progress.unit) == ("maximization", "done", "steps")
    assert (job.progress.done, job.progress.total) == (STEPS, STEPS)
    assert set(job.metrics) == {"score.0", "score.1"}
    assert job.result == {"maximization": accepted.maximization, "pictures": 2}
    assert job.preview is not None
    assert pixels(client.get(job.preview)).shape == (28, 56)

    whole = get(client, accepted.maximization)
    assert (whole.state, whole.job, whole.model) == ("done", job.id, "digitnet")
    assert whole.request["layer"] == "relu3"
    assert whole.request["channel"] == [5, 6]
    assert (whole.request["size"], whole.precision, whole.device) == (28, "float32", "cpu")
    assert whole.spectrum == "MNIST, the first 40 training digits"
    assert [step for step, _ in whole.curve] == list(range(1, STEPS + 1))
    assert "Geirhos" in whole.caveat
    second = whole.pictures[1]
    assert (second.index, second.title, second.measure) == (1, "conv3 · 6", "mean")
    assert (second.state, second.channel, second.class_) == ("done", 6, None)
    assert second.prediction is not None
    assert len(second.prediction.top) == 5

    answer = client.get(second.href)
    assert pixels(answer).shape == (28, 28)
    about = facts(answer.content)
    assert about["unit"] == {"layer": "relu3", "channel": 6}
    assert about["score"] == second.score
    assert about["weights"]["sha256"] == whole.weights.sha256


def test_the_score_is_that_of_the_picture_given_away(client: Client) -> None:
    one = made(client, {"layer": "relu3", "channel": 5, "seed": 3}).pictures[0]
    picture = pixels(client.get(one.href))
    answer = client.post(
        f"{DIGITNET}/activations?layers=relu3&channels=5&format=npy&preprocess=none",
        **npy_body(picture),
    )
    mean = np.load(io.BytesIO(answer.content)).mean()
    assert one.score == pytest.approx(float(mean), rel=1e-5)


def test_the_same_request_is_answered_from_what_is_kept(client: Client) -> None:
    body = {"class": [3, 4], "seed": 11}
    first = made(client, body)
    again = post(client, body)
    assert client.get(again.href).json()["state"] == "done"
    second = get(client, again.maximization)
    assert (second.pictures, second.seconds) == (first.pictures, first.seconds)
    assert made(client, body | {"seed": 12}).id != first.id


def test_variants_of_a_picture_and_their_caching(client: Client) -> None:
    href = made(client, {"layer": "relu1", "channel": 0}).pictures[0].href
    plain = client.get(href)
    assert "immutable" in plain.headers["cache-control"]
    seen = {plain.headers["etag"]}
    for query, shape in (
        ({"alpha": "true"}, (28, 28, 2)),
        ({"scale": "8"}, (224, 224)),
        ({"scale": "2", "alpha": "true"}, (56, 56, 2)),
    ):
        answer = client.get(href, params=query)
        assert pixels(answer).shape == shape
        assert facts(answer.content) == facts(plain.content)
        seen.add(answer.headers["etag"])
    assert len(seen) == 4
    unchanged = client.get(href, headers={"If-None-Match": plain.headers["etag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert_problem(client.get(href, params={"scale": "0"}), 422, field="scale")
    big = made(client, {"layer": "relu1", "channel": 0, "size": 128}).pictures[0].href
    assert_problem(client.get(big, params={"scale": "64"}), 422, field="scale")
    assert_problem(client.get(href[:-1] + "9"), 404, field="index")


def test_what_real_pictures_reach(client: Client) -> None:
    body = {"layer": "relu2", "channel": [3], "seed": 5}
    before = made(client, body)
    assert (before.pictures[0].reference, before.pictures[0].ratio) == (None, None)
    scan = client.post(f"{DIGITNET}/top-pictures", json={"set": "mnist-test"}).json()
    with client.stream("GET", f"{scan['href']}/events") as events:
        events.read()
    one = get(client, before.href).pictures[0]
    ranges = client.get(f"{DIGITNET}/layers/relu2/top-pictures").json()["channels"]
    assert one.reference is not None
    assert one.reference.model_dump() == {
        "set": "mnist-test",
        "pictures": 40,
        "largest": ranges[3]["largest_mean"],
    }
    assert one.score is not None
    assert one.ratio == pytest.approx(one.score / ranges[3]["largest_mean"])
    value = made(client, {"class": 1}).pictures[0]
    tops = client.get(f"{DIGITNET}/layers/out/top-pictures").json()["channels"]
    assert value.reference is not None
    assert value.reference.largest == tops[1]["largest"]
    joint = made(client, {"class": [1, 2], "objective": "joint"}).pictures[0]
    assert (joint.measure, joint.reference) == ("objective", None)


def test_what_is_kept_of_a_unit(client: Client) -> None:
    first = made(client, {"layer": "relu4", "channel": [7, 8]})
    second = made(client, {"layer": "relu4", "channel": 8})
    query = {"model": "digitnet", "layer": "relu4", "channel": "8"}
    found = client.get(f"{API}/maximizations", params=query).json()
    assert [each["id"] for each in found] == [second.id, first.id]
    assert [picture["channel"] for each in found for picture in each["pictures"]] == [8, 8]
    assert [each["curve"] for each in found] == [[], []]
    for other in ({"channel": "9"}, {"weights": "random"}, {"model": "harley"}):
        assert client.get(f"{API}/maximizations", params=query | other).json() == []
    assert len(client.get(f"{API}/maximizations", params={"limit": "1"}).json()) == 1
    assert_problem(client.get(f"{API}/maximizations?model=digitnett"), 404, field="model")
    answer = client.get(f"{API}/maximizations?model=digitnet&weights=none")
    assert_problem(answer, 404, field="weights")


def test_a_picture_is_exaggerated_and_restored(client: Client, digits: Array) -> None:
    kept = client.post(f"{DIGITNET}/passes", **npy_body(digits[0])).json()
    for objective in ("caricature", "inversion"):
        body = {"layer": "relu2", "objective": objective, "picture": kept["id"]}
        one = made(client, body).pictures[0]
        assert (one.state, one.measure, one.channel) == ("done", "objective", None)
    answer = client.post(f"{API}/models/mlp/maximizations", json=body | {"layer": "fc1"})
    assert_problem(answer, 422, field="picture")


@pytest.mark.parametrize(
    ("status", "field", "body"),
    [
        (422, "layer", {"channel": 0}),
        (404, "layer", {"layer": "relu99", "channel": 0}),
        (422, "layer", {"layer": 5, "channel": 0}),
        (422, "channel", {"layer": "relu1"}),
        (422, "channel", {"layer": "relu1", "channel": 999}),
        (422, "channel", {"layer": "relu1", "channel": "many"}),
        (422, "channel", {"layer": "relu1", "channel": [0, -1]}),
        (422, "class", {"class": 10}),
        (422, "class", {"class": 1.5}),
        (422, "neuron", {"layer": "relu1", "neuron": [0, 99, 0]}),
        (422, "neuron", {"layer": "relu1", "neuron": [0, 1]}),
        (422, "neuron", {"layer": "relu1", "neuron": [[0, 1, 2], [0, 1]]}),
        (422, "direction", {"layer": "relu1", "direction": [1]}),
        (422, "direction", {"layer": "relu1", "direction": [1, "a"]}),
        (422, "direction", {"layer": "relu1", "direction": []}),
        (422, "picture", {"layer": "relu1", "objective": "caricature", "picture": "none"}),
        (422, "objective", {"layer": "relu1", "channel": 0, "objective": "beauty"}),
        (422, "method", {"class": 1, "method": "magic"}),
        (422, "preset", {"class": 1, "preset": "best"}),
        (422, "steps", {"class": 1, "steps": 0}),
        (422, "steps", {"class": 1, "steps": 5000}),
        (422, "size", {"class": 1, "size": 7}),
        (422, "size", {"class": 1, "size": 64}),
        (422, "seed", {"class": 1, "seed": -1}),
        (422, "count", {"class": 1, "count": 2}),
        (422, "count", {"class": 1, "objective": "diversity", "count": 17}),
        (422, "batch", {"class": 1, "batch": 65}),
        (422, "transforms", {"class": 1, "transforms": "much"}),
        (422, "precision", {"class": 1, "precision": "float8"}),
        (422, "colour", {"class": 1, "colour": "red"}),
    ],
)
def test_what_is_wrong_is_named(client: Client, status: int, field: str, body: Body) -> None:
    answer = client.post(f"{DIGITNET}/maximizations", json=body)
    problem = assert_problem(answer, status, field=field)
    assert problem["detail"]


def test_problems_help(client: Client) -> None:
    def ask(**body: Any) -> httpx.Response:
        return client.post(f"{DIGITNET}/maximizations", json=body)

    assert_problem(ask(layer="relu33", channel=0), 404, nearest="relu3")
    assert_problem(ask(layer="relu1", channel=999), 422, channels=16)
    assert_problem(ask(**{"class": 1, "size": 64}), 422, only=[28, 28])
    assert_problem(client.post(f"{DIGITNET}/maximizations", content="{"), 422)
    answer = client.post(f"{API}/models/vgg16/maximizations", json={"class": 1})
    assert_problem(answer, 409)
    answer = client.post(f"{API}/models/nothing/maximizations", json={"class": 1})
    assert_problem(answer, 404, field="model")
    for path in ("0" * 32, "../../x", "0" * 32 + "/pictures/0"):
        assert client.get(f"{API}/maximizations/{path}").status_code == 404
    assert_problem(client.get(f"{API}/maximizations/{'0' * 32}"), 404, field="id")


def test_a_photograph_network_with_random_weights(client: Client) -> None:
    body = {"layer": "features.4.cat", "channel": [0, 1], "size": 48, "method": "maco"}
    whole = made(client, body | {"steps": 2}, f"{API}/models/squeezenet1_1", weights="random")
    assert whole.weights.source == "random"
    assert pixels(client.get(whole.pictures[1].href)).shape == (48, 48, 3)
    assert pixels(client.get(whole.pictures[1].href + "?alpha=true")).shape == (48, 48, 4)


class Held:
    """A job that keeps a worker until it is let go."""

    def __init__(self) -> None:
        self.leave = threading.Event()

    def __call__(self) -> Any:
        yield JobProgress()
        assert self.leave.wait(20)


def test_while_it_waits_and_when_it_is_cancelled(make_client: MakeClient, tmp_path: Path) -> None:
    client, held = make_client(job_workers=1, max_jobs=1), Held()
    client.services.jobs.submit("scan", "Something long", held)
    accepted = post(client, {"class": [1, 2]})
    waiting = get(client, accepted.maximization)
    assert (waiting.state, waiting.job, waiting.seconds) == ("waiting", accepted.id, None)
    assert [picture.state for picture in waiting.pictures] == ["waiting", "waiting"]
    assert_problem(client.get(waiting.pictures[0].href), 404, field="index")
    assert_problem(client.delete(accepted.maximization), 409, job=accepted.id)
    busy = client.post(f"{DIGITNET}/maximizations", json={"class": 3, "steps": STEPS})
    assert_problem(busy, 503)
    assert [each["id"] for each in client.get(f"{API}/maximizations").json()] == [waiting.id]

    client.delete(accepted.href)
    assert get(client, accepted.maximization).state == "cancelled"
    held.leave.set()
    assert made(client, {"class": [1, 2]}).state == "done"
    assert client.delete(accepted.maximization).status_code == 204
    assert_problem(client.get(accepted.maximization), 404, field="id")
    assert list((tmp_path / "maximizations").iterdir()) == []
