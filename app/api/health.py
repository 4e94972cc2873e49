"""Is the server up, and are its networks loaded?"""

from __future__ import annotations

from fastapi import APIRouter

from app.api.deps import ServicesDep
from app.api.errors import problems
from app.api.problems import ProblemError

router = APIRouter(tags=["health"])


@router.get("/healthz", summary="The process serves")
async def healthz() -> dict[str, str]:
    """200 as soon as the process serves."""
    return {"status": "ok"}


@router.get("/readyz", summary="The default networks are loaded", responses=problems(503))
async def readyz(services: ServicesDep) -> dict[str, str]:
    """200 once the default networks are loaded, 503 before."""
    if not services.ready.is_set():
        headers = {"Retry-After": "1"}
        raise ProblemError(503, "starting", "The networks are still loading.", headers=headers)
    return {"status": "ready"}
