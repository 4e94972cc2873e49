"""Trainings on disk, and their budget."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.schemas import Change, TrainingRequest
from app.services import datasets
from app.services.training.plan import MOST
from app.services.trainings.accepting import (
    TrainingRequestError,
    accepted,
    checkpoints,
    disk_bytes,
)
from app.services.trainings.record import Checkpoint, Record, Standing
from app.services.trainings.store import Store, TrainingDiskError, default_folder
from app.services.trainings.trained import spec_of
from app.services.trainings.words import recipe

MIB = 1024 * 1024


@pytest.fixture
def record() -> Record:
    request = TrainingRequest.model_validate({"model": "lenet5", "dataset": {"share": 0.02}})
    return accepted(request, datasets.info("mnist"), 10**6)


def test_records_come_back_but_damaged_ones(tmp_path: Path, record: Record) -> None:
    store = Store(tmp_path, MIB)
    assert store.records() == []
    store.put(record, {0: b"weights"})
    assert [each.model_dump_json() for each in store.records()] == [record.model_dump_json()]
    assert store.files(record.id).live.read_bytes() == b"weights"
    assert not list(tmp_path.rglob("*.new"))
    (tmp_path / "something-else").mkdir()
    for damaged in (
        '{"id":',
        record.model_copy(update={"request": {"model": "lenet5", "later": 1}}).model_dump_json(),
        record.model_copy(
            update={"facts": record.facts.model_copy(update={"input": {"depth": 3}})}
        ).model_dump_json(),
    ):
        store.files(record.id).record.write_text(damaged)
        assert store.records() == []
    store.remove(record.id)
    assert not store.files(record.id).folder.exists()


def test_the_budget_is_kept(tmp_path: Path, record: Record) -> None:
    store = Store(tmp_path, MIB)
    store.require(MIB)
    store.put(record, {0: bytes(MIB // 2)})
    with pytest.raises(TrainingDiskError, match="CONVSCOPE_TRAINING_BYTES"):
        store.require(MIB // 2)


def test_large_networks_keep_fewer_checkpoints() -> None:
    assert checkpoints(60_000, 8192 * MIB) == MOST
    assert 8 <= checkpoints(20_000_000, 8192 * MIB) < 30


@pytest.mark.parametrize("parameters", [60_000, 20_000_000])
def test_a_training_that_is_made_longer_needs_more_disk_but_not_in_proportion(
    record: Record, parameters: int
) -> None:
    facts = record.facts.model_copy(update={"parameters": parameters})
    record = record.model_copy(update={"facts": facts, "request": record.request | {"epochs": 20}})
    needed = [disk_bytes(record, epochs, 8192 * MIB) for epochs in (20, 80, 10_000)]
    assert needed[0] < needed[1] <= 3 * needed[0]
    assert needed[0] <= 8192 * MIB // 4
    assert needed[2] < 8 * needed[0]


def test_so_many_epochs_are_wanted(record: Record) -> None:
    changed = Standing(changes=[Change(step=3, name="epochs", value=7)])
    assert record.epochs == record.request["epochs"]
    assert record.model_copy(update={"standing": changed}).epochs == 7
    assert record.model_copy(update={"standing": changed, "pending": {"epochs": 9}}).epochs == 9


def test_where_they_are_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_folder() == tmp_path / "convscope" / "trainings"


def test_every_default_is_filled_in_and_told(record: Record) -> None:
    assert record.model == f"lenet5-{record.id}"
    assert record.title == "LeNet-5 · MNIST"
    assert None not in (record.request["optimizer"], record.request["epochs"])
    assert "0.02 of the training pictures, seed 1" in recipe(record)


def test_the_best_checkpoint_is_the_one_with_the_highest_test_accuracy(record: Record) -> None:
    assert (record.latest, record.best) == (None, None)
    kept = [
        Checkpoint(step=step, epoch=step, bytes=1, sha256="", test_accuracy=accuracy)
        for step, accuracy in ((0, None), (1, 0.9), (2, 0.8), (3, None))
    ]
    record.checkpoints = kept
    assert (record.latest, record.best) == (kept[3], kept[1])
    record.checkpoints = kept[:1]
    assert record.best == kept[0]


def test_too_many_parameters_are_refused() -> None:
    with pytest.raises(TrainingRequestError, match="60,850 parameters"):
        accepted(TrainingRequest(model="lenet5"), datasets.info("mnist"), 60_000)


@pytest.mark.parametrize(("architecture", "name"), [("alexnet_small", "conv1"), ("gone", None)])
def test_layers_keep_their_papers_names(
    record: Record, architecture: str, name: str | None
) -> None:
    record.facts = record.facts.model_copy(update={"architecture": architecture})
    assert spec_of(record).layer_names.get("features.0") == name
