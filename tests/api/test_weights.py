"""Weights over HTTP: fetched by a job, brought by the user, deleted, chosen by a query."""

from __future__ import annotations

import io
import threading
from collections.abc import Generator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load, save
from torch import Tensor

import models
from app.schemas import Job, ModelDetail, PassInfo, WeightsInfo
from models.weights import Progress, WeightsFetchError
from tests.api.conftest import API, Array, Client, MakeClient, assert_problem, npy_body
from tests.api.test_jobs import WITHIN, events

MLP = f"{API}/models/mlp"
TENSORS = models.load("mlp").state_dict()


def safetensors(**changes: Tensor | None) -> bytes:
    """The tensors of mlp's own weights times two, but for some of them."""
    doubled = {name: tensor * 2 for name, tensor in TENSORS.items()}
    return save({name: t for name, t in (doubled | changes).items() if t is not None})


def upload(client: Client, body: bytes, name: str = "mine.safetensors") -> httpx.Response:
    return client.post(f"{MLP}/weights/file", params={"name": name}, content=body)


@pytest.fixture
def own(make_client: MakeClient) -> Client:
    """A client of a server of its own, so that weights may be added."""
    return make_client()


def test_a_file_of_the_users_own(own: Client, digits: Array) -> None:
    before = own.post(f"{MLP}/activations?layers=out&format=npy", **npy_body(digits))
    answer = upload(own, safetensors())
    assert answer.status_code == 201, answer.text
    info = WeightsInfo.model_validate(answer.json())
    assert (info.status, info.source) == ("ready", "file")
    query = "layers=out&format=npy"
    mine = own.post(f"{MLP}/activations?{query}&weights=file", **npy_body(digits))
    again = own.post(f"{MLP}/activations?{query}", **npy_body(digits))
    assert mine.headers["x-weights"] == f"file {info.sha256}"
    assert again.content == before.content != mine.content
    assert again.headers["x-weights"].startswith("shipped ")


def test_a_form_and_a_pth_file(own: Client) -> None:
    body = io.BytesIO()
    torch.save(TENSORS, body)
    answer = own.post(f"{MLP}/weights/file", files={"file": ("mine.pth", body.getvalue())})
    assert answer.status_code == 201, answer.text
    kernels = own.get(f"{MLP}/layers/out/filters?format=npy&weights=file")
    assert np.array_equal(np.load(io.BytesIO(kernels.content)), TENSORS["out.weight"].numpy())


def test_a_new_file_takes_the_place_of_the_old_one(own: Client, digits: Array) -> None:
    upload(own, safetensors())
    kept = own.post(f"{MLP}/passes?weights=file", **npy_body(digits[0])).json()
    assert own.get(f"{API}/passes/{kept['id']}").status_code == 200
    upload(own, safetensors(**{"out.bias": torch.zeros(10)}))
    biases = own.get(f"{MLP}/filters?layers=out&format=safetensors&weights=file")
    assert load(biases.content)["out"].shape == (10, 100)
    problem = assert_problem(own.get(f"{API}/passes/{kept['id']}"), 404, field="pass")
    assert "replaced" in problem["detail"]
    new = own.post(f"{MLP}/passes?weights=file", **npy_body(digits[0])).json()
    assert new["id"] != kept["id"]


@pytest.mark.parametrize(
    ("changes", "field", "names"),
    [
        ({"out.bias": None}, "missing", ["out.bias"]),
        ({"extra": torch.zeros(1)}, "unexpected", ["extra"]),
        ({"out.bias": torch.zeros(11)}, "mismatched", ["out.bias"]),
    ],
)
def test_tensors_that_do_not_fit_are_listed(
    own: Client, changes: dict[str, Tensor | None], field: str, names: list[str]
) -> None:
    problem = assert_problem(upload(own, safetensors(**changes)), 422, field="file")
    assert [text.split(":")[0] for text in problem[field]] == names
    assert own.get(MLP).json()["weights"]["source"] == "shipped"
    assert not list(Path(own.services.catalog.store.folder).rglob(".upload-*"))


@pytest.mark.parametrize("name", ["mine.safetensors", "mine.pth", "mine", "../../x.pth"])
@pytest.mark.parametrize("body", [b"nonsense", b"\x80\x02csystem\n", b"PK\x03\x04"])
def test_files_that_are_no_weights(own: Client, name: str, body: bytes) -> None:
    assert_problem(upload(own, body, name), 422, field="file")


