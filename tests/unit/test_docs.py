"""The README says what is: settings, networks, views, commands, and examples that run."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
import torch
from safetensors.torch import save

import models
from scripts import readme
from scripts.live_server import LiveServer

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"<!-- tested -->\n```(bash|python)\n(.*?)```", README, re.DOTALL)

# Hosts of package registries, in pieces so that this file does not name them itself.
REGISTRIES = [
    "".join(parts)
    for parts in (("py", "pi.org"), ("files.python", "hosted"), ("registry.", "npmjs"))
] + ["".join(parts) for parts in (("download.", "pytorch.org"), ("deb.", "debian.org"))]
MACHINE_PATHS = re.compile(r"(?<![\w.])/(?:work|root|home)/\w|(?<![\w.])/opt/(?:wheels|py" + "pi)")


@pytest.mark.parametrize("name", list(readme.TABLES))
def test_the_readme_has_the_table(name: str) -> None:
    assert readme.TABLES[name]() in README, "python -m scripts.readme writes it"


def test_the_readme_is_as_it_would_be_written() -> None:
    assert readme.filled(README) == README


def test_every_view_is_described() -> None:
    views = (ROOT / "static" / "js" / "views").glob("*.js")
    ids = [
        found for view in views for found in re.findall(r"\bid: '(\w+)', mount", view.read_text())
    ]
    assert ids
    assert [view for view in ids if f"`{view}`" not in README] == []


def test_commands_of_the_readme_exist() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z-]+)", README)) - {"it"}
    assert named <= targets
    assert {"run", "test", "bench", "check", "train-digits", "clean", "help"} <= targets


@pytest.fixture(scope="module")
def stocked(server: LiveServer) -> LiveServer:
    """The server with weights for the examples of photographs: a file of random numbers."""
    torch.manual_seed(0)
    body = save(models.create("mobilenet_v2").state_dict())
    address = f"{server.url}/api/v1/models/mobilenet_v2/weights/file"
    files = {"file": ("mobilenet.safetensors", body)}
    httpx.post(address, files=files, timeout=60).raise_for_status()
    return server


@pytest.mark.parametrize(("language", "code"), EXAMPLES, ids=lambda text: text.split("\n")[0][:24])
def test_examples_run(stocked: LiveServer, tmp_path: Path, language: str, code: str) -> None:
    (tmp_path / "docs").mkdir()
    shutil.copy(ROOT / "docs" / "seven.png", tmp_path / "docs")
    code = code.replace("127.0.0.1:8000", stocked.url.removeprefix("http://"))
    command = (
        ["bash", "-euc", code]
        if language == "bash"
        else [sys.executable, "-W", "error", "-c", code]
    )
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "problem" not in done.stdout
    for picture in tmp_path.glob("*.png"):
        assert picture.read_bytes().startswith(b"\x89PNG")
    for archive in tmp_path.glob("*.npz"):
        assert archive.read_bytes().startswith(b"PK")


def test_there_are_examples_of_every_kind() -> None:
    assert [language for language, _ in EXAMPLES].count("python") >= 3
    assert "predictions" in EXAMPLES[0][1]


def test_linked_files_exist() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_no_file_names_a_registry_or_this_machine() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    guilty = []
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if not path.is_file() or path.suffix in (".png", ".safetensors", ".svg", ".bin"):
            continue
        text = path.read_text(encoding="utf-8")
        if MACHINE_PATHS.search(text) or any(host in text for host in REGISTRIES):
            guilty.append(name)
    assert guilty == []
