from __future__ import annotations

import asyncio
import io
import json
import threading
from contextlib import AbstractContextManager, ExitStack
from typing import Any

import numpy as np
import pytest
from PIL import Image
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

import models
from app.schemas import LiveHeader
from app.services.activations import Runner
from app.services.batching import Busy
from app.services.preprocess import to_network
from app.wire.live import parse_frame
from tests.api.conftest import DIGITS, Array, Client, MakeClient
from tests.api.test_activations import direct


def open_socket(
    client: Client, model: str = "harley", query: str = "", **options: Any
) -> AbstractContextManager[ClientConnection]:
    address = f"{client.live}/{model}/live{query}"
    socket: AbstractContextManager[ClientConnection] = connect(
        address, max_size=None, proxy=None, **options
    )
    return socket


def ask(socket: ClientConnection, message: bytes) -> tuple[LiveHeader, dict[str, Array]]:
    socket.send(message)
    return answer(socket)


def answer(socket: ClientConnection) -> tuple[LiveHeader, dict[str, Array]]:
    reply = socket.recv(30)
    assert isinstance(reply, bytes), reply
    header, arrays = parse_frame(reply)
    return LiveHeader.model_validate(header), arrays


def problem(socket: ClientConnection) -> dict[str, Any]:
    reply = socket.recv(30)
    assert isinstance(reply, str)
    fields: dict[str, Any] = json.loads(reply)
    return fields


def refused(client: Client, model: str = "harley", **options: Any) -> tuple[int, dict[str, Any]]:
    with pytest.raises(InvalidStatus) as refusal, open_socket(client, model, **options):
        pass
    response = refusal.value.response
    assert response.headers["content-type"] == "application/problem+json"
    return response.status_code, json.loads(response.body or b"{}")


@pytest.mark.parametrize("model", DIGITS)
def test_a_drawing_gives_every_stage(client: Client, digits: Array, model: str) -> None:
    with open_socket(client, model) as socket:
        header, arrays = ask(socket, digits[0].tobytes())
    stages = client.get(f"/api/v1/models/{model}").json()["stages"]
    assert list(arrays) == list(dict.fromkeys(["input", *(stage["output"] for stage in stages)]))
    expected = direct(model, to_network(digits[:1], models.spec(model)))
    for name, values in arrays.items():
        assert np.allclose(values, expected[name][0].numpy(), rtol=1e-5, atol=1e-5)
    (prediction,) = header.predictions
    assert header.seq == 1
    assert [prediction.top[0].label, len(prediction.top)] == ["7", 10]
    assert sum(score.probability for score in prediction.top) == pytest.approx(1)


def test_layers_dtype_and_preprocessing_are_chosen(client: Client, digits: Array) -> None:
    query = "?layers=conv1,out&dtype=float16&preprocess=none"
    with open_socket(client, query=query) as socket:
        _, arrays = ask(socket, digits[0].tobytes())
    expected = direct("harley", to_network(digits[:1], models.spec("harley"), "none"))
    assert list(arrays) == ["conv1", "out"]
    assert arrays["conv1"].dtype == np.float16
    assert np.allclose(arrays["out"], expected["out"][0].numpy(), rtol=1e-2, atol=1e-2)


def test_a_png_is_a_drawing_too(client: Client, digits: Array) -> None:
    body = io.BytesIO()
    Image.fromarray(digits[1]).resize((280, 280)).save(body, "PNG")
    with open_socket(client) as socket:
        header, _ = ask(socket, body.getvalue())
    assert header.predictions[0].top[0].class_ == 2


def test_a_bad_frame_is_answered_and_the_socket_stays_open(client: Client, digits: Array) -> None:
    bad: list[str | bytes] = [b"", b"abc", b"\x89PNG and no more", "text"]
    with open_socket(client) as socket:
        for seq, message in enumerate(bad, 1):
            socket.send(message)
            fields = problem(socket)
            assert (fields["status"], fields["field"], fields["seq"]) == (422, "body", seq)
        header, _ = ask(socket, digits[0].tobytes())
        assert header.seq == 5


