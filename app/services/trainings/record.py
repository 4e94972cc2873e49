"""What is kept of a training beside its weights and curves: ``training.json``."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from app.schemas import DatasetInfo
from app.schemas.training import Measured

State = Literal["queued", "running", "paused", "done", "failed", "cancelled"]
OPEN: tuple[State, ...] = ("queued", "running", "paused")  # goes on after a restart


class Facts(BaseModel):
    """What is fixed once a request is accepted: enough to build the network without its data.

    ``input`` are the fields of its models.InputSpec. ``macs`` are counted once it has begun.
    ``entry``: whether it is in /models.
    """

    architecture: str
    title: str
    family: str
    reference: str
    about: str
    input: dict[str, Any]
    classes: list[str]
    parameters: int
    macs: int | None = None
    dataset: DatasetInfo
    entry: bool
    uploaded: bool = False


class Checkpoint(BaseModel):
    """A moment that is kept: the file's size and hash, and how good the network was."""

    step: int
    epoch: float
    bytes: int
    sha256: str
    loss: float | None = None
    test_loss: float | None = None
    test_accuracy: float | None = None


class Standing(Measured):
    """How far a training is. ``live`` counts the newest weights that were written."""

    step: int = 0
    steps: int = 0
    steps_per_epoch: int = 1
    epoch: float = 0.0
    live: int = 0


class Record(BaseModel):
    """A training: the completed request, and what has come of it.

    ``hold``: it is wanted paused. ``pending`` are changes made while no process ran. ``attempts``
    counts the resumptions by the server itself since the last progress.
    """

    version: Literal[1] = 1
    id: str
    title: str
    created: datetime
    request: dict[str, Any]
    facts: Facts
    state: State = "queued"
    hold: bool = False
    job: str | None = None
    error: str | None = None
    standing: Standing = Field(default_factory=Standing)
    checkpoints: list[Checkpoint] = Field(default_factory=list)
    pending: dict[str, float] = Field(default_factory=dict)
    attempts: int = 0

    @property
    def model(self) -> str | None:
        """Its entry in /models, if it has one."""
        return f"{self.facts.architecture}-{self.id}" if self.facts.entry else None

    @property
    def epochs(self) -> float:
        """So many are wanted: the request's, or as it was changed."""
        changed = [each.value for each in self.standing.changes if each.name == "epochs"]
        first: float = self.request["epochs"]
        return self.pending.get("epochs", changed[-1] if changed else first)

    @property
    def latest(self) -> Checkpoint | None:
        """The newest checkpoint."""
        return self.checkpoints[-1] if self.checkpoints else None

    @property
    def best(self) -> Checkpoint | None:
        """The checkpoint with the highest test accuracy; the newest where none was tested."""
        tested = [each for each in self.checkpoints if each.test_accuracy is not None]
        return max(tested, key=lambda each: each.test_accuracy or 0.0, default=self.latest)
