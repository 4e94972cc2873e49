"""The last hidden layer of every kind of network."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

import models
from app.services.catalog import Catalog
from app.services.hidden import Hidden, last_hidden


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog("cpu")


@pytest.mark.parametrize(
    ("model", "layer", "length", "averaged"),
    [
        ("harley", "tanh4", 100, False),
        ("alexnet", "classifier.5", 4096, False),
        ("vgg16", "classifier.4", 4096, False),
        ("resnet18", "flatten", 512, False),
        ("googlenet", "flatten", 1024, False),
        ("squeezenet1_1", "features.12.cat", 512, True),
        ("mobilenet_v2", "flatten", 1280, False),
    ],
)
def test_it_is_what_the_classifier_reads(
    catalog: Catalog, model: str, layer: str, length: int, averaged: bool
) -> None:
    source = "random" if models.spec(model).input.preprocessing == "photo" else None
    graph, spec = catalog.graph(model, source), catalog.spec(model, source)
    assert last_hidden(graph, spec) == Hidden(layer, length, averaged)


def test_without_a_classifier_it_is_the_last_layer(catalog: Catalog) -> None:
    graph = catalog.graph("vgg16", "random")
    spec = replace(catalog.spec("vgg16", "random"), classes=())
    assert last_hidden(graph, spec).layer == graph.output


def test_positions_are_averaged_for_a_convolutional_classifier() -> None:
    values = {"conv": torch.arange(8.0).reshape(2, 2, 2)}
    assert Hidden("conv", 2, averaged=True).vector(values).tolist() == [1.5, 5.5]
    assert Hidden("conv", 8, averaged=False).vector(values).tolist() == list(range(8))
