"""Imports run one way: models ← app.services ← app.api ← app.main; in the browser likewise."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).parents[2]
SCRIPTS = ROOT / "static" / "js"
MODULES = sorted(SCRIPTS.rglob("*.js"))

# What the modules of a folder may import; "" is static/js itself (main.js, views.js).
MAY_IMPORT = {
    "core": {"core"},
    "scene": {"scene", "core", "three"},
    "ui": {"ui", "core", "uplot"},
    "views": {"views", "ui", "scene", "core"},
    "": {"", "views", "ui", "scene", "core"},
}
PACKAGES = {"three", "uplot"}
COMMENT = re.compile(r"/\*.*?\*/|(?:^|(?<=\s))//[^\n]*", re.DOTALL)
IMPORT = re.compile(r"""(?:\bfrom|\bimport)\s*\(?\s*["']([^"']+)["']""")
DOM = re.compile(
    r"\b(?:document|HTML\w*Element|localStorage|sessionStorage|requestAnimationFrame|matchMedia)\b"
    r"|\bwindow\.(?:location|history|addEventListener|inner\w+|devicePixelRatio)\b"
)


def code(path: Path) -> str:
    """The text of a module without its comments (types in JSDoc may come from anywhere)."""
    return COMMENT.sub("", path.read_text(encoding="utf-8"))


def folder(path: Path) -> str:
    """The folder of static/js that a module is in; "" for static/js itself."""
    parts = path.relative_to(SCRIPTS).parts
    return parts[0] if len(parts) > 1 else ""


def imported_folder(module: Path, name: str) -> str:
    """Where an import leads: a folder of static/js, or a package ("three", "uplot")."""
    package = name.partition("/")[0]
    if package in PACKAGES:
        return package
    target = (module.parent / name).resolve()
    assert target.is_file(), f"{module.relative_to(ROOT)} imports {name}, which does not exist"
    return folder(target)


def test_python_layers() -> None:
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(SCRIPTS).as_posix())
def test_browser_modules_import_downwards(module: Path) -> None:
    imported = {imported_folder(module, name) for name in IMPORT.findall(code(module))}
    assert imported <= MAY_IMPORT[folder(module)]


@pytest.mark.parametrize(
    "module",
    sorted((SCRIPTS / "core").rglob("*.js")),
    ids=lambda path: path.relative_to(SCRIPTS).as_posix(),
)
def test_core_has_no_dom(module: Path) -> None:
    assert DOM.findall(code(module)) == []


def test_import_statements_are_found() -> None:
    source = "import * as T from 'three';\nimport './a.js';\nexport {b} from \"./b.js\";\n"
    source += "const c = await import('./c.js'); // import './d.js'\n/** {import('./e.js').E} */"
    found = IMPORT.findall(COMMENT.sub("", source))
    assert found == ["three", "./a.js", "./b.js", "./c.js"]
