"""Every error as application/problem+json (RFC 9457), with fields that help."""

from __future__ import annotations

import math
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from app.log import PROBLEM, logger
from app.services.batching import Busy
from app.services.colormaps import UnknownColorMapError
from app.services.datasets import (
    DatasetDamagedError,
    DatasetMissingError,
    DatasetTooLargeError,
    UnknownDatasetError,
)
from app.services.downloads import NothingToFetchError
from app.services.filters import NoKernelsError
from app.services.finite import NotFiniteError
from app.services.folder import NoFolderError, UnknownFileError
from app.services.gallery import UnknownPictureError
from app.services.graph import UnknownLayerError
from app.services.images import ImageError, ImageTooLargeError
from app.services.jobs import JobStateError, UnknownJobError
from app.services.maximize.plan import RequestError
from app.services.maximize.program import SizeError
from app.services.maximize.store import DiskError
from app.services.neuron import UnknownUnitError
from app.services.passes import UnknownPassError
from app.services.predictions import NoClassifierError
from app.services.tops.scan import NoChannelsError
from app.services.tops.sets import PictureGoneError, UnknownSetError
from app.services.tops.store import ScanNotKeptError
from app.services.tops.tops import NotScannedError
from app.services.trainings.accepting import TrainingRequestError
from app.services.trainings.errors import TrainingStateError, UnknownTrainingError
from app.services.trainings.exchange import NotATrainingError
from app.services.trainings.run import TrainingFailedError
from app.services.trainings.store import TrainingDiskError
from app.wire.slicing import SliceError
from app.wire.sprite import SpriteError
from models import UnknownModelError
from models.weights import (
    UnknownSourceError,
    WeightsError,
    WeightsFetchError,
    WeightsMissingError,
)

MEDIA_TYPE = "application/problem+json"


class ProblemError(Exception):
    """An error to be answered: an HTTP status, a short name, a sentence, and helping fields."""

    def __init__(
        self,
        status: int,
        name: str,
        detail: str,
        headers: dict[str, str] | None = None,
        **fields: Any,
    ) -> None:
        super().__init__(detail)
        self.status, self.headers = status, headers or {}
        self.content = {
            "type": f"urn:problem:convscope:{name}",
            "title": name.replace("-", " ").capitalize(),
            "status": status,
            "detail": detail,
            **fields,
        }

    def response(self) -> Response:
        """The answer to send."""
        return _ProblemResponse(self.content, self.status, self.headers)


