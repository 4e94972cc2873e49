"""Which jobs run and which wait."""

from __future__ import annotations

from app.services.jobs.lanes import Lane, Lanes


def entered(lanes: Lanes[str], held_back: str = "") -> list[str]:
    return list(lanes.entering(lambda work: work == held_back))


def test_kinds_with_a_lane_of_their_own_do_not_wait_for_others() -> None:
    lanes = Lanes[str](lambda work: work[0], Lane(1, 2), {"t": Lane(1, 1)})
    for work in ("a1", "b1", "t1", "t2"):
        lanes.wait(work)
    assert entered(lanes) == ["a1", "t1"]
    assert (lanes.full("c"), lanes.full("t")) == (False, True)
    lanes.wait("c1")
    assert lanes.full("a")
    lanes.leave("t1")
    assert entered(lanes) == ["t2"]
    assert not lanes.runs("t1")
    lanes.leave("a1")
    assert entered(lanes, held_back="b1") == ["c1"]


def test_whoever_leaves_the_queue_does_not_come_in() -> None:
    lanes = Lanes[str](lambda work: work[0], Lane(1, 9), {})
    lanes.wait("a1")
    lanes.wait("a2")
    lanes.leave("a1")
    assert entered(lanes) == ["a2"]
    assert lanes.runs("a2")
