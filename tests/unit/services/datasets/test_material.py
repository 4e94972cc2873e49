"""What a network learns from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from PIL import Image

import models
from app.schemas import DataChoice
from app.services.datasets import load_mnist, material
from models.registry import IMAGENET_PHOTO
from tests.unit.services.datasets.small import write_fashion, write_pictures

GREY = models.spec("mlp").input
COLOUR = replace(IMAGENET_PHOTO, shape=(3, 32, 32), resize=32)


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return write_fashion(tmp_path)


def test_all_of_mnist_in_its_order() -> None:
    found = material(DataChoice(), GREY, 1)
    pictures, labels = load_mnist("test")
    assert found.train.shape == (60_000, 1, 28, 28)
    assert torch.equal(found.test[:, 0], torch.from_numpy(pictures.copy()))
    assert found.test_labels.tolist() == labels.tolist()
    assert found.indices.tolist() == list(range(60_000))
    assert found.classes == tuple("0123456789")


def test_a_share_is_the_same_for_the_same_seed() -> None:
    quarter, again = (material(DataChoice(share=0.25), GREY, 1) for _ in range(2))
    assert torch.equal(quarter.indices, again.indices)
    assert len(quarter.labels) == 15_000
    assert not torch.equal(quarter.indices, material(DataChoice(share=0.25), GREY, 2).indices)
    smaller = material(DataChoice(share=0.1), GREY, 1)
    assert set(smaller.indices.tolist()) <= set(quarter.indices.tolist())
    pictures, labels = load_mnist("train")
    place = int(quarter.indices[7])
    assert quarter.train[7, 0].tolist() == pictures[place].tolist()
    assert quarter.labels[7] == labels[place]
    assert len(quarter.test) == 10_000


def test_shuffled_labels_touch_only_their_share(data_dir: Path) -> None:
    plain = material(DataChoice(), GREY, 3)
    half = material(DataChoice(shuffled=0.5), GREY, 3)
    changed = (plain.labels != half.labels).float().mean()
    assert 0.43 < changed < 0.47  # a tenth of the drawn labels is right by chance
    assert torch.equal(half.labels, material(DataChoice(shuffled=0.5), GREY, 3).labels)
    assert torch.equal(half.test_labels, plain.test_labels)
    assert not torch.equal(half.labels, material(DataChoice(shuffled=0.5), GREY, 4).labels)


def test_a_tiny_share_has_as_many_pictures_as_classes(data_dir: Path) -> None:
    found = material(DataChoice(id="fashion-mnist", share=0.001), GREY, 1, data_dir)
    assert len(found.labels) == 10


def test_a_larger_network_gets_background_around_small_pictures(data_dir: Path) -> None:
    choice = DataChoice(id="fashion-mnist")
    small = material(choice, GREY, 1, data_dir)
    large = material(choice, models.spec("lenet5").input, 1, data_dir)
    assert large.train.shape == (30, 1, 32, 32)
    assert torch.equal(large.train[:, :, 2:30, 2:30], small.train)
    assert large.train[:, :, :2].sum() == 0


def test_pictures_are_enlarged_batch_by_batch(data_dir: Path) -> None:
    spec = replace(IMAGENET_PHOTO, channels="BGR")
    found = material(DataChoice(id="fashion-mnist"), spec, 1, data_dir)
    assert found.train.shape == (30, 3, 28, 28)
    assert found.fit(found.train[:2].float()).shape == (2, 3, 224, 224)
    batch = torch.rand(2, 1, 28, 28)
    assert material(DataChoice(), GREY, 1).fit(batch) is batch


def test_pictures_are_made_smaller_once(data_dir: Path) -> None:
    spec = replace(GREY, shape=(1, 14, 14))
    found = material(DataChoice(id="fashion-mnist"), spec, 1, data_dir)
    assert found.train.shape == (30, 1, 14, 14)
    assert found.train.dtype == torch.uint8


def test_channels_are_the_networks(tmp_path: Path) -> None:
    write_pictures(tmp_path, {"a": 5, "b": 5})
    for path in tmp_path.rglob("*.png"):
        Image.new("RGB", (32, 32), (200, 100, 50)).save(path)
    choice = DataChoice(id="folder")
    rgb = material(choice, COLOUR, 1, None, tmp_path)
    bgr = material(choice, replace(COLOUR, channels="BGR"), 1, None, tmp_path)
    grey = material(choice, replace(GREY, shape=(1, 32, 32)), 1, None, tmp_path)
    assert torch.equal(bgr.train, rgb.train.flip(1))
    assert grey.train.shape == (len(rgb.labels), 1, 32, 32)
    assert rgb.train[0, :, 5, 5].tolist() == [200, 100, 50]
    assert (grey.train == 124).all()


def test_material_moves_to_a_device() -> None:
    found = material(DataChoice(id="points"), GREY, 1).to("meta")
    assert {each.device.type for each in (found.train, found.labels, found.test)} == {"meta"}
    assert found.classes == ("0", "1")
