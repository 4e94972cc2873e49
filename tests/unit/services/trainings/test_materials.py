"""What trainings learn from: loaded once, and only for networks that were trained on it."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.schemas import TrainingRequest
from app.services import datasets
from app.services.datasets import DatasetMissingError
from app.services.trainings.accepting import accepted
from app.services.trainings.materials import Materials
from app.services.trainings.orders import Places
from app.services.trainings.record import Record

REQUEST = {"design": {"layers": []}, "dataset": {"id": "points", "count": 40}}


@pytest.fixture
def record() -> Record:
    return accepted(TrainingRequest.model_validate(REQUEST), datasets.info("points"), 10**6)


def test_trainings_on_the_same_share_it(record: Record, tmp_path: Path) -> None:
    materials = Materials(Places(tmp_path))
    found = materials.of(record)
    other = record.model_copy(update={"id": "0" * 8})
    assert materials.of(other) is found
    reseeded = record.model_copy(update={"request": record.request | {"seed": 7}})
    assert materials.of(reseeded) is not found


def test_pictures_of_other_classes_are_not_taken_for_its_own(
    record: Record, tmp_path: Path
) -> None:
    """The user's folder has changed, or the network came from another machine."""
    facts = record.facts.model_copy(update={"classes": ["x", "y"]})
    with pytest.raises(DatasetMissingError, match="x, y"):
        Materials(Places(tmp_path)).of(record.model_copy(update={"facts": facts}))
