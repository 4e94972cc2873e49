"""The set-up steps: what they bring, and that they bring it once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scripts import browser, check_python, environment, setup, vendor

ROOT = Path(__file__).parents[2]


@pytest.fixture
def step(tmp_path: Path) -> tuple[setup.Step, list[bool]]:
    """A step over one file, and the list of its runs."""
    runs: list[bool] = []
    source = tmp_path / "lock"
    source.write_text("one")
    return setup.Step("step", tmp_path / "stamp", (source,), runs.append), runs


def test_a_step_runs_once(step: tuple[setup.Step, list[bool]]) -> None:
    one, runs = step
    one.bring(dev=False)
    one.bring(dev=False)
    assert runs == [False]


def test_a_step_runs_again_when_its_input_changes(step: tuple[setup.Step, list[bool]]) -> None:
    one, runs = step
    one.bring(dev=False)
    one.inputs[0].write_text("two")
    one.bring(dev=False)
    assert runs == [False, False]


def test_a_developers_step_serves_users_but_not_the_other_way(
    step: tuple[setup.Step, list[bool]],
) -> None:
    one, runs = step
    for dev in (False, True, False, True):
        one.bring(dev)
    assert runs == [False, True]


def test_a_step_that_failed_is_not_done(tmp_path: Path) -> None:
    def fail(dev: bool) -> None:
        raise SystemExit(1)

    step = setup.Step("step", tmp_path / "stamp", (), fail)
    with pytest.raises(SystemExit):
        step.bring(dev=False)
    assert not step.is_done(dev=False)


def test_what_changes_while_a_step_runs_is_not_done(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_text("one")
    step = setup.Step("step", tmp_path / "stamp", (source,), lambda dev: change(source))
    step.bring(dev=False)
    assert not step.is_done(dev=False)


def change(path: Path) -> None:
    path.write_text("two")


def test_each_step_depends_on_its_own_files() -> None:
    packages, npm, pictures, clothes = setup.steps()
    assert [path.name for path in packages.inputs] == ["pyproject.toml", "constraints.txt"]
    assert [path.name for path in npm.inputs] == ["package.json", "package-lock.json", ".npmrc"]
    assert [path.name for path in pictures.inputs] == ["gallery.toml"]
    names = [path.name for path in clothes.inputs]
    assert names == ["package-lock.json", "fashion-mnist-split.bin"]


@pytest.mark.parametrize(
    ("version", "has_venv", "words"),
    [
        ((3, 10), True, "needs Python 3.11 or newer"),
        ((2, 7), True, "needs Python 3.11 or newer"),
        ((3, 12), False, "apt install python3-venv"),
        ((3, 11), True, ""),
        ((4, 0), True, ""),
    ],
)
def test_an_unfit_python_is_named(version: tuple[int, int], has_venv: bool, words: str) -> None:
    problem = check_python.problem(*version, has_venv)
    assert words in problem
    assert bool(problem) == bool(words)


def test_torch_builds_are_chosen_by_name() -> None:
    first, second = environment.torch_commands(ROOT, "cpu")
    assert first[-1] == "uv"
    assert "--torch-backend=cpu" in second


def test_vendor_follows_what_addons_import(tmp_path: Path) -> None:
    scripts, addons = tmp_path / "js", tmp_path / "jsm"
    for folder in (scripts, addons / "controls", addons / "math"):
        folder.mkdir(parents=True)
    (scripts / "scene.js").write_text("import { A } from 'three/addons/controls/A.js';")
    (addons / "controls" / "A.js").write_text("import { B } from '../math/B.js';")
    (addons / "math" / "B.js").write_text("import { Vector3 } from 'three';")
    found = vendor.used_addons(scripts, addons)
    assert [path.name for path in found] == ["A.js", "B.js"]


def test_a_named_browser_must_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONVSCOPE_CHROMIUM", "no-such-browser")
    with pytest.raises(browser.NoBrowserError, match="no-such-browser"):
        browser.find()


def test_the_dockerfile_copies_what_exists() -> None:
    lines = (ROOT / "Dockerfile").read_text().replace("\\\n", "").splitlines()
    copies = [line.split()[1:-1] for line in lines if re.match(r"COPY (?!--from)", line)]
    sources = [source for words in copies for source in words]
    assert sources
    assert [source for source in sources if not (ROOT / source).exists()] == []


def test_the_lock_file_names_no_address() -> None:
    assert "://" not in (ROOT / "package-lock.json").read_text()
