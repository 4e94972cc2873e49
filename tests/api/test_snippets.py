"""The page's "Copy as curl / Python" runs as it stands, and gives the numbers that it promises."""

from __future__ import annotations

import base64
import gzip
import io
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image

from scripts import node
from scripts.live_server import LiveServer

ROOT = Path(__file__).parents[2]
PROGRAM = """
import {{ snippet }} from '{module}';
process.stdout.write(snippet('{language}', {request}));
"""
MODEL, LAYER = "squeezenet1_1", "features.1"
LANGUAGES = ("curl", "python")


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    rng = np.random.default_rng(3)
    small = rng.integers(0, 256, (12, 16, 3), np.uint8)
    path = tmp_path / "my photo.jpg"
    Image.fromarray(small).resize((320, 240)).save(path)
    return path


def run(language: str, folder: Path, url: str, question: dict[str, Any], **more: Any) -> str:
    request = {
        "base": f"{url}/api/v1",
        "model": MODEL,
        "weights": "random",
        "source": {"kind": "photo", "name": "my photo.jpg", "url": None},
        "question": question,
    } | more
    module = (ROOT / "static" / "js" / "core" / "snippets.js").as_uri()
    program = PROGRAM.format(module=module, language=language, request=json.dumps(request))
    env = node.paths()
    javascript = shutil.which("node", path=env["PATH"])
    assert javascript, "make setup-dev brings Node.js"
    command = [javascript, "--input-type=module", "-e", program]
    text = subprocess.run(command, capture_output=True, text=True, check=True, env=env).stdout
    command = ["bash", "-euc", text] if language == "curl" else [sys.executable, "-c", text]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def activations(server: LiveServer, photo: Path) -> np.ndarray[Any, Any]:
    answer = httpx.post(
        f"{server.url}/api/v1/models/{MODEL}/passes?weights=random",
        content=photo.read_bytes(),
        headers={"Content-Type": "image/jpeg"},
        timeout=60,
    )
    path = f"/api/v1/passes/{answer.raise_for_status().json()['id']}/layers/{LAYER}?format=json"
    values = httpx.get(server.url + path, timeout=60).raise_for_status().json()
    return np.array(values["data"], np.float32)


@pytest.mark.parametrize("language", LANGUAGES)
def test_predictions(server: LiveServer, photo: Path, language: str) -> None:
    out = run(language, photo.parent, server.url, {"about": "predictions"})
    if language == "curl":
        assert len(json.loads(out)["predictions"][0]["top"]) == 5
    else:
        assert len(out.splitlines()) == 5


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_map(server: LiveServer, photo: Path, language: str) -> None:
    question = {"about": "maps", "layer": LAYER, "channel": 5}
    out = run(language, photo.parent, server.url, question)
    expected = activations(server, photo)[5]
    if language == "curl":
        assert np.array_equal(np.load(photo.parent / "maps.npy").squeeze(), expected)
        with Image.open(photo.parent / "maps.png") as picture:
            assert picture.width >= expected.shape[1]
    else:
        assert out.startswith(f"(1, 1, {expected.shape[0]}, {expected.shape[1]})")


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_unit(server: LiveServer, photo: Path, language: str) -> None:
    question = {"about": "unit", "layer": LAYER, "place": [5, 20, 30]}
    out = run(language, photo.parent, server.url, question)
    expected = float(activations(server, photo)[5, 20, 30])
    if language == "curl":
        assert json.loads(out)["output"] == pytest.approx(expected, rel=1e-6)
    else:
        shown = [float(part) for part in out.strip().splitlines()[-1].split("=")]
        assert shown == pytest.approx([expected, expected], rel=1e-5)


@pytest.mark.parametrize("language", LANGUAGES)
def test_filters(server: LiveServer, photo: Path, language: str) -> None:
    question = {"about": "filters", "layer": "features.0", "channel": None}
    out = run(language, photo.parent, server.url, question)
    if language == "curl":
        assert np.load(photo.parent / "filters.npy").shape == (64, 3, 3, 3)
        assert len(json.loads(out)["filters"]) == 64
    else:
        assert out.startswith("(64, 3, 3, 3)")
        assert len(out.splitlines()) == 6


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_of_a_units_page(server: LiveServer, tmp_path: Path, language: str) -> None:
    """Without real pictures: the tests have not looked through any."""
    body = io.BytesIO()
    np.save(body, np.tri(28, dtype=np.uint8) * 255)
    packed = base64.b64encode(gzip.compress(body.getvalue())).decode()
    question = {
        "about": "unit-page",
        "layer": "relu3",
        "channel": 5,
        "filter": {"layer": "conv3", "channel": 5},
        "set": None,
        "request": {"layer": "relu3", "channel": 5, "steps": 4},
    }
    drawing = {"kind": "drawing", "packed": packed, "preprocess": "center"}
    out = run(
        language, tmp_path, server.url, question, model="digitnet", weights=None, source=drawing
    )
    with Image.open(tmp_path / "wanted.png") as picture:
        assert picture.size == (28, 28)
    if language == "curl":
        assert np.load(tmp_path / "kernel.npy").shape == (1, 32, 3, 3)
        assert np.load(tmp_path / "map.npy").shape == (1, 1, 14, 14)
        assert '"before":[{"layer":"relu2"' in out
        assert '"state":"done"' in out
    else:
        assert "before [('relu2', " in out
        assert "(1, 32, 3, 3)" in out
        assert "(1, 1, 14, 14)" in out


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_maximization_of_the_present_picture(
    server: LiveServer, photo: Path, language: str
) -> None:
    wanted = {"layer": LAYER, "objective": "inversion", "picture": "", "steps": 2, "size": 32}
    question = {"about": "maximization", "request": wanted, "pictures": 1}
    out = run(language, photo.parent, server.url, question)
    with Image.open(photo.parent / "wanted.png") as picture:
        assert picture.size == (32, 32)
        assert '"inversion"' in picture.info["ConvScope"]
    assert "score" in out
