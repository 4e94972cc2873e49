"""Data sets."""

from __future__ import annotations

from pydantic import BaseModel, Field


class DatasetInfo(BaseModel):
    """A row of ``GET /datasets``. ``missing`` says how to get one that is not on this machine.

    ``shape``: C×H×W of its pictures. ``models``: ids of registered networks that fit.
    """

    id: str
    title: str
    about: str
    source: str
    licence: str
    shape: list[int]
    classes: list[str]
    train: int
    test: int
    models: list[str] = Field(default_factory=list)
    missing: str | None = None
