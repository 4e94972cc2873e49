"""The page as one script and one sheet: what is in it, and when it is made."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from app.api.files import StaticFiles
from scripts import bundle, node, setup

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "static"
SMALL = {
    "package-lock.json": "{}",
    "static/js/main.js": "import { REVISION } from 'three';\nimport { add } from './a.js';\n"
    "console.log(REVISION, add(1, 2));\nthrow new Error('seen');\n",
    "static/js/a.js": "export const add = (a, b) => a + b;\nexport const unused = 'unused';\n",
    "static/css/all.css": '@import url("a.css");\n@import url("b.css");\n',
    "static/css/a.css": "a { color: red }\n",
    "static/css/b.css": "a { color: blue }\n",
    "static/vendor/three/three.module.js": "export const REVISION = 'three';\n",
}


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A page of two modules and two sheets."""
    for name, text in SMALL.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")
    return tmp_path


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """dist/ of the page itself, made in a copy."""
    root = tmp_path_factory.mktemp("page")
    for folder in ("js", "css", "vendor/three", "vendor/uplot"):
        shutil.copytree(STATIC / folder, root / "static" / folder)
    (root / "node_modules").symlink_to(ROOT / "node_modules")
    bundle.make(root)
    return root / bundle.FOLDER


def is_served(root: Path) -> bool:
    return StaticFiles(root / "static", "/static").version().bundled


def age(root: Path) -> None:
    """Everything there is a second old: the clocks of disks are coarse."""
    for path in (root / "static").rglob("*.*"):
        then = path.stat().st_mtime_ns - 10**9
        os.utime(path, ns=(then, then))


def test_the_bundle_does_what_the_modules_do(small: Path) -> None:
    bundle.make(small)
    env = node.paths()
    program = shutil.which("node", path=env["PATH"])
    assert program, "make setup-dev brings Node.js"
    script = small / bundle.FOLDER / "page.js"
    command = [program, "--enable-source-maps", "--input-type=module", "-e", f"import '{script}'"]
    (small / "static" / "package.json").write_text('{"type": "module"}')
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=env)
    assert done.stdout == "three 3\n"
    assert f"{small}/static/js/main.js:4" in done.stderr  # where the source map leads
    assert "unused" not in script.read_text()
    sheet = (script.parent / "page.css").read_text()
    assert sheet.index("red") < sheet.index("#00f")


def test_the_whole_page_is_in_its_bundle(page: Path) -> None:
    script = (page / "page.js").read_text()
    sources = json.loads((page / "page.js.map").read_text())["sources"]
    assert {"../js/main.js", "../vendor/three/three.core.js", "../vendor/uplot/uPlot.esm.js"} <= {
        *sources
    }
    assert all((page / source).is_file() for source in sources)
    assert script.startswith(bundle.LICENCES)
    assert "Three.js Authors\n * SPDX-License-Identifier: MIT" in script


def test_the_policy_lets_the_bundle_run(page: Path) -> None:
    script = (page / "page.js").read_text()
    assert not re.search(r"\beval\s*\(|\bFunction\s*\(|\bdata:text/javascript", script)
    assert not re.search(r"url\(|@import", (page / "page.css").read_text())


def test_the_bundle_takes_the_libraries_of_the_import_map() -> None:
    html = (ROOT / "templates" / "page.html").read_text()
    listed = re.findall(r'"([\w/]+)": "{{ static }}/vendor/([^"]+)"', html)
    assert {name.rstrip("/"): path.rstrip("/") for name, path in listed} == bundle.LIBRARIES


def test_every_sheet_is_in_all() -> None:
    folder = STATIC / "css"
    listed = re.findall(r'@import url\("([\w-]+\.css)"\);\n', (folder / "all.css").read_text())
    assert sorted(listed) == sorted({path.name for path in folder.glob("*.css")} - {"all.css"})


def test_the_bundle_is_made_once(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    setup.bring_page(small)
    first = StaticFiles(small / "static", "/static").version()
    setup.bring_page(small)
    assert capsys.readouterr().out.count("one script and one sheet") == 1
    assert first.bundled
    assert StaticFiles(small / "static", "/static").version() == first  # browsers keep it


def test_the_bundle_is_made_again_for_other_contents(small: Path) -> None:
    setup.bring_page(small)
    age(small)
    (small / "static/js/a.js").write_text("export const add = () => 'changed';\n")
    assert not is_served(small)
    setup.bring_page(small)
    assert is_served(small)
    assert "changed" in (small / bundle.FOLDER / "page.js").read_text()


def test_a_new_date_alone_makes_no_new_bundle(
    small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    setup.bring_page(small)
    age(small)
    (small / "static/css/b.css").touch()
    assert not is_served(small)
    setup.bring_page(small)
    assert is_served(small)
    assert capsys.readouterr().out.count("one script and one sheet") == 1


def test_what_esbuild_cannot_join_stays_separate(
    small: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    setup.bring_page(small)
    (small / "static/js/a.js").write_text("export const = 1;\n")
    setup.bring_page(small)
    told = capfd.readouterr()
    assert "one by one" in told.out
    assert "static/js/a.js:1:13" in told.err
    assert not is_served(small)
    (small / "static/js/a.js").write_text(SMALL["static/js/a.js"])
    setup.bring_page(small)
    assert is_served(small)
