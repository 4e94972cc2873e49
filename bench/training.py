"""Training: pictures a second beside plain loops, and how soon the default recipes are good.

The same network, batch (128) and data, no augmentation; in turn, one torch thread, processor time
(on a GPU: the clock). The live view is a server that trains while a client draws 60 times a
second and asks for the curves twice a second, by the clock, its training paused in turn.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Literal

import torch

import models
from app.schemas.training import (
    AugmentationChoice,
    DataChoice,
    OptimizerChoice,
    ScheduleChoice,
    TrainingRequest,
)
from app.services import datasets
from app.services.training import Config, Evaluation, Finished, Step, complete, train
from app.services.training.compute import has_bf16
from app.services.training.network import card
from bench import training_live
from bench.measure import Row, median, ratio
from bench.training_loops import BATCH, from_loader, from_tensor, plain

TITLE = "Training, one torch thread"
ROUNDS, STEPS = 9, 24
NETWORKS = ("lenet5", "digitnet")
LOADER_ASK = {"bfloat16": 2.0, "float32": 1.4}
Precision = Literal["float32", "bfloat16"]


@dataclass(frozen=True)
class Goal:
    """A default recipe: the test accuracies that it reaches, and in how many CPU-seconds."""

    what: str
    request: TrainingRequest
    asks: tuple[tuple[float, float | None], ...]


GOALS = (
    Goal("lenet5, MNIST", TrainingRequest(model="lenet5"), ((0.98, 8), (0.99, 20))),
    Goal("digitnet, MNIST", TrainingRequest(model="digitnet"), ((0.997, 320),)),
    Goal(
        "digitnet, Fashion-MNIST",
        TrainingRequest(model="digitnet", dataset=DataChoice(id="fashion-mnist")),
        ((0.92, None),),
    ),
)


def rows(folder: Path) -> Iterator[Row]:
    """Speed on the processor, on a GPU where there is one, beside the live view; the recipes."""
    torch.set_num_threads(1)
    devices = ["cpu"] + (["cuda"] if torch.cuda.is_available() else [])
    for device in devices:
        for model in NETWORKS:
            yield from _speed(model, device)
    for model in NETWORKS:
        yield from training_live.rows(folder, model)
    for goal in GOALS:
        yield from _recipe(goal)


def ours(model: str, precision: Precision, device: str) -> Iterator[None]:
    """Our training of a network, a step each time that it is asked, with all that it tells."""
    config = Config(
        model=model,
        design=None,
        data=DataChoice(),
        optimizer=OptimizerChoice(),
        schedule=ScheduleChoice(),
        augmentation=AugmentationChoice(),
        epochs=100,
        batch=BATCH,
        precision=precision,
    )
    info = datasets.info("mnist")
    spec = card(config, info.shape, tuple(info.classes))
    material = datasets.material(config.data, spec.input, 1).to(device)
    for event in train(config, material):
        if isinstance(event, Step):
            yield


def _speed(model: str, device: str) -> Iterator[Row]:
    spec = models.spec(model).input
    loops: dict[str, Iterator[None]] = {
        "loader": plain(model, from_loader(spec), device),
        "tensor": plain(model, from_tensor(spec, device), device),
        "float32": ours(model, "float32", device),
    }
    if has_bf16(torch.device(device)):
        loops["bfloat16"] = ours(model, "bfloat16", device)
    seconds = _interleaved(loops, device)
    rate = {name: BATCH / median(times) for name, times in seconds.items()}
    for precision in ("bfloat16", "float32"):
        if precision not in seconds:
            continue
        for peer, words, ask in (
            ("loader", "DataLoader loop, float32", LOADER_ASK[precision]),
            ("tensor", "loop on one tensor, float32", 0.95),
        ):
            gain = ratio(seconds[peer], seconds[precision])
            yield Row(
                f"{model}, {precision}, {device}",
                f"{rate[precision]:,.0f} pictures/s",
                f"{words}: {rate[peer]:,.0f}",
                f"{gain:.2f}×",
                f"≥ {ask:g}×",
                gain >= ask,
            )


def _interleaved(loops: dict[str, Iterator[None]], device: str) -> dict[str, list[float]]:
    """Seconds a step of each loop, one entry a round; a first round warms up."""
    clock = _clock(device)
    times: dict[str, list[float]] = {name: [] for name in loops}
    for turn in range(ROUNDS + 1):
        for name, loop in loops.items():
            start = clock()
            for _ in islice(loop, STEPS):
                pass
            if turn:
                times[name].append((clock() - start) / STEPS)
    return times


def _clock(device: str) -> Callable[[], float]:
    if device == "cpu":
        return time.process_time

    def clock() -> float:
        torch.cuda.synchronize()
        return time.perf_counter()

    return clock


def _recipe(goal: Goal) -> Iterator[Row]:
    """Processor seconds from the start (the network is built, data are read) to an accuracy."""
    start = time.process_time()
    reached: list[tuple[float, float]] = []
    try:
        for event in default_course(goal.request):
            if isinstance(event, Evaluation):
                reached.append((event.accuracy, time.process_time() - start))
    except datasets.DatasetMissingError as error:
        yield Row(f"{goal.what}: default recipe", "", str(error))
        return
    final = f"in the end {reached[-1][0]:.2%} after {reached[-1][1]:.0f} s"
    for accuracy, seconds in goal.asks:
        first = next((spent for value, spent in reached if value >= accuracy), None)
        yield Row(
            f"{goal.what}: CPU-seconds to {accuracy:.1%} of the test set, default recipe",
            "not reached" if first is None else f"{first:.1f} s",
            final,
            "",
            f"≤ {seconds:g} s" if seconds else "reached",
            first is not None and (seconds is None or first <= seconds),
        )


def default_course(request: TrainingRequest) -> Iterator[Evaluation | Finished]:
    """The tests of a default recipe's training."""
    info = datasets.info(request.dataset.id)
    config = Config.of(complete(request, info))
    spec = card(config, info.shape, tuple(info.classes))
    material = datasets.material(config.data, spec.input, config.seed)
    for event in train(config, material):
        if isinstance(event, Evaluation | Finished):
            yield event
