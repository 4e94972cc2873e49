"""Results are worked out once and kept beside their checkpoint."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from app.services.learning import kept
from app.services.learning.answers import Subject, answer
from app.services.learning.kept import Checkpoint
from tests.unit.services.learning.subjects import net, subject


class Counting:
    """Loads the subject, and counts how often."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> Subject:
        self.times += 1
        return subject()


@pytest.fixture
def loads() -> Counting:
    return Counting()


@pytest.fixture
def checkpoint(tmp_path: Path, loads: Counting) -> Checkpoint:
    return Checkpoint(tmp_path / "analysis", 400, "ab" * 32, loads, lambda: None)


def test_answers_are_worked_out_once(checkpoint: Checkpoint, loads: Counting) -> None:
    assert kept.kept_answers(checkpoint, "test") is None
    first, second = (kept.find_answers(checkpoint, "test") for _ in range(2))
    assert loads.times == 1
    expected = answer(subject(), "test")
    for found in (first, second):
        for name, value in vars(expected).items():
            assert np.array_equal(getattr(found, name), value), name
            assert np.asarray(getattr(found, name)).dtype == np.asarray(value).dtype
    kept.find_answers(checkpoint, "train")
    assert loads.times == 2


def test_layers_and_robustness_are_worked_out_once(checkpoint: Checkpoint, loads: Counting) -> None:
    layers, again = (kept.find_layers(checkpoint) for _ in range(2))
    assert layers == again
    assert layers.step == 400
    assert [layer.layer for layer in layers.layers] == ["conv1", "fc1", "out"]
    curves, once_more = (kept.find_robustness(checkpoint) for _ in range(2))
    assert curves == once_more
    assert loads.times == 2


def test_a_damaged_file_is_made_anew(checkpoint: Checkpoint, loads: Counting) -> None:
    kept.find_answers(checkpoint, "test")
    kept.find_layers(checkpoint)
    for path in checkpoint.folder.iterdir():
        path.write_bytes(path.read_bytes()[:50])
    kept.find_answers(checkpoint, "test")
    kept.find_layers(checkpoint)
    assert loads.times == 4
    assert kept.kept_answers(checkpoint, "test") is not None


def test_other_weights_at_the_same_step_are_another_result(checkpoint: Checkpoint) -> None:
    kept.find_robustness(checkpoint)
    other = Checkpoint(checkpoint.folder, 400, "cd" * 32, checkpoint.subject, lambda: None)
    assert kept.kept_robustness(checkpoint) is not None
    assert kept.kept_robustness(other) is None


def test_a_disk_that_takes_nothing_costs_only_time(tmp_path: Path, loads: Counting) -> None:
    (tmp_path / "file").write_bytes(b"")
    nowhere = Checkpoint(tmp_path / "file" / "analysis", 1, "", loads, lambda: None)
    assert (
        kept.find_answers(nowhere, "test").accuracy == kept.find_answers(nowhere, "test").accuracy
    )
    assert loads.times == 2


def test_a_network_that_diverged_has_results_without_numbers(tmp_path: Path) -> None:
    def diverged() -> Subject:
        one = subject()
        with torch.no_grad():
            net(one).out.weight.fill_(float("nan"))
        return one

    checkpoint = Checkpoint(tmp_path, 7, "", diverged, lambda: None)
    out = kept.find_layers(checkpoint).layers[-1]
    assert (out.weight_norm, out.gradient, sum(out.weights.counts)) == (None, None, 0)
    assert kept.kept_layers(checkpoint) == kept.find_layers(checkpoint)
    assert not np.isfinite(kept.find_answers(checkpoint, "test").loss)
    assert kept.kept_answers(checkpoint, "test") is not None
    assert kept.find_robustness(checkpoint).pictures == 30
