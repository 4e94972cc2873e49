"""(c) One body with all activations: binary against JSON and against a PNG a channel."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from app.services import preprocess
from app.services.catalog import Catalog
from app.wire import arrays
from app.wire.live import FrameLayout
from app.wire.numbers import Packed, pack
from bench.load import drawings
from bench.measure import Row, interleaved, kib, median, ms, ratio
from bench.peer import pngs

TITLE = "A body with activations: bytes and milliseconds of encoding"
Layers = dict[str, NDArray[np.float32]]


def activations(model_id: str) -> Layers:
    """Every layer of one drawing's pass, C×H×W or C."""
    loaded = Catalog("cpu").get(model_id)
    drawing = np.frombuffer(drawings()[3], np.uint8).reshape(1, 28, 28)
    values = loaded.runner.run(preprocess.to_network(drawing, loaded.spec, "center"))
    return {name: tensor[0].numpy() for name, tensor in values.items()}


def as_lists(layers: Layers) -> bytes:
    """What a plain JSON API answers."""
    return json.dumps({name: values.tolist() for name, values in layers.items()}).encode()


def as_pngs(layers: Layers) -> bytes:
    """What an API of pictures answers."""
    return json.dumps(pngs(layers)).encode()


def rows(folder: Path) -> Iterator[Row]:
    """All layers of two networks; then one large layer as 8-bit numbers."""
    for model_id in ("harley", "digitnet"):
        layers = activations(model_id)
        layout = FrameLayout([(name, values.shape) for name, values in layers.items()], "float32")
        packed = {name: Packed(values) for name, values in layers.items()}
        yield from _compare(
            f"{model_id}, all layers, live frame",
            partial(layout.frame, 1, [], list(layers.values())),
            {
                "JSON lists": partial(as_lists, layers),
                "a PNG a channel as JSON": partial(as_pngs, layers),
                "npz": partial(arrays.to_npz, packed),
            },
        )
    large = {"conv": np.random.default_rng(1).random((64, 224, 224), np.float32)}
    yield from _compare(
        "64×224×224 as uint8",
        lambda: arrays.to_npy(pack(large["conv"], "uint8")),
        {"a PNG a channel as JSON": lambda: as_pngs(large)},
        calls=1,
        ask=100,
    )


def _compare(
    what: str,
    ours: Callable[[], bytes],
    peers: dict[str, Callable[[], bytes]],
    calls: int = 10,
    ask: float | None = None,
) -> Iterator[Row]:
    torch.set_num_threads(1)
    times = interleaved({"ours": ours, **peers}, rounds=9, calls=calls)
    mine = f"{ms(median(times['ours']))}, {kib(len(ours()))}"
    for name, peer in peers.items():
        share = ratio(times[name], times["ours"])
        yield Row(
            what,
            mine,
            f"{name}: {ms(median(times[name]))}, {kib(len(peer()))}",
            f"{share:.0f}× faster",
            f"≥ {ask:g}×" if ask else "",
            share >= ask if ask else None,
        )
