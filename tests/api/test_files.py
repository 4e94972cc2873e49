"""The page's files: whole, compressed, and never those of two versions together."""

from __future__ import annotations

import asyncio
import gzip
import os
import re
from collections.abc import Mapping
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from app.api.files import StaticFiles
from tests.api.conftest import Client

MAIN = "import { a } from './a.js';\nconsole.log(a);\n"
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
    """Write a file anew, a second later than it was: clocks of disks are coarse."""
    then = path.stat().st_mtime_ns
    path.write_text(text, encoding="utf-8")
    os.utime(path, ns=(then + 10**9, then + 10**9))


def lasts(answer: httpx.Response) -> bool:
    assert answer.status_code == 200
    return "immutable" in answer.headers["cache-control"]


def test_a_file_below_its_version_is_kept_for_good(files: StaticFiles, asked: Visitor) -> None:
    version = files.versioned()
    assert lasts(asked.get(f"{version}/js/a.js"))
    assert not lasts(asked.get("/static/js/a.js"))
    assert not lasts(asked.get("/static/v-0123/js/a.js"))  # of a page from before an upgrade


@pytest.mark.parametrize("name", ["js/a.js", "css/a.css"])
def test_a_changed_file_makes_a_new_version(
    root: Path, files: StaticFiles, asked: Visitor, name: str
) -> None:
    before = files.versioned()
    assert before == files.versioned()
    first = asked.get(f"{before}/{name}")
    change(root / name, "export const a = 2;\n")
    after = files.versioned()
    assert after != before
    assert asked.get(f"{after}/{name}").text == "export const a = 2;\n"
    assert not lasts(asked.get(f"{before}/{name}"))
    again = asked.get(f"/static/{name}", if_none_match=first.headers["etag"])
    assert again.status_code == 200


def test_modules_and_sheets_are_joined_as_they_are_now(
    root: Path, files: StaticFiles, asked: Visitor
) -> None:
    assert "const a = 1;" in asked.get(f"{files.versioned()}/js/page.js").text
    change(root / "js" / "a.js", "export const a = 2;\n")
    change(root / "css" / "a.css", "b { color: blue }\n")
    version = files.versioned()
    script = asked.get(f"{version}/js/page.js")
    assert "const a = 2;" in script.text
    assert script.text.endswith("//# sourceMappingURL=page.js.map\n")
    assert asked.get(f"{version}/js/page.js.map").json()["sources"] == ["a.js", "main.js"]
    sheet = asked.get(f"{version}/css/page.css")
    assert (sheet.text, sheet.headers["content-type"]) == (
        "b { color: blue }\n",
        "text/css; charset=utf-8",
    )


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


def test_the_page_asks_for_one_script_and_one_sheet(client: Client) -> None:
    html = client.get("/").text
    addresses = re.findall(r'(?:src|href)="(/static/[^"]*)"', html)
    assert len(addresses) < 10
    assert all(lasts(client.get(address)) for address in addresses)
    imported = re.findall(r'": "(/static/v-[^"]*)"', html)
    assert len(imported) == 3  # three, its add-ons and uPlot
    assert not any("/js/main.js" in address for address in addresses)


def test_our_headers_are_on_every_file(client: Client) -> None:
    answer = client.get(THREE)
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
