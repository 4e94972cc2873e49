"""Networks of the user's own, from a directory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import torch

import models
from models import registry
from scripts.live_server import LiveServer

TINY = """
from torch import nn
from models.registry import IMAGENET_PHOTO, ModelSpec, register

@register(ModelSpec(id="{id}", title="Tiny", family="My own", task="classification",
                    input=IMAGENET_PHOTO, classes=("cat", "dog"), about="Two layers.",
                    reference="my notes"))
def tiny(num_classes: int = 2) -> nn.Module:
    return nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1),
                         nn.Flatten(), nn.Linear(8, num_classes))
"""


@pytest.fixture(autouse=True)
def clean_registry() -> Iterator[None]:
    before = set(models.names())
    yield
    for added in set(models.names()) - before:
        registry.forget(added)


def test_a_file_registers_its_network(tmp_path: Path) -> None:
    (tmp_path / "tiny.py").write_text(TINY.format(id="tiny"))
    assert models.load_directory(tmp_path) == []
    assert models.spec("tiny").classes == ("cat", "dog")
    assert models.create("tiny")(torch.zeros(1, 3, 224, 224)).shape == (1, 2)


def test_files_may_share_a_helper(tmp_path: Path) -> None:
    (tmp_path / "_shared_by_own_networks.py").write_text("NAME = 'shared'")
    text = "from _shared_by_own_networks import NAME\n" + TINY.replace('"{id}"', "NAME")
    (tmp_path / "tiny.py").write_text(text)
    assert models.load_directory(tmp_path) == []
    assert "shared" in models.names()


def test_a_broken_file_is_named_with_its_line_and_the_others_load(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\ny = x / 0\n")
    (tmp_path / "b.py").write_text("def (:\n")
    (tmp_path / "c.py").write_text(TINY.format(id="tiny"))
    division, syntax = (str(error) for error in models.load_directory(tmp_path))
    assert "a.py, line 2: ZeroDivisionError" in division
    assert "b.py, line 1: SyntaxError" in syntax
    assert "tiny" in models.names()


def test_an_id_that_is_taken_is_refused(tmp_path: Path) -> None:
    (tmp_path / "tiny.py").write_text(TINY.format(id="vgg16"))
    (error,) = models.load_directory(tmp_path)
    assert "'vgg16' is registered already" in str(error)
    assert models.spec("vgg16").title == "VGG-16"


def test_what_a_failing_file_registered_is_taken_back(tmp_path: Path) -> None:
    (tmp_path / "tiny.py").write_text(TINY.format(id="half") + "\nraise RuntimeError('late')\n")
    (error,) = models.load_directory(tmp_path)
    assert "late" in str(error)
    assert "half" not in models.names()


def test_no_such_directory(tmp_path: Path) -> None:
    with pytest.raises(models.OwnNetworkError, match="no directory"):
        models.load_directory(tmp_path / "none")


def test_the_server_shows_it(tmp_path: Path) -> None:
    folder = tmp_path / "networks"
    folder.mkdir()
    (folder / "tiny.py").write_text(TINY.format(id="tiny"))
    (folder / "wrong.py").write_text("1 / 0")
    settings = {"networks_dir": folder, "weights_dir": tmp_path / "weights"}
    with LiveServer(tmp_path / "server.log", settings) as server:
        base = f"{server.url}/api/v1/models/tiny"
        detail = httpx.get(base).raise_for_status().json()
        assert [stage["id"] for stage in detail["stages"]] == ["input", "0", "2", "4"]
        assert detail["weights"]["status"] == "missing"
        body = b"\x93NUMPY"
        assert httpx.post(f"{base}/passes", content=body).status_code in (409, 422)
    assert "wrong.py, line 1: ZeroDivisionError" in (tmp_path / "server.log").read_text()