def test_bad_uploads(own: Client) -> None:
    assert_problem(upload(own, b""), 422, field="body")
    assert_problem(own.post(f"{MLP}/weights/file", files={}, data={"a": "b"}), 422)
    assert_problem(own.post(f"{API}/models/nope/weights/file", content=b"x"), 404, field="model")
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = own.post(f"{MLP}/weights/file", content=b"nonsense", headers=headers)
    assert_problem(answer, 422)


def test_weights_have_a_limit_of_their_own(make_client: MakeClient) -> None:
    body = safetensors()
    small = make_client(max_upload_bytes=2000, max_weights_bytes=len(body))
    assert upload(small, body).status_code == 201
    assert_problem(upload(small, body + b"x"), 413, max_bytes=len(body))
    streamed = small.post(f"{MLP}/weights/file", content=iter([body, b"x"]))
    assert_problem(streamed, 413, max_bytes=len(body))
    assert_problem(small.post(f"{MLP}/predictions", content=body), 413, max_bytes=2000)


def test_deleting(own: Client, digits: Array) -> None:
    upload(own, safetensors())
    kept = own.post(f"{MLP}/passes?weights=file", **npy_body(digits[0])).json()
    answer = own.delete(f"{MLP}/weights/file")
    assert answer.status_code == 200, answer.text
    info = WeightsInfo.model_validate(answer.json())
    assert {source.id: source.status for source in info.sources}["file"] == "missing"
    assert_problem(own.post(f"{MLP}/predictions?weights=file", **npy_body(digits)), 409)
    assert_problem(own.get(f"{API}/passes/{kept['id']}"), 409)
    assert own.delete(f"{MLP}/weights/file").status_code == 200
    assert_problem(own.delete(f"{MLP}/weights/shipped"), 409)
    assert_problem(own.delete(f"{MLP}/weights/random"), 404, field="weights")


class Fetch:
    """Instead of the network: two steps with a wait in between, then the file is there."""

    def __init__(self, client: Client, error: Exception | None = None) -> None:
        self.client, self.error, self.closed = client, error, False
        self.inside, self.leave = threading.Event(), threading.Event()

    def __call__(self, model_id: str, source_id: str) -> Generator[Progress, None, None]:
        self.asked = (model_id, source_id)
        try:
            yield Progress(10, 100, "Downloading")
            self.inside.set()
            assert self.leave.wait(WITHIN)
            yield Progress(100, 100, "Checking")
            if self.error:
                raise self.error
        finally:
            self.closed = True


@pytest.fixture
def fetch(own: Client, monkeypatch: pytest.MonkeyPatch) -> Fetch:
    fetch, store = Fetch(own), own.services.catalog.store
    monkeypatch.setattr(store, "fetch", fetch)
    return fetch


def job_of(client: Client, accepted: dict[str, Any]) -> Job:
    return Job.model_validate(client.get(accepted["href"]).json())


URL = f"{API}/models/squeezenet1_1/weights"


