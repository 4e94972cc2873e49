"""(b) Requests a second: micro-batched, the same server without, and a PNG a channel as JSON."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from bench.measure import Row, median, ms, ratio
from scripts.live_server import ROOT, LiveServer, free_port

MODEL = "harley"
ROUNDS, SECONDS = 5, 2.0
TITLE = f"Requests a second over live sockets, {MODEL}, every stage in each answer"
Runs = dict[str, list[dict[str, float]]]


def loaded(url: str, clients: int) -> dict[str, float]:
    """Rate, p50 and p99 as the load generator, a process of its own, saw them."""
    command = [sys.executable, "-m", "bench.load", url, str(clients), str(SECONDS)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    answer: dict[str, float] = json.loads(done.stdout)
    return answer


def servers(folder: Path, stack: ExitStack) -> dict[str, str]:
    """The three servers' sockets, by name; they end with the stack."""
    quiet = {"log_level": "warning"}
    batched = stack.enter_context(LiveServer(folder / "batched.log", quiet))
    single = stack.enter_context(LiveServer(folder / "single.log", quiet | {"max_batch": 1}))
    port = free_port()
    program = ("bench.peer", str(port), MODEL)
    peer = stack.enter_context(LiveServer(folder / "peer.log", program=program, port=port))
    path = f"/api/v1/models/{MODEL}/live?preprocess=center"
    return {
        "batched": batched.url + path,
        "single": single.url + path,
        "png": f"{peer.url}/live",
    }


def rows(folder: Path) -> Iterator[Row]:
    """Two rows for each number of clients."""
    with ExitStack() as stack:
        urls = servers(folder, stack)
        for clients in (8, 64):
            runs: Runs = {name: [] for name in urls}
            for _ in range(ROUNDS):
                for name, url in urls.items():
                    runs[name].append(loaded(url, clients))
            yield _row(clients, runs, "single", "one pass a request", 2)
            yield _row(clients, runs, "png", "one PNG a channel as JSON", 20)


def _row(clients: int, runs: Runs, peer: str, words: str, ask: float) -> Row:
    rates = {name: [run["rate"] for run in runs[name]] for name in runs}
    p99 = {name: median([run["p99"] for run in runs[name]]) for name in runs}
    times = ratio(rates["batched"], rates[peer])
    return Row(
        f"{clients} clients",
        f"{median(rates['batched']):,.0f}/s (p99 {ms(p99['batched'])})",
        f"{words}: {median(rates[peer]):,.0f}/s (p99 {ms(p99[peer])})",
        f"{times:.1f}×",
        f"≥ {ask:g}×",
        times >= ask,
    )
