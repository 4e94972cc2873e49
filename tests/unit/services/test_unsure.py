"""When an answer should not be trusted."""

from __future__ import annotations

import numpy as np
import pytest
import torch

import models
from app.services.preprocess import to_network
from app.services.unsure import ink, judge
from tests.networks import DIGIT_NETWORKS

SURE = torch.tensor([[0.96, 0.04]])
DOUBTFUL = torch.tensor([[0.55, 0.45]])


@pytest.mark.parametrize("model_id", DIGIT_NETWORKS)
def test_ink_is_counted_in_pixels_whatever_the_network_is_fed(model_id: str) -> None:
    spec = models.spec(model_id)
    drawing = np.zeros((1, 28, 28), np.uint8)
    drawing[0, 4:14, 10] = 255
    inputs = to_network(drawing, spec, "none")
    assert ink(inputs, spec.input).item() == pytest.approx(10, abs=1e-3)


@pytest.mark.parametrize("model_id", DIGIT_NETWORKS)
@pytest.mark.parametrize("pixels", [0, 3])
@pytest.mark.parametrize("mode", ["center", "none"])
def test_an_empty_pad_is_unsure_however_sure_the_network(
    model_id: str, pixels: int, mode: str
) -> None:
    spec = models.spec(model_id)
    drawing = np.zeros((1, 28, 28), np.uint8)
    drawing[0, 10, :pixels] = 255
    inputs = to_network(drawing, spec, mode)  # type: ignore[arg-type]
    assert judge(SURE, inputs, spec.input, 0.7) == ["empty"]


def test_a_low_probability_is_unsure() -> None:
    spec = models.spec("digitnet").input
    inputs = torch.ones(3, 1, 28, 28)
    probabilities = torch.cat([SURE, DOUBTFUL, SURE])
    assert judge(probabilities, inputs, spec, 0.7) == [None, "low_probability", None]
