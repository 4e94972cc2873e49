"""The batcher: who asks together is answered together, and everybody gets their own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence

import pytest
import torch
from torch import Tensor

from app.services import batching
from app.services.activations import Runner
from app.services.batching import Batcher, Busy
from app.services.forward import forward
from app.services.graph import UnknownLayerError
from tests.unit.services.conftest import Case

MakeCase = Callable[[str], Case]


class Spy(Runner):
    """A Runner that remembers its passes: size, layers, thread."""

    def __init__(self, case: Case) -> None:
        super().__init__(case.network, case.graph)
        self.passes: list[tuple[int, Sequence[str] | None, str]] = []
        self.error: Exception | None = None

    def run(self, x: Tensor, layers: Sequence[str] | None = None) -> dict[str, Tensor]:
        self.passes.append((len(x), layers, threading.current_thread().name))
        if self.error is not None:
            raise self.error
        return super().run(x, layers)


@pytest.fixture
def spy(make_case: MakeCase) -> Spy:
    return Spy(make_case("harley"))


@pytest.fixture(params=["loop", "thread"])
def place(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Passes run on the event loop, or all of them in the thread."""
    if request.param == "thread":
        monkeypatch.setattr(batching, "_INLINE", -1)
    return str(request.param)


def images(count: int, seed: int = 0) -> Tensor:
    return torch.randn(count, 1, 32, 32, generator=torch.Generator().manual_seed(seed))


def test_requests_of_one_moment_share_a_pass(spy: Spy, place: str) -> None:
    async def main() -> None:
        batcher = Batcher()
        asked = [images(1 + seed % 3, seed) for seed in range(12)]
        answers = await asyncio.gather(*(batcher.run(spy, x, ["conv1", "out"]) for x in asked))
        await batcher.close()
        for x, answer in zip(asked, answers, strict=True):
            assert sorted(answer) == ["conv1", "out"]
            expected = Runner.run(spy, x, ["conv1", "out"])
            for layer, value in expected.items():
                torch.testing.assert_close(answer[layer], value, rtol=1e-5, atol=1e-5)

    asyncio.run(main())
    assert [size for size, _, _ in spy.passes] == [24]
    assert spy.passes[0][2].startswith("forward") == (place == "thread")


def test_what_was_gathered_waits_for_nobody(spy: Spy, place: str) -> None:
    async def main() -> None:
        batcher = Batcher()
        asked = [batcher.run(spy, images(3), ["out"], gathered=True) for _ in range(2)]
        values = await asyncio.gather(*asked)
        assert torch.equal(values[0]["out"], values[1]["out"])
        await batcher.close()

    asyncio.run(main())
    assert [size for size, _, _ in spy.passes] == ([3, 3] if place == "loop" else [6])


def test_different_layers_are_computed_together(spy: Spy, place: str) -> None:
    async def main() -> None:
        batcher = Batcher()
        asked: tuple[list[str] | None, ...] = (["input", "pool1"], ["out"], None, [])
        first, second, third, fourth = await asyncio.gather(
            *(batcher.run(spy, images(1), layers) for layers in asked)
        )
        assert list(first) == ["input", "pool1"]
        assert list(second) == ["out"]
        assert list(third) == [layer.id for layer in spy.graph.layers]
        assert fourth == {}
        await asyncio.gather(batcher.run(spy, images(1), ["out"]), batcher.run(spy, images(1), []))
        await batcher.close()

    asyncio.run(main())
    assert [(size, layers) for size, layers, _ in spy.passes] == [(4, None), (2, ["out"])]


def test_values_are_views_of_the_batch(spy: Spy) -> None:
    async def main() -> None:
        batcher = Batcher()
        first, second = await asyncio.gather(*(batcher.run(spy, images(1)) for _ in range(2)))
        await batcher.close()
        storages = {answer["conv1"].untyped_storage().data_ptr() for answer in (first, second)}
        assert len(storages) == 1

    asyncio.run(main())


def test_a_pass_has_its_limit_and_a_large_request_goes_alone(spy: Spy, place: str) -> None:
    async def main() -> None:
        batcher = Batcher(max_batch=4)
        await asyncio.gather(*(batcher.run(spy, images(n), ["out"]) for n in (2, 2, 9, 1, 3, 4)))
        await batcher.close()

    asyncio.run(main())
    assert [size for size, _, _ in spy.passes] == [4, 9, 4, 4]


def test_networks_do_not_mix(spy: Spy, make_case: MakeCase, place: str) -> None:
    other = Spy(make_case("mlp"))

    async def main() -> None:
        batcher = Batcher()
        asked = [batcher.run(spy, images(1), ["out"]) for _ in range(3)]
        asked += [batcher.run(other, torch.rand(1, 1, 28, 28), ["out"]) for _ in range(2)]
        await asyncio.gather(*asked)
        await batcher.close()

    asyncio.run(main())
    assert [size for size, _, _ in spy.passes] == [3]
    assert [size for size, _, _ in other.passes] == [2]


def test_a_full_queue_is_busy(spy: Spy, place: str) -> None:
    async def main() -> None:
        batcher = Batcher(max_waiting=2)
        results = await asyncio.gather(
            *(batcher.run(spy, images(1), ["out"]) for _ in range(3)), return_exceptions=True
        )
        assert [type(result) for result in results] == [dict, dict, Busy]
        assert isinstance(results[2], Busy)
        assert results[2].retry_after > 0
        assert "out" in await batcher.run(spy, images(1), ["out"])  # the queue is empty again
        await batcher.close()

    asyncio.run(main())


