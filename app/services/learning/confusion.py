"""Which classes are taken for which, and the pictures behind it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.services.learning.answers import Answers

Ratios = list[float | None]


@dataclass(frozen=True)
class Counted:
    """``matrix[true][predicted]`` counts pictures; of each class precision, recall and F1.

    None where a ratio would have the denominator 0: a class never named, or never shown.
    """

    matrix: list[list[int]]
    precision: Ratios
    recall: Ratios
    f1: Ratios


def confusion(answers: Answers, classes: int) -> Counted:
    """The confusion matrix; F1 is 2·TP/(2·TP + FP + FN) (van Rijsbergen 1979)."""
    pairs = answers.labels * classes + answers.predicted
    matrix = np.bincount(pairs, minlength=classes * classes).reshape(classes, classes)
    right, named, shown = matrix.diagonal(), matrix.sum(axis=0), matrix.sum(axis=1)
    return Counted(
        matrix=matrix.tolist(),
        precision=_ratios(right, named),
        recall=_ratios(right, shown),
        f1=_ratios(2 * right, named + shown),
    )


def cell(answers: Answers, true: int | None, predicted: int | None) -> NDArray[np.int64]:
    """The pictures of a cell, a row or a column of the matrix, the surest answers first."""
    chosen = np.ones(len(answers.labels), dtype=bool)
    if true is not None:
        chosen &= answers.labels == true
    if predicted is not None:
        chosen &= answers.predicted == predicted
    return _surest_first(answers, np.flatnonzero(chosen))


def mistakes(answers: Answers) -> NDArray[np.int64]:
    """Every picture whose first guess is wrong, the surest first.

    LeCun et al. (1998), figure 8, show all 82 of LeNet-5's, as "4→9".
    """
    return _surest_first(answers, np.flatnonzero(answers.labels != answers.predicted))


def _surest_first(answers: Answers, places: NDArray[np.intp]) -> NDArray[np.int64]:
    order = np.argsort(-answers.probability[places], kind="stable")
    return places[order].astype(np.int64)


def _ratios(above: NDArray[np.int64], below: NDArray[np.int64]) -> Ratios:
    return [float(a / b) if b else None for a, b in zip(above, below, strict=True)]
