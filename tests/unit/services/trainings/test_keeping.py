"""Which weights are written, and when."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from app.services.training import Evaluation, Moment, Started, State
from app.services.training.events import Snapshot
from app.services.training.state import Progress as Done
from app.services.trainings.files import Files, digest
from app.services.trainings.keeping import Keeper
from app.services.trainings.messages import Kept, Message
from app.services.trainings.progress import Progress
from app.services.trainings.record import Checkpoint


class Training:
    """A training of one weight, which is the number of the step."""

    def __init__(self, folder: Path, most: int = 80, steps: int = 100, done: int = 0) -> None:
        self.files, self.told, self.step = Files(folder), list[Message](), 0
        self.progress = Progress(0.0, 0)
        self.keeper = Keeper(self.files, self.told.append, self.progress, most, steps / 10)
        self.snapshot = Snapshot(self.weights, lambda: State(self.weights(), {}, Done(self.step)))
        self.keeper.begin(Started(1, steps, 10, "cpu", "float32", done, self.snapshot))

    def weights(self) -> dict[str, torch.Tensor]:
        return {"weight": torch.tensor([float(self.step)])}

    def moment(self, step: int) -> None:
        self.step = step
        self.keeper.keep(Moment(step, step / 10, self.snapshot))

    @property
    def kept(self) -> list[Checkpoint]:
        return [each.checkpoint for each in self.told if isinstance(each, Kept)]


@pytest.fixture
def training(tmp_path: Path) -> Training:
    return Training(tmp_path)


def test_a_checkpoint_is_a_state_dict_with_its_hash(training: Training) -> None:
    training.moment(5)
    path = training.files.checkpoint(5)
    assert load_file(path)["weight"].item() == 5
    (kept,) = training.kept
    assert (kept.step, kept.bytes) == (5, path.stat().st_size)
    assert kept.sha256 == digest(path.read_bytes())


def test_a_test_at_the_same_step_belongs_to_the_checkpoint(training: Training) -> None:
    training.keeper.tested(Evaluation(10, 0.5, 0.9, np.zeros(1, np.uint8)))
    training.moment(10)
    training.moment(20)
    assert [each.test_accuracy for each in training.kept] == [0.9, None]


def test_the_first_moment_is_the_newest_weights_too(training: Training) -> None:
    training.moment(0)
    assert load_file(training.files.live)["weight"].item() == 0
    training.step = 7
    training.keeper.save(live=True)
    assert load_file(training.files.live)["weight"].item() == 7
    assert training.files.state.is_file()


def test_large_networks_keep_few_checkpoints_better_ones_rather_than_others(tmp_path: Path) -> None:
    training = Training(tmp_path, most=10)
    for step in range(0, 800, 2):
        if step % 10 == 4:
            accuracy = step / 1000 if step < 100 else 0.05
            training.keeper.tested(Evaluation(step, 0.5, accuracy, np.zeros(1, np.uint8)))
        training.moment(step)
    steps = [each.step for each in training.kept]
    assert steps[:4] == [0, 14, 24, 34]
    assert sum(step <= 100 for step in steps) <= 11
    assert len(steps) <= 11 + 3 * 5  # it became twice as long, and again, and again


def test_the_end_is_kept_and_after_a_resumption_the_distance(tmp_path: Path) -> None:
    training = Training(tmp_path, most=10)
    for step in (0, 30, 34):
        training.moment(step)
    training.progress.number = 34
    training.keeper.finish()
    training.keeper.finish()
    assert [each.step for each in training.kept] == [0, 30, 34]
    again = Training(tmp_path, most=10, done=34)
    for step in (40, 60):
        again.moment(step)
    assert [each.step for each in again.kept] == [60]
