"""Pages of other sites may not change anything here."""

from __future__ import annotations

import pytest

from tests.api.conftest import API, Client, assert_problem

FOREIGN = [
    {"Origin": "http://evil.example"},
    {"Origin": "null"},  # a file, a frame in a sandbox
    {"Origin": "http://[evil"},
    {"Origin": "http://127.0.0.1:1"},  # another server of this machine
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
]
REQUESTS = [
    ("POST", "/models/resnet18/weights"),
    ("POST", "/models/mlp/weights/file"),
    ("DELETE", "/models/resnet18/weights/official"),
    ("POST", "/models/mlp/scans"),
    ("POST", "/models/mlp/passes"),
    ("PATCH", "/jobs/1"),
]


@pytest.mark.parametrize("headers", FOREIGN)
@pytest.mark.parametrize(("method", "path"), REQUESTS)
def test_foreign_pages_are_refused(
    client: Client, method: str, path: str, headers: dict[str, str]
) -> None:
    plain = {"Content-Type": "text/plain", **headers}  # what a browser sends without asking first
    answer = client.request(method, API + path, headers=plain, content=b"x")
    assert_problem(answer, 403)
    assert answer.json()["type"] == "urn:problem:convscope:foreign-origin"


@pytest.mark.parametrize(
    "headers", [{}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}]
)
def test_own_pages_and_programs_are_served(client: Client, headers: dict[str, str]) -> None:
    assert client.delete(f"{API}/jobs/none", headers=headers).status_code == 404
    own = {**headers, "Origin": client.server.url}
    assert client.delete(f"{API}/jobs/none", headers=own).status_code == 404


def test_a_proxy_may_change_the_host(client: Client) -> None:
    headers = {"Origin": "https://lab.example", "Sec-Fetch-Site": "same-origin"}
    assert client.delete(f"{API}/jobs/none", headers=headers).status_code == 404


def test_links_from_elsewhere_work(client: Client) -> None:
    assert client.get("/", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200
