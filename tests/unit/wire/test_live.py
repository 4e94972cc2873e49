from __future__ import annotations

import json
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.wire.live import FrameLayout, parse_frame

SHAPES = st.lists(st.lists(st.integers(1, 7), min_size=1, max_size=3), min_size=0, max_size=6)


@given(SHAPES, st.sampled_from(["float32", "float16"]), st.integers(1, 2**31), st.text(max_size=30))
def test_a_frame_comes_back_as_it_was(
    shapes: list[list[int]], dtype: str, seq: int, label: str
) -> None:
    layers = [(f"layer{index}", shape) for index, shape in enumerate(shapes)]
    arrays = [np.random.default_rng(7).normal(size=shape).astype(np.float32) for shape in shapes]
    predictions = [{"top": [{"class": 0, "label": label}], "unsure": False, "reason": None}]

    message = FrameLayout(layers, dtype).frame(seq, predictions, arrays)

    header, found = parse_frame(message)
    assert (header["seq"], header["predictions"]) == (seq, predictions)
    assert [layer["id"] for layer in header["layers"]] == [name for name, _ in layers]
    for (name, shape), values in zip(layers, arrays, strict=True):
        assert found[name].shape == tuple(shape)
        assert np.array_equal(found[name], values.astype(dtype))


@given(SHAPES, st.integers(0, 2**40))
def test_every_array_is_aligned(shapes: list[list[int]], seq: int) -> None:
    layers = [(f"layer{index}", shape) for index, shape in enumerate(shapes)]
    layout = FrameLayout(layers, "float16")
    message = layout.frame(seq, [], [np.zeros(shape, np.float32) for shape in shapes])
    (length,) = struct.unpack_from("<I", message)
    header = json.loads(message[4 : 4 + length])
    assert (4 + length) % 8 == 0
    assert all(layer["offset"] % 8 == 0 for layer in header["layers"])
    assert all(layer["offset"] >= 4 + length for layer in header["layers"])


def test_one_layout_serves_headers_of_any_length() -> None:
    layout = FrameLayout([("a", [3])], "float32")
    values = np.array([1, 2, 3], np.float32)
    for count in (0, 1, 50, 3):
        predictions = [{"top": [], "unsure": True, "reason": "empty"}] * count
        header, arrays = parse_frame(layout.frame(1, predictions, [values]))
        assert len(header["predictions"]) == count
        assert arrays["a"].tolist() == [1, 2, 3]


@pytest.mark.parametrize("largest", [1e9, 1e-6])
def test_a_frame_that_float16_cannot_hold_comes_in_float32(largest: float) -> None:
    """A network whose training explodes, or dies away: every number shown is true."""
    layout = FrameLayout([("a", [2]), ("b", [2])], "float16")
    plain, wild = np.array([1, 2], np.float32), np.array([largest, 0], np.float32)
    header, found = parse_frame(layout.frame(1, [], [plain, wild]))
    assert {layer["dtype"] for layer in header["layers"]} == {"float32"}
    assert np.array_equal(found["b"], wild)
    header, found = parse_frame(layout.frame(2, [], [plain, plain]))
    assert {layer["dtype"] for layer in header["layers"]} == {"float16"}
