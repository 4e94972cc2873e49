"""The network of a training, with its first weights, and its card."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import nn

from app.schemas import DataChoice, DatasetInfo
from app.services.training.config import Config
from app.services.training.initialise import initialise
from models import design as designs
from models import registry
from models.registry import IMAGENET_PHOTO, InputSpec, ModelSpec

# Mean and standard deviation of all training pixels, by channel.
_STATISTICS: dict[str, tuple[tuple[float, ...], tuple[float, ...]]] = {
    "mnist": ((0.1307,), (0.3081,)),
    "fashion-mnist": ((0.2860,), (0.3530,)),
    "cifar10": ((0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616)),
    "folder": (IMAGENET_PHOTO.mean, IMAGENET_PHOTO.std),
}
_GREY = {"mnist": "digit", "fashion-mnist": "plain"}  # data set → the way of its input


def build(config: Config, info: DatasetInfo) -> tuple[nn.Module, ModelSpec]:
    """The network in training mode, and a card for it whose id is the architecture's.

    The seed alone decides the weights. Points have one output unit (a logit for class 1).
    Raises models.registry.UnknownModelError and models.design.DesignError.
    """
    network, spec = _create(config, card(config, info.shape, tuple(info.classes)))
    return network, spec


def create(config: Config, spec: ModelSpec) -> nn.Module:
    """The network for a card that `card` made."""
    return _create(config, spec)[0]


def card(config: Config, shape: list[int] | tuple[int, ...], classes: tuple[str, ...]) -> ModelSpec:
    """What is known of the network before it is there. ``shape``: C×H×W of the data set."""
    taken = input_spec(config, shape)
    if config.model is not None:
        own = registry.spec(config.model)
        same = own.classes == classes
        return replace(
            own,
            input=taken,
            classes=classes,
            parameters=own.parameters if same else None,
            macs=own.macs if same and own.input.shape == taken.shape else None,
        )
    name = config.design.name if config.design else "network"
    return ModelSpec(
        id="design",
        title=name,
        family="My own",
        task="classification",
        input=taken,
        classes=classes,
        about="Put together from layers in the page.",
        reference="",
    )


def input_spec(config: Config, shape: list[int] | tuple[int, ...]) -> InputSpec:
    """What the network takes in. A registered one keeps its own size, mean and deviation where
    the data are grey; ``size`` of the data choice changes that of the others."""
    data: DataChoice = config.data
    if data.id == "points":
        return InputSpec((2, 1, 1), "F", (0.0, 0.0), (1.0, 1.0), "none")
    mean, std = _STATISTICS[data.id]
    if data.id in _GREY:
        return _grey(config, shape, mean, std)
    own = registry.spec(config.model).input if config.model else None
    height, width = (data.size, data.size) if data.size else (own.shape if own else shape)[1:]
    return InputSpec(
        (3, height, width), "RGB", mean, std, "photo", channels="RGB", resize=min(height, width)
    )


def _grey(
    config: Config,
    shape: list[int] | tuple[int, ...],
    mean: tuple[float, ...],
    std: tuple[float, ...],
) -> InputSpec:
    way = _GREY[config.data.id]
    if config.model is not None:
        return replace(registry.spec(config.model).input, preprocessing=way)
    side = config.data.size
    height, width = (side, side) if side else shape[1:]
    return InputSpec((1, height, width), "L", mean, std, way)


def _create(config: Config, spec: ModelSpec) -> tuple[nn.Module, ModelSpec]:
    outputs = 1 if config.points else len(spec.classes)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        if config.model is not None:
            network = registry.build(config.model, outputs)
        else:
            layers = [layer.model_dump() for layer in config.design.layers] if config.design else []
            network = designs.build(layers, spec.input.shape, outputs)
        initialise(network, config.initialisation)
    if config.dropout is not None:
        set_dropout(network, config.dropout)
    return network.train(), spec


def set_dropout(network: nn.Module, probability: float) -> None:
    """Set every dropout layer's probability (Srivastava et al. 2014)."""
    for module in dropouts(network):
        module.p = probability


def dropouts(network: nn.Module) -> list[nn.modules.dropout._DropoutNd]:
    """All dropout layers of a network."""
    kind = nn.modules.dropout._DropoutNd
    return [module for module in network.modules() if isinstance(module, kind)]
