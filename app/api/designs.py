"""Networks that are put together from layers."""

from __future__ import annotations

from fastapi import APIRouter

from app.schemas import DesignPreset
from app.services.design_presets import presets

router = APIRouter(prefix="/designs", tags=["trainings"])


@router.get("", summary="Networks to begin with")
async def get_designs() -> list[DesignPreset]:
    """Layer by layer, simplest first; `datasets` are those that a design suits.

    A design goes into `POST /trainings`, changed or as it is; the dense layer with one unit a
    class (for points: one unit) is added behind it.
    """
    return list(presets())
