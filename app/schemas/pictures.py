"""Pictures that the server has, and the colours of those that it makes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from app.schemas.training import AugmentationChoice


class ColorMap(BaseModel):
    """256 colours. ``lut`` is 256 × rrggbb in hex. A diverging map's plain middle is entry 128."""

    id: str
    title: str
    kind: Literal["sequential", "diverging"]
    theme: Literal["light", "dark"]
    lut: str


class Sample(BaseModel):
    """A real picture of a data set; ``pixels`` is base64 of H×W bytes, white ink on black."""

    index: int
    label: int
    height: int
    width: int
    pixels: str


class AugmentationPreview(AugmentationChoice):
    """``POST /datasets/{id}/augmentations``: the changes, and the pictures to try them on.

    ``indices`` in ``split``; null: eight from all over it. ``copies``: changed ones of
    each. The same ``seed`` gives the same changes.
    """

    indices: Annotated[list[Annotated[int, Field(ge=0)]], Field(min_length=1, max_length=64)] | (
        None
    ) = None
    split: Literal["train", "test"] = "train"
    copies: Annotated[int, Field(ge=1, le=16)] = 3
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 1


class GalleryPicture(BaseModel):
    """A free picture that comes with the server. ``href`` is its file."""

    id: str
    title: str
    credit: str
    licence: str
    width: int
    height: int
    href: str
    thumbnail: str


class Neighbour(BaseModel):
    """A picture near another in the last hidden layer. ``distance`` is Euclidean.

    ``pass_id`` is set for a picture seen by this server, ``path`` for one of the user's folder.
    """

    name: str
    distance: float
    thumbnail: str
    pass_id: str | None = None
    path: str | None = None


class Neighbours(BaseModel):
    """``GET /passes/{id}/neighbours``: nearest first. ``layer`` is the last hidden layer.

    ``folder`` says how the user's folder of pictures stands: "unset" (the server has none),
    "unscanned" (``POST /models/{model}/scans`` looks at it) or "scanned".
    """

    layer: str
    folder: Literal["unset", "unscanned", "scanned"] = "unset"
    compared: int
    neighbours: list[Neighbour]
