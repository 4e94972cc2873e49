"""The first weights of a network."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from app.schemas.training import Initialisation

_NORMAL = 0.05  # the standard deviation of "normal"

_WAYS: dict[str, Callable[[Tensor], object]] = {
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

    "default" leaves them as the layers' own constructors drew them. Xavier: Glorot and Bengio
    2010; Kaiming: He et al. 2015; orthogonal: Saxe et al. 2014. Kernels of one input map count
    as fan-in of one map. Normalisations and LeNet's sub-sampling keep theirs.
    """
    if way == "default":
        return
    with torch.no_grad():
        for parameter_name, parameter in network.named_parameters():
            owner = network.get_submodule(parameter_name.rpartition(".")[0])
            if parameter.ndim > 1:
                _draw(parameter, way)
            elif parameter_name.endswith("bias") and _has_kernels(owner):
                parameter.zero_()


def _draw(parameter: Tensor, way: str) -> None:
    """Kernels of a table (K×kH×kW) are seen as K outputs of one input map each."""
    _WAYS[way](parameter[:, None] if parameter.ndim == 3 else parameter)


def _has_kernels(owner: nn.Module) -> bool:
    return any(own.ndim > 1 for own in owner.parameters(recurse=False))