def test_the_newest_drawing_wins(
    client: Client, digits: Array, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one drawing is worked on, others come; only the last of them is answered."""
    batcher, count = client.services.batcher, 20
    run, started, all_sent = batcher.run, threading.Event(), threading.Event()

    async def slow(runner: Runner, x: Any, layers: Any, *, gathered: bool) -> Any:
        started.set()
        await asyncio.to_thread(all_sent.wait, 30)
        return await run(runner, x, layers, gathered=gathered)

    monkeypatch.setattr(batcher, "run", slow)
    with open_socket(client) as socket:
        for k in range(count):
            socket.send(digits[k % 8].tobytes())
            assert k > 0 or started.wait(30)
        # The answer to a ping comes behind the drawings: the server has read all of them.
        assert socket.ping().wait(30)
        all_sent.set()
        assert answer(socket)[0].seq == 1
        header, arrays = answer(socket)
        assert header.seq == count
        last = to_network(digits[(count - 1) % 8][None], models.spec("harley"))
        assert np.array_equal(arrays["input"], last[0].numpy())


def test_a_client_that_does_not_read_builds_no_backlog(client: Client, digits: Array) -> None:
    count = 400  # answers of 130 KB: more than all buffers on the way can hold
    with open_socket(client, "digitnet", max_queue=1) as socket:
        for k in range(count):
            socket.send(digits[k % 8].tobytes())
        seqs = [answer(socket)[0].seq]
        while seqs[-1] < count:
            seqs.append(answer(socket)[0].seq)
    assert seqs == sorted(set(seqs))
    assert len(seqs) < count


def test_a_full_queue_is_told_and_the_socket_stays_open(
    client: Client, digits: Array, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def busy(*args: object, **options: object) -> None:
        raise Busy(1)

    with open_socket(client) as socket:
        with monkeypatch.context() as patch:
            patch.setattr(client.services.batcher, "run", busy)
            socket.send(digits[0].tobytes())
            assert problem(socket)["status"] == 503
        assert ask(socket, digits[0].tobytes())[0].seq == 2


def test_many_clients_get_their_own_answers(client: Client, digits: Array) -> None:
    inputs = to_network(digits, models.spec("harley"))
    with ExitStack() as stack:
        sockets = [stack.enter_context(open_socket(client)) for _ in digits]
        for _ in range(3):
            for socket, digit in zip(sockets, digits, strict=True):
                socket.send(digit.tobytes())
            for socket, expected in zip(sockets, inputs, strict=True):
                assert np.array_equal(answer(socket)[1]["input"], expected.numpy())


@pytest.mark.parametrize(
    ("model", "query", "status", "field"),
    [
        ("harly", "", 404, "model"),
        ("harley", "?layers=conv9", 404, "layer"),
        ("harley", "?dtype=int8", 422, "dtype"),
        ("harley", "?preprocess=blur", 422, "preprocess"),
    ],
)
def test_refusals_are_problems(
    client: Client, model: str, query: str, status: int, field: str
) -> None:
    given, fields = refused(client, model, query=query)
    assert (given, fields["status"], fields["field"]) == (status, status, field)


def test_other_sites_may_not_use_the_socket(client: Client) -> None:
    assert refused(client, origin="http://example.org")[0] == 403
    assert refused(client, origin="null")[0] == 403
    with open_socket(client, origin=client.server.url) as socket:
        assert socket.response is not None
        assert socket.response.status_code == 101


def test_the_number_of_clients_is_limited(make_client: MakeClient, digits: Array) -> None:
    client = make_client(max_live_clients=1)
    with open_socket(client) as socket:
        ask(socket, digits[0].tobytes())
        status, fields = refused(client)
        assert (status, fields["max_live_clients"]) == (503, 1)


def test_a_client_that_leaves_is_forgotten(make_client: MakeClient, digits: Array) -> None:
    client = make_client(max_live_clients=1)
    with open_socket(client) as socket:
        ask(socket, digits[0].tobytes())
    # The server hears of the end a moment after the client: it may refuse a few times before.
    for attempt in range(1000):
        try:
            with open_socket(client) as socket:
                assert ask(socket, digits[0].tobytes())[0].seq == 1
        except InvalidStatus:
            assert attempt < 999
        else:
            break


def test_a_stopping_server_says_going_away(make_client: MakeClient, digits: Array) -> None:
    client = make_client()
    with open_socket(client) as socket:
        ask(socket, digits[0].tobytes())
        client.server.should_exit = True
        with pytest.raises(ConnectionClosed) as closed:
            socket.recv(30)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1001


def test_the_weights_are_chosen_by_the_query(client: Client, digits: Array) -> None:
    with open_socket(client, "mlp") as one, open_socket(client, "mlp", "?weights=random") as other:
        _, trained = ask(one, digits[0].tobytes())
        _, random = ask(other, digits[0].tobytes())
    assert np.array_equal(trained["input"], random["input"])
    assert not np.allclose(trained["out"], random["out"])


def test_weights_that_are_not_there(client: Client) -> None:
    status, fields = refused(client, "mlp", query="?weights=file")
    assert (status, fields["title"]) == (409, "Weights missing")
    status, fields = refused(client, "mlp", query="?weights=shiped")
    assert (status, fields["nearest"]) == (404, "shipped")