def test_fetching_is_a_job(own: Client, fetch: Fetch, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = own.post(URL)
    assert answer.status_code == 202, answer.text
    assert fetch.inside.wait(WITHIN)
    job = job_of(own, answer.json())
    assert (job.kind, job.model, job.state) == ("weights", "squeezenet1_1", "running")
    assert fetch.asked == ("squeezenet1_1", "official")
    assert own.post(URL).json() == own.post(f"{URL}?source=official").json() == answer.json()
    info = own.get(f"{API}/models/squeezenet1_1").json()["weights"]
    assert info["status"] == "downloading"
    assert {s["id"]: (s["status"], s["job"]) for s in info["sources"]} == {
        "official": ("downloading", job.id),
        "file": ("missing", None),
    }
    (row,) = (r for r in own.get(f"{API}/models").json() if r["id"] == "squeezenet1_1")
    assert row["weights"]["status"] == "downloading"
    assert_problem(own.delete(f"{URL}/official"), 409, job=job.id)
    card = models.weights.random_card("squeezenet1_1")
    monkeypatch.setattr(own.services.catalog.store, "card", lambda *_: card)
    fetch.leave.set()
    last = events(own, job)[-1]
    assert last["event"] == "done"
    assert (last["job"].progress.done, last["job"].progress.unit) == (100, "bytes")
    assert last["job"].result["sha256"] == card.sha256


def test_a_fetch_can_be_cancelled(own: Client, fetch: Fetch) -> None:
    job = job_of(own, own.post(URL).json())
    assert fetch.inside.wait(WITHIN)
    own.delete(f"{API}/jobs/{job.id}")
    fetch.leave.set()
    assert events(own, job)[-1]["event"] == "cancelled"
    assert fetch.closed


def test_a_fetch_that_fails_says_why(own: Client, fetch: Fetch) -> None:
    fetch.error = WeightsFetchError("The index cannot be reached.")
    fetch.leave.set()
    last = events(own, job_of(own, own.post(URL).json()))[-1]
    assert last["event"] == "failed"
    assert last["job"].error["title"] == "Fetch failed"
    assert last["job"].error["detail"] == "The index cannot be reached."


def test_what_cannot_be_fetched(client: Client) -> None:
    assert_problem(client.post(f"{MLP}/weights"), 409, valid_sources=[])
    assert_problem(client.post(f"{MLP}/weights?source=shipped"), 409)
    assert_problem(client.post(f"{URL}?source=file"), 409, valid_sources=["official"])
    assert_problem(client.post(f"{URL}?source=random"), 404, field="weights")
    assert_problem(client.post(f"{URL}?source=oficial"), 404, nearest="official")
    assert_problem(client.post(f"{API}/models/nope/weights"), 404, field="model")


def test_too_many_fetches_are_refused(make_client: MakeClient) -> None:
    client = make_client(job_workers=1, max_jobs=1)
    fetch = Fetch(client)
    client.services.catalog.store.fetch = fetch  # type: ignore[method-assign]
    for model in ("squeezenet1_0", "squeezenet1_1"):
        assert client.post(f"{API}/models/{model}/weights").status_code == 202
    answer = client.post(f"{API}/models/resnet18/weights")
    assert_problem(answer, 503)
    assert int(answer.headers["retry-after"]) > 0
    fetch.leave.set()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("GET", "/layers/out/filters"),
        ("GET", "/filters"),
        ("POST", "/predictions"),
        ("POST", "/activations"),
        ("POST", "/passes"),
    ],
)
def test_every_route_takes_weights(client: Client, digits: Array, method: str, path: str) -> None:
    body = npy_body(digits[0]) if method == "POST" else {}
    url = f"{MLP}{path}"
    answer = client.request(method, url, params={"weights": "random", "format": "npz"}, **body)
    assert answer.status_code in (200, 201), answer.text
    unknown = client.request(method, url, params={"weights": "shiped"}, **body)
    assert_problem(unknown, 404, field="weights", nearest="shipped")
    assert "random" in unknown.json()["valid_weights"]
    if path:
        missing = client.request(method, url, params={"weights": "file"}, **body)
        assert_problem(missing, 409)


def picture() -> dict[str, Any]:
    """Arguments of ``client.post`` that send a plain photograph."""
    body = io.BytesIO()
    Image.new("RGB", (300, 260), "teal").save(body, "PNG")
    return {"content": body.getvalue(), "headers": {"Content-Type": "image/png"}}


def test_weights_without_a_classifier_predict_nothing(own: Client) -> None:
    torch.manual_seed(0)
    features = models.create("squeezenet1_1", num_classes=0).state_dict()
    url = f"{API}/models/squeezenet1_1"
    answer = own.post(f"{url}/weights/file?name=a.safetensors", content=save(features))
    assert answer.status_code == 201, answer.text
    kept = PassInfo.model_validate(own.post(f"{url}/passes", **picture()).json())
    assert (kept.weights.source, kept.predictions) == ("file", [])
    assert own.get(f"{API}/passes/{kept.id}").json()["predictions"] == []
    problem = assert_problem(own.post(f"{url}/predictions", **picture()), 409)
    assert "no classifier" in problem["detail"]
    detail = ModelDetail.model_validate(own.get(url).json())
    assert detail.classes == []
    assert {source.id: source.classifier for source in detail.weights.sources} == {
        "official": True,
        "file": False,
    }


def test_random_weights_only_when_asked_for(client: Client, digits: Array) -> None:
    model = f"{API}/models/squeezenet1_1"
    sent = picture()
    assert_problem(client.post(f"{model}/passes", **sent), 409)
    answer = client.post(f"{model}/passes?weights=random", **sent)
    kept = PassInfo.model_validate(answer.json())
    assert (kept.weights.source, kept.weights.sha256) == ("random", "random")
    detail = ModelDetail.model_validate(client.get(f"{model}?weights=random").json())
    assert (detail.weights.source, detail.weights.sha256) == ("random", "random")
    png = client.get(f"{API}/passes/{kept.id}/layers/features.0?format=png")
    assert png.headers["x-weights"] == "random random"
    assert Image.open(io.BytesIO(png.content)).info["weights"] == "random random"
    assert client.post(f"{model}/passes?weights=random", **sent).json()["id"] == kept.id
    kernels = client.get(f"{model}/layers/features.0/filters?format=png&weights=random")
    assert Image.open(io.BytesIO(kernels.content)).info["weights"] == "random random"
