"""Answers that hold tensors: the format, number type, channels and picture a caller wants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

import numpy as np
from fastapi import Depends, Header, Query
from starlette.responses import Response
from torch import Tensor

from app.api.problems import invalid, too_large
from app.services import colormaps
from app.wire import arrays, sprite
from app.wire.numbers import DType, Floats, Packed, pack
from app.wire.slicing import SliceError, parse_channels

Format = Literal["json", "npy", "npz", "safetensors", "png"]
MEDIA: dict[str, str] = {
    "json": "application/json",
    "npy": "application/x-npy",
    "npz": "application/x-npz",
    "safetensors": "application/x-safetensors",
    "png": "image/png",
}
_BYTES = {"float32": 4, "float16": 2, "uint8": 1}
_JSON_BYTES = 64  # memory that one number takes on its way to JSON


@dataclass(frozen=True)
class Wanted:
    """What the query and the Accept header ask for."""

    format: Format
    dtype: DType
    channels: str | None
    cmap: str | None
    scale: str
    cell: int | None
    columns: int | None

    def chosen(self, count: int, layer: str) -> list[int] | None:
        """The channels asked for out of ``count``; None for all. Raises 422."""
        if self.channels is None:
            return None
        try:
            return parse_channels(self.channels, count)
        except SliceError as error:
            raise invalid("channels", f"{error} (layer {layer})", layer=layer) from error

    def check_size(self, count: int, most: int) -> None:
        """Raise 413 when ``count`` numbers take more than ``most`` bytes."""
        size = count * (_JSON_BYTES if self.format == "json" else _BYTES[self.dtype])
        if size > most:
            raise too_large(
                "The answer would be too long. Ask for fewer images or layers, or a smaller "
                "format or dtype.",
                "max_response_bytes",
                most,
            )


async def _wanted(
    *,
    format: Annotated[
        Format | None, Query(description="The answer's format; it wins over the Accept header.")
    ] = None,
    accept: Annotated[str | None, Header(include_in_schema=False)] = None,
    dtype: Annotated[
        DType,
        Query(
            description="uint8: value = offset + scale × code; not for png. A layer whose numbers "
            "are too large or too small for float16 comes as float32, and says so."
        ),
    ] = "float32",
    channels: Annotated[
        str | None, Query(max_length=4000, description="Channels, e.g. `0-15,31`.")
    ] = None,
    cmap: Annotated[
        str | None, Query(max_length=40, description="png: a colour map of GET /colormaps.")
    ] = None,
    scale: Annotated[
        str,
        Query(
            max_length=60,
            description="png: `layer` (one range), `unit` (a range a channel) or `lo,hi`.",
        ),
    ] = "layer",
    cell: Annotated[
        int | None, Query(ge=1, le=4096, description="png: side of a tile in pixels, about.")
    ] = None,
    columns: Annotated[int | None, Query(ge=1, le=4096, description="png: tiles a row.")] = None,
) -> Wanted:
    chosen = format or _accepted(accept or "*/*")
    return Wanted(chosen, dtype, channels, cmap, scale, cell, columns)


WantedDep = Annotated[Wanted, Depends(_wanted)]


def layer_answer(name: str, values: Floats, wanted: Wanted, about: Mapping[str, str]) -> Response:
    """One layer of one image, C×H×W or C. ``about`` (model, weights …) goes into JSON and PNG."""
    values = _sliced(values, wanted, 0, name)
    about = {**about, "layer": name}
    if wanted.format == "png":
        return _png(values if values.ndim == 3 else values[:, None, None], wanted, about)
    packed = pack(values, wanted.dtype)
    if wanted.format == "json":
        return _json({**about, **arrays.json_fields(packed)})
    if wanted.format == "npy":
        return _signed(_npy(packed), about)
    return _signed(_archive({name: packed}, wanted), about)


def batch_answer(
    layers: Mapping[str, Tensor], wanted: Wanted, about: Mapping[str, str]
) -> Response:
    """Layers of many images by id, each N×C×H×W or N×C."""
    sliced = {name: _sliced(numpy(t), wanted, 1, name) for name, t in layers.items()}
    if wanted.format in ("npy", "png") and len(sliced) != 1:
        raise invalid("format", f"{wanted.format} holds one layer; npz and safetensors hold many.")
    first, values = next(iter(sliced.items()))
    if wanted.format == "png":
        if len(values) != 1:
            raise invalid("format", "png shows one image; send one, or ask for npz.")
        image = values[0] if values.ndim == 4 else values[0, :, None, None]
        return _png(image, wanted, {**about, "layer": first})
    packed = {name: pack(values, wanted.dtype) for name, values in sliced.items()}
    if wanted.format == "json":
        fields = {name: arrays.json_fields(item) for name, item in packed.items()}
        return _json({**about, "layers": fields})
    if wanted.format == "npy":
        return _signed(_npy(packed[first]), about)
    return _signed(_archive(packed, wanted), about)


@dataclass(frozen=True)
class Kernels:
    """The kernels that were asked for.

    ``values``: O×I×kH×kW or O×I. ``shown``: the same for a picture, O×I over maps as O×C×H×W.
    ``colours``: where red, green and blue stand among three input channels of a colour image.
    """

    values: Floats
    shown: Floats
    colours: list[int] | None


def filter_answer(
    layer: str, kernels: Kernels, wanted: Wanted, about: Mapping[str, str]
) -> Response:
    """The kernels of one layer, ``wanted.channels`` taken already."""
    about = {**about, "layer": layer}
    shown = kernels.shown
    if wanted.format != "png":
        return layer_answer(layer, kernels.values, replace(wanted, channels=None), about)
    if shown.ndim == 2:  # dense: one picture, a row an output
        return _png(shown[None], wanted, about, signed=True)
    if kernels.colours and wanted.cmap is None:
        coloured = shown[:, kernels.colours]
        sheet = sprite.rgb_sheet(coloured, wanted.cell, wanted.columns, about)
        return _signed(_picture(*sheet), about)
    columns = shown.shape[1] if len(shown) > 1 and shown.shape[1] > 1 else None
    return _png(shown.reshape(-1, *shown.shape[2:]), wanted, about, signed=True, columns=columns)


def many_filters_answer(
    kernels: Mapping[str, Tensor], wanted: Wanted, about: Mapping[str, str]
) -> Response:
    """The kernels of several layers by id, as npz or safetensors."""
    if wanted.format not in ("npz", "safetensors"):
        raise invalid("format", "Several layers come as npz or safetensors.")
    packed = {
        name: pack(_sliced(numpy(kernel), wanted, 0, name), wanted.dtype)
        for name, kernel in kernels.items()
    }
    return _signed(_archive(packed, wanted), about)


def numpy(tensor: Tensor) -> Floats:
    """A tensor as a float32 array; no copy when it is one on the CPU already."""
    values: Floats = tensor.detach().cpu().float().numpy()
    return values


def _sliced(values: Floats, wanted: Wanted, axis: int, name: str) -> Floats:
    channels = wanted.chosen(values.shape[axis], name)
    return values if channels is None else np.take(values, channels, axis)


def _png(
    values: Floats,
    wanted: Wanted,
    about: Mapping[str, str],
    signed: bool | None = None,
    columns: int | None = None,
) -> Response:
    signed = bool(values.min() < 0) if signed is None else signed
    palette = colormaps.palette(wanted.cmap) if wanted.cmap else colormaps.default(signed)
    sheet = sprite.sprite_sheet(
        values,
        palette.lut,
        diverging=palette.diverging,
        scale=sprite.parse_scale(wanted.scale),
        cell=wanted.cell,
        columns=wanted.columns or columns,
        text={**about, "cmap": palette.id, "scale": wanted.scale},
    )
    response = _picture(sheet.body, sheet.grid, sheet.range)
    response.headers["X-Cmap"] = palette.id
    return _signed(response, about)


def _picture(body: bytes, grid: sprite.Grid, shown: sprite.Range) -> Response:
    headers = {"X-Grid": str(grid), "X-Range": f"{shown[0]!r},{shown[1]!r}"}
    return Response(body, media_type=MEDIA["png"], headers=headers)


def _json(fields: Mapping[str, Any]) -> Response:
    return Response(arrays.to_json(fields), media_type=MEDIA["json"])


def _signed(response: Response, about: Mapping[str, str]) -> Response:
    """The answer with the weights that computed it in its headers."""
    response.headers["X-Weights"] = about["weights"]
    return response


def _npy(packed: Packed) -> Response:
    response = Response(arrays.to_npy(packed), media_type=MEDIA["npy"])
    if packed.scaled:
        response.headers.update({"X-Scale": repr(packed.scale), "X-Offset": repr(packed.offset)})
    return response


def _archive(packed: Mapping[str, Packed], wanted: Wanted) -> Response:
    write = arrays.to_npz if wanted.format == "npz" else arrays.to_safetensors
    return Response(write(packed), media_type=MEDIA[wanted.format])


def _accepted(accept: str) -> Format:
    """The format that an Accept header likes best; json where it likes all alike."""
    liked = sorted(_media_ranges(accept), key=lambda entry: -entry[1])
    for media_range, quality in liked:
        for name, media in MEDIA.items():
            family = media.partition("/")[0] + "/*"
            if quality > 0 and media_range in (media, family, "*/*"):
                return name  # type: ignore[return-value]
    raise invalid(
        "Accept", f"No format fits {accept[:100]!r}.", valid_media_types=list(MEDIA.values())
    )


def _media_ranges(accept: str) -> list[tuple[str, float]]:
    ranges = []
    for item in accept.split(","):
        media_range, *parameters = (part.strip().lower() for part in item.split(";"))
        quality = next((p[2:] for p in parameters if p.startswith("q=")), "1")
        ranges.append((media_range, _number(quality)))
    return ranges


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def tensor_responses(description: str) -> dict[int | str, dict[str, Any]]:
    """What OpenAPI says about an answer in any of the formats."""
    binary = {"schema": {"type": "string", "format": "binary"}}
    content: dict[str, Any] = {media: binary for media in MEDIA.values() if media != MEDIA["json"]}
    example = {"shape": [1, 2, 2], "dtype": "float32", "data": [[[0.0, 0.5], [1.0, 0.25]]]}
    schema = {"type": "object", "properties": {}, "additionalProperties": True}
    content[MEDIA["json"]] = {"schema": schema, "example": example}
    headers = {
        name: {"description": text, "schema": {"type": "string"}}
        for name, text in (
            ("X-Scale", "npy with dtype=uint8: value = X-Offset + X-Scale × code"),
            ("X-Offset", "see X-Scale"),
            ("X-Range", "png: lo,hi of the first and the last colour"),
            ("X-Grid", "png: columns, rows, and each tile's width, height and zoom in pixels"),
            ("X-Cmap", "png: the colour map used"),
            ("X-Weights", "the weights that computed it: source and SHA-256"),
        )
    }
    return {200: {"description": description, "content": content, "headers": headers}}
