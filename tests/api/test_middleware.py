"""Names that the server answers to, and limits on bodies."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

import pytest
from websockets import Origin
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from app.config import Settings
from tests.api.conftest import API, Client, MakeClient, assert_problem


def ask(client: Client, host: str) -> int:
    return client.get("/healthz", headers={"Host": host}).status_code


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:8000", "localhost", "LOCALHOST:1", "[::1]:8000", "[::1]"]
)
def test_this_machine_is_known(client: Client, host: str) -> None:
    assert ask(client, host) == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8000",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "localhost@evil.example",
        "evil.example/localhost",
        "[::1",
        "",
        "x" * 5000,
    ],
)
def test_foreign_names_are_refused(client: Client, host: str) -> None:
    answer = client.get(f"{API}/models", headers={"Host": host})
    assert_problem(answer, 421, field="Host")


def test_the_live_socket_knows_its_hosts_too(client: Client) -> None:
    address = urlsplit(client.live)
    here = socket.create_connection((str(address.hostname), int(address.port or 0)))
    url = f"ws://evil.example:{address.port}{address.path}/mlp/live"
    with (
        pytest.raises(InvalidStatus) as refused,
        connect(url, sock=here, proxy=None, origin=Origin("http://evil.example")),
    ):
        pass
    assert refused.value.response.status_code == 421


def test_names_can_be_added(make_client: MakeClient) -> None:
    client = make_client(allowed_hosts="lab.example, Other.Example")
    hosts = ("lab.example", "lab.example:8000", "other.example", "localhost", "evil.example")
    assert [ask(client, host) for host in hosts] == [200, 200, 200, 200, 421]


@pytest.mark.parametrize(
    ("host", "allowed", "known"),
    [
        ("127.0.0.1", "", {"localhost", "127.0.0.1", "::1"}),
        ("Lab", "a, ,b", {"localhost", "127.0.0.1", "::1", "lab", "a", "b"}),
        ("0.0.0.0", "", None),
        ("::", "", None),
        ("0.0.0.0", "a", {"localhost", "127.0.0.1", "::1", "0.0.0.0", "a"}),
        ("127.0.0.1", "*", None),
    ],
)
def test_which_names_are_known(host: str, allowed: str, known: set[str] | None) -> None:
    assert Settings(host=host, allowed_hosts=allowed).known_hosts() == known
