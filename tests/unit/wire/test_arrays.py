from __future__ import annotations

import io
import json
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from safetensors import safe_open
from safetensors.numpy import load as load_safetensors

from app.services.finite import NotFiniteError
from app.wire.arrays import json_fields, to_json, to_npy, to_npz, to_safetensors
from app.wire.numbers import DType, Floats, pack

VALUES = st.floats(-1e6, 1e6, width=32)
SHAPES = hnp.array_shapes(min_dims=1, max_dims=4, max_side=5)
ARRAYS = hnp.arrays(np.float32, SHAPES, elements=VALUES)
DTYPES = st.sampled_from(get_args(DType))
NAMES = st.sampled_from(["conv1", "features.0", "layer1.0.conv2", "inception3a.branch1.conv"])


@given(ARRAYS)
def test_float32_is_exact_in_every_format(values: Floats) -> None:
    packed = pack(values, "float32")
    assert np.array_equal(np.load(io.BytesIO(to_npy(packed))), values)
    assert np.array_equal(load_safetensors(to_safetensors({"a": packed}))["a"], values)
    fields = json.loads(to_json(json_fields(packed)))
    assert fields["shape"] == list(values.shape)
    assert np.array_equal(np.array(fields["data"], np.float32).reshape(values.shape), values)


@given(st.dictionaries(NAMES, ARRAYS, min_size=1), DTYPES)
def test_npz_keys_are_the_names(arrays: dict[str, Floats], dtype: DType) -> None:
    packed = {name: pack(values, dtype) for name, values in arrays.items()}
    with np.load(io.BytesIO(to_npz(packed))) as file:
        for name, item in packed.items():
            assert np.array_equal(file[name], item.values)
            assert file[name].dtype == item.values.dtype
            if dtype == "uint8":
                scale, offset = file[f"{name}/scale"]
                assert (scale, offset) == (item.scale, item.offset)


@given(ARRAYS)
def test_safetensors_carry_the_scale_of_uint8(values: Floats) -> None:
    packed = pack(values, "uint8")
    body = to_safetensors({"conv1": packed})
    header = json.loads(body[8 : 8 + int.from_bytes(body[:8], "little")])
    scale = json.loads(header["__metadata__"]["conv1"])
    codes = load_safetensors(body)["conv1"].astype(float)
    restored = (scale["offset"] + scale["scale"] * codes).astype(np.float32)
    assert np.array_equal(restored, packed.unpack())


def test_safetensors_metadata_can_be_read_from_a_file(tmp_path: Any) -> None:
    path = tmp_path / "layer.safetensors"
    path.write_bytes(to_safetensors({"conv1": pack(np.array([0, 51], np.float32), "uint8")}))
    with safe_open(path, "np") as file:
        assert json.loads(file.metadata()["conv1"]) == {"scale": 0.2, "offset": 0.0}


@given(ARRAYS)
def test_uint8_is_at_most_half_a_step_off(values: Floats) -> None:
    packed = pack(values, "uint8")
    rounding = 1e-7 * float(np.abs(values).max()) + 1e-35
    assert np.abs(packed.unpack() - values).max() <= packed.scale * 0.5001 + rounding


@given(ARRAYS)
def test_float16_keeps_eleven_bits_and_never_overflows(values: Floats) -> None:
    restored = pack(values, "float16").unpack()
    assert np.isfinite(restored).all()
    assert np.allclose(restored, values, rtol=2**-11, atol=2**-14 * np.abs(values).max())


@pytest.mark.parametrize("largest", [65505, 1e30, -1e9, np.inf, 1e-5, -1e-30])
def test_numbers_that_float16_cannot_hold_stay_float32(largest: float) -> None:
    values = np.array([0, largest / 3, largest], np.float32)
    packed = pack(values, "float16")
    assert packed.values.dtype == np.float32
    assert np.array_equal(packed.values, values)


@pytest.mark.parametrize("values", [[], [0, 0], [np.nan, 1], [65504, -1], [0.001, 1e-7]])
def test_all_others_are_halves(values: list[float]) -> None:
    assert pack(np.array(values, np.float32), "float16").values.dtype == np.float16


def test_zero_stays_zero_behind_a_relu() -> None:
    values = np.array([0, 0.3, 7.1], np.float32)
    assert pack(values, "uint8").unpack()[0] == 0


def test_a_transposed_view_is_written_in_order() -> None:
    values = np.arange(6, dtype=np.float32).reshape(2, 3).T
    assert np.array_equal(
        load_safetensors(to_safetensors({"a": pack(values, "float32")}))["a"], values
    )


@pytest.mark.parametrize("shape", [(3, 20, 30), (2, 5, 7, 300), (4, 1, 6), (2, 0, 4, 4)])
@pytest.mark.parametrize("dtype", get_args(DType))
def test_channels_that_lie_last_in_memory_change_nothing(
    shape: tuple[int, ...], dtype: DType
) -> None:
    values = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    last = np.moveaxis(np.ascontiguousarray(np.moveaxis(values, -3, -1)), -1, -3)
    packed, expected = pack(last, dtype), pack(values, dtype)
    assert packed.values.flags.c_contiguous
    assert packed.values.dtype == expected.values.dtype
    assert np.array_equal(packed.values, expected.values)
    assert (packed.scale, packed.offset) == (expected.scale, expected.offset)


def test_json_refuses_what_json_cannot_hold() -> None:
    with pytest.raises(NotFiniteError, match="ask for npy"):
        to_json(json_fields(pack(np.array([np.nan], np.float32), "float32")))
