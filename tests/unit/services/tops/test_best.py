"""The best pictures, batch by batch, are those of a sort of all."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from app.services.tops.best import KEPT, Best


@settings(max_examples=40)
@given(
    arrays(np.float32, (70, 2), elements=st.integers(-9, 9).map(float)),
    st.lists(st.integers(0, 70), max_size=5),
)
def test_as_a_stable_sort(largest: NDArray[np.float32], cuts: list[int]) -> None:
    best = Best.empty(2)
    places = np.arange(70)[:, None].astype(np.int32) + np.array([0, 1000], np.int32)
    ends = sorted({0, 70, *cuts})
    for start, end in pairwise(ends):
        numbers = list(range(start, end))
        best.add(largest[start:end], numbers, places[start:end])
    for channel in range(2):
        order = np.argsort(-largest[:, channel], kind="stable")[:KEPT]
        np.testing.assert_array_equal(best.picture[channel], order)
        np.testing.assert_array_equal(best.value[channel], largest[order, channel])
        np.testing.assert_array_equal(best.place[channel], 1000 * channel + order)


def test_fewer_pictures_than_places() -> None:
    best = Best.empty(1)
    best.add(np.array([[3], [5]], np.float32), [4, 9], np.zeros((2, 1), np.int32))
    assert best.picture[0, :3].tolist() == [9, 4, -1]
