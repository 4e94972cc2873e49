"""How much a network's features are worth: its own accuracy, and that of a linear probe."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from app.services.training.compute import Compute
from models.registry import InputSpec
from scripts.alexnet.pictures import Labelled, enlarged, ready

PROBED = 10_000  # training pictures that a probe learns from
_HELD_OUT = 5  # the fifth part of them, by which its penalty is chosen
_PENALTIES = (1e-4, 1e-3, 1e-2)  # on the mean square of its weights, times their number
_BATCH = 100
_PASSES = 60  # of L-BFGS


@torch.inference_mode()
def outputs(
    function: Callable[[Tensor], Tensor], pictures: Tensor, spec: InputSpec, compute: Compute
) -> Tensor:
    """What a function of network-ready pictures gives for uint8 pictures N×3×H×W, in float32."""
    found = []
    for part in torch.split(pictures, _BATCH):
        inputs = ready(enlarged(part, spec.shape[1]), spec).to(compute.device)
        with compute.autocast():
            found.append(function(inputs).float().cpu())
    return torch.cat(found)


def accuracy(network: nn.Module, test: Labelled, spec: InputSpec, device: torch.device) -> float:
    """The share of pictures that a network answers right, in float32."""
    compute = Compute(device, "float32")
    return _right(outputs(compute.place(network), test.pictures, spec, compute), test.labels)


def probe(
    network: nn.Module,
    train: Labelled,
    test: Labelled,
    spec: InputSpec,
    compute: Compute,
    *,
    seed: int,
) -> float:
    """The test accuracy of a linear classifier of the fifth convolution's mean activities.

    Logistic regression on `PROBED` random training pictures (Alain and Bengio, Understanding
    intermediate layers using linear classifier probes, 2016, arXiv:1610.01644).
    """

    def activities(x: Tensor) -> Tensor:
        maps: Tensor = network.features(x)  # type: ignore[operator]
        return maps.float().mean((2, 3))

    compute.place(network)

    chosen = torch.randperm(len(train.labels), generator=torch.Generator().manual_seed(seed))
    chosen = chosen[:PROBED]
    x, y = outputs(activities, train.pictures[chosen], spec, compute).clone(), train.labels[chosen]
    tested = outputs(activities, test.pictures, spec, compute).clone()
    mean, std = x.mean(0), x.std(0) + 1e-6
    x, tested = (x - mean) / std, (tested - mean) / std
    held = len(x) // _HELD_OUT
    learn, check = (x[held:], y[held:]), (x[:held], y[:held])

    def held_out(penalty: float) -> float:
        return _right(_regression(*learn, penalty)(check[0]), check[1])

    best = _regression(x, y, max(_PENALTIES, key=held_out))
    return _right(best(tested), test.labels)


def _regression(x: Tensor, labels: Tensor, penalty: float) -> nn.Linear:
    """Logistic regression with a ridge penalty, from zero weights."""
    layer = nn.Linear(x.shape[1], int(labels.max()) + 1)
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)
    search = torch.optim.LBFGS(layer.parameters(), max_iter=_PASSES, line_search_fn="strong_wolfe")

    def loss() -> Tensor:
        search.zero_grad()
        value = F.cross_entropy(layer(x), labels) + penalty * layer.weight.square().sum()
        value.backward()  # type: ignore[no-untyped-call]
        return value

    search.step(loss)  # type: ignore[no-untyped-call]
    return layer


def _right(logits: Tensor, labels: Tensor) -> float:
    return float((logits.argmax(1) == labels).float().mean())
