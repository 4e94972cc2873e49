"""(g) Photograph networks: every layer of a pass, ours beside others; and its 8-bit bodies."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import torch
from torch import Tensor, nn

import models
from app.services.activations import Runner
from app.services.graph import describe
from app.wire import arrays
from app.wire.numbers import pack
from bench import lookers
from bench.measure import Row, Work, interleaved, median, ms, ratio

TITLE = "Large networks: keeping all layers ÷ bare forward pass (random weights, 224×224)"
CASES = (("vgg16", 1, 1.03), ("vgg16", 8, None), ("resnet50", 1, None))
ROUNDS = 7


def rows(folder: Path) -> Iterator[Row]:
    """Each network and batch; then VGG-16's layers as bytes."""
    torch.set_num_threads(1)
    for model_id, batch, ask in CASES:
        yield from _capture(model_id, batch, ask)
    yield _bytes()


def _build(model_id: str) -> nn.Module:
    torch.manual_seed(0)
    return models.create(model_id).eval().requires_grad_(False)


def _runner(model_id: str) -> Runner:
    network = _build(model_id)
    return Runner(network, describe(network, models.spec(model_id)))


def _capture(model_id: str, batch: int, ask: float | None) -> Iterator[Row]:
    x = torch.rand(batch, *models.spec(model_id).input.shape)
    works: dict[str, Work] = {
        "ours": partial(_runner(model_id).run, x),
        "bare": partial(lookers.bare(_build(model_id)), x),
        "forward hooks": partial(_quiet, lookers.hooks(_build(model_id)), x),
        "torch.fx": partial(_quiet, lookers.interpreter(_build(model_id)), x),
    }
    times = interleaved(works, ROUNDS, calls=1)
    shares = {name: ratio(times[name], times["bare"]) for name in times}
    others = [f"{name} {shares[name]:.2f}" for name in ("forward hooks", "torch.fx")]
    if batch == 1:
        others.append(f"captum {_captum(model_id, x):.0f}")
        others.append(f"torchlens {lookers.torchlens_ratio(model_id, batch, 3):.1f}")
    yield Row(
        f"{model_id}, batch {batch}",
        f"{ms(median(times['ours']))} (bare {ms(median(times['bare']))})",
        ", ".join(others),
        f"{shares['ours']:.3f}",
        f"≤ {ask:g}" if ask else "",
        shares["ours"] <= ask if ask else None,
    )


def _quiet(look: lookers.Look, x: Tensor) -> dict[str, Tensor]:
    with torch.inference_mode():
        return look(x)


def _captum(model_id: str, x: Tensor) -> float:
    works: dict[str, Work] = {
        "captum": partial(lookers.captum(_build(model_id)), x),
        "bare": partial(lookers.bare(_build(model_id)), x),
    }
    times = interleaved(works, rounds=1, calls=1)
    return ratio(times["captum"], times["bare"])


def _bytes() -> Row:
    """Capture and 8-bit bodies of all layers against the quickest bare pass, bfloat16."""
    runner, network = _runner("vgg16"), _build("vgg16")
    x = torch.rand(1, 3, 224, 224)
    fast = network.bfloat16().to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    half = x.bfloat16().to(memory_format=torch.channels_last)

    def bodies() -> int:
        layers = runner.run(x)
        return sum(len(arrays.to_npy(pack(v[0].numpy(), "uint8"))) for v in layers.values())

    works: dict[str, Work] = {"ours": bodies, "bf16": partial(lookers.bare(fast), half)}
    times = interleaved(works, ROUNDS, calls=1)
    share = ratio(times["ours"], times["bf16"])
    return Row(
        "vgg16: capture in float32 and uint8 bodies of all layers",
        ms(median(times["ours"])),
        f"bare forward pass in bf16, channels last: {ms(median(times['bf16']))}",
        f"{share:.2f}",
        "≤ 2.5",
        share <= 2.5,
    )
