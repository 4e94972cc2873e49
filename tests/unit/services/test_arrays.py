from __future__ import annotations

import io
import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from app.services.arrays import as_inputs, as_pictures, read_json, read_npy
from app.services.images import Bytes, ImageError


def npy(array: NDArray[Any], allow_pickle: bool = False) -> bytes:
    body = io.BytesIO()
    np.save(body, array, allow_pickle=allow_pickle)
    return body.getvalue()


SMALL = hnp.array_shapes(min_dims=1, max_dims=4, max_side=5)


@pytest.mark.parametrize("dtype", ["|u1", "<f4", ">f4"])
@given(hnp.arrays(np.uint8, SMALL))
def test_npy_arrays_come_back(dtype: str, values: Bytes) -> None:
    array = values.astype(dtype)
    for order in (array, np.asfortranarray(array)):
        found = read_npy(npy(order))
        assert found.dtype in (np.uint8, np.float32)
        assert found.flags.c_contiguous
        assert np.array_equal(found, array)


@given(st.binary(max_size=300))
def test_any_bytes_are_no_more_than_a_refused_npy(noise: bytes) -> None:
    for body in (noise, b"\x93NUMPY\x01\x00" + noise, npy(np.zeros(3, np.uint8))[:-1] + noise):
        try:
            read_npy(body)
        except ImageError:
            continue


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (npy(np.array([{}], object), allow_pickle=True), "pickled"),
        (npy(np.zeros(3)), "float64"),
        (npy(np.zeros(3, np.int64)), "int64"),
        (npy(np.zeros((0, 28, 28), np.uint8)), "empty"),
        (npy(np.array([np.nan], np.float32)), "NaN"),
        (npy(np.array([np.inf], np.float32)), "NaN"),
        (npy(np.array([1e30], np.float32)), "beyond"),
        (npy(np.zeros((5, 5), np.uint8))[:-1], "25 bytes, not 24"),
        (b"", "readable"),
    ],
)
def test_npy_refusals_say_why(body: bytes, word: str) -> None:
    with pytest.raises(ImageError, match=word):
        read_npy(body)


def test_a_header_that_lies_about_a_gigabyte_allocates_nothing() -> None:
    text = "{'descr': '|u1', 'fortran_order': False, 'shape': (1000000000,), }".ljust(117) + "\n"
    header = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode()
    with pytest.raises(ImageError, match="1000000000 bytes, not 3"):
        read_npy(header + b"abc")


def test_json_pixels() -> None:
    assert read_json(b'{"pixels": [[0, 0.5, 1]]}').tolist() == [[0, 128, 255]]
    assert read_json(b'{"pixels": [[[0]], [[1]]]}').tolist() == [[[0]], [[255]]]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[",
        b"[]",
        b"{}",
        b'{"pixels": 1}',
        b'{"pixels": [[[[[0]]]]]}',
        b'{"pixels": []}',
        b'{"pixels": [[]]}',
        b'{"pixels": [[0], [0, 1]]}',
        b'{"pixels": [["a"]]}',
        b'{"pixels": [[null]]}',
        b'{"pixels": [[NaN]]}',
        b'{"pixels": [[1e999]]}',
        b'{"pixels": [[1.01]]}',
        b'{"pixels": [[-0.1]]}',
        b'{"pixels": {"a": 1}}',
        b"[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_json_refusals(body: bytes) -> None:
    with pytest.raises(ImageError):
        read_json(body)


@pytest.mark.parametrize(
    ("shape", "grey", "colour"),
    [
        ((5, 7), (1, 5, 7), (1, 5, 7, 3)),
        ((5, 7, 3), (1, 5, 7), (1, 5, 7, 3)),
        ((2, 5, 7), (2, 5, 7), (2, 5, 7, 3)),
        ((2, 5, 7, 3), (2, 5, 7), (2, 5, 7, 3)),
    ],
)
def test_picture_shapes(
    shape: tuple[int, ...], grey: tuple[int, ...], colour: tuple[int, ...]
) -> None:
    array = np.full(shape, 200, np.uint8)
    assert as_pictures(array, "L").shape == grey
    assert as_pictures(array, "RGB").shape == colour
    assert (as_pictures(array, "L") == 200).all()


@pytest.mark.parametrize("shape", [(5,), (2, 5, 7, 4), (1, 2, 5, 7, 3)])
def test_other_picture_shapes_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ImageError) as refusal:
        as_pictures(np.zeros(shape, np.uint8), "L")
    assert refusal.value.field == "shape"


def test_network_ready_shapes() -> None:
    assert as_inputs(np.zeros((1, 32, 32), np.float32), (1, 32, 32)).shape == (1, 1, 32, 32)
    assert as_inputs(np.zeros((4, 1, 32, 32), np.float32), (1, 32, 32)).shape == (4, 1, 32, 32)
    for shape in ((32, 32), (1, 28, 28), (4, 3, 32, 32), (1, 1, 1, 32, 32)):
        with pytest.raises(ImageError, match="1×32×32"):
            as_inputs(np.zeros(shape, np.float32), (1, 32, 32))
