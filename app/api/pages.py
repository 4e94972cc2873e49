"""The page itself, its static files, and the interactive documentation."""

from __future__ import annotations

import re
from http import HTTPStatus
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates
from starlette.types import ASGIApp, Scope

from app.api.deps import ServicesDep
from app.services.catalog import Catalog
from models import UnknownModelError
from models.weights import RANDOM

ROOT = Path(__file__).parents[2]
DAY = 86_400  # seconds
CHANNEL = re.compile("[0-9]{1,7}")

router = APIRouter(include_in_schema=False)
templates = Jinja2Templates(ROOT / "templates")


@router.api_route("/", methods=["GET", "HEAD"])
async def page(request: Request) -> Response:
    """The one page; what it shows is in the URL's hash."""
    return _render(request, "page.html")


@router.api_route("/models/{model}/layers/{layer}/units/{channel}", methods=["GET", "HEAD"])
async def unit_page(
    request: Request, services: ServicesDep, model: str, layer: str, channel: str
) -> Response:
    """The same page, opened at one unit. Where there is no such unit the status is 404, and the
    page says what there is instead.
    """
    known = await services.work(_has_unit, services.catalog, model, layer, channel)
    return _render(request, "page.html", HTTPStatus.OK if known else HTTPStatus.NOT_FOUND)


@router.api_route("/docs", methods=["GET", "HEAD"])
async def docs(request: Request) -> Response:
    """The interactive documentation, from local files."""
    return _render(request, "docs.html")


class Files(StaticFiles):
    """Static files with ETags. Ours are asked for each time, so that updates show; those of
    vendor/ are kept for a day.
    """

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, with its Cache-Control."""
        response = await super().get_response(path, scope)
        kept = path.replace("\\", "/").startswith("vendor/")
        response.headers["Cache-Control"] = f"public, max-age={DAY}" if kept else "no-cache"
        return response


def static_files() -> ASGIApp:
    """The files of static/, compressed where it pays."""
    return GZipMiddleware(Files(directory=ROOT / "static"), minimum_size=1024, compresslevel=5)


def _has_unit(catalog: Catalog, model: str, layer: str, channel: str) -> bool:
    """Whether the network has this channel with any of its weights."""
    try:
        graph = catalog.graph(model, RANDOM)  # the whole network: weights may lack its classifier
    except UnknownModelError:
        return False
    channels = [each.output_shape[0] for each in graph.layers if each.id == layer and each.inputs]
    return bool(channels) and CHANNEL.fullmatch(channel) is not None and int(channel) < channels[0]


def _render(request: Request, name: str, status: HTTPStatus = HTTPStatus.OK) -> Response:
    settings = request.app.state.services.settings
    context: dict[str, Any] = {
        "csp_nonce": request.state.csp_nonce,
        "max_upload_bytes": settings.max_upload_bytes,
    }
    response = templates.TemplateResponse(request, name, context, status_code=status)
    response.headers["Cache-Control"] = "no-cache"
    return response
