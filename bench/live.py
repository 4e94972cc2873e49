"""(a) A drawing's round trip over the live socket against the bare forward pass in this process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
import uvloop

import models
from app.services import preprocess
from bench.load import drawings, load
from bench.measure import Row, median, ms, seconds_a_call
from scripts.live_server import LiveServer

ROUNDS, TRIPS = 11, 300
TITLE = "Live round trip over the socket ÷ bare forward pass in one process, batch 1"


def round_trip(url: str, model_id: str) -> float:
    """The p50 in seconds of one client's round trips: send 784 bytes, receive every stage."""
    address = f"{url}/api/v1/models/{model_id}/live?preprocess=center"
    (times,) = uvloop.run(load(address, 1, 30, TRIPS))
    return float(np.median(times))


def bare_forward(model_id: str) -> float:
    """The p50 in seconds of ``network(x)``, as anyone would write it."""
    network = models.load(model_id)
    drawing = np.frombuffer(drawings()[3], np.uint8).reshape(1, 28, 28)
    x = preprocess.to_network(drawing, models.spec(model_id), "center")
    with torch.inference_mode():
        return float(np.median([seconds_a_call(lambda: network(x), 1) for _ in range(TRIPS)]))


def rows(folder: Path) -> Iterator[Row]:
    """One row a network."""
    with LiveServer(folder / "live.log", {"log_level": "warning"}) as server:
        for model_id in ("harley", "digitnet"):
            bare, trip = [], []
            for _ in range(ROUNDS):
                bare.append(bare_forward(model_id))
                trip.append(round_trip(server.url, model_id))
            share = median([t / b for t, b in zip(trip, bare, strict=True)])
            yield Row(
                f"{model_id}: p50 of {TRIPS} trips, median of {ROUNDS} rounds",
                ms(median(trip)),
                f"bare forward {ms(median(bare))}",
                f"{share:.2f}",
                "≤ 3" + ("; p50 < 2 ms" if model_id == "harley" else ""),
                share <= 3 and (model_id != "harley" or median(trip) < 0.002),
            )
