"""Histograms that grow: the counts are those of a direct count, however the values come."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from app.services.finite import NotFiniteError
from app.services.tops.histogram import BINS, Histograms
from app.services.tops.record import Record

Floats = NDArray[np.float32]
# Products with powers of two stay normal numbers.
wild = st.floats(-(2.0**20), 2.0**20, width=32, allow_subnormal=False)
mild = st.integers(-512, 512).map(lambda number: number / 64)
batches = arrays(np.float32, (30, 3), elements=wild) | arrays(np.float32, (30, 3), elements=mild)


def counted(batches: list[Floats]) -> Record:
    """``batches`` of N×C values."""
    record = Record.empty([batches[0].shape[1]])
    for batch in batches:
        record.add(torch.from_numpy(batch), list(range(len(batch))))
    return record


@settings(max_examples=40)
@given(batches)
def test_counts_are_exact_and_the_order_does_not_matter(batch: Floats) -> None:
    once = counted([batch]).histograms
    for channel in range(3):
        edges, counts = once.of(channel)
        assert len(edges) == len(counts) + 1 <= BINS + 1
        inside = batch[:, channel].astype(np.float64)
        assert edges[0] <= inside.min()
        assert inside.max() < edges[-1]
        bins = np.searchsorted(edges, inside, side="right") - 1
        np.testing.assert_array_equal(np.bincount(bins, minlength=len(counts)), counts)
    backwards = batch[::-1].copy()
    parts = counted([backwards[:7], backwards[7:16], backwards[16:]]).histograms
    for name in ("exponent", "first", "counts"):
        np.testing.assert_array_equal(getattr(parts, name), getattr(once, name))


def test_at_least_half_of_the_bins_are_in_use() -> None:
    spread = np.random.default_rng(1).normal(size=(1000, 5)).astype(np.float32)
    histograms = counted([spread * np.array([1e-3, 0.1, 1, 7, 1e5], np.float32)]).histograms
    for channel in range(5):
        assert BINS // 2 < len(histograms.of(channel)[1]) <= BINS


def test_zero_begins_a_bin() -> None:
    batch = np.maximum(np.random.default_rng(2).normal(size=(500, 1)), 0).astype(np.float32)
    record = counted([batch])
    edges, counts = record.histograms.of(0)
    assert edges[0] == 0
    assert counts[0] >= record.zeros[0] == (batch == 0).sum() > 200


def test_a_channel_that_is_always_the_same() -> None:
    histograms = counted([np.zeros((5, 1), np.float32), np.zeros((2, 1), np.float32)]).histograms
    edges, counts = histograms.of(0)
    assert (edges[0], counts) == (0, [7])
    assert Histograms.empty(1).of(0)[1] == [0]


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_is_no_finite_number(value: float) -> None:
    with pytest.raises(NotFiniteError):
        counted([np.array([[0, value, 0]], np.float32)])


@pytest.mark.parametrize("most", [1, 40, 200, 1 << 24])
def test_how_large_a_block_is_does_not_matter(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    values = torch.randn(7, 5, 4, 3, generator=torch.Generator().manual_seed(1)).relu()
    expected = Record.empty([5, 4, 3])
    expected.add(values, list(range(7)))
    monkeypatch.setattr("app.services.tops.record._BLOCK", most)
    found = Record.empty([5, 4, 3])
    found.add(values, list(range(7)))
    assert found.to_bytes() == expected.to_bytes()
    assert Record.from_bytes(found.to_bytes()).to_bytes() == expected.to_bytes()
