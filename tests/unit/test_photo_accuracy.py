"""Counting right answers on photographs whose names say their class."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
import torch
from PIL import Image
from torch import Tensor, nn

from models.weights import Store, WeightsCard, WeightsError, random_card
from scripts import photo_accuracy


def picture(colour: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (300, 260), colour).save(buffer, "PNG")
    return buffer.getvalue()


class Reddest(nn.Module):
    """Class 2 for a red picture, else class 7; class 1 always comes second."""

    def forward(self, x: Tensor) -> Tensor:
        logits = torch.zeros(len(x), 10)
        red = x[:, 0].mean(dim=(1, 2)) > x[:, 2].mean(dim=(1, 2))
        logits[range(len(x)), torch.where(red, 2, 7)] = 9
        logits[:, 1] = 5
        return logits


class OneNetwork(Store):
    """A store that has this network only."""

    def load(self, model_id: str, source_id: str) -> tuple[nn.Module, WeightsCard]:
        return Reddest(), random_card(model_id)


def test_right_answers_are_counted(tmp_path: Path) -> None:
    names = {"0002_red.png": "red", "0007_blue.png": "blue", "0001_blue.png": "blue"}
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("notes.txt", "")
        for name, colour in names.items():
            archive.writestr(f"photos/{name}", picture(colour))
            (tmp_path / name).write_bytes(picture(colour))
    for path in (tmp_path, tmp_path / "a.zip"):
        pictures = photo_accuracy.photographs(path)
        assert [each.label for each in pictures] == [1, 2, 7]
        score = photo_accuracy.score("vgg16", "wheel", pictures, OneNetwork(tmp_path))
        assert (score.top1, score.top5, score.total) == (2, 3, 3)
    assert str(score).startswith("vgg16 (wheel): 2 of 3 right")


def test_names_must_tell_the_class(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"holds no \.jpg"):
        photo_accuracy.photographs(tmp_path)
    (tmp_path / "cat.jpg").write_bytes(b"")
    with pytest.raises(ValueError, match=r"cat\.jpg: the name must begin"):
        photo_accuracy.photographs(tmp_path)


def test_weights_without_a_classifier_cannot_be_right(tmp_path: Path) -> None:
    class Features(Store):
        def load(self, model_id: str, source_id: str) -> tuple[nn.Module, WeightsCard]:
            card = random_card(model_id)
            return nn.Identity(), WeightsCard(**{**vars(card), "num_classes": 0})

    with pytest.raises(WeightsError, match="no classifier"):
        photo_accuracy.score("vgg16", "wheel", [], Features(tmp_path))
