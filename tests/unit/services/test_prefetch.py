"""Threads beside the present work: order, errors, ends."""

from __future__ import annotations

import threading

import pytest

from app.services.prefetch import Follower, prefetched


def threads() -> list[str]:
    return [each.name for each in threading.enumerate() if each.name.startswith(("pre", "foll"))]


def test_in_order_and_not_too_far_ahead() -> None:
    made: list[int] = []

    def make(number: int) -> int:
        made.append(number)
        return number * number

    results = prefetched(make, range(10))
    assert next(results) == 0
    assert len(made) <= 2
    assert list(results) == [number * number for number in range(1, 10)]
    assert threads() == []


def test_an_error_in_its_place() -> None:
    results = prefetched(lambda number: 1 // number, [1, 0, 2])
    assert next(results) == 1
    with pytest.raises(ZeroDivisionError):
        next(results)
    assert threads() == []


def test_closed_early() -> None:
    results = prefetched(str, range(100))
    next(results)
    results.close()
    assert threads() == []


def test_a_follower_is_one_call_behind() -> None:
    done: list[int] = []
    with Follower() as follower:
        for number in range(5):
            follower.call(done.append, number)
            assert done[:number] == list(range(number))
        follower.wait()
        assert done == [0, 1, 2, 3, 4]
    assert threads() == []


def test_what_a_call_raises() -> None:
    with Follower() as follower:
        follower.call(int, "no number")
        with pytest.raises(ValueError, match="no number"):
            follower.call(int, "1")
        follower.call(int, "no number")
        with pytest.raises(ValueError, match="no number"):
            follower.wait()
        follower.wait()
