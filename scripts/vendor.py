"""Copy the browser's libraries from node_modules to static/vendor, where the server finds them."""

from __future__ import annotations

import filecmp
import re
import shutil
from pathlib import Path

SWAGGER = ("swagger-ui-bundle.js", "swagger-ui.css", "favicon-32x32.png", "LICENSE")
UPLOT = ("dist/uPlot.esm.js", "dist/uPlot.min.css", "LICENSE")
ADDON = re.compile(r"""["']three/addons/([\w./-]+\.js)["']""")
RELATIVE = re.compile(r"""from\s+["'](\.[\w./-]+\.js)["']""")


def copy(root: Path) -> None:
    """Bring static/vendor up to date; a file that is there already is left alone."""
    modules, vendor = root / "node_modules", root / "static" / "vendor"
    for name in ("three.module.js", "three.core.js"):
        _copy(modules / "three" / "build" / name, vendor / "three" / name)
    _copy(modules / "three" / "LICENSE", vendor / "three" / "LICENSE")
    addons = modules / "three" / "examples" / "jsm"
    for path in used_addons(root / "static" / "js", addons):
        _copy(path, vendor / "three" / "addons" / path.relative_to(addons))
    for name in UPLOT:
        _copy(modules / "uplot" / name, vendor / "uplot" / Path(name).name)
    for name in SWAGGER:
        _copy(modules / "swagger-ui-dist" / name, vendor / "swagger-ui" / name)


def used_addons(scripts: Path, addons: Path) -> list[Path]:
    """The files under ``addons`` that our modules import, with what those import in turn."""
    sources = [path.read_text(encoding="utf-8") for path in sorted(scripts.rglob("*.js"))]
    waiting = [addons / name for source in sources for name in ADDON.findall(source)]
    found: dict[Path, None] = {}
    while waiting:
        path = waiting.pop().resolve()
        if path not in found:
            found[path] = None
            more = RELATIVE.findall(path.read_text(encoding="utf-8"))
            waiting += [path.parent / name for name in more]
    return list(found)


def _copy(source: Path, target: Path) -> None:
    if target.is_file() and filecmp.cmp(source, target, shallow=False):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
