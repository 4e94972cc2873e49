"""(b) Requests a second: micro-batched, the same server without, and a PNG a channel as JSON.

The ratios are of requests a second of the server's own CPU time, which is what one core would
serve: on a machine with other work, requests a second of the clock say little.
"""

from __future__ import annotations

import json
import os
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
Servers = dict[str, tuple[str, LiveServer]]
Runs = dict[str, list[dict[str, float]]]


def loaded(url: str, server: LiveServer, clients: int) -> dict[str, float]:
    """Rate, p50 and p99 as the load generator, a process of its own, saw them.

    ``core`` is the rate by the server's CPU time.
    """
    command = [sys.executable, "-m", "bench.load", url, str(clients), str(SECONDS)]
    before = cpu_seconds(server)
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    spent = cpu_seconds(server) - before
    answer: dict[str, float] = json.loads(done.stdout)
    return answer | {"core": answer["rate"] * SECONDS / spent}


def cpu_seconds(server: LiveServer) -> float:
    """What a running server has spent so far, user and system (Linux: proc_pid_stat(5))."""
    assert server.process is not None
    fields = Path(f"/proc/{server.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def servers(folder: Path, stack: ExitStack) -> Servers:
    """The three servers and their sockets, by name; they end with the stack."""
    quiet = {"log_level": "warning"}
    batched = stack.enter_context(LiveServer(folder / "batched.log", quiet))
    single = stack.enter_context(LiveServer(folder / "single.log", quiet | {"max_batch": 1}))
    port = free_port()
    program = ("bench.peer", str(port), MODEL)
    peer = stack.enter_context(LiveServer(folder / "peer.log", program=program, port=port))
    path = f"/api/v1/models/{MODEL}/live?preprocess=center"
    return {
        "batched": (batched.url + path, batched),
        "single": (single.url + path, single),
        "png": (f"{peer.url}/live", peer),
    }


def rows(folder: Path) -> Iterator[Row]:
    """Two rows for each number of clients."""
    with ExitStack() as stack:
        every = servers(folder, stack)
        for clients in (8, 64):
            runs: Runs = {name: [] for name in every}
            for _ in range(ROUNDS):
                for name, (url, server) in every.items():
                    runs[name].append(loaded(url, server, clients))
            yield _row(clients, runs, "single", "one pass a request", 2)
            yield _row(clients, runs, "png", "one PNG a channel as JSON", 20)


def _row(clients: int, runs: Runs, peer: str, words: str, ask: float) -> Row:
    cores = {name: [run["core"] for run in runs[name]] for name in runs}
    times = ratio(cores["batched"], cores[peer])
    return Row(
        f"{clients} clients",
        _seen(runs["batched"]),
        f"{words}: {_seen(runs[peer])}",
        f"{times:.1f}×",
        f"≥ {ask:g}×",
        times >= ask,
    )


def _seen(runs: list[dict[str, float]]) -> str:
    """One server's figures in words."""
    core, rate, p99 = (median([run[name] for run in runs]) for name in ("core", "rate", "p99"))
    return f"{core:,.0f} a CPU-second, {rate:,.0f}/s (p99 {ms(p99)})"
