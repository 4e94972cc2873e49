"""Rosenblatt's perceptron on points of the plane, one at a time, in numbers.

F. Rosenblatt, The perceptron: a probabilistic model for information storage and organization in
the brain, Psychological Review 65(6), 1958.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from app.schemas import Update


class PerceptronError(ValueError):
    """The rule is for a single unit."""


def unit(network: nn.Module) -> nn.Linear:
    """The one unit of a network. Raises PerceptronError where there are hidden layers."""
    layers = [module for module in network.modules() if isinstance(module, nn.Linear)]
    others = sum(p.numel() for p in network.parameters()) - 3
    if len(layers) != 1 or layers[0].weight.shape != (1, 2) or others:
        raise PerceptronError(
            "The perceptron's rule is for a single unit: it says nothing about hidden layers."
        )
    return layers[0]


def update(linear: nn.Linear, x: Tensor, target: int, rate: float) -> tuple[Update, Tensor]:
    """Apply w ← w + η·(target − output)·x, b ← b + η·(target − output).

    Gives the numbers (the caller knows of which step and point) and loss (the perceptron's
    criterion: how far the sum is on the wrong side), accuracy and the norm of the change ÷ η.
    """
    weight, bias = linear.weight.detach()[0], linear.bias.detach()
    before, bias_before = weight.tolist(), float(bias)
    total = float(weight @ x + bias)
    output = 1.0 if total > 0 else 0.0
    error = target - output
    with torch.no_grad():
        linear.weight.add_(rate * error * x)
        linear.bias.add_(rate * error)
    values = torch.tensor([abs(total) * abs(error), 1 - abs(error), _norm(x, error)])
    numbers = Update(
        step=0,
        index=0,
        x=x.tolist(),
        target=float(target),
        sum=total,
        output=output,
        learning_rate=rate,
        before=before,
        bias_before=bias_before,
        after=linear.weight.detach()[0].tolist(),
        bias_after=float(linear.bias.detach()),
    )
    return numbers, values


def _norm(x: Tensor, error: float) -> float:
    return abs(error) * float((x.square().sum() + 1).sqrt())
