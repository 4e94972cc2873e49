"""The real application in this process, spoken to over HTTP."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx
import numpy as np
import pytest
from numpy.typing import NDArray

from app.__main__ import Server, bind
from app.api.deps import Services
from app.config import Settings
from app.log import configure
from app.services.datasets import load_mnist

API = "/api/v1"
DIGITS = ("digitnet", "harley", "lenet5", "mlp")

Array = NDArray[Any]


class Client(httpx.Client):
    """``with Client(settings) as client:`` serves from a thread; ``client.get("/healthz")``."""

    def __init__(self, settings: Settings) -> None:
        self.server = Server(settings, bind(settings))
        self._thread = threading.Thread(target=self.server.run)
        # httpx would ask a proxy for 127.0.0.1 if the machine has one.
        super().__init__(base_url=self.server.url, trust_env=False, timeout=60)

    @property
    def services(self) -> Services:
        """What the server works with."""
        services: Services = self.server.app.state.services
        return services

    @property
    def live(self) -> str:
        """The address of live sockets, to be followed by ``/{model}/live``."""
        return self.server.url.replace("http", "ws") + f"{API}/models"

    def __enter__(self) -> Client:
        self._thread.start()
        if not self.server.serving.wait(60):
            raise RuntimeError("The server did not start.")
        # FastAPI makes its routes at the first request, and torch loads networks meanwhile: both
        # change Python's warning filters for a moment, which is not safe with "error" filters.
        self.services.ready.wait(60)
        super().__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        super().__exit__(kind, error, trace)
        self.server.should_exit = True
        self._thread.join(60)


@pytest.fixture(scope="session", autouse=True)
def _logs() -> None:
    """As in production, but errors only."""
    configure(Settings(log_format="json", log_level="error"))


MakeClient = Callable[..., Client]


@pytest.fixture(scope="session")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A client of a server with the default settings, and no weights but those it comes with."""
    weights, trainings = (tmp_path_factory.mktemp(name) for name in ("weights", "trainings"))
    with Client(Settings(port=0, weights_dir=weights, trainings_dir=trainings)) as running:
        yield running


@pytest.fixture
def make_client(tmp_path: Path) -> Iterator[MakeClient]:
    """``make_client(max_images=2)``: a client of a server with other settings."""
    running: list[Client] = []

    def make(**settings: Any) -> Client:
        folders = {f"{name}_dir": tmp_path / name for name in ("weights", "trainings")}
        places: dict[str, Any] = {"cache_dir": tmp_path, **folders}
        running.append(Client(Settings(port=0, **(places | settings))))
        return running[-1].__enter__()

    yield make
    for client in running:
        client.__exit__()


@pytest.fixture(scope="session")
def digits() -> Array:
    """The first eight test digits of MNIST: uint8 8×28×28. The first is a seven."""
    return load_mnist("test")[0][:8]


def npy(array: Array) -> bytes:
    """An npy file."""
    body = io.BytesIO()
    np.save(body, array)
    return body.getvalue()


def npy_body(array: Array) -> dict[str, Any]:
    """Arguments of ``client.post`` that send an array."""
    return {"content": npy(array), "headers": {"Content-Type": "application/x-npy"}}


def assert_problem(answer: httpx.Response, status: int, **fields: Any) -> dict[str, Any]:
    """The answer is a problem with this status and these fields; gives all of it."""
    problem: dict[str, Any] = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, problem["status"]) == (status, status)
    assert {"type", "title", "detail"} <= problem.keys()
    assert problem | fields == problem
    return problem
