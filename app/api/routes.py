"""All routes, joined."""

from __future__ import annotations

from fastapi import APIRouter

from app.api import (
    activations,
    colormaps,
    datasets,
    filters,
    gallery,
    health,
    live,
    models,
    pages,
    passes,
    predictions,
)

BASE = "/api/v1"

router = APIRouter()
for _part in (
    models,
    filters,
    predictions,
    activations,
    passes,
    live,
    colormaps,
    datasets,
    gallery,
):
    router.include_router(_part.router, prefix=BASE)
router.include_router(health.router)
router.include_router(pages.router)
