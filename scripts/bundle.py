"""The page's modules and libraries as one script, and its sheets as one sheet, by esbuild.

A browser asks for each imported module by itself: hundreds of requests a page, each with its price
on both sides. The server sends static/dist as long as it is no older than what it was made from,
else the separate files.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from scripts import node

FOLDER = Path("static/dist")
ENTRIES = {"page.js": "static/js/main.js", "page.css": "static/css/all.css"}
LIBRARIES = {  # as the import map of templates/page.html
    "three": "three/three.module.js",
    "three/addons": "three/addons",
    "uplot": "uplot/uPlot.esm.js",
}
LICENCES = "/*! With three.js and uPlot (MIT): ../vendor/three/LICENSE, ../vendor/uplot/LICENSE */"


def sources(root: Path) -> tuple[Path, ...]:
    """Everything that the bundle is made from; package-lock.json stands for the libraries."""
    static = root / "static"
    files = [*static.glob("js/**/*.js"), *static.glob("css/**/*.css")]
    return (Path(__file__), root / "package-lock.json", *sorted(files))


def make(root: Path) -> None:
    """Write page.js, page.css and their source maps. Raises SystemExit if esbuild fails."""
    shutil.rmtree(root / FOLDER, ignore_errors=True)
    entries = [f"{Path(name).stem}={path}" for name, path in ENTRIES.items()]
    aliases = [f"--alias:{name}=./static/vendor/{path}" for name, path in LIBRARIES.items()]
    options = ["--bundle", "--minify", "--format=esm", "--charset=utf8", "--log-level=warning"]
    maps = ["--sourcemap", "--sources-content=false"]  # the server has the sources, too
    command = ["esbuild", *entries, f"--outdir={FOLDER}", *options, *maps, *aliases]
    node.run([*command, f"--banner:js={LICENCES}"], node.paths(root), root)


def date(root: Path, newest: int) -> None:
    """Give the bundle the date of its newest source, in nanoseconds: the server compares dates,
    where a set-up compares contents, and browsers keep what has its old date.
    """
    for path in (root / FOLDER).glob("page.*"):
        os.utime(path, ns=(newest, newest))
