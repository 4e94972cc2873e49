"""The gallery over HTTP."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from app.services.gallery import Gallery
from tests.api.conftest import API, Client, MakeClient, assert_problem
from tests.unit.services.pictures import scene


@pytest.fixture
def client(make_client: MakeClient, tmp_path: Path) -> Client:
    folder = tmp_path / "gallery"
    folder.mkdir()
    scene(451, 300).save(folder / "chelsea.png")
    scene(640, 427).save(folder / "rocket.jpg")
    running = make_client()
    running.services.gallery = Gallery(folder)
    return running


def test_the_pictures_that_are_here(client: Client) -> None:
    cat, rocket = client.get(f"{API}/gallery").json()
    assert (cat["id"], cat["credit"], cat["licence"]) == (
        "chelsea",
        "Stefan van der Walt",
        "CC0 1.0",
    )
    for entry, media_type in ((cat, "image/png"), (rocket, "image/jpeg")):
        answer = client.get(entry["href"])
        assert answer.headers["content-type"] == media_type
        assert "max-age" in answer.headers["cache-control"]
        assert Image.open(io.BytesIO(answer.content)).size == (entry["width"], entry["height"])


def test_thumbnails(client: Client) -> None:
    (cat, _) = client.get(f"{API}/gallery").json()
    answer = client.get(cat["thumbnail"])
    assert answer.headers["content-type"] == "image/webp"
    assert Image.open(io.BytesIO(answer.content)).size == (160, 106)
    small = client.get(cat["thumbnail"], params={"size": 48})
    assert Image.open(io.BytesIO(small.content)).size == (48, 32)
    for size in ("15", "513", "x"):
        assert_problem(client.get(cat["thumbnail"], params={"size": size}), 422, field="size")


@pytest.mark.parametrize("path", ["chelse", "chelse/thumbnail", "%2e%2e"])
def test_an_unknown_picture(client: Client, path: str) -> None:
    answer = client.get(f"{API}/gallery/{path}")
    assert_problem(answer, 404, valid_pictures=["chelsea", "rocket"])


def test_an_empty_gallery_is_no_error(client: Client, tmp_path: Path) -> None:
    client.services.gallery = Gallery(tmp_path / "nothing")
    answer = client.get(f"{API}/gallery")
    assert (answer.status_code, answer.json()) == (200, [])
