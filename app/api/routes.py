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
    jobs,
    live,
    models,
    pages,
    passes,
    predictions,
    seen,
)

BASE = "/api/v1"

router = APIRouter()
for _part in (
    models,
    filters,
    predictions,
    activations,
    passes,
    seen,
    live,
    jobs,
    colormaps,
    datasets,
    gallery,
):
    router.include_router(_part.router, prefix=BASE)
router.include_router(health.router)
router.include_router(pages.router)
