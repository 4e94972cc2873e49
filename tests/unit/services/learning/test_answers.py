"""Answers to a data set, against a plain loop; the confusion matrix by hand."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from app.services.datasets import Split
from app.services.learning import answers as module
from app.services.learning.answers import Answers, answer
from app.services.learning.confusion import cell, confusion, mistakes
from tests.unit.services.learning.subjects import POINTS, fed, net, plane, subject


@pytest.mark.parametrize("split", ["train", "test"])
def test_answers_are_those_of_a_plain_loop(split: Split, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BATCH", 7)
    one = subject()
    pictures, labels = one.split(split)
    found = answer(one, split)
    for i, (picture, label) in enumerate(zip(pictures, labels, strict=True)):
        logits = net(one)(fed(picture)[None])[0]
        probabilities = torch.exp(logits) / torch.exp(logits).sum()
        assert found.predicted[i] == probabilities.argmax()
        assert found.probability[i] == pytest.approx(float(probabilities.max()), rel=1e-5)
        assert found.label_probability[i] == pytest.approx(float(probabilities[label]), rel=1e-5)
    assert found.labels.tolist() == labels.tolist()
    assert found.loss == pytest.approx(-np.log(found.label_probability).mean(), rel=1e-5)
    assert found.places.tolist() == list(range(len(labels)))
    assert found.accuracy == (found.predicted == found.labels).mean()


def test_one_output_says_how_likely_the_second_class_is() -> None:
    one = subject(POINTS, (2, 1, 1), 1, plane())
    found = answer(one, "test")
    second = torch.sigmoid(net(one)(one.material.test))[:, 0]
    assert np.array_equal(found.predicted, (second > 0.5).long())
    sure = torch.maximum(second, 1 - second)
    assert np.allclose(found.probability, sure)
    expected = torch.nn.functional.binary_cross_entropy(second, one.material.test_labels.float())
    assert found.loss == pytest.approx(float(expected), rel=1e-5)


def test_no_pictures_no_answers() -> None:
    one = subject()
    empty = one.material.__class__(**{**vars(one.material), "test": one.material.test[:0],
                                      "test_labels": one.material.test_labels[:0]})  # fmt: skip
    found = answer(subject(material=empty), "test")
    assert len(found.labels) == 0
    assert found.accuracy == 0


def _answers() -> Answers:
    labels = np.array([0, 0, 0, 1, 1, 2, 2, 2])
    predicted = np.array([0, 0, 1, 1, 0, 1, 1, 2])
    probability = np.array([0.9, 0.5, 0.6, 0.8, 0.7, 0.4, 0.95, 0.5], np.float32)
    return Answers(labels, predicted, probability, probability, np.arange(8), 0.0)


def test_confusion_by_hand() -> None:
    found = confusion(_answers(), 4)
    assert found.matrix == [[2, 1, 0, 0], [1, 1, 0, 0], [0, 2, 1, 0], [0, 0, 0, 0]]
    assert found.precision == [2 / 3, 1 / 4, 1.0, None]
    assert found.recall == [2 / 3, 1 / 2, 1 / 3, None]
    assert found.f1 == [2 / 3, pytest.approx(1 / 3), 1 / 2, None]


def test_confusion_counts_every_picture_once() -> None:
    one = subject()
    found = answer(one, "train")
    matrix = confusion(found, 4).matrix
    for true in range(4):
        for predicted in range(4):
            chosen = cell(found, true, predicted)
            assert len(chosen) == matrix[true][predicted]
            assert (found.labels[chosen] == true).all()
            assert (found.predicted[chosen] == predicted).all()
    assert sum(map(sum, matrix)) == len(found.labels)


def test_cells_rows_and_columns_begin_with_the_surest() -> None:
    found = _answers()
    assert cell(found, 2, 1).tolist() == [6, 5]
    assert cell(found, 0, None).tolist() == [0, 2, 1]
    assert cell(found, None, 0).tolist() == [0, 4, 1]
    assert len(cell(found, None, None)) == 8


def test_mistakes_begin_with_the_surest() -> None:
    assert mistakes(_answers()).tolist() == [6, 4, 2, 5]
