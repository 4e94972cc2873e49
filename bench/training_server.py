"""Trainings in the server: how soon one moves, and what drawing loses while one runs.

From the POST to the first row of the metrics, each time a new training; then the live socket's
p99 with one client that draws as fast as it is answered, the training paused and running in turn.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import uvloop

from bench.load import load
from bench.measure import Row, median, ms
from scripts.live_server import LiveServer

STARTS, ROUNDS, SECONDS = 5, 7, 3.0
MODEL = "lenet5"
TITLE = f"Trainings in the server ({MODEL}, all of MNIST)"
ASK_START, ASK_P99 = 1.0, 3.0  # seconds; times the p99 of an idle server
_SETTLED = 0.5  # seconds until a change of state has come through
_WARM = 5.0  # from opening the page until the process from which trainings begin is ready


def rows(folder: Path) -> Iterator[Row]:
    """The start; then drawing with a shipped network, and with the one that is being trained."""
    settings = {"trainings_dir": folder / "trainings", "log_level": "warning"}
    with (
        LiveServer(folder / "training-server.log", settings) as server,
        httpx.Client(base_url=server.url, timeout=60, trust_env=False) as client,
    ):
        client.get("/api/v1/trainings").raise_for_status()  # the page for trainings is opened
        time.sleep(_WARM)
        starts = [_start(client) for _ in range(STARTS)]
        yield Row(
            f"from the POST to the first row of the metrics, worst of {STARTS}",
            ms(max(starts)),
            f"median {ms(median(starts))}",
            f"{max(starts):.2f} s",
            f"< {ASK_START:g} s",
            max(starts) < ASK_START,
        )
        accepted = _begin(client, epochs=1000)
        live = f"{server.url}/api/v1/models/{{}}/live?preprocess=center"
        for what, address in {
            "a shipped network": live.format(MODEL),
            "the network in training": live.format(accepted["model"]) + "&weights=live",
        }.items():
            yield _drawing(client, accepted["training"], what, address)
        client.delete(accepted["href"])


def _begin(client: httpx.Client, **request: Any) -> dict[str, Any]:
    answer = client.post("/api/v1/trainings", json={"model": MODEL} | request)
    accepted: dict[str, Any] = answer.raise_for_status().json()
    return accepted


def _start(client: httpx.Client) -> float:
    """Seconds from the POST to the first row."""
    begin = time.perf_counter()
    accepted = _begin(client)
    address = f"{accepted['training']}/metrics"
    while not client.get(address).json()["steps"]:
        time.sleep(0.005)
    taken = time.perf_counter() - begin
    client.delete(accepted["href"])
    with client.stream("GET", f"{accepted['href']}/events") as events:  # until it has ended
        for _ in events.iter_lines():
            pass
    return taken


def _drawing(client: httpx.Client, training: str, what: str, address: str) -> Row:
    idle: list[float] = []
    busy: list[float] = []
    for state in itertools.islice(itertools.cycle(["paused", "running"]), 2 * ROUNDS):
        client.patch(training, json={"state": state}).raise_for_status()
        time.sleep(_SETTLED)
        (idle if state == "paused" else busy).append(_p99(address))
    share = median([there / here for there, here in zip(busy, idle, strict=True)])
    return Row(
        f"drawing with {what}: p99 while a training runs",
        ms(median(busy)),
        f"paused {ms(median(idle))}",
        f"{share:.2f}",
        f"≤ {ASK_P99:g}",
        share <= ASK_P99,
    )


def _p99(address: str) -> float:
    (times,) = uvloop.run(load(address, 1, SECONDS))
    return float(np.percentile(np.array(times[20:]), 99))
