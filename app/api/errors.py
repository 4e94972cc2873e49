"""What OpenAPI says about errors."""

from __future__ import annotations

from typing import Any

from app.api.problems import MEDIA_TYPE
from app.schemas import Problem

_TEXT = {
    404: ("No such model, layer, pass or unit.", "unknown-layer", "layer"),
    409: ("The weights or the data are not on this machine.", "weights-missing", None),
    413: ("Too long, too many pixels or too many images.", "too-large", None),
    415: ("A media type that is not understood.", "unsupported-media-type", "Content-Type"),
    422: ("A bad image, shape, number or parameter.", "invalid-request", "channels"),
    507: ("The disk of the server is full.", "disk-full", None),
    503: ("Too many requests wait; see Retry-After.", "busy", None),
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The ``responses`` of a route that may answer these statuses."""
    return {status: _describe(status) for status in statuses}


def _describe(status: int) -> dict[str, Any]:
    description, name, field = _TEXT[status]
    example = {
        "type": f"urn:problem:convscope:{name}",
        "title": name.replace("-", " ").capitalize(),
        "status": status,
        "detail": description,
    }
    if field:
        example["field"] = field
    schema = Problem.model_json_schema()
    return {
        "description": description,
        "content": {MEDIA_TYPE: {"schema": schema, "example": example}},
    }


IMAGE_ERRORS = problems(404, 409, 413, 415, 422, 503)
READ_ERRORS = problems(404, 409, 413, 422)
