from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

import models
from app.services.activations import Runner
from app.services.batching import Batcher, Busy
from app.services.catalog import Catalog, Loaded
from app.services.live import Drawing, LiveReader, Reading
from app.services.preprocess import to_network


class Counting(Batcher):
    """Remembers how many images each pass had; raises ``error`` instead of the next one."""

    def __init__(self, error: Exception | None = None) -> None:
        super().__init__()
        self.sizes: list[int] = []
        self.error = error

    async def run(
        self,
        runner: Runner,
        x: Tensor,
        layers: Sequence[str] | None = None,
        *,
        gathered: bool = False,
    ) -> dict[str, Tensor]:
        self.sizes.append(len(x))
        if self.error is not None:
            error, self.error = self.error, None
            raise error
        return await super().run(runner, x, layers, gathered=gathered)


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return Catalog("cpu").get("harley")


@pytest.fixture(scope="module")
def drawings() -> list[Drawing]:
    blank = np.zeros((10, 28, 28), np.uint8)
    for k, drawing in enumerate(blank):
        drawing[5 + k % 3 : 22, 8 + k] = drawing[5, 8 : 12 + k] = 255
    return list(blank)


def read_all(
    batcher: Batcher, loaded: Loaded, drawings: list[Drawing], max_batch: int = 64
) -> list[Any]:
    async def main() -> list[Any]:
        reader = LiveReader(batcher, max_batch)
        reads = [reader.read(loaded, d, "center", ["conv1", "out"]) for d in drawings]
        results = await asyncio.gather(*reads, return_exceptions=True)
        await batcher.close()
        return list(results)

    return asyncio.run(main())


def test_drawings_at_the_same_moment_share_a_pass(loaded: Loaded, drawings: list[Drawing]) -> None:
    batcher = Counting()
    readings: list[Reading] = read_all(batcher, loaded, drawings)
    assert batcher.sizes == [10]
    x = to_network(np.stack(drawings), models.spec("harley"))
    with torch.no_grad():
        logits = loaded.network(x)
    for k, reading in enumerate(readings):
        assert list(reading.layers) == ["conv1", "out"]
        assert reading.layers["conv1"].shape == (6, 28, 28)
        assert np.allclose(reading.layers["out"], logits[k], rtol=1e-5, atol=1e-5)
        assert reading.prediction["top"][0]["class"] == int(logits[k].argmax())


def test_a_pass_has_at_most_max_batch_drawings(loaded: Loaded, drawings: list[Drawing]) -> None:
    batcher = Counting()
    assert len(read_all(batcher, loaded, drawings, max_batch=4)) == 10
    assert batcher.sizes == [4, 4, 2]


def test_drawings_of_other_sizes_have_a_pass_of_their_own(
    loaded: Loaded, drawings: list[Drawing]
) -> None:
    batcher = Counting()
    large = np.repeat(np.repeat(drawings[0], 4, axis=0), 4, axis=1)
    small, enlarged = read_all(batcher, loaded, [drawings[0], large])
    assert batcher.sizes == [1, 1]
    assert enlarged.prediction["top"][0]["class"] == small.prediction["top"][0]["class"]


def test_an_error_reaches_those_who_wait_and_nobody_else(
    loaded: Loaded, drawings: list[Drawing]
) -> None:
    results = read_all(Counting(Busy(1)), loaded, drawings, max_batch=4)
    assert [isinstance(result, Busy) for result in results] == [True] * 4 + [False] * 6


def test_those_who_gave_up_are_left_out(loaded: Loaded, drawings: list[Drawing]) -> None:
    batcher = Counting()

    async def main() -> None:
        reader = LiveReader(batcher, 64)
        reads = [asyncio.create_task(reader.read(loaded, d, "none", ["out"])) for d in drawings[:3]]
        await asyncio.sleep(0)  # all three ask
        reads[1].cancel()
        results = await asyncio.gather(*reads, return_exceptions=True)
        assert isinstance(results[1], asyncio.CancelledError)
        await batcher.close()

    asyncio.run(main())
    assert sum(batcher.sizes) == 2
