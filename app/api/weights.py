"""Weights: fetched, brought by the user, or deleted."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Annotated

import anyio
from fastapi import APIRouter, Query, Request
from fastapi import Path as PathParameter
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from app.api.deps import ModelId, Services, ServicesDep
from app.api.errors import problems
from app.api.jobs import accepted
from app.api.problems import ProblemError, invalid
from app.schemas import JobAccepted, WeightsInfo
from app.services import cards, downloads
from models import weights
from models.weights import SHIPPED, WeightsError, WeightsFetchError, WeightsMismatchError

router = APIRouter(prefix="/models/{model}/weights", tags=["networks"])

SourceId = Annotated[str, PathParameter(max_length=40, description="The id of a source.")]
_FILE = "file"  # the source of a user's own weights

# What OpenAPI says about the body of a route that takes one file.
FILE_BODY = {
    "requestBody": {
        "required": True,
        "description": "A file of weights, as the body or as the one part of a form.",
        "content": {
            kind: {"schema": schema}
            for kind, schema in {
                "application/octet-stream": {"type": "string", "format": "binary"},
                "multipart/form-data": {
                    "type": "object",
                    "properties": {"file": {"type": "string", "format": "binary"}},
                },
            }.items()
        },
    }
}


@router.post("", status_code=202, summary="Fetch weights", responses=problems(404, 409, 422, 503))
async def post_weights(
    services: ServicesDep,
    model: ModelId,
    source: Annotated[
        str | None,
        Query(max_length=40, description="Default: the first of the sources that can be fetched."),
    ] = None,
) -> JobAccepted:
    """A job that downloads them, checks their hash and keeps them as safetensors.

    A cut download goes on where it ended. While the same weights are on their way, this is the
    same job; for weights that are here already, one that ends at once.
    """
    return accepted(downloads.submit(services.jobs, services.catalog, model, source))


@router.post(
    "/file",
    status_code=201,
    summary="Use weights of your own",
    responses=problems(404, 413, 415, 422, 507),
    openapi_extra=FILE_BODY,
)
async def post_file(
    services: ServicesDep,
    model: ModelId,
    request: Request,
    name: Annotated[
        str, Query(max_length=200, description="The file's name, for a raw body.")
    ] = "weights",
) -> WeightsInfo:
    """Keep a file as the network's source `file`. Every tensor has to fit.

    The tensors have the names of the network's `state_dict()`. 422 lists those that are
    `missing`, `unexpected` or `mismatched` (another shape). A .pth file is read without running
    anything in it.
    """
    weights.source(model, _FILE)
    folder = await services.work(new_folder, services.catalog.store.folder)
    try:
        path = folder / "upload"
        name = await receive(request, path, name)
        await services.work(_add, services, model, path, name)
    finally:
        await services.work(shutil.rmtree, folder, ignore_errors=True)
    return await _info(services, model, _FILE)


@router.delete("/{source}", summary="Delete weights", responses=problems(404, 409, 422))
async def delete_weights(services: ServicesDep, model: ModelId, source: SourceId) -> WeightsInfo:
    """Delete what was fetched or uploaded; answers how things stand without it."""
    weights.source(model, source)
    if source == SHIPPED:
        raise ProblemError(409, "weights-shipped", "These weights come with ConvScope: they stay.")
    job = downloads.running(services.jobs, model, source)
    if job is not None:
        raise ProblemError(409, "weights-downloading", "They are on their way.", job=job)
    try:
        await services.work(services.catalog.store.remove, model, source)
    except WeightsError as error:
        raise ProblemError(409, "weights-not-removed", str(error)) from error
    services.catalog.forget(model, source)
    return await _info(services, model, None)


async def _info(services: Services, model: str, source: str | None) -> WeightsInfo:
    return await services.work(
        cards.weights_info, services.catalog, model, source, services.downloading
    )


def new_folder(parent: Path) -> Path:
    """A folder for a file that comes in, on the disk where weights have room."""
    try:
        parent.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=".upload-", dir=parent))
    except OSError as error:
        raise _disk_problem(error) from error


def _add(services: Services, model: str, path: Path, name: str) -> None:
    try:
        services.catalog.store.add_file(model, path, name)
    except WeightsFetchError as error:
        raise ProblemError(507, "disk-full", str(error)) from error
    except WeightsMismatchError as error:
        lists = {kind: getattr(error, kind) for kind in ("missing", "unexpected", "mismatched")}
        raise ProblemError(422, "weights-mismatch", str(error), field="file", **lists) from error
    except WeightsError as error:
        raise invalid("file", str(error)) from error
    services.catalog.forget(model, _FILE)


async def receive(request: Request, path: Path, name: str) -> str:
    """Write the file of a request to ``path``, piece by piece; gives its name."""
    if request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        return await _receive_part(request, path)
    size = 0
    try:
        async with await anyio.open_file(path, "wb") as file:
            async for piece in request.stream():
                size += await file.write(piece)
    except OSError as error:
        raise _disk_problem(error) from error
    if not size:
        raise invalid("body", "The body is empty. Send a .safetensors or .pth file.")
    return name


async def _receive_part(request: Request, path: Path) -> str:
    try:
        async with request.form(max_files=1, max_fields=16) as form:
            part = next((p for _, p in form.multi_items() if isinstance(p, UploadFile)), None)
            if part is None:
                raise invalid("file", "The form has no file part.")
            with path.open("wb") as target:
                await anyio.to_thread.run_sync(shutil.copyfileobj, part.file, target)
            return part.filename or "weights"
    except HTTPException as error:
        raise invalid("body", f"The form cannot be read: {error.detail}") from error
    except OSError as error:
        raise _disk_problem(error) from error


def _disk_problem(error: OSError) -> ProblemError:
    detail = f"The server cannot write into its folder of weights: {error.strerror or error}."
    return ProblemError(507, "disk-full", detail)