def test_a_small_network_does_not_wait_for_a_large_one(
    spy: Spy, make_case: MakeCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = Spy(make_case("digitnet"))
    assert spy.graph.macs < large.graph.macs
    monkeypatch.setattr(batching, "_INLINE", spy.graph.macs)
    run, started, go_on = large.run, threading.Event(), threading.Event()

    def slow(x: Tensor, layers: Sequence[str] | None = None) -> dict[str, Tensor]:
        started.set()
        assert go_on.wait(60)
        return run(x, layers)

    monkeypatch.setattr(large, "run", slow)

    async def main() -> None:
        batcher = Batcher(max_waiting=1)
        x = torch.zeros(1, *large.graph.layer("input").output_shape)
        asked = asyncio.create_task(batcher.run(large, x))
        await asyncio.to_thread(started.wait, 60)
        waits = asyncio.create_task(batcher.run(large, x))
        await asyncio.sleep(0)
        with pytest.raises(Busy):
            await batcher.run(large, x)
        assert "out" in await batcher.run(spy, images(1), ["out"])
        assert "out" in (await batcher.run(spy, images(5), ["out"]))  # in its own thread
        assert not asked.done()
        go_on.set()
        await asyncio.gather(asked, waits)
        await batcher.close()

    asyncio.run(main())


def test_a_client_that_gave_up_costs_nothing(spy: Spy) -> None:
    async def main() -> None:
        batcher = Batcher()
        tasks = [asyncio.create_task(batcher.run(spy, images(1), ["out"])) for _ in range(3)]
        asyncio.get_running_loop().call_soon(tasks[1].cancel)
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert [type(result) for result in results] == [dict, asyncio.CancelledError, dict]
        await batcher.close()

    asyncio.run(main())
    assert sum(size for size, _, _ in spy.passes) == 2


def test_a_wrong_request_harms_nobody_else(spy: Spy, place: str) -> None:
    async def main() -> None:
        batcher = Batcher()
        results = await asyncio.gather(
            batcher.run(spy, images(1), ["out"]),
            batcher.run(spy, torch.zeros(1, 1, 28, 28), ["out"]),
            batcher.run(spy, images(1), ["nothing"]),
            return_exceptions=True,
        )
        assert [type(result) for result in results] == [dict, ValueError, UnknownLayerError]
        await batcher.close()

    asyncio.run(main())


def test_a_failing_pass_reaches_those_who_wait_for_it(spy: Spy, place: str) -> None:
    async def main() -> None:
        batcher = Batcher()
        spy.error = MemoryError("no room")
        results = await asyncio.gather(
            *(batcher.run(spy, images(1)) for _ in range(2)), return_exceptions=True
        )
        assert [str(result) for result in results] == ["no room", "no room"]
        spy.error = None
        assert "out" in await batcher.run(spy, images(1))
        await batcher.close()

    asyncio.run(main())


def test_closing_answers_what_waits_and_refuses_the_rest(spy: Spy, place: str) -> None:
    async def main() -> None:
        batcher = Batcher(max_batch=1)
        tasks = [asyncio.create_task(batcher.run(spy, images(1), ["out"])) for _ in range(3)]
        await asyncio.sleep(0)
        await batcher.close()
        assert all("out" in task.result() for task in await _finished(tasks))
        with pytest.raises(Busy):
            await batcher.run(spy, images(1))
        await batcher.close()

    asyncio.run(main())


async def _finished(
    tasks: list[asyncio.Task[dict[str, Tensor]]],
) -> list[asyncio.Task[dict[str, Tensor]]]:
    await asyncio.wait(tasks)
    return tasks


def test_a_pass_holds_no_more_than_its_memory(spy: Spy, place: str) -> None:
    one = spy.bytes(["out"])

    async def main() -> None:
        batcher = Batcher(max_bytes=4 * one)
        asks = [batcher.run(spy, images(1), ["out"]) for _ in range(6)]
        await asyncio.gather(*asks, batcher.run(spy, images(2)))
        await batcher.close()

    asyncio.run(main())
    assert [size for size, _, _ in spy.passes] == [4, 2, 2]


def test_room_is_what_memory_allows(spy: Spy) -> None:
    one, all_layers = spy.bytes(["out"]), spy.bytes()
    assert all_layers > one
    assert Batcher(max_bytes=4 * one).room(spy, ["out"]) == 4
    assert Batcher(max_bytes=4 * all_layers - 1).room(spy) == 3
    assert Batcher(max_bytes=1).room(spy) == 1
    assert Batcher(max_batch=64).room(spy) == 64


def test_many_images_take_turns(spy: Spy) -> None:
    x = images(7)

    async def main() -> dict[str, Tensor]:
        batcher = Batcher(max_bytes=3 * spy.bytes(["conv1", "out"]))
        values = await forward(batcher, spy, x, ["conv1", "out"])
        await batcher.close()
        return values

    values = asyncio.run(main())
    assert [size for size, _, _ in spy.passes] == [3, 3, 1]
    for layer, value in Runner.run(spy, x, ["conv1", "out"]).items():
        torch.testing.assert_close(values[layer], value, rtol=1e-5, atol=1e-5)
