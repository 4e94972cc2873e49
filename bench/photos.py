"""(h) A photograph through the server: time to the first tiles, and memory after two hundred."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import numpy as np
from PIL import Image

from bench.measure import Row, median, ms
from scripts.live_server import LiveServer

TITLE = "Photographs through the server (VGG-16, random weights, every layer kept)"
MODEL, FIRST = "vgg16", "features.1"
BUDGET = 512 * 1024**2
WALK, EARLY = 200, 20


def photograph(seed: int) -> bytes:
    """A JPEG of 640×480 with structure at every scale, another one for each seed."""
    rng = np.random.default_rng(seed)
    size, total = (640, 480), np.zeros((480, 640, 3))
    for octave in range(2, 8):
        rough = rng.integers(0, 256, (2**octave, 2**octave, 3), np.uint8)
        total += np.asarray(Image.fromarray(rough).resize(size)) / (octave - 1)
    body = io.BytesIO()
    Image.fromarray((255 * total / total.max()).astype(np.uint8)).save(body, "JPEG", quality=90)
    return body.getvalue()


class Walker:
    """One client of one server."""

    def __init__(self, url: str) -> None:
        self.client = httpx.Client(base_url=f"{url}/api/v1", timeout=120)

    def upload(self, seed: int) -> str:
        """The id of a photograph's kept pass."""
        answer = self.client.post(
            f"/models/{MODEL}/passes",
            params={"weights": "random"},
            content=photograph(seed),
            headers={"Content-Type": "image/jpeg"},
        )
        return str(answer.raise_for_status().json()["id"])

    def tiles(self, pass_id: str, **query: str) -> int:
        """The bytes of the first convolution's 64 maps."""
        path = f"/passes/{pass_id}/layers/{FIRST}"
        return len(self.client.get(path, params=query).raise_for_status().content)

    def first_tiles(self, seed: int) -> tuple[float, float]:
        """Seconds from upload to the kept pass, and to the first layer as float16."""
        photograph(seed)
        start = time.perf_counter()
        kept = self.upload(seed)
        middle = time.perf_counter()
        self.tiles(kept, format="npy", dtype="float16")
        return middle - start, time.perf_counter() - start


def resident(server: LiveServer) -> float:
    """The server's memory in MiB (Linux)."""
    assert server.process is not None
    text = Path(f"/proc/{server.process.pid}/status").read_text()
    line = next(line for line in text.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def rows(folder: Path) -> Iterator[Row]:
    """Times of ten uploads, then a long walk."""
    settings = {"log_level": "warning", "pass_cache_bytes": BUDGET}
    with LiveServer(folder / "photos.log", settings) as server:
        walker = Walker(server.url)
        walker.first_tiles(0)  # loads the network
        times = [walker.first_tiles(seed) for seed in range(1, 11)]
        yield Row(
            "upload → pass kept → conv1_1's 64 maps (float16)",
            ms(median([last for _, last in times])),
            f"until the pass is kept: {ms(median([first for first, _ in times]))}",
        )
        first = walker.upload(1)
        for seed in range(11, EARLY):
            walker.upload(seed)
        early = resident(server)
        for seed in range(EARLY, WALK):
            walker.upload(seed)
        late = resident(server)
        yield Row(
            f"memory after {WALK} photographs",
            f"{late:,.0f} MiB",
            f"after {EARLY}: {early:,.0f} MiB; the passes' budget is {BUDGET // 1024**2} MiB",
            f"{late / early:.2f}",
            "≤ 1.1",
            late <= 1.1 * early,
        )
        start = time.perf_counter()
        walker.tiles(first, format="npy", dtype="float16")
        again = time.perf_counter() - start
        yield Row("a pass that was evicted, computed again for one layer", ms(again), "")
