"""All routes, joined."""

from __future__ import annotations

from fastapi import APIRouter

from app.api import (
    activations,
    colormaps,
    datasets,
    designs,
    filters,
    gallery,
    health,
    jobs,
    live,
    maximizations,
    models,
    pages,
    passes,
    pictures,
    points,
    predictions,
    seen,
    tops,
    trainings,
    units,
    weights,
)

BASE = "/api/v1"

router = APIRouter()
for _part in (
    models,
    filters,
    units,
    predictions,
    activations,
    passes,
    seen,
    live,
    weights,
    maximizations,
    trainings,
    jobs,
    colormaps,
    datasets,
    designs,
    points,
    gallery,
    pictures,
    tops,
):
    router.include_router(_part.router, prefix=BASE)
router.include_router(health.router)
router.include_router(pages.router)
