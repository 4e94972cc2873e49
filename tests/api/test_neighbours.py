"""Nearest neighbours and the user's folder over HTTP."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from app.schemas import Job, Neighbours
from tests.api.conftest import API, Array, Client, MakeClient, assert_problem, npy_body
from tests.unit.services.pictures import encoded, scene

MODEL = f"{API}/models/squeezenet1_1"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "my pictures"
    (folder / "sub folder").mkdir(parents=True)
    for seed, name in enumerate(("a.png", "b.png", "sub folder/ü & c.jpg")):
        scene(400, 300, seed).save(folder / name)
    (folder / "broken.png").write_bytes(b"nothing")
    (tmp_path / "secret.png").write_bytes(encoded(scene(9, 9)))
    return folder


@pytest.fixture
def client(make_client: MakeClient, root: Path) -> Client:
    return make_client(pictures_dir=root)


def post(client: Client, image: Image.Image, name: str = "") -> str:
    body = encoded(image)
    url = f"{MODEL}/passes?weights=random"
    if name:
        answer = client.post(url, files={"file": (name, body, "image/png")})
    else:
        answer = client.post(url, content=body, headers={"Content-Type": "image/png"})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def neighbours(client: Client, pass_id: str, **query: Any) -> Neighbours:
    answer = client.get(f"{API}/passes/{pass_id}/neighbours", params=query)
    assert answer.status_code == 200, answer.text
    return Neighbours.model_validate(answer.json())


def scan(client: Client) -> dict[str, Any]:
    answer = client.post(f"{MODEL}/scans?weights=random")
    assert answer.status_code == 202, answer.text
    with client.stream("GET", answer.json()["href"] + "/events") as events:
        events.read()
    job = Job.model_validate(client.get(answer.json()["href"]).json())
    assert (job.kind, job.model, job.state) == ("scan", "squeezenet1_1", "done")
    assert job.result is not None
    return job.result


def test_pictures_seen_so_far(client: Client) -> None:
    own = post(client, scene(400, 300, 1))
    first = neighbours(client, own)
    assert (first.layer, first.folder, first.compared) == ("features.12.cat", "unscanned", 0)
    alike = post(client, scene(402, 301, 1), name="C:\\photos\\alike.png")
    other = post(client, Image.new("RGB", (300, 300), "green"))
    found = neighbours(client, own)
    assert [each.pass_id for each in found.neighbours] == [alike, other]
    assert [each.name for each in found.neighbours] == ["alike.png", ""]
    assert 0 < found.neighbours[0].distance < found.neighbours[1].distance
    assert len(neighbours(client, own, top=1).neighbours) == 1
    url = f"{MODEL}/passes?weights=random&name=a/green.png"
    green = encoded(Image.new("RGB", (300, 300), "green"))
    again = client.post(url, content=green, headers={"Content-Type": "image/png"}).json()
    assert again["id"] == other
    assert neighbours(client, own).neighbours[1].name == "green.png"
    part = {"file": ("blob", green, "image/png")}
    assert client.post(url.replace("green.", "lawn."), files=part).status_code == 201
    assert neighbours(client, own).neighbours[1].name == "lawn.png"
    answer = client.get(found.neighbours[0].thumbnail)
    assert Image.open(io.BytesIO(answer.content)).size == (96, 96)


def test_other_networks_do_not_mix(client: Client, digits: Array) -> None:
    post(client, scene(40, 30))
    url = f"{API}/models/mlp/passes"
    ids = [client.post(url, **npy_body(digit)).json()["id"] for digit in digits]
    found = neighbours(client, ids[0], top=100)
    assert {each.pass_id for each in found.neighbours} == set(ids[1:])
    assert (found.layer, found.compared) == ("relu2", 7)


def test_a_scan_of_the_folder(client: Client, root: Path) -> None:
    assert scan(client) == {
        "layer": "features.12.cat",
        "pictures": 3,
        "computed": 3,
        "broken": 1,
        "left_out": False,
    }
    with Image.open(root / "b.png") as image:
        own = post(client, image)
    found = neighbours(client, own)
    assert (found.folder, found.compared) == ("scanned", 2)
    assert {each.path for each in found.neighbours} == {"a.png", "sub folder/ü & c.jpg"}
    assert {each.name for each in found.neighbours} == {"a.png", "ü & c.jpg"}
    for each in found.neighbours:
        assert each.pass_id is None
        answer = client.get(each.thumbnail)
        assert answer.headers["content-type"] == "image/webp"
        assert Image.open(io.BytesIO(answer.content)).size == (96, 72)
    assert neighbours(client, own, folder=False).compared == 0


def test_a_picture_of_the_folder_as_it_is(client: Client, root: Path) -> None:
    answer = client.get(f"{API}/pictures/sub%20folder/%C3%BC%20%26%20c.jpg")
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.content == (root / "sub folder" / "ü & c.jpg").read_bytes()
    assert_problem(client.get(f"{API}/pictures/broken.png?size=32"), 422, field="body")


@pytest.mark.parametrize(
    "name",
    [
        "nothing.png",
        "..%2fsecret.png",
        "%2e%2e/secret.png",
        "sub%20folder/..%2f..%2fsecret.png",
        "%2fetc%2fpasswd",
        "sub%20folder",
        "a.png%00",
    ],
)
@pytest.mark.parametrize("query", ["", "?size=32"])
def test_nothing_outside_the_folder(client: Client, name: str, query: str) -> None:
    assert_problem(client.get(f"{API}/pictures/{name}{query}"), 404)


def test_a_server_without_a_folder(make_client: MakeClient, tmp_path: Path) -> None:
    client = make_client()
    problem = assert_problem(client.post(f"{MODEL}/scans?weights=random"), 409)
    assert "CONVSCOPE_PICTURES_DIR" in problem["detail"]
    assert_problem(client.get(f"{API}/pictures/a.png"), 409)
    assert neighbours(client, post(client, scene(9, 9))).folder == "unset"
    lost = make_client(pictures_dir=tmp_path / "lost")
    assert_problem(lost.post(f"{MODEL}/scans?weights=random"), 409)


def test_bad_questions(client: Client) -> None:
    assert_problem(client.get(f"{API}/passes/nothing/neighbours"), 404, field="pass")
    own = post(client, scene(9, 9))
    for query in ("top=0", "top=101", "folder=perhaps"):
        answer = client.get(f"{API}/passes/{own}/neighbours?{query}")
        assert_problem(answer, 422, field=query.partition("=")[0])
