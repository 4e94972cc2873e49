from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.api import pages
from app.api.files import StaticFiles
from tests.api.conftest import API, Client


@pytest.fixture(params=[True, False], ids=["bundle", "modules"])
def bundled(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> bool:
    """Whether the page's script and sheet are one each; the rest is as it is."""
    names = ["js/main.js", "css/all.css", *["dist/page.js", "dist/page.css"][: 2 * request.param]]
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    monkeypatch.setattr(pages, "static_files", StaticFiles(tmp_path, "/static"))
    return bool(request.param)


@pytest.mark.parametrize("path", ["/", "/models/digitnet/layers/relu1/units/3"])
def test_the_page_names_the_bundle_or_the_modules(client: Client, bundled: bool, path: str) -> None:
    html = client.get(path).text
    named = re.findall(r'(?:src|href)="/static/v-[0-9a-f]+/([^"]*)"', html)
    entries = ["dist/page.css", "dist/page.js"] if bundled else ["css/all.css", "js/main.js"]
    assert named == ["favicon.svg", "js/boot.js", *entries]
    assert ("importmap" in html) is not bundled


@pytest.mark.parametrize("bundled", [False], indirect=True)
def test_the_page_marks_its_import_map_with_the_policys_nonce(
    client: Client, bundled: bool
) -> None:
    answer = client.get("/")
    policy = answer.headers["content-security-policy"]
    nonce = re.search(r"script-src 'self' 'nonce-([\w-]+)'", policy)
    assert nonce is not None
    assert f'type="importmap" nonce="{nonce[1]}"' in answer.text
    assert "unsafe-inline" not in policy.partition("script-src")[2].partition(";")[0]
    assert client.get("/").headers["content-security-policy"] != policy


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_pages_load_nothing_from_elsewhere(client: Client, path: str) -> None:
    html = client.get(path).text
    for address in re.findall(r'(?:src|href|url)[=:]\s*["\']([^"\']*)', html):
        assert address.startswith(("/", "#")), address
        if address.startswith("/"):
            assert client.get(address).status_code == 200, address


@pytest.mark.parametrize("path", ["/", "/docs", "/static/js/main.js"])
def test_pages_can_be_asked_for_their_headers(client: Client, path: str) -> None:
    answer = client.head(path)
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize(
    "unit", ["digitnet/layers/relu1/units/3", "vgg16/layers/classifier.6/units/281"]
)
def test_every_unit_has_a_page(client: Client, unit: str) -> None:
    answer = client.get(f"/models/{unit}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    for address in re.findall(r'(?:src|href)="([^"]*)"', answer.text):
        assert address.startswith(("/", "#")), address  # the page lies deep below the root


@pytest.mark.parametrize(
    "unit",
    [
        "digitnet/layers/relu1/units/16",
        "digitnet/layers/relu1/units/-1",
        "digitnet/layers/relu1/units/many",
        "digitnet/layers/input/units/0",
        "digitnet/layers/relu99/units/0",
        "nobody/layers/relu1/units/0",
    ],
)
def test_where_there_is_no_such_unit_the_page_comes_all_the_same(client: Client, unit: str) -> None:
    answer = client.get(f"/models/{unit}")
    assert answer.status_code == 404
    assert "</main>" in answer.text  # the page, which says what there is instead
    assert client.head(f"/models/{unit}").status_code == 404


@pytest.mark.parametrize("path", ["/static/../app/main.py", "/static/%2e%2e/app/main.py"])
def test_nothing_outside_static_is_served(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_types_are_not_guessed(client: Client) -> None:
    assert client.get("/healthz").headers["x-content-type-options"] == "nosniff"


def test_every_operation_is_documented(client: Client) -> None:
    document = client.get(f"{API}/openapi.json").json()
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            where = f"{method} {path}"
            assert operation["summary"], where
            assert operation["description"], where
            for parameter in operation.get("parameters", []):
                assert parameter.get("description"), f"{where}: {parameter['name']}"
            for status, answer in operation["responses"].items():
                assert answer["description"], f"{where}: {status}"
                if int(status) >= 400:
                    assert set(answer["content"]) == {"application/problem+json"}, where


def test_tensor_formats_are_documented(client: Client) -> None:
    document = client.get(f"{API}/openapi.json").json()
    operation = document["paths"][f"{API}/models/{{model}}/activations"]["post"]
    assert set(operation["responses"]["200"]["content"]) == {
        "application/json",
        "application/x-npy",
        "application/x-npz",
        "application/x-safetensors",
        "image/png",
    }
    assert {
        "multipart/form-data",
        "image/png",
        "image/jpeg",
        "image/webp",
        "application/x-npy",
        "application/json",
    } <= set(operation["requestBody"]["content"])
