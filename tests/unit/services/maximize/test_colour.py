import torch

from app.services.maximize import colour


def test_the_neutral_axes_are_at_right_angles() -> None:
    axes, spread = colour.neutral()
    torch.testing.assert_close(axes.T @ axes, torch.eye(3), atol=1e-6, rtol=0)
    assert (axes[:, 0] > 0).all()
    assert spread[0] == 1


def test_axes_and_spread_give_the_covariance_back() -> None:
    samples = torch.randn(3, 1000, generator=torch.Generator().manual_seed(0))
    covariance = torch.cov(torch.tensor([[1.0, 0.2, 0], [0.9, 0, 0.1], [1, -0.3, 0]]) @ samples)
    axes, spread = colour.axes_of(covariance)
    root = axes * spread
    again = root @ root.T
    torch.testing.assert_close(again / again.trace(), covariance / covariance.trace())
    assert spread[0] == 1
