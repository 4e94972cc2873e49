"""Run the benchmarks and print their tables: ``python -m bench [--save NAME] [section …]``."""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import tempfile
from pathlib import Path

from app import allocator
from bench.measure import table

SECTIONS = (
    "live", "throughput", "body", "png", "capture", "large", "photos", "page", "tops", "maximize",
    "training", "training_server",
)  # fmt: skip
RESULTS = Path(__file__).parent / "results"


def machine() -> str:
    """This machine in words."""
    try:
        info = Path("/proc/cpuinfo").read_text()
    except OSError:
        info = ""
    names = [line.partition(":")[2].strip() for line in info.splitlines() if "model name" in line]
    words = [names[0] if names else platform.machine(), f"{os.cpu_count()} cores"]
    torch, python = importlib.import_module("torch").__version__, platform.python_version()
    return ", ".join([*words, f"Python {python}", f"torch {torch}", "one torch thread"])


def main() -> None:
    """Run the sections that the command line names, or all."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("sections", nargs="*", choices=[*SECTIONS, []], help="default: all")
    parser.add_argument("--save", metavar="NAME", help="also write bench/results/NAME.md")
    arguments = parser.parse_args()
    importlib.import_module("torch").set_num_threads(1)
    allocator.keep_pages(1024**3)  # as the server does
    parts = [machine(), ""]
    print(parts[0], flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for name in arguments.sections or SECTIONS:
            section = importlib.import_module(f"bench.{name}")
            parts.append(table(section.TITLE, list(section.rows(Path(folder)))))
            print(parts[-1], flush=True)
    if arguments.save:
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / f"{arguments.save}.md").write_text("\n".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main()
