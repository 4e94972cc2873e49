"""The page's files: whole, compressed, and never those of two versions together."""

from __future__ import annotations

import asyncio
import gzip
import itertools
import os
import re
import time
from collections.abc import Mapping
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from app.api.files import StaticFiles
from tests.api.conftest import Client

MAIN = "import { a } from './a.js';\nconsole.log(a);\n"
SECONDS = itertools.count(0, 10)
THREE = "/static/vendor/three/three.module.js"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "static"
    for name, text in {
        "js/main.js": MAIN,
        "js/a.js": "export const a = 1;\n",
        "css/all.css": '@import url("a.css");\n',
        "css/a.css": "a { color: red }\n" * 100,
        "picture.png": "not to be compressed" * 100,
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    (tmp_path / "secret.txt").write_text("nobody's business")
    (root / "way-out").symlink_to(tmp_path)
    return root


@pytest.fixture
def files(root: Path) -> StaticFiles:
    return StaticFiles(root, "/static")


class Visitor:
    """Asks an application of its own for the files."""

    def __init__(self, files: StaticFiles) -> None:
        self.app = FastAPI()
        self.app.mount(files.address, files)

    def ask(self, method: str, path: str, headers: Mapping[str, str]) -> httpx.Response:
        async def answer() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
                return await client.request(method, path, headers=headers)

        return asyncio.run(answer())

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.ask("GET", path, {name.replace("_", "-"): headers[name] for name in headers})


@pytest.fixture
def asked(files: StaticFiles) -> Visitor:
    return Visitor(files)


def change(path: Path, text: str) -> None:
    """Write a file, each time with a date ten seconds later: clocks of disks are coarse."""
    path.write_text(text, encoding="utf-8")
    then = time.time_ns() + next(SECONDS) * 10**9
    os.utime(path, ns=(then, then))


def lasts(answer: httpx.Response) -> bool:
    assert answer.status_code == 200
    return "immutable" in answer.headers["cache-control"]


def test_a_file_below_its_version_is_kept_for_good(files: StaticFiles, asked: Visitor) -> None:
    version = files.version().address
    assert lasts(asked.get(f"{version}/js/a.js"))
    assert not lasts(asked.get("/static/js/a.js"))
    assert not lasts(asked.get("/static/v-0123/js/a.js"))  # of a page from before an upgrade


@pytest.mark.parametrize("name", ["js/a.js", "css/a.css"])
def test_a_changed_file_makes_a_new_version(
    root: Path, files: StaticFiles, asked: Visitor, name: str
) -> None:
    before = files.version().address
    assert before == files.version().address
    first = asked.get(f"{before}/{name}")
    change(root / name, "export const a = 2;\n")
    after = files.version().address
    assert after != before
    assert asked.get(f"{after}/{name}").text == "export const a = 2;\n"
    assert not lasts(asked.get(f"{before}/{name}"))
    again = asked.get(f"/static/{name}", if_none_match=first.headers["etag"])
    assert again.status_code == 200


def test_the_bundle_counts_until_a_source_is_newer(root: Path, files: StaticFiles) -> None:
    assert not files.version().bundled
    for name in ("page.js", "page.css"):
        (root / "dist").mkdir(exist_ok=True)
        change(root / "dist" / name, "a bundle\n")
    assert files.version().bundled
    change(root / "picture.png", "it is no part of the bundle")
    assert files.version().bundled
    change(root / "css" / "a.css", "b { color: blue }\n")
    assert not files.version().bundled


@pytest.mark.parametrize("name", ["page.js", "page.css"])
def test_half_a_bundle_is_none(root: Path, files: StaticFiles, name: str) -> None:
    (root / "dist").mkdir()
    change(root / "dist" / name, "a bundle\n")
    assert not files.version().bundled


def test_a_browsers_own_copy_is_confirmed(asked: Visitor) -> None:
    first = asked.get("/static/js/a.js")
    again = asked.get("/static/js/a.js", if_none_match=first.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    ("name", "accepts", "packed"),
    [
        ("css/a.css", "br, gzip", True),
        ("css/a.css", "br", False),
        ("css/all.css", "gzip", False),  # short
        ("picture.png", "gzip", False),
    ],
)
def test_what_is_worth_it_is_compressed(
    root: Path, asked: Visitor, name: str, accepts: str, packed: bool
) -> None:
    answer = asked.get(f"/static/{name}", accept_encoding=accepts)
    assert answer.content == (root / name).read_bytes()
    assert ("content-encoding" in answer.headers) is packed
    assert answer.headers["vary"] == "Accept-Encoding"
    if packed:
        assert int(answer.headers["content-length"]) == len(gzip.compress(answer.content))


@pytest.mark.parametrize(
    "name",
    [
        "nothing.js",
        "",
        "js",
        "js/",
        "js/%2e/a.js",
        "js//a.js",
        "a%00.js",
        "%2e%2e/secret.txt",
        "v-00/%2e%2e/secret.txt",
        "js/..%2f..%2fsecret.txt",
        "way-out/secret.txt",
        "%2fetc/passwd",
    ],
)
def test_what_is_no_file_of_the_folder(asked: Visitor, name: str) -> None:
    assert asked.get(f"/static/{name}").status_code == 404


def test_files_are_only_read(asked: Visitor) -> None:
    head = asked.ask("HEAD", "/static/js/a.js", {})
    assert (head.status_code, head.content) == (200, b"")
    refused = asked.ask("POST", "/static/js/a.js", {})
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD")


def test_a_browser_keeps_all_that_the_page_names(client: Client) -> None:
    addresses = re.findall(r'(?:src|href)="(/static/[^"]*)"', client.get("/").text)
    assert len(addresses) == 4  # an icon, boot.js, a sheet and a script
    assert all(lasts(client.get(address)) for address in addresses)


def test_our_headers_are_on_every_file(client: Client) -> None:
    answer = client.get(THREE)
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
