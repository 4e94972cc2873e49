import numpy as np
import pytest
import torch

from app.services.maximize.mask import Mask


def test_what_moved_the_score_is_opaque_and_the_rest_clear() -> None:
    mask = Mask()
    for step in range(3):
        gradient = torch.full((2, 3, 40, 50), 1e-3)
        gradient[0, :, 10:20, 10:30] = (-1.0) ** step  # signs do not cancel out
        gradient[1, 0, 20:30, 20:40] = 5.0
        mask.add(gradient)
    opacity = mask.result()
    assert opacity.shape == (2, 40, 50)
    assert opacity.dtype == np.uint8
    assert opacity[0, 13:17, 13:27].min() > 240
    assert opacity[1, 23:27, 23:37].min() > 240
    assert opacity[0, 30:, 40:].max() < 10
    assert opacity[1, :10].max() < 10


def test_each_step_counts_the_same() -> None:
    left, right = torch.zeros(1, 1, 32, 32), torch.zeros(1, 1, 32, 32)
    left[..., :6] = 1e-6
    right[..., -6:] = 1e6
    mask = Mask()
    mask.add(left)
    mask.add(right)
    opacity = mask.result()[0]
    np.testing.assert_allclose(opacity, opacity[:, ::-1], atol=1)
    assert opacity[:, :4].min() > 240


def test_where_all_matters_alike_nothing_is_clear() -> None:
    mask = Mask()
    mask.add(torch.ones(1, 1, 16, 16))
    assert mask.result().min() == 255


def test_a_gradient_of_nothing() -> None:
    mask = Mask()
    mask.add(torch.zeros(1, 1, 16, 16))
    assert mask.result().shape == (1, 16, 16)
    with pytest.raises(ValueError, match="gradient"):
        Mask().result()
