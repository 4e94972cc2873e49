"""The first weights of a network."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from app.schemas.training import Initialisation
from models.layers import ScaledTanh, SparseConv2d

_NORMAL = 0.05  # the standard deviation of "normal"

_WAYS: dict[str, Callable[[Tensor], object]] = {
    "lecun_normal": lambda weight: nn.init.kaiming_normal_(weight, nonlinearity="linear"),
    "xavier_uniform": nn.init.xavier_uniform_,
    "xavier_normal": nn.init.xavier_normal_,
    "kaiming_uniform": lambda weight: nn.init.kaiming_uniform_(weight, nonlinearity="relu"),
    "kaiming_normal": lambda weight: nn.init.kaiming_normal_(weight, nonlinearity="relu"),
    "orthogonal": nn.init.orthogonal_,
    "normal": lambda weight: nn.init.normal_(weight, std=_NORMAL),
    "zeros": nn.init.zeros_,
}


def initialise(network: nn.Module, way: Initialisation) -> None:
    """Draw the weights of all layers anew from the global random numbers; biases become 0.

    Xavier: Glorot and Bengio 2010; Kaiming: He et al. 2015; orthogonal: Saxe et al. 2014.
    "default": with scaled tanh units, a variance of 1 ÷ fan-in, for which they were made (LeCun,
    Bottou, Orr and Müller, Efficient BackProp, 1998); else as the layers' own constructors drew
    them. Normalisations and LeNet's sub-sampling keep theirs.
    """
    if way == "default":
        if any(isinstance(module, ScaledTanh) for module in network.modules()):
            _initialise(network, "lecun_normal")
    else:
        _initialise(network, way)


@torch.no_grad()
def _initialise(network: nn.Module, way: str) -> None:
    for module in network.modules():
        own = list(module.parameters(recurse=False))
        if not any(parameter.ndim > 1 for parameter in own):
            continue
        for parameter in own:
            if parameter.ndim > 1:
                _draw(module, parameter, way)
            else:
                parameter.zero_()


def _draw(module: nn.Module, parameter: Tensor, way: str) -> None:
    if isinstance(module, SparseConv2d):  # as if it had all kernels
        dense = torch.empty(module.out_channels, module.in_channels, *module.kernel_size)
        _WAYS[way](dense)
        parameter.copy_(dense[module.pairs[0], module.pairs[1]])
    else:
        _WAYS[way](parameter)
