"""How each weighted layer learns: gradient, change, dead and saturated units, histograms."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from app.services.datasets import Split
from app.services.learning.answers import Subject, both
from app.services.learning.units import Behaviour, Histogram, behaviour, histogram

BATCH = 256  # training pictures that the gradient is taken of; fewer for large networks
_SMALLEST_BATCH = 16
_BATCH_WORK = 20_000_000_000  # multiply-adds
PICTURES = 1000  # test pictures that the units are judged by
_FEWEST = 100
_WORK = 50_000_000_000  # multiply-adds

Weights = Mapping[str, Tensor]


@dataclass(frozen=True)
class LayerState:
    """One weighted layer; see `app.schemas.training.LayerLearning`."""

    layer: str
    output: str
    parameters: int
    weight_norm: float
    gradient: float | None
    change: float | None
    units: Behaviour
    weights: Histogram


def layers_learning(
    subject: Subject, before: Weights | None, *, by_gradient: bool = True
) -> list[LayerState]:
    """Every weighted layer in the network's order.

    ``before``: the state dict of the checkpoint before. The gradient is that of the mean
    cross-entropy over `BATCH` training pictures, without augmentation and dropout and
    with batch normalization by the batch; none where a rule without gradient trains.
    """
    graph, network = subject.loaded.graph, subject.loaded.network
    known = {id(value): name for name, value in network.named_parameters()}
    kernels = _kernels(subject)
    outputs = {layer: graph.stage(graph.layer(layer).stage).output for layer in kernels}
    units = behaviour(subject, list(dict.fromkeys(outputs.values())), _judges(subject))
    gradients = _gradients(subject) if by_gradient else {}
    return [
        LayerState(
            layer=layer,
            output=outputs[layer],
            parameters=graph.layer(layer).parameters,
            weight_norm=float(kernel.norm()),
            gradient=gradients.get(known[id(kernel)]),
            change=_change(kernel, None if before is None else before.get(known[id(kernel)])),
            units=units[outputs[layer]],
            weights=histogram(kernel),
        )
        for layer, kernel in kernels.items()
    ]


def _kernels(subject: Subject) -> dict[str, nn.Parameter]:
    """Of each weighted layer the first parameter that is no bias."""
    graph, network = subject.loaded.graph, subject.loaded.network
    kernels: dict[str, nn.Parameter] = {}
    for layer in graph.layers:
        module = graph.module(network, layer.id) if layer.role == "weighted" else None
        if module is not None:
            own = [value for name, value in module.named_parameters() if name != "bias"]
            if own:
                kernels[layer.id] = own[0]
    return kernels


def _gradients(subject: Subject) -> dict[str, float]:
    """The norm of each parameter's gradient, on a copy of the network."""
    pictures, labels = subject.some(
        "train", subject.affordable(_BATCH_WORK, _SMALLEST_BATCH, BATCH)
    )
    inputs, right = subject.feed(pictures), labels.to(subject.device)
    network = copy.deepcopy(subject.loaded.network).requires_grad_(True)
    _normalize_by_batch(network, enough=len(labels) > 1)
    with torch.enable_grad():
        loss = F.cross_entropy(both(network(inputs)), right)
        if loss.requires_grad:
            loss.backward()  # type: ignore[no-untyped-call]
    return {
        name: float(parameter.grad.norm())
        for name, parameter in network.named_parameters()
        if parameter.grad is not None
    }


def _normalize_by_batch(network: nn.Module, *, enough: bool) -> None:
    """As in training, but nothing is dropped. One picture has no spread to normalize by."""
    network.eval()
    for module in network.modules():
        if enough and isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
            module.train()


def _change(weight: Tensor, before: Tensor | None) -> float | None:
    """The norm of the change ÷ the norm of the weights."""
    norm = float(weight.norm())
    if before is None or before.shape != weight.shape or norm == 0:
        return None
    return float((weight - before.to(weight)).norm()) / norm


def _judges(subject: Subject) -> Tensor:
    """Test pictures; training ones where there are none."""
    count = subject.affordable(_WORK, _FEWEST, PICTURES)
    split: Split = "test" if len(subject.material.test) else "train"
    return subject.some(split, count)[0]
