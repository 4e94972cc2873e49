"""The list of data sets."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from torch import nn

import models
from app.schemas import DataChoice
from app.services import datasets
from app.services.datasets import DatasetMissingError, UnknownDatasetError, fashion
from app.services.datasets.catalog import TRAINED
from models import registry
from tests.unit.services.datasets.small import write_fashion


def test_every_choice_is_listed_with_source_and_licence() -> None:
    listed = datasets.catalogue()
    assert [info.id for info in listed] == list(get_args(DataChoice.model_fields["id"].annotation))
    for info in listed:
        assert info.title
        assert info.about
        assert info.source
        assert info.licence
        assert len(info.shape) == 3


def test_networks_that_fit() -> None:
    by_id = {info.id: info for info in datasets.catalogue()}
    assert {"mlp", "lenet5", "digitnet"} <= set(by_id["mnist"].models)
    assert by_id["fashion-mnist"].models == by_id["mnist"].models
    assert "alexnet" in by_id["cifar10"].models
    assert by_id["points"].models == []


def test_networks_that_were_trained_here_are_not_among_them() -> None:
    card = replace(models.spec("mlp"), id="mlp-of-a-test", family=TRAINED)
    registry.register(card)(nn.Identity)
    try:
        assert card.id not in datasets.info("mnist").models
    finally:
        registry.forget(card.id)


def test_fashion_of_the_users_folder(tmp_path: Path) -> None:
    info = datasets.info("fashion-mnist", write_fashion(tmp_path))
    assert (info.train, info.test) == (30, 20)
    assert info.classes[0] == "T-shirt/top"
    assert len(info.classes) == 10


def test_fashion_that_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fashion, "SETUP_FOLDER", tmp_path)
    monkeypatch.setattr(fashion, "DEBIAN_FOLDER", tmp_path)
    with pytest.raises(DatasetMissingError, match="make fashion-mnist"):
        datasets.info("fashion-mnist", tmp_path)
    missing = {info.id: info.missing for info in datasets.catalogue(tmp_path)}
    assert missing["fashion-mnist"]
    assert missing["mnist"] is None


def test_unknown_ones_list_those_that_exist() -> None:
    with pytest.raises(UnknownDatasetError) as caught:
        datasets.info("imagenet")
    assert "cifar10" in caught.value.valid
    with pytest.raises(UnknownDatasetError) as caught:
        datasets.picture("points", "test", 0)
    assert "points" not in caught.value.valid


def test_one_picture() -> None:
    pictures, _ = datasets.load_mnist("test")
    assert np.array_equal(datasets.picture("mnist", "test", 3), pictures[3])
    for index in (-1, 10_000):
        with pytest.raises(IndexError):
            datasets.picture("mnist", "test", index)
