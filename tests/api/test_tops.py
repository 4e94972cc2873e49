"""Top pictures over HTTP: what to scan, a scan, what it found."""

from __future__ import annotations

import io
import threading
from collections.abc import Generator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image

from app.schemas import Job, LayerTops, PictureSet, UnitTops
from app.services.datasets import load_mnist
from app.services.jobs import JobEvent, Message
from tests.api.conftest import API, Client, MakeClient, assert_problem
from tests.unit.services.pictures import scene
from tests.unit.services.tops.mnist import write_mnist

DIGITNET = f"{API}/models/digitnet"
PHOTOS = f"{API}/models/squeezenet1_1"
RANDOM = {"weights": "random"}


@pytest.fixture
def client(make_client: MakeClient, tmp_path: Path) -> Client:
    return make_client(data_dir=write_mnist(tmp_path / "data", 40))


def scan(client: Client, model: str, which: str, **query: str) -> dict[str, Any]:
    answer = client.post(f"{model}/top-pictures", json={"set": which}, params=query)
    assert answer.status_code == 202, answer.text
    with client.stream("GET", answer.json()["href"] + "/events") as events:
        events.read()
    job = Job.model_validate(client.get(answer.json()["href"]).json())
    assert (job.kind, job.state, job.progress.unit) == ("top-pictures", "done", "pictures")
    assert job.result is not None
    return job.result


def sets(client: Client, model: str, **query: str) -> list[tuple[str, int, int]]:
    answer = client.get(f"{model}/picture-sets", params=query).json()
    each = [PictureSet.model_validate(entry) for entry in answer]
    return [(one.id, one.pictures, one.scanned) for one in each]


def picture(answer: httpx.Response) -> Image.Image:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "image/png"
    return Image.open(io.BytesIO(answer.content))


def test_digits(client: Client) -> None:
    assert sets(client, DIGITNET) == [("mnist-test", 40, 0), ("mnist-train", 40, 0)]
    unscanned = client.get(f"{DIGITNET}/layers/relu1/units/3/top-pictures")
    problem = assert_problem(unscanned, 409, valid_sets=["mnist-test", "mnist-train"])
    assert f"POST {DIGITNET}/top-pictures" in problem["detail"]
    result = scan(client, DIGITNET, "mnist-test")
    assert result == {
        "set": "mnist-test",
        "layers": 17,
        "pictures": 40,
        "broken": 0,
        "computed": 40,
    }
    assert sets(client, DIGITNET)[0] == ("mnist-test", 40, 40)
    layer = client.get(f"{DIGITNET}/layers/relu1/top-pictures")
    channels = LayerTops.model_validate(layer.json()).channels
    assert [each.channel for each in channels] == list(range(len(channels)))
    answer = client.get(f"{DIGITNET}/layers/relu1/units/3/top-pictures", params={"k": 5})
    unit = UnitTops.model_validate(answer.json())
    assert (unit.model, unit.set, unit.pictures, len(unit.top)) == ("digitnet", "mnist-test", 40, 5)
    assert unit.range == channels[3]
    assert unit.top[0].value == unit.range.largest
    assert sum(unit.histogram.counts) == 40 * 28 * 28
    assert [each.rank for each in unit.top] == [1, 2, 3, 4, 5]
    images, labels = load_mnist("test")
    for top in unit.top:
        number = int(top.name.removeprefix("test "))
        assert top.label == str(labels[number])
        whole = np.asarray(picture(client.get(top.image)))
        np.testing.assert_array_equal(whole, images[number])
        crop = np.asarray(picture(client.get(top.crop)))
        box = top.box
        np.testing.assert_array_equal(crop, whole[box.top : box.bottom, box.left : box.right])
    large = picture(client.get(unit.top[0].crop, params={"scale": "8"}))
    small = picture(client.get(unit.top[0].crop))
    assert large.size == (8 * small.width, 8 * small.height)
    assert large.info["unit"] == "relu1 3"
    assert large.info["model"] == "digitnet"


