"""The training script, on a few digits and a few steps."""

from __future__ import annotations

import tomllib
from itertools import islice
from pathlib import Path

import pytest
import torch
from torch import Tensor

import models
from app.services import drawn
from models.sources.cards import shipped_card
from models.weights import load_file
from scripts import digit_report, shipped
from scripts.train_digits import OUTLIERS, RECIPES, Material, Recipe, batches, course, describe

RECIPE = Recipe(epochs=1, batch=64, peak_rate=8e-3, weight_decay=0.01)


@pytest.fixture(scope="module")
def data() -> Material:
    """Drawn digits take MNIST's place, because they are quick to make."""
    pictures, labels = drawn.digits(200, seed=1)
    outliers = drawn.scribbles(30, seed=1)
    digits, others = (torch.from_numpy(p).float()[:, None] / 255 for p in (pictures, outliers))
    return Material(digits, torch.from_numpy(labels).long(), others)


def weights(data: Material, seed: int) -> tuple[dict[str, Tensor], list[float]]:
    torch.manual_seed(seed)
    network, spec = models.create("harley"), models.spec("harley")
    stream = batches(data, RECIPE, spec, seed)
    losses = [loss for _, loss in course(network, stream, RECIPE, 25, seed)]
    return network.state_dict(), losses


def test_every_digit_network_has_a_recipe() -> None:
    assert set(RECIPES) == {"mlp", "harley", "lenet5", "digitnet"}
    assert all("no drawn digits" in describe(recipe) for recipe in RECIPES.values())


def test_loss_falls_and_the_seed_decides_the_weights(data: Material) -> None:
    first, losses = weights(data, seed=1)
    again, other = weights(data, seed=1)[0], weights(data, seed=2)[0]
    assert sum(losses[-5:]) < sum(losses[:5])
    for name, value in first.items():
        torch.testing.assert_close(value, again[name], atol=0, rtol=0)
    assert any(not torch.equal(value, other[name]) for name, value in first.items())


def test_a_batch_holds_digits_and_outliers(data: Material) -> None:
    spec = models.spec("harley")
    for inputs, wanted in islice(batches(data, RECIPE, spec, seed=1), 3):
        assert inputs.shape == (64, 1, 32, 32)
        torch.testing.assert_close(wanted.sum(dim=1), torch.ones(64))
        assert int((wanted.amax(dim=1) < 0.5).sum()) == OUTLIERS


def test_weights_and_index_are_written_and_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        digit_report, "accuracies", lambda *_: {"mnist_test": 0.98765, "scaled_0.6": 1}
    )
    monkeypatch.setattr(digit_report, "unsure", lambda *_: {"letters": 0.5})
    monkeypatch.setattr(digit_report, "threshold", lambda *_: 0.625)
    for model_id in ("mlp", "harley"):
        network, spec = models.create(model_id), models.spec(model_id)
        result = digit_report.measure(network, spec, 'a "recipe"', 7, 1.0)
        shipped.write(result, tmp_path)
    index = tomllib.loads((tmp_path / "index.toml").read_text())
    assert list(index) == ["harley", "mlp"]
    card = shipped_card("mlp", index["mlp"])
    assert (card.recipe, card.seed, card.unsure_below) == ('a "recipe"', 7, 0.625)
    assert card.accuracy == {"mnist_test": 0.9877, "scaled_0.6": 1}
    load_file(models.create("mlp"), tmp_path / card.file, card.sha256)
