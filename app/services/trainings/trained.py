"""Trained networks as entries of /models."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from torch import nn

from app.schemas import TrainingRequest
from app.services.datasets.catalog import TRAINED
from app.services.training import Config
from app.services.training.network import create
from app.services.trainings.files import Files
from app.services.trainings.record import Checkpoint, Facts, Record
from app.services.trainings.words import about, recipe
from models import registry
from models.registry import InputSpec, ModelSpec
from models.sources.loading import file_sha256
from models.weights import Source, WeightsCard, trained

LIVE = trained.LIVE
_STEP = "step-"


def source_of(step: int) -> str:
    """The id of the source that a checkpoint is."""
    return f"{_STEP}{step}"


def input_of(facts: Facts) -> InputSpec:
    """What the network takes in."""
    given: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in facts.input.items()
    }
    return InputSpec(**given)


def spec_of(record: Record, model_id: str | None = None) -> ModelSpec:
    """The card of a training's network."""
    facts = record.facts
    return ModelSpec(
        id=model_id or record.model or facts.architecture,
        title=record.title,
        family=TRAINED,
        task="classification",
        input=input_of(facts),
        classes=tuple(facts.classes),
        about=about(record),
        reference=facts.reference,
        parameters=facts.parameters if facts.macs is not None else None,
        macs=facts.macs,
        layer_names=_layer_names(facts.architecture),
    )


def _layer_names(architecture: str) -> Mapping[str, str]:
    """The paper's names of layers; none for designs, and for networks that are here no more."""
    return registry.spec(architecture).layer_names if architecture in registry.names() else {}


def network_of(record: Record, num_classes: int | None = None) -> nn.Module:
    """A training's network with its first weights (on the meta device: without memory)."""
    del num_classes  # its classes are those that it has learnt
    config = Config.of(TrainingRequest.model_validate(record.request))
    return create(config, spec_of(record)).eval()


def register(record: Record, moments: trained.Moments) -> None:
    """Add the network of a training to /models; nothing happens where it is there already."""
    model_id = record.model
    if model_id is None or model_id in registry.names():
        return

    def build(num_classes: int = len(record.facts.classes)) -> nn.Module:
        return network_of(record, num_classes)

    trained.add(model_id, moments)
    registry.register(spec_of(record))(build)


def forget(record: Record) -> None:
    """Take it out again."""
    model_id = record.model
    if model_id is not None and model_id in registry.names():
        registry.forget(model_id)
        trained.forget(model_id)


def rename(record: Record) -> None:
    """Show it under its title as it is now."""
    if record.model is not None:
        registry.replace_card(spec_of(record))


@dataclass(frozen=True)
class _Seen:
    """A file as it was when it was looked at."""

    stamp: tuple[int, int, int]  # inode, time, bytes
    sha256: str


@dataclass(frozen=True)
class _Sources:
    """The sources of a record with these checkpoints (a list that is never changed)."""

    checkpoints: list[Checkpoint]
    accuracy: float | None
    sources: tuple[Source, ...]

    def are_those_of(self, record: Record) -> bool:
        """Whether nothing of them has changed."""
        same = self.checkpoints is record.checkpoints
        return same and self.accuracy == record.standing.test_accuracy


class Moments:
    """The weights of one training, for models.weights. ``record`` gives it as it is now."""

    def __init__(self, record: Callable[[], Record], files: Files) -> None:
        self._record, self._files = record, files
        self._lock = threading.Lock()
        self._live: _Seen | None = None
        self._sources: _Sources | None = None

    def sources(self) -> tuple[Source, ...]:
        """The newest weights, then every checkpoint."""
        record = self._record()
        known = self._sources
        if known is None or not known.are_those_of(record):
            known = _Sources(
                record.checkpoints, record.standing.test_accuracy, tuple(self._all(record))
            )
            self._sources = known
        return known.sources

    def card(self, source_id: str) -> WeightsCard | None:
        """The card of weights that are there."""
        record = self._record()
        if source_id == LIVE:
            return self._live_card(record)
        found = self._checkpoint(record, source_id)
        if found is None:
            return None
        accuracy = _accuracy(record, found.test_accuracy)
        return self._card(record, source_id, found.sha256, found.bytes, accuracy)

    def path(self, source_id: str) -> Path:
        """The file of a source."""
        if source_id == LIVE:
            return self._files.live
        return self._files.checkpoint(int(source_id.removeprefix(_STEP)))

    def stamp(self) -> tuple[int, int, int] | None:
        """Differs from the one before when the newest weights have changed."""
        try:
            stat = self._files.live.stat()
        except OSError:
            return None
        return stat.st_ino, stat.st_mtime_ns, stat.st_size

    def _live_card(self, record: Record) -> WeightsCard | None:
        stamp = self.stamp()
        if stamp is None:
            return None
        with self._lock:
            seen = self._live
        if seen is None or seen.stamp != stamp:
            try:
                seen = _Seen(stamp, file_sha256(self._files.live))
            except OSError:
                return None
            with self._lock:
                self._live = seen
        accuracy = _accuracy(record, record.standing.test_accuracy)
        return self._card(record, LIVE, seen.sha256, stamp[2], accuracy)

    def _card(
        self, record: Record, source_id: str, sha256: str, size: int, accuracy: dict[str, float]
    ) -> WeightsCard:
        return WeightsCard(
            source=source_id,
            file=self.path(source_id).name,
            sha256=sha256,
            bytes=size,
            input=input_of(record.facts),
            num_classes=len(record.facts.classes),
            data=record.facts.dataset.title,
            recipe=recipe(record),
            seed=int(record.request.get("seed", 1)),
            accuracy=accuracy,
        )

    def _checkpoint(self, record: Record, source_id: str) -> Checkpoint | None:
        return next(
            (each for each in record.checkpoints if source_of(each.step) == source_id), None
        )

    def _all(self, record: Record) -> list[Source]:
        live = self._source(record, LIVE, "The newest weights", record.standing.test_accuracy)
        kept = [
            self._source(
                record,
                source_of(each.step),
                f"After {each.step:,} steps ({each.epoch:.3g} epochs)",
                each.test_accuracy,
                each.sha256,
            )
            for each in record.checkpoints
        ]
        return [live, *kept]

    def _source(
        self,
        record: Record,
        source_id: str,
        title: str,
        accuracy: float | None,
        sha256: str = "",
    ) -> Source:
        return Source(
            id=source_id,
            kind="trained",
            title=title,
            licence="yours",
            input=input_of(record.facts),
            num_classes=len(record.facts.classes),
            file=self.path(source_id).name,
            sha256=sha256,
            accuracy=_accuracy(record, accuracy),
        )


def _accuracy(record: Record, value: float | None) -> dict[str, float]:
    return {} if value is None else {f"{record.facts.dataset.id}_test": value}
