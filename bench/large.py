"""(g) Photograph networks: every layer of a pass, ours beside others; and its 8-bit bodies."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import torch
from torch import Tensor, nn

import models
from app.api.tensors import numpy
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
    yield from _bytes()


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


def _bytes() -> Iterator[Row]:
    """Capture and 8-bit bodies of all layers against the quickest bare pass, bfloat16."""
    network = _build("vgg16").bfloat16().to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    x = torch.rand(1, *models.spec("vgg16").input.shape)
    half = Runner(network, describe(network, models.spec("vgg16")))
    works: dict[str, Work] = {
        "bfloat16": partial(_bodies, half, x),
        "float32": partial(_bodies, _runner("vgg16"), x),
        "bare": partial(lookers.bare(network), x.bfloat16().to(memory_format=torch.channels_last)),
    }
    times = interleaved(works, 3 * ROUNDS, calls=1, clock=time.process_time)
    for precision, ask in (("bfloat16", 2.5), ("float32", None)):
        share = ratio(times[precision], times["bare"])
        yield Row(
            f"vgg16: capture in {precision} and uint8 bodies of all layers, CPU time",
            ms(median(times[precision])),
            f"bare forward pass in bfloat16, channels last: {ms(median(times['bare']))}",
            f"{share:.2f}",
            f"≤ {ask:g}" if ask else "",
            share <= ask if ask else None,
        )


def _bodies(runner: Runner, x: Tensor) -> int:
    """All layers of a pass as 8-bit npy bodies; the sum of their lengths."""
    layers = runner.run(x)
    return sum(len(arrays.to_npy(pack(numpy(v[0]), "uint8"))) for v in layers.values())