class _ProblemResponse(JSONResponse):
    """Leaves its sentence in the scope, for the log of requests."""

    def __init__(self, content: dict[str, Any], status: int, headers: dict[str, str]) -> None:
        super().__init__(content, status, headers, MEDIA_TYPE)
        self._detail = content["detail"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        scope[PROBLEM] = self._detail
        await super().__call__(scope, receive, send)


def invalid(field: str, detail: str, **fields: Any) -> ProblemError:
    """422 that names the field."""
    return ProblemError(422, "invalid-request", detail, field=field, **fields)


def too_large(detail: str, limit: str, most: int) -> ProblemError:
    """413 that gives the limit under its own name."""
    fields: dict[str, Any] = {limit: most}
    return ProblemError(413, "too-large", detail, **fields)


def from_error(error: Exception) -> ProblemError | None:
    """The answer to an error that a service raised; None for one that nobody foresaw."""
    if isinstance(error, ProblemError):
        return error
    for kind in type(error).__mro__:
        if kind in _ANSWERS:
            return _ANSWERS[kind](error, str(error.args[0] if error.args else error))
    return None


def describe_error(error: Exception) -> dict[str, Any]:
    """An error as the body of a problem, for a job that failed; a bug goes to the log."""
    problem = from_error(error)
    if problem is not None:
        return problem.content
    logger("app.jobs").error("unexpected error", exc_info=error)
    detail = f"Something went wrong: {type(error).__name__}. The server's log has the details."
    return ProblemError(500, "internal-server-error", detail).content


def on_bug(request_id: str) -> Response:
    """The answer to an exception that nobody foresaw: no traceback, but where to find it."""
    detail = "Something went wrong in the server. Its log has the details."
    return ProblemError(500, "internal-server-error", detail, request_id=request_id).response()


def install(app: FastAPI) -> None:
    """Answer all errors of the application as problems."""
    app.add_exception_handler(RequestValidationError, _on_validation)
    app.add_exception_handler(HTTPException, _on_http)
    for kind in (*_ANSWERS, ProblemError):
        app.add_exception_handler(kind, _on_error)


def _unknown(error: Any, text: str, what: str, name: str | None = None) -> ProblemError:
    """404 that lists what exists and the nearest name."""
    fields: dict[str, Any] = {
        f"valid_{what}s": list(error.valid),
        "nearest": getattr(error, "nearest", None),
    }
    return ProblemError(404, name or f"unknown-{what}", text, field=what, **fields)


def _busy(error: Any, text: str) -> ProblemError:
    seconds = str(max(1, math.ceil(error.retry_after)))
    return ProblemError(503, "busy", text, headers={"Retry-After": seconds})


def _not_scanned(error: Any, text: str) -> ProblemError:
    href = f"/api/v1/models/{error.model}/top-pictures"
    how = "There are no pictures on this machine that it could be scanned with."
    if error.sets:
        how = f'POST {href} with {{"set": "{error.sets[0]}"}} does that.'
    fields = {"scan": href, "valid_sets": error.sets}
    return ProblemError(409, "not-scanned", f"{text} {how}", field="set", **fields)


# How each error of the services is answered: (error, its sentence) → problem.
_ANSWERS: dict[type, Callable[[Any, str], ProblemError]] = {
    UnknownModelError: lambda error, text: _unknown(error, text, "model"),
    UnknownLayerError: lambda error, text: _unknown(error, text, "layer"),
    NoKernelsError: lambda error, text: _unknown(error, text, "layer", "no-kernels"),
    UnknownUnitError: lambda error, text: ProblemError(404, "unknown-unit", text, field="unit"),
    UnknownPassError: lambda error, text: ProblemError(404, "unknown-pass", text, field="pass"),
    UnknownPictureError: lambda error, text: _unknown(error, text, "picture"),
    UnknownFileError: lambda error, text: ProblemError(404, "unknown-picture", text, field="name"),
    NoFolderError: lambda error, text: ProblemError(409, "no-pictures-folder", text),
    UnknownColorMapError: lambda error, text: invalid(
        "cmap", text, valid_cmaps=error.valid, nearest=error.nearest
    ),
    UnknownSourceError: lambda error, text: ProblemError(
        404,
        "unknown-weights",
        text,
        field="weights",
        valid_weights=error.valid,
        nearest=error.nearest,
    ),
    NoClassifierError: lambda error, text: ProblemError(409, "no-classifier", text),
    NothingToFetchError: lambda error, text: ProblemError(
        409, "nothing-to-fetch", text, field="source", valid_sources=error.fetchable
    ),
    UnknownJobError: lambda error, text: ProblemError(404, "unknown-job", text, field="job"),
    JobStateError: lambda error, text: ProblemError(
        409, "job-state", text, field="state", state=error.job.state
    ),
    WeightsMissingError: lambda error, text: ProblemError(409, "weights-missing", text),
    WeightsFetchError: lambda error, text: ProblemError(502, "fetch-failed", text),
    WeightsError: lambda error, text: ProblemError(409, "weights-damaged", text),
    DatasetMissingError: lambda error, text: ProblemError(409, "data-missing", text),
    DatasetDamagedError: lambda error, text: ProblemError(409, "data-damaged", text),
    DatasetTooLargeError: lambda error, text: invalid("dataset.size", text),
    UnknownDatasetError: lambda error, text: _unknown(error, text, "dataset"),
    UnknownSetError: lambda error, text: _unknown(error, text, "set"),
    NotScannedError: _not_scanned,
    NoChannelsError: lambda error, text: ProblemError(404, "no-channels", text, field="layer"),
    PictureGoneError: lambda error, text: ProblemError(409, "picture-gone", text),
    ScanNotKeptError: lambda error, text: ProblemError(507, "disk-full", text),
    NotFiniteError: lambda error, text: ProblemError(409, "not-finite", text),
    RequestError: lambda error, text: invalid(error.field, text, **error.help),
    SizeError: lambda error, text: invalid("size", text, least=error.least, only=error.only),
    DiskError: lambda error, text: ProblemError(507, "disk-full", text),
    UnknownTrainingError: lambda error, text: ProblemError(
        404, "unknown-training", text, field="training", valid_trainings=error.valid[-20:]
    ),
    TrainingRequestError: lambda error, text: invalid(
        error.field, text, problems=[each.model_dump() for each in error.problems], **error.help
    ),
    TrainingStateError: lambda error, text: ProblemError(
        409, "training-state", text, field="state", state=error.state
    ),
    NotATrainingError: lambda error, text: invalid("file", text),
    TrainingDiskError: lambda error, text: ProblemError(507, "disk-full", text),
    TrainingFailedError: lambda error, text: ProblemError(500, "training-failed", text),
    SliceError: lambda error, text: invalid("channels", text),
    SpriteError: lambda error, text: invalid(error.field, text),
    ImageError: lambda error, text: invalid(error.field, text),
    ImageTooLargeError: lambda error, text: too_large(text, error.limit, error.most),
    Busy: _busy,
}


async def _on_error(request: Request, error: Exception) -> Response:
    problem = from_error(error)
    if problem is None:
        raise error
    return problem.response()


async def _on_validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    faults = [
        {
            "field": _field(fault["loc"], error.body),
            "in": str(fault["loc"][0]),
            "message": fault["msg"],
        }
        for fault in error.errors()
    ]
    detail = "; ".join(f"{fault['field']}: {fault['message']}" for fault in faults)
    return invalid(faults[0]["field"], detail, errors=faults).response()


def _field(place: tuple[str | int, ...], body: Any) -> str:
    """The field of a body ("design.layers.2.kernel"); the parameter elsewhere.

    What is wrong inside a list of numbers is wrong with the list. Parts of the place that the
    body does not have are pydantic's names of types.
    """
    where, *path = place
    if where != "body":
        return str(place[-1])
    names: list[str] = []
    for part in path:
        if _has(body, part):
            body = body[part]
            names.append(str(part))
        elif isinstance(body, dict) and part == path[-1]:  # it is missing
            names.append(str(part))
    return ".".join(names) or "body"


def _has(body: Any, part: str | int) -> bool:
    if isinstance(body, dict):
        return part in body
    if not isinstance(body, list) or not isinstance(part, int):
        return False
    return part < len(body) and isinstance(body[part], dict)


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    phrase = HTTPStatus(error.status_code).phrase
    name = phrase.lower().replace(" ", "-")
    detail = f"{request.method} {request.url.path}: {phrase.lower()}."
    if error.detail != phrase:
        detail = str(error.detail)
    headers = dict(error.headers or {})
    return ProblemError(error.status_code, name, detail, headers=headers).response()
