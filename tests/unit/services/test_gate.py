"""The gate in front of large answers."""

from __future__ import annotations

import asyncio

import pytest

from app.services.batching import Busy
from app.services.gate import Gate


class Visitor:
    """Goes in, and stays until it is told to leave."""

    def __init__(self, gate: Gate, size: int) -> None:
        self.gate, self.size = gate, size
        self.inside, self.go = False, asyncio.Event()
        self.task = asyncio.create_task(self._visit())

    async def _visit(self) -> None:
        async with self.gate.hold(self.size):
            self.inside = True
            await self.go.wait()
        self.inside = False


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def enter(gate: Gate, *sizes: int) -> list[Visitor]:
    visitors = [Visitor(gate, size) for size in sizes]
    await settle()
    return visitors


def inside(visitors: list[Visitor]) -> list[bool]:
    return [each.inside for each in visitors]


async def end(visitors: list[Visitor]) -> None:
    for each in visitors:
        each.go.set()
    await asyncio.gather(*(each.task for each in visitors), return_exceptions=True)


def test_so_many_bytes_are_inside_and_the_others_follow_in_order() -> None:
    async def main() -> None:
        visitors = await enter(Gate(100, 9), 60, 40, 50, 10)
        assert inside(visitors) == [True, True, False, False]
        visitors[1].go.set()
        await settle()
        assert inside(visitors) == [True, False, False, False]  # 10 would fit, 50 is first
        visitors[0].go.set()
        await settle()
        assert inside(visitors) == [False, False, True, True]
        await end(visitors)

    asyncio.run(main())


def test_the_largest_go_alone_and_the_small_ones_freely() -> None:
    async def main() -> None:
        visitors = await enter(Gate(100, 9), 1000, 2, 1)
        assert inside(visitors) == [True, False, True]
        await end(visitors)

    asyncio.run(main())


def test_a_full_queue_is_busy() -> None:
    async def main() -> None:
        gate = Gate(100, 1)
        visitors = await enter(gate, 100, 100)
        with pytest.raises(Busy):
            async with gate.hold(100):
                pass
        await end(visitors)

    asyncio.run(main())


def test_who_gives_up_leaves_no_trace() -> None:
    async def main() -> None:
        visitors = await enter(gate := Gate(100, 9), 60, 100, 40)
        visitors[1].task.cancel()
        await settle()
        assert inside(visitors) == [True, False, True]
        visitors += await enter(gate, 60)
        visitors[0].go.set()
        visitors[0].task.add_done_callback(lambda _: visitors[3].task.cancel())
        await settle()
        visitors += await enter(gate, 60)
        assert inside(visitors)[4]
        await end(visitors)

    asyncio.run(main())
