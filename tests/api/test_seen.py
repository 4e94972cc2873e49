"""The picture behind a pass: image, thumbnail, frame."""

from __future__ import annotations

import io
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image

from app.schemas import PassInfo
from app.services.photo import Photo, crop
from models.registry import IMAGENET_PHOTO
from tests.api.conftest import API, Array, Client, assert_problem, npy_body
from tests.unit.services.pictures import encoded, scene

PASSES = f"{API}/models/squeezenet1_1/passes?weights=random"


def post(client: Client, body: bytes, media_type: str = "image/png", query: str = "") -> PassInfo:
    headers = {"Content-Type": media_type}
    answer = client.post(PASSES + query, content=body, headers=headers)
    assert answer.status_code == 201, answer.text
    return PassInfo.model_validate(answer.json())


def picture(answer: httpx.Response) -> Image.Image:
    assert answer.status_code == 200, answer.text
    return Image.open(io.BytesIO(answer.content))


def test_the_image_is_what_the_network_sees(client: Client) -> None:
    image = scene(400, 300)
    kept = post(client, encoded(image))
    answer = client.get(f"{API}/passes/{kept.id}/image")
    shown = picture(answer)
    assert (shown.mode, shown.size) == ("RGB", (224, 224))
    assert np.array_equal(np.asarray(shown), crop(Photo(image, image.size), IMAGENET_PHOTO)[0])
    assert shown.info["model"] == "squeezenet1_1"
    assert shown.info["weights"].startswith("random")
    assert "immutable" in answer.headers["cache-control"]


def test_the_image_of_a_digit_is_grey(client: Client, digits: Array) -> None:
    kept = client.post(f"{API}/models/harley/passes", **npy_body(digits[0])).json()
    assert kept["picture"] is None
    shown = picture(client.get(f"{API}/passes/{kept['id']}/image"))
    assert (shown.mode, shown.size) == ("L", (32, 32))
    assert np.array_equal(np.asarray(shown)[2:30, 2:30], digits[0])


def test_thumbnails(client: Client) -> None:
    kept = post(client, encoded(scene(50, 60)))
    url = f"{API}/passes/{kept.id}/thumbnail"
    assert picture(client.get(url)).size == (96, 96)
    small = client.get(url, params={"size": 32})
    assert (picture(small).size, small.headers["content-type"]) == ((32, 32), "image/webp")
    assert_problem(client.get(url, params={"size": 5000}), 422, field="size")


def test_the_pass_says_where_the_crop_lies(client: Client) -> None:
    exif = Image.Exif()
    exif[0x0112] = 8
    kept = post(client, encoded(scene(1024, 512), "JPEG", exif=exif), "image/jpeg")
    assert kept.picture is not None
    assert kept.picture.model_dump() == {
        "width": 512,
        "height": 1024,
        "top": 288,
        "left": 32,
        "bottom": 736,
        "right": 480,
    }
    again = client.get(f"{API}/passes/{kept.id}").json()
    assert again["picture"] == kept.picture.model_dump()


def test_none_squeezes_the_whole_picture(client: Client) -> None:
    image = scene(300, 100)
    kept = post(client, encoded(image), query="&preprocess=none")
    assert kept.picture is not None
    assert (kept.picture.right, kept.picture.bottom) == (300, 100)
    shown = picture(client.get(f"{API}/passes/{kept.id}/image"))
    squeezed = image.resize((224, 224), Image.Resampling.BILINEAR)
    assert np.array_equal(np.asarray(shown), np.asarray(squeezed))


@pytest.mark.parametrize("path", ["image", "thumbnail"])
def test_unknown_passes(client: Client, path: str) -> None:
    assert_problem(client.get(f"{API}/passes/nothing/{path}"), 404, field="pass")


def test_json_and_arrays_are_photographs_too(client: Client) -> None:
    pixels = np.asarray(scene(40, 30))
    from_file = post(client, encoded(Image.fromarray(pixels)))
    from_npy = client.post(PASSES, **npy_body(pixels)).json()
    from_json = client.post(PASSES, json={"pixels": (pixels / 255).tolist()}).json()
    assert from_file.id == from_npy["id"] == from_json["id"]


def refused(client: Client, body: bytes, media_type: str, status: int, **fields: Any) -> str:
    headers = {"Content-Type": media_type}
    answer = client.post(PASSES, content=body, headers=headers)
    return str(assert_problem(answer, status, **fields)["detail"])


def test_files_that_are_refused(client: Client) -> None:
    whole = encoded(scene(60, 40), "JPEG")
    assert "readable" in refused(client, whole[:500], "image/jpeg", 422, field="body")
    bomb = encoded(Image.new("1", (20_000, 20_000)))
    refused(client, bomb, "image/png", 413, max_pixels=40_000_000)
    strip = encoded(Image.new("RGB", (1, 40_000)))
    assert "1×40000" in refused(client, strip, "image/png", 422, field="body")
    heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"
    for declared in ("image/heic", "image/jpeg", "application/octet-stream"):
        assert "JPEG" in refused(client, heic, declared, 415, field="Content-Type")
    refused(client, b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", 415)


def test_a_mode_that_the_network_does_not_have(client: Client, digits: Array) -> None:
    answer = client.post(f"{PASSES}&preprocess=center", content=encoded(scene(9, 9)))
    assert_problem(answer, 422, field="preprocess")
    url = f"{API}/models/harley/predictions?preprocess=crop"
    assert_problem(client.post(url, **npy_body(digits[0])), 422, field="preprocess")


@pytest.mark.parametrize(
    ("kind", "declared"),
    [("WEBP", "image/jpeg"), ("PNG", "image/x-png"), ("GIF", ""), ("TIFF", "image/tiff")],
)
def test_pictures_are_told_by_their_bytes(client: Client, kind: str, declared: str) -> None:
    assert post(client, encoded(scene(20, 20), kind), declared).picture is not None
