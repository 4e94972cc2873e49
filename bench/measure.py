"""How everything here is measured: interleaved rounds, medians, ratios within one run.

Absolute times drift by tens of per cent between runs; a ratio of neighbours does not.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Work = Callable[[], object]
Clock = Callable[[], float]  # seconds


@dataclass(frozen=True)
class Row:
    """One line of the table. ``met`` is None where there is nothing to meet."""

    what: str
    ours: str
    beside: str
    ratio: str = ""
    ask: str = ""
    met: bool | None = None


def seconds_a_call(work: Work, calls: int, clock: Clock = time.perf_counter) -> float:
    """The mean duration of ``calls`` calls in a row."""
    start = clock()
    for _ in range(calls):
        work()
    return (clock() - start) / calls


def interleaved(
    works: Mapping[str, Work], rounds: int = 15, calls: int = 20, clock: Clock = time.perf_counter
) -> dict[str, list[float]]:
    """Seconds a call of each work, one entry a round; every round runs each of them in turn.

    ``time.process_time`` is the clock for work of this process alone, beside other work.
    """
    for work in works.values():
        seconds_a_call(work, max(1, calls // 4))  # warm up
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            times[name].append(seconds_a_call(work, calls, clock))
    return times


def median(values: list[float]) -> float:
    """The median."""
    return statistics.median(values)


def ratio(above: list[float], below: list[float]) -> float:
    """The median of the rounds' ratios."""
    return statistics.median(a / b for a, b in zip(above, below, strict=True))


def ms(seconds: float) -> str:
    """Milliseconds with three significant digits."""
    return f"{seconds * 1000:.3g} ms"


def kib(size: int) -> str:
    """A size in KiB."""
    return f"{size / 1024:,.1f} KiB"


def table(title: str, rows: list[Row]) -> str:
    """Rows as a Markdown table under a heading."""
    head = "| what | ours | beside | ratio | ask | met |\n| --- | --- | --- | --- | --- | --- |"
    verdict = {True: "yes", False: "**no**", None: ""}
    lines = [
        f"| {row.what} | {row.ours} | {row.beside} | {row.ratio} | {row.ask} | {verdict[row.met]} |"
        for row in rows
    ]
    return "\n".join([f"## {title}", "", head, *lines, ""])
