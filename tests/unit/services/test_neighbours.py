"""Nearest neighbours: the right order, each picture once, never the picture itself."""

from __future__ import annotations

import numpy as np
import pytest

from app.services.neighbours import Found, nearest
from app.services.scans import Entry, Scan
from app.services.seen import Group, Seen, Sight

GROUP: Group = ("net", "hash")


def at(*values: float) -> np.ndarray:
    return np.array(values, np.float32)


def sight(*values: float, name: str = "") -> Sight:
    return Sight(name, None, at(*values))


SEEN = {"own": sight(0, 0), "far": sight(30, 40, name="far.png"), "near": sight(3, 4)}


def find(seen: dict[str, Sight], scan: Scan, top: int = 9) -> tuple[list[Found], int]:
    return nearest("own", at(0, 0), seen, scan, top=top, is_there=lambda path: "gone" not in path)


def test_the_nearest_comes_first_and_the_picture_itself_never() -> None:
    assert find(SEEN, Scan()) == (
        [Found("", 5, "near", None), Found("far.png", 50, "far", None)],
        2,
    )
    assert [each.pass_id for each in find(SEEN, Scan(), top=1)[0]] == ["near"]


def test_a_picture_of_the_folder_counts_once() -> None:
    scan = Scan(
        {
            "a/cat.png": Entry("1", "cat", at(0, 1)),
            "b/cat.png": Entry("1", "cat", at(0, 1)),
            "far.png": Entry("2", "far", at(30, 40)),
            "own.png": Entry("3", "own", at(0, 0)),
        }
    )
    found, compared = find(SEEN, scan)
    assert compared == 3
    assert found == [
        Found("cat.png", 1, None, "a/cat.png"),
        Found("", 5, "near", None),
        Found("far.png", 50, "far", "far.png"),
    ]


def test_a_picture_that_is_gone_makes_room_for_the_next() -> None:
    scan = Scan({"gone.png": Entry("1", "gone", at(0, 1)), "b.png": Entry("2", "b", at(0, 2))})
    assert [each.path for each in find({}, scan, top=1)[0]] == ["b.png"]
    seen = {"gone": sight(0, 1)}
    assert find(seen, scan, top=1)[0] == [Found("gone.png", 1, "gone", None)]


def test_nothing_to_compare_with() -> None:
    assert find({"own": sight(0, 0)}, Scan()) == ([], 0)


def test_distances_are_numpys() -> None:
    rng = np.random.default_rng(2)
    vectors = rng.normal(size=(600, 40)).astype(np.float32)
    seen = {str(k): Sight("", None, vector) for k, vector in enumerate(vectors)}
    found, _ = nearest("0", vectors[0], seen, Scan(), top=599, is_there=lambda _: True)
    expected = np.sort(np.linalg.norm(vectors[1:].astype(float) - vectors[0], axis=1))
    assert [each.distance for each in found] == pytest.approx(expected)


def test_the_oldest_pictures_are_forgotten() -> None:
    seen = Seen(budget=3 * 8)
    for name in "abcd":
        seen.add(name, GROUP, sight(1, 2, name=name))
    assert list(seen.of(GROUP)) == ["b", "c", "d"]
    assert seen.frame("a") is None
    assert seen.of(("other", "hash")) == {}


def test_a_vector_beyond_the_budget_is_not_kept() -> None:
    seen = Seen(budget=4)
    seen.add("a", GROUP, sight(1, 2))
    assert seen.of(GROUP) == {}


def test_a_name_stays_when_the_picture_comes_again_without() -> None:
    seen = Seen()
    seen.add("a", GROUP, sight(1, name="cat.png"))
    seen.add("a", GROUP, sight(1))
    assert seen.of(GROUP)["a"].name == "cat.png"
