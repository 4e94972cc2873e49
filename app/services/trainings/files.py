"""Where the files of one training are, and how they are written: each whole or not at all."""

from __future__ import annotations

import contextlib
import hashlib
from dataclasses import dataclass
from pathlib import Path

from safetensors.torch import save as to_bytes
from torch import Tensor

RECORD = "training.json"
_LIVE = "live"
_CHECKPOINTS = "checkpoints"


@dataclass(frozen=True)
class Files:
    """The folder of one training."""

    folder: Path

    @property
    def record(self) -> Path:
        """What is known of it."""
        return self.folder / RECORD

    @property
    def metrics(self) -> Path:
        """Its curves: a JSON object a line."""
        return self.folder / "metrics.jsonl"

    @property
    def live(self) -> Path:
        """The newest weights."""
        return self.folder / f"{_LIVE}.safetensors"

    @property
    def state(self) -> Path:
        """What a resumption needs."""
        return self.folder / "resume.safetensors"

    @property
    def lock(self) -> Path:
        """Held by the process that trains."""
        return self.folder / "lock"

    @property
    def analysis(self) -> Path:
        """Room for what is worked out of the checkpoints later."""
        return self.folder / "analysis"

    @property
    def checkpoints(self) -> Path:
        """The folder of all checkpoints."""
        return self.folder / _CHECKPOINTS

    def checkpoint(self, step: int) -> Path:
        """The weights after ``step`` steps."""
        return self.checkpoints / f"step-{step:08d}.safetensors"

    def last_checkpoint(self, step: int) -> int:
        """The last step up to this one whose weights are kept; 0 where there is none."""
        names = (path.stem for path in self.checkpoints.glob("step-*.safetensors"))
        kept = (int(name.removeprefix("step-")) for name in names)
        return max((each for each in kept if each <= step), default=0)

    def sweep(self) -> None:
        """Delete what a process that was killed has left half written; the record is not its."""
        for folder in (self.folder, self.checkpoints):
            for path in folder.glob(".*.new"):
                if not path.name.startswith(f".{RECORD}"):
                    path.unlink(missing_ok=True)

    def size(self) -> int:
        """Bytes of all files."""
        total = 0
        for path in self.folder.rglob("*"):
            with contextlib.suppress(OSError):
                total += path.stat().st_size
        return total


def packed(weights: dict[str, Tensor], **facts: str) -> bytes:
    """A state dict as a safetensors file with ``facts`` among its metadata."""
    dense = {name: tensor.contiguous() for name, tensor in weights.items()}
    return to_bytes(dense, {"format": "pt", **facts})


def digest(body: bytes) -> str:
    """The SHA-256 as 64 hexadecimal digits."""
    return hashlib.sha256(body).hexdigest()
