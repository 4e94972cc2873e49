"""How others keep every layer of a forward pass, each as its own documentation shows it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import torch
from captum.attr import LayerActivation
from torch import Tensor, fx, nn

Look = Callable[[Tensor], dict[str, Tensor]]


def leaves(network: nn.Module) -> dict[str, nn.Module]:
    """The modules without children, by name."""
    return {name: m for name, m in network.named_modules() if not list(m.children())}


def hooks(network: nn.Module) -> Look:
    """Forward hooks on every leaf. Values that the next layer changes in place come changed."""
    found: dict[str, Tensor] = {}
    for name, module in leaves(network).items():
        module.register_forward_hook(lambda m, x, out, name=name: found.__setitem__(name, out))

    def look(x: Tensor) -> dict[str, Tensor]:
        found.clear()
        network(x)
        return dict(found)

    return look


class _Keeper(fx.Interpreter):
    """Runs a traced network and keeps what every node gives."""

    def run_node(self, n: fx.Node) -> Any:
        value = super().run_node(n)
        self.kept[n.name] = value
        return value

    def look(self, x: Tensor) -> dict[str, Tensor]:
        self.kept: dict[str, Tensor] = {}
        self.run(x)
        return self.kept


def interpreter(network: nn.Module) -> Look:
    """torch.fx: an Interpreter over the traced network."""
    return _Keeper(fx.symbolic_trace(network)).look


def captum(network: nn.Module) -> Look:
    """captum: LayerActivation, one call a layer."""
    layers = {name: LayerActivation(network, m) for name, m in leaves(network).items()}
    return lambda x: {name: layer.attribute(x) for name, layer in layers.items()}


def torchlens_ratio(model_id: str, batch: int, rounds: int) -> float:
    """torchlens.trace ÷ bare forward pass, in a process of its own: it leaves torch wrapped."""
    command = [sys.executable, "-m", "bench.lens", model_id, str(batch), str(rounds)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(json.loads(answer.stdout.splitlines()[-1]))


def bare(network: nn.Module) -> Callable[[Tensor], Tensor]:
    """The network itself."""

    def forward(x: Tensor) -> Tensor:
        with torch.inference_mode():
            result: Tensor = network(x)
        return result

    return forward
