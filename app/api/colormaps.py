"""Colour maps, so that pictures and the browser agree."""

from __future__ import annotations

from fastapi import APIRouter

from app.schemas import ColorMap
from app.services.colormaps import all_maps

router = APIRouter(tags=["pictures"])


@router.get("/colormaps", summary="List the colour maps")
async def list_colormaps() -> list[ColorMap]:
    """Perceptually uniform maps; the first of each kind and theme is the default."""
    return all_maps()
