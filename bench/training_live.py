"""Training with the live view open, beside a plain loop on one tensor, by the clock."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import islice
from pathlib import Path
from threading import Event

import httpx
from websockets.sync.client import connect

import models
from bench.load import drawings
from bench.measure import Row, median, ratio
from bench.training_loops import BATCH, from_tensor, plain
from scripts.live_server import LiveServer

ROUNDS, SECONDS = 5, 4.0
PEN = 1 / 60  # seconds between two positions of a pen
ASK = 0.95


def rows(folder: Path, model: str) -> Iterator[Row]:
    """One row: pictures a second of a training that is watched, beside the plain loop's."""
    settings = {"trainings_dir": folder / f"watched-{model}", "log_level": "warning"}
    with (
        LiveServer(folder / "training.log", settings) as server,
        httpx.Client(base_url=f"{server.url}/api/v1", timeout=60) as client,
    ):
        watched, alone = _measure(server.url, client, model)
    gain = ratio(alone, watched)
    yield Row(
        f"{model}, as trained by the server with the live view open",
        f"{BATCH / median(watched):,.0f} pictures/s",
        f"loop on one tensor, float32: {BATCH / median(alone):,.0f}",
        f"{gain:.2f}×",
        f"≥ {ASK}×",
        gain >= ASK,
    )


def _measure(url: str, client: httpx.Client, model: str) -> tuple[list[float], list[float]]:
    """Seconds a step, watched and alone, one entry a round."""
    request = {"model": model, "epochs": 1000, "batch": BATCH, "augmentation": {}}
    training = client.post("/trainings", json=request).raise_for_status().json()["training"]
    place = f"/trainings/{training.rpartition('/')[2]}"
    entry = client.get(place).json()["model"]
    loop = plain(model, from_tensor(models.spec(model).input, "cpu"), "cpu")
    watched, alone, end = [], [], Event()
    try:
        _wait_for_weights(client, place)
        with ThreadPoolExecutor(1) as pool:
            viewer = pool.submit(_watch, url, place, entry, end)
            try:
                for turn in range(ROUNDS + 1):
                    times = _steps(client, place), _alone(loop)
                    if turn:
                        watched.append(times[0])
                        alone.append(times[1])
            finally:
                end.set()
            viewer.result()
    finally:
        job = client.get(place).json()["job"]
        client.delete(f"/jobs/{job}")
    return watched, alone


def _wait_for_weights(client: httpx.Client, place: str) -> None:
    """Until there is a network to look at. Raises TimeoutError."""
    for _ in range(600):
        if client.get(place).json()["step"] >= 20:
            return
        time.sleep(0.1)
    raise TimeoutError("The training does not get going.")


def _steps(client: httpx.Client, place: str) -> float:
    """Seconds a step while it runs for a while; it is paused before and behind."""
    client.patch(place, json={"state": "running"}).raise_for_status()
    time.sleep(0.5)
    first, start = client.get(place).json()["step"], time.perf_counter()
    time.sleep(SECONDS)
    last, end = client.get(place).json()["step"], time.perf_counter()
    client.patch(place, json={"state": "paused"}).raise_for_status()
    time.sleep(0.5)
    steps: int = last - first
    return (end - start) / max(steps, 1)


def _alone(loop: Iterator[None]) -> float:
    start, count = time.perf_counter(), 0
    while time.perf_counter() - start < SECONDS:
        count += sum(1 for _ in islice(loop, 5)) or 5
    return (time.perf_counter() - start) / count


def _watch(url: str, place: str, entry: str, end: Event) -> None:
    """What an open page asks for: an answer for each position of the pen, and the curves."""
    address = f"{url.replace('http', 'ws')}/api/v1/models/{entry}/live"
    asked, after = time.perf_counter(), 0
    with (
        closing(connect(address, max_size=None)) as socket,
        httpx.Client(base_url=f"{url}/api/v1", timeout=60) as client,
    ):
        number = 0
        while not end.wait(PEN):
            socket.send(drawings()[number % 10])
            socket.recv()
            number += 1
            if time.perf_counter() - asked > 0.5:
                metrics = client.get(f"{place}/metrics", params={"after": after}).json()
                asked, after = time.perf_counter(), (metrics["steps"] or [after])[-1]