def test_photographs(make_client: MakeClient, tmp_path: Path) -> None:
    root = tmp_path / "pictures"
    root.mkdir()
    for seed in range(3):
        scene(300, 260, seed).save(root / f"{seed} ü.png")
    (root / "broken.png").write_bytes(b"nothing")
    client = make_client(pictures_dir=root)
    named = [each for each in sets(client, PHOTOS, **RANDOM) if each[0] == "folder"]
    assert named == [("folder", 4, 0)]
    body = {"set": "folder", "layers": ["features.0"]}
    answer = client.post(f"{PHOTOS}/top-pictures", json=body, params=RANDOM).json()
    with client.stream("GET", answer["href"] + "/events") as events:
        events.read()
    result = client.get(answer["href"] + "/result").json()
    assert (result["layers"], result["pictures"], result["broken"]) == (1, 3, 1)
    url = f"{PHOTOS}/layers/features.0/units/0/top-pictures"
    unit = UnitTops.model_validate(client.get(url, params=RANDOM).json())
    assert (unit.set, unit.pictures, len(unit.top)) == ("folder", 3, 3)
    assert {each.name for each in unit.top} == {"0 ü.png", "1 ü.png", "2 ü.png"}
    assert picture(client.get(unit.top[0].image)).size == (224, 224)
    assert picture(client.get(unit.top[0].crop)).mode == "RGB"
    scene(9, 9).save(root / unit.top[0].name)
    assert_problem(client.get(unit.top[0].image), 409)
    other = client.get(f"{PHOTOS}/layers/features.1/top-pictures", params=RANDOM)
    assert_problem(other, 409, field="set")


def test_bad_questions(client: Client) -> None:
    scan(client, DIGITNET, "mnist-test")
    url = f"{DIGITNET}/layers"
    post = f"{DIGITNET}/top-pictures"
    assert_problem(client.post(post, json={"set": "gallery"}), 404, field="set")
    assert_problem(client.post(post, json={}), 422, field="set")
    assert_problem(client.post(post, json={"set": "mnist-test", "layers": ["x"]}), 404)
    assert_problem(client.post(post, json={"set": "mnist-test", "layers": []}), 422)
    assert_problem(
        client.post(f"{PHOTOS}/top-pictures?weights=random", json={"set": "folder"}), 409
    )
    assert_problem(client.get(f"{url}/nothing/top-pictures"), 404, field="layer")
    assert_problem(client.get(f"{url}/relu1/top-pictures?set=nothing"), 404, field="set")
    assert_problem(client.get(f"{url}/relu1/top-pictures?set=mnist-train"), 409)
    assert_problem(client.get(f"{url}/relu1/units/999/top-pictures"), 404, field="unit")
    assert_problem(client.get(f"{url}/relu1/units/-1/top-pictures"), 422, field="channel")
    assert_problem(client.get(f"{url}/relu1/units/0/top-pictures?k=26"), 422, field="k")
    unit = f"{url}/relu1/units/0/top-pictures"
    assert_problem(client.get(f"{unit}/26/image"), 422, field="rank")
    assert_problem(client.get(f"{unit}/0/crop"), 422, field="rank")
    assert_problem(client.get(f"{unit}/1/image?scale=0"), 422, field="scale")


def test_a_scan_that_is_done_ends_at_once(client: Client) -> None:
    assert scan(client, DIGITNET, "mnist-test")["computed"] == 40
    assert scan(client, DIGITNET, "mnist-test")["computed"] == 0


def test_the_same_scan_runs_once(make_client: MakeClient, tmp_path: Path) -> None:
    client = make_client(data_dir=write_mnist(tmp_path / "data", 40), job_workers=1)
    free = threading.Event()

    def wait() -> Generator[JobEvent, None, None]:
        free.wait(60)
        yield Message("free")

    client.services.jobs.submit("test", "keeps the only worker busy", wait)
    post = partial(client.post, f"{DIGITNET}/top-pictures")
    one, other = (post(json={"set": "mnist-test"}).json() for _ in range(2))
    part = post(json={"set": "mnist-test", "layers": ["conv1"]}).json()
    assert one == other
    assert part["id"] != one["id"]
    jobs = {each["id"]: each["job"] for each in client.get(f"{DIGITNET}/picture-sets").json()}
    assert jobs == {"mnist-test": one["id"], "mnist-train": None}
    free.set()
    for job in (one, part):
        with client.stream("GET", job["href"] + "/events") as events:
            events.read()
    assert sets(client, DIGITNET)[0] == ("mnist-test", 40, 40)
    assert client.get(part["href"] + "/result").json()["computed"] == 0
