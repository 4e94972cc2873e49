"""Elementwise layers as steps of a calculation, with formulas that a student can check."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor, nn

from app.schemas import LayerInfo, Step
from app.services.graph import Graph
from app.services.operations import PASS_THROUGH
from app.services.reading import Index, flat_index
from models.layers import BinaryStep, ScaledTanh

# Functions of one number; the module itself computes them.
_FORMULAS: dict[type[nn.Module], str] = {
    nn.ReLU: "max(0, x)",
    nn.ReLU6: "min(max(0, x), 6)",
    nn.Sigmoid: "1/(1 + e⁻ˣ)",
    nn.Tanh: "tanh(x)",
    nn.SiLU: "x/(1 + e⁻ˣ)",
    nn.GELU: "x·Φ(x)",
    nn.Hardswish: "x·min(max(0, x + 3), 6)/6",
    nn.Hardsigmoid: "min(max(0, x + 3), 6)/6",
    nn.Softplus: "ln(1 + eˣ)",
    ScaledTanh: "1.7159·tanh(2x/3)",
    BinaryStep: "x > 0 ? 1 : 0",
}
_SIGNS = {"Add": "+", "Sub": "−", "Mul": "·", "Div": "/", "Truediv": "/", "Pow": "^"}
_PARAMETRIC: dict[type[nn.Module], Callable[..., str]] = {
    nn.LeakyReLU: lambda m: f"x > 0 ? x : {m.negative_slope:g}·x",
    nn.ELU: lambda m: f"x > 0 ? x : {m.alpha:g}·(eˣ − 1)",
    nn.Hardtanh: lambda m: f"min(max({_number(m.min_val)}, x), {m.max_val:g})",
}


def step(
    network: nn.Module,
    graph: Graph,
    activations: dict[str, Tensor],
    layer: LayerInfo,
    unit: Index,
    *,
    value: float,
) -> Step:
    """One elementwise layer applied to ``value``, the input of its ``unit``.

    ``activations`` are one image's: a normalization over channels reads its neighbours there.
    """
    module = graph.module(network, layer.id)
    formula, output = _apply(module, layer, activations, unit, value)
    formula = formula or _call(layer.type, graph.arguments(layer.id))
    return Step(layer=layer.id, type=layer.type, formula=formula, input=value, output=output)


def _apply(
    module: nn.Module | None,
    layer: LayerInfo,
    activations: dict[str, Tensor],
    unit: Index,
    value: float,
) -> tuple[str | None, float]:
    if isinstance(module, PASS_THROUGH):
        return "x", value
    if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d) and module.running_var is not None:
        return _batch_norm(module, unit[0], value)
    if isinstance(module, nn.LocalResponseNorm):
        return _response_norm(module, activations[layer.inputs[0]], unit, value)
    formula = _pointwise(module)
    if module is not None and formula:
        with torch.no_grad():
            return formula, float(module(torch.tensor([value], dtype=torch.float64))[0])
    # Softmax and what torch.nn does not name: the network's own value.
    return None, float(activations[layer.id][unit])


def _call(kind: str, arguments: list[object]) -> str:
    """``x + 1.5``, ``Softmax(x)``: a function with the constants that it was called with."""
    shown = [
        _number(value) if isinstance(value, int | float) else str(value) for value in arguments
    ]
    if kind in _SIGNS and len(shown) == 2:
        return f"{shown[0]} {_SIGNS[kind]} {shown[1]}"
    return f"{kind}({', '.join(shown)})"


def _pointwise(module: nn.Module | None) -> str | None:
    if module is None:
        return None
    parametric = _PARAMETRIC.get(type(module))
    return parametric(module) if parametric else _FORMULAS.get(type(module))


def _batch_norm(
    module: nn.BatchNorm1d | nn.BatchNorm2d, channel: int, value: float
) -> tuple[str, float]:
    """γ(x − μ)/√(σ² + ε) + β with the running statistics (Ioffe and Szegedy 2015)."""
    mean, var = _entry(module.running_mean, channel, 0.0), _entry(module.running_var, channel, 1.0)
    scale, shift = _entry(module.weight, channel, 1.0), _entry(module.bias, channel, 0.0)
    formula = (
        f"{_number(scale)}·(x {_signed(-mean)})/√({_number(var)} + {module.eps:g}) {_signed(shift)}"
    )
    return formula, scale * (value - mean) / math.sqrt(var + module.eps) + shift


def _entry(vector: Tensor | None, channel: int, default: float) -> float:
    return default if vector is None else float(vector[channel].detach())


def _response_norm(
    module: nn.LocalResponseNorm, values: Tensor, unit: Index, value: float
) -> tuple[str, float]:
    """x/(k + α/n·Σx²)^β over the n channels around (Krizhevsky et al. 2012)."""
    first = max(0, unit[0] - module.size // 2)
    last = min(len(values) - 1, unit[0] + (module.size - 1) // 2)
    around = values[first : last + 1].flatten(1)  # channels, positions
    place = flat_index(values.shape[1:], unit[1:])
    energy = float(around[:, place].double().square().sum())
    formula = (
        f"x/({module.k:g} + {module.alpha:g}/{module.size}·Σx²)^{module.beta:g}, "
        f"Σx² = {_number(energy)} over channels {first}–{last}"
    )
    return formula, value / (module.k + module.alpha / module.size * energy) ** module.beta


def _number(value: float) -> str:
    return f"{value:.4g}".replace("-", "−")


def _signed(value: float) -> str:
    """``+ 0.5`` or ``− 0.5``."""
    return f"{'−' if value < 0 else '+'} {abs(value):.4g}"
