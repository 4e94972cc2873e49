"""(j) Feature maximization beside torch-lucent: processor seconds a step, the first picture.

The same network (our definition, random weights of seed 0), layer, size and number of steps, one
thread each, in turn. lucent runs with its defaults: it feeds pictures at 224 pixels through the
whole network. For the quality at these speeds: ``python -m bench.maximize_quality``.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import torch

import models
from app.schemas.maximize import Precision
from app.services.activations import Runner
from app.services.catalog import Catalog, Loaded
from app.services.graph import describe
from app.services.maximize.objectives import channel
from app.services.maximize.recipe import FAST
from app.services.maximize.run import maximize
from bench.lucent import Lucent
from bench.lucent_env import PeerMissingError
from bench.measure import Row, median, ms, ratio
from models.weights import RANDOM, random_card

TITLE = "Feature maximization beside torch-lucent, processor time a step, one torch thread"
ROUNDS = 3
SIZE, WHOLE = 128, 224  # pixels
UNITS = list(range(8))


@dataclass(frozen=True)
class Case:
    """A network and a layer; steps in a run, ours and lucent's, by the number of units; the asks.

    A step of lucent's costs as much as the next; ours have all that is done once in them.
    """

    model: str
    layer: str
    steps: dict[int, tuple[int, int]]
    asks: dict[str, float]


CASES = (
    Case("alexnet", "features.6", {1: (64, 32), 8: (24, 8)}, {"float32": 6, "bfloat16": 12}),
    Case("vgg16", "features.19", {1: (24, 8), 8: (12, 3)}, {"float32": 6, "bfloat16": 20}),
)
WHOLE_ASKS = {"float32": 2.0, "bfloat16": 7.0}
DREAM = 40  # times, in batches of eight
PRECISIONS: tuple[Precision, ...] = ("float32", "bfloat16")


def rows(folder: Path) -> Iterator[Row]:
    """First pictures, then both networks: one unit, one unit at 224 pixels, eight units."""
    torch.set_num_threads(1)
    yield _first(Catalog("cpu").get("digitnet"), "relu4", 0.1)
    for case in CASES:
        loaded = random(case.model)
        if case.model == "vgg16":
            yield _first(loaded, case.layer, 1.0)
        try:
            with Lucent(case.model, case.layer) as lucent:
                yield from _rows(case, *_timed(case, loaded, lucent))
        except PeerMissingError as error:
            yield from _alone(case, _timed(case, loaded, None)[0], str(error))


def random(model: str) -> Loaded:
    """A network with random weights of seed 0, as the peer makes it."""
    torch.manual_seed(0)
    network = models.create(model).eval().requires_grad_(False)
    graph = describe(network, models.spec(model))
    runner = Runner(network, graph)
    return Loaded(models.spec(model), network, graph, runner, random_card(model), RANDOM)


Key = tuple[Precision, int, int]  # precision, size, units
Times = dict[Key, list[float]]  # processor seconds a step, one entry a round


def _timed(
    case: Case, loaded: Loaded, lucent: Lucent | None
) -> tuple[Times, dict[int, list[float]]]:
    """Ours, and lucent's by the number of units. Every round runs each of them in turn.

    The first round, of two steps each, is not counted.
    """
    ours: Times = defaultdict(list)
    theirs: dict[int, list[float]] = defaultdict(list)
    for turn in range(ROUNDS + 1):
        for count, counted in case.steps.items():
            steps, fewer = counted if turn else (2, 2)
            sizes = (SIZE, WHOLE) if count == 1 else (SIZE,)
            keys: list[Key] = [(p, size, count) for p in PRECISIONS for size in sizes]
            found = {key: _ours(loaded, case.layer, steps, key) / steps for key in keys}
            beside = lucent.run(UNITS[:count], fewer, SIZE) / fewer if lucent else 0.0
            if turn:
                theirs[count].append(beside)
                for key, value in found.items():
                    ours[key].append(value)
    return ours, theirs


def _ours(loaded: Loaded, layer: str, steps: int, key: Key) -> float:
    """Processor seconds of one whole run, from the call to the finished pictures."""
    precision, size, count = key
    recipe = replace(FAST["photo"], steps=steps, size=size, precision=precision, early_stop=False)
    start = time.process_time()
    for _ in maximize(loaded, channel(layer, UNITS[:count]), recipe, count):
        pass
    return time.process_time() - start


def _rows(case: Case, times: Times, theirs: dict[int, list[float]]) -> Iterator[Row]:
    for units, size in ((1, SIZE), (1, WHOLE), (8, SIZE)):
        beside = theirs[units]
        asks = case.asks if size == SIZE else WHOLE_ASKS
        for precision in PRECISIONS:
            ours = times[precision, size, units]
            gain = ratio(beside, ours)
            ask = asks[precision]
            dream = f", dream {DREAM}×" if units == 8 and precision == "bfloat16" else ""
            yield Row(
                f"{case.model} {case.layer}, {_words(units)}, {precision}, fed at {size} px",
                ms(median(ours)),
                f"lucent, fed at {WHOLE} px: {ms(median(beside))}",
                f"{gain:.1f}×",
                f"≥ {ask:g}×{dream}",
                gain >= ask,
            )


def _alone(case: Case, times: Times, why: str) -> Iterator[Row]:
    for (precision, size, units), ours in times.items():
        what = f"{case.model} {case.layer}, {_words(units)}, {precision}, fed at {size} px"
        yield Row(what, ms(median(ours)), why)


def _words(units: int) -> str:
    return "one unit" if units == 1 else f"{units} units in a batch"


def _first(loaded: Loaded, layer: str, ask: float) -> Row:
    """The time on the clock from the first call ever to the first picture."""
    recipe = FAST[loaded.spec.input.preprocessing]
    start = time.perf_counter()
    next(maximize(loaded, channel(layer, 0), recipe, 1)).pictures()
    seconds = time.perf_counter() - start
    what = f"{loaded.spec.id} {layer}: from the call to the first picture, cold"
    return Row(what, ms(seconds), "", ask=f"< {ms(ask)}", met=seconds < ask)
