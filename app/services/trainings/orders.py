"""What training processes are told to do, and what a training may take."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.services.trainings import accepting
from app.services.trainings.messages import Order
from app.services.trainings.record import Record
from app.services.trainings.run import Run


@dataclass(frozen=True)
class Limits:
    """What one training may take: seconds of training, and parameters of its network."""

    seconds: float
    parameters: int


@dataclass(frozen=True)
class Places:
    """Where data sets, and networks of the user's own, are."""

    data_dir: Path
    pictures_dir: Path | None = None
    cache_dir: Path | None = None
    networks_dir: Path | None = None


@dataclass(frozen=True)
class Orders:
    """Makes the orders of one server: its ``device``, and the ``budget`` of bytes on its disk."""

    places: Places
    limits: Limits
    device: str
    budget: int

    def of(self, run: Run) -> Order:
        """What the next process of a training is to do."""
        record, places = run.record, self.places
        return Order(
            folder=run.files.folder,
            request=record.request,
            facts=record.facts.model_dump(),
            device=self.device,
            data_dir=places.data_dir,
            pictures_dir=places.pictures_dir,
            cache_dir=places.cache_dir,
            networks_dir=places.networks_dir,
            begin=run.begin,
            changes=record.pending,
            seconds=record.standing.seconds,
            live=record.standing.live,
            most_seconds=self.limits.seconds,
            most_checkpoints=accepting.checkpoints(record.facts.parameters, self.budget),
        )

    def disk_bytes(self, record: Record, epochs: float | None = None) -> int:
        """What a training of so many epochs (default: those that are wanted) may take on disk."""
        return accepting.disk_bytes(record, epochs or record.epochs, self.budget)
