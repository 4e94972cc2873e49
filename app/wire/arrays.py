"""Arrays to bytes that numpy, safetensors and any JSON reader understand."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import orjson
from safetensors.numpy import save as save_safetensors

from app.services.finite import NotFiniteError
from app.wire.numbers import Packed


def json_fields(packed: Packed) -> dict[str, Any]:
    """``shape``, ``dtype``, ``data`` for `to_json`, and for uint8 ``scale`` and ``offset``.

    Raises NotFiniteError.
    """
    if not np.isfinite(packed.values).all():
        raise NotFiniteError(
            "Some values are NaN or infinite, which JSON cannot hold: ask for npy, npz or "
            "safetensors."
        )
    fields: dict[str, Any] = {
        "shape": list(packed.values.shape),
        "dtype": str(packed.values.dtype),
    }
    if packed.scaled:
        fields |= {"scale": packed.scale, "offset": packed.offset}
    return {**fields, "data": np.ascontiguousarray(packed.values)}


def to_json(fields: Mapping[str, Any]) -> bytes:
    """Compact JSON; arrays become nested lists, each number as short as its type allows.

    Read as that type (float32, say) they are the same numbers again.
    """
    return orjson.dumps(fields, option=orjson.OPT_SERIALIZE_NUMPY)


def to_npy(packed: Packed) -> bytes:
    """One array; `numpy.load` reads it. The scale of uint8 is not in it."""
    values = np.ascontiguousarray(packed.values)
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, np.lib.format.header_data_from_array_1_0(values))
    return b"".join([header.getvalue(), values.data])


def to_npz(arrays: Mapping[str, Packed]) -> bytes:
    """Several arrays by name, not compressed.

    For uint8, ``<name>/scale`` beside ``<name>`` holds [scale, offset].
    """
    entries: dict[str, Any] = {name: packed.values for name, packed in arrays.items()}
    for name, packed in arrays.items():
        if packed.scaled:
            entries[f"{name}/scale"] = np.array([packed.scale, packed.offset])
    body = io.BytesIO()
    np.savez(body, allow_pickle=False, **entries)
    return body.getvalue()


def to_safetensors(arrays: Mapping[str, Packed]) -> bytes:
    """Several arrays by name.

    For uint8 the file's metadata maps each name to the JSON ``{"scale": …, "offset": …}``.
    """
    metadata = {
        name: json.dumps({"scale": packed.scale, "offset": packed.offset})
        for name, packed in arrays.items()
        if packed.scaled
    }
    values = {name: np.ascontiguousarray(packed.values) for name, packed in arrays.items()}
    return save_safetensors(values, metadata=metadata or None)
