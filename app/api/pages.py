"""The page itself, and the interactive documentation."""

from __future__ import annotations

import re
from http import HTTPStatus
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response
from starlette.templating import Jinja2Templates

from app.api.deps import ServicesDep
from app.api.files import StaticFiles
from app.services.catalog import Catalog
from models import UnknownModelError
from models.weights import RANDOM

ROOT = Path(__file__).parents[2]
CHANNEL = re.compile("[0-9]{1,7}")

router = APIRouter(include_in_schema=False)
templates = Jinja2Templates(ROOT / "templates")
static_files = StaticFiles(ROOT / "static", "/static")


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


def _has_unit(catalog: Catalog, model: str, layer: str, channel: str) -> bool:
    """Whether the network has this channel with any of its weights."""
    try:
        graph = catalog.graph(model, RANDOM)  # the whole network: weights may lack its classifier
    except UnknownModelError:
        return False
    channels = [each.output_shape[0] for each in graph.layers if each.id == layer and each.inputs]
    return bool(channels) and CHANNEL.fullmatch(channel) is not None and int(channel) < channels[0]


def _render(request: Request, name: str, status: HTTPStatus = HTTPStatus.OK) -> Response:
    settings, version = request.app.state.services.settings, static_files.version()
    context: dict[str, Any] = {
        "csp_nonce": request.state.csp_nonce,
        "static": version.address,
        "bundled": version.bundled,
        "max_upload_bytes": settings.max_upload_bytes,
    }
    response = templates.TemplateResponse(request, name, context, status_code=status)
    response.headers["Cache-Control"] = "no-cache"
    return response
