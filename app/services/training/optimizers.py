"""The optimizers, and their tensors."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from app.schemas.training import OptimizerChoice


def optimizer(network: nn.Module, choice: OptimizerChoice) -> Optimizer:
    """The optimizer of a network. Decay falls on kernels and matrices only, not on biases.

    Raises ValueError for the perceptron's rule, which is no descent along a gradient.
    """
    groups = _groups(network.parameters(), choice.decay)
    rate = choice.learning_rate
    if choice.name in ("sgd", "momentum", "nesterov"):
        momentum = 0.0 if choice.name == "sgd" else choice.momentum
        nesterov = choice.name == "nesterov" and momentum > 0
        return torch.optim.SGD(groups, rate, momentum=momentum, nesterov=nesterov, fused=True)
    if choice.name == "adam":
        return torch.optim.Adam(groups, rate, betas=choice.betas, fused=True)
    if choice.name == "adamw":
        return torch.optim.AdamW(groups, rate, betas=choice.betas, fused=True)
    if choice.name == "adagrad":
        return torch.optim.Adagrad(groups, rate, foreach=True)
    if choice.name == "rmsprop":
        return torch.optim.RMSprop(groups, rate, momentum=0.0, foreach=True)
    if choice.name == "adadelta":
        return torch.optim.Adadelta(groups, rate, foreach=True)
    raise ValueError(f"{choice.name} is no optimizer of a network with hidden layers.")


def adjust(adjusted: Optimizer, rate: float, decay: float, momentum: float) -> None:
    """Set the hyper-parameters of the next step."""
    for group in adjusted.param_groups:
        group["lr"] = rate
        if group["decays"]:
            group["weight_decay"] = decay
        if group.get("momentum"):
            group["momentum"] = momentum


def tensors(source: Optimizer) -> dict[str, Tensor]:
    """Copies of all that the optimizer remembers, by the parameter's number and its name."""
    return {
        f"{number}.{name}": copied(value)
        for number, parameter in enumerate(_parameters(source))
        for name, value in source.state.get(parameter, {}).items()
        if isinstance(value, Tensor)
    }


def copied(value: Tensor) -> Tensor:
    """A copy in the processor's memory, its numbers in order."""
    return value.detach().to("cpu", copy=True, memory_format=torch.contiguous_format)


def restore(target: Optimizer, saved: dict[str, Tensor]) -> None:
    """Take over what `tensors` gave; in the parameters' layout, which kernels rely on."""
    parameters = _parameters(target)
    for key, value in saved.items():
        number, _, name = key.partition(".")
        parameter = parameters[int(number)]
        if value.shape == parameter.shape and name != "step":
            value = torch.empty_like(parameter.detach()).copy_(value)  # noqa: PLW2901
        target.state[parameter][name] = value.clone()


def _groups(parameters: Iterable[nn.Parameter], decay: float) -> list[dict[str, Any]]:
    every = list(parameters)
    kernels, others = [p for p in every if p.ndim > 1], [p for p in every if p.ndim <= 1]
    groups = [
        {"params": kernels, "weight_decay": decay, "decays": True},
        {"params": others, "weight_decay": 0.0, "decays": False},
    ]
    return [group for group in groups if group["params"]]


def _parameters(source: Optimizer) -> list[Tensor]:
    return [parameter for group in source.param_groups for parameter in group["params"]]
