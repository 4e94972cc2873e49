"""Write weights that this project trained, and their entries of models/weights/index.toml."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors.torch import save
from torch import Tensor


@dataclass(frozen=True)
class Result:
    """One trained network: its weights as safetensors, and its entry of index.toml."""

    model_id: str
    body: bytes
    entry: dict[str, Any]
    seconds: float


def result(
    model_id: str, state: Mapping[str, Tensor], facts: dict[str, Any], seconds: float
) -> Result:
    """A network's weights as a file, with what is known of them."""
    body = save({name: value.contiguous() for name, value in state.items()})
    about = {
        "file": f"{model_id}.safetensors",
        "sha256": hashlib.sha256(body).hexdigest(),
        "bytes": len(body),
    }
    return Result(model_id, body, about | facts, seconds)


def write(result: Result, folder: Path) -> None:
    """Write the weights, and the entry of index.toml beside the other networks' entries."""
    (folder / result.entry["file"]).write_bytes(result.body)
    index = folder / "index.toml"
    entries = tomllib.loads(index.read_text()) if index.is_file() else {}
    entries[result.model_id] = result.entry
    index.write_text("\n".join(_toml(name, entries[name]) for name in sorted(entries)))
    print(json.dumps({result.model_id: result.entry, "seconds": round(result.seconds)}, indent=1))


def rounded(shares: Mapping[str, float]) -> dict[str, float]:
    """Shares with four digits, as the index keeps them."""
    return {name: round(share, 4) for name, share in shares.items()}


def _toml(name: str, entry: dict[str, Any]) -> str:
    tables = {key: value for key, value in entry.items() if isinstance(value, dict)}
    lines = [f"[{name}]", *_pairs({k: v for k, v in entry.items() if k not in tables})]
    for key, table in tables.items():
        lines += ["", f"[{name}.{key}]", *_pairs(table)]
    return "\n".join(lines) + "\n"


def _pairs(table: dict[str, Any]) -> list[str]:
    """TOML's strings and numbers of this file are written as JSON's are."""
    return [f"{json.dumps(key) if '.' in key else key} = {json.dumps(table[key])}" for key in table]
