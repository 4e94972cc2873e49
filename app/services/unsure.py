"""When an answer should not be trusted.

The rule, in full:

1. "empty", for digits: the network's input holds less ink than `preprocess.SPECK` fully inked
   pixels (`preprocess.center` gives an empty picture for a drawing with less).
2. "low_probability": the probability of the first guess is below the network's own
   ``unsure_below``. `scripts/train_digits.py` sets it so that one of a hundred training
   digits that the network never saw falls below, and writes it to models/weights/index.toml.

3. "no_number": the probabilities are no numbers, since training has diverged. This comes first.

The networks learnt with scribbles and some letters beside the digits, for which the right
answer was "each digit is equally likely": that is why a low probability means something.
"""

from __future__ import annotations

import math
from typing import Literal

from torch import Tensor

from app.services.preprocess import SPECK, statistics
from models.registry import InputSpec

Reason = Literal["empty", "low_probability", "no_number"]


def judge(
    probabilities: Tensor, inputs: Tensor, spec: InputSpec, unsure_below: float
) -> list[Reason | None]:
    """Why each answer is unsure; None where it is not.

    ``probabilities`` is N×K, ``inputs`` N×C×H×W as the network was fed, ``spec`` the
    network's input, ``unsure_below`` its threshold (WeightsCard.unsure_below).
    """
    digits = spec.kind == "digit"
    empty = (ink(inputs, spec) < SPECK).tolist() if digits else [False] * len(inputs)
    return [
        _reason(most, unsure_below, nothing)
        for most, nothing in zip(probabilities.amax(dim=1).tolist(), empty, strict=True)
    ]


def _reason(most: float, unsure_below: float, empty: bool) -> Reason | None:
    if math.isnan(most):
        return "no_number"
    if empty:
        return "empty"
    return "low_probability" if most < unsure_below else None


def ink(inputs: Tensor, spec: InputSpec) -> Tensor:
    """How many fully inked pixels each network-ready picture N×C×H×W amounts to: N."""
    mean, std = statistics(spec, inputs.device)
    pixels = (inputs * std).add_(mean).clamp_(0, 1)
    return pixels.sum(dim=(1, 2, 3)) / inputs.shape[1]
