"""Jobs: what takes long, to be followed, paused and cancelled."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Query
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.responses import Response

from app.api.deps import ServicesDep
from app.api.errors import problems
from app.api.gallery import binary
from app.api.problems import ProblemError, invalid
from app.schemas import Job, JobAccepted, TrainingChange

router = APIRouter(prefix="/jobs", tags=["jobs"])

JobId = Annotated[str, Path(max_length=64, description="The id that the 202 gave.")]


def accepted(job: Job) -> JobAccepted:
    """Where to follow a job: the body of a 202."""
    return JobAccepted(id=job.id, href=f"/api/v1/jobs/{job.id}")


def preview_address(job_id: str, number: int) -> str:
    """Where a job's preview is; the number makes it a new address for each picture."""
    return f"/api/v1/jobs/{job_id}/preview?v={number}"


async def _job(services: ServicesDep, job: JobId) -> Job:
    return services.jobs.get(job)


async def _after(
    last_event_id: Annotated[
        str, Header(description="The number of the last event seen: replays those behind it.")
    ] = "0",
) -> int:
    if not (last_event_id.isascii() and last_event_id.isdigit() and len(last_event_id) < 16):
        raise invalid("Last-Event-ID", "The id of an event is a number.")
    return int(last_event_id)


JobDep = Annotated[Job, Depends(_job)]
AfterDep = Annotated[int, Depends(_after)]


@router.get("", summary="List the jobs")
async def list_jobs(services: ServicesDep) -> list[Job]:
    """The newest first. Those that ended long ago are forgotten."""
    return services.jobs.listing()


@router.get("/{job}", summary="The state of a job", responses=problems(404, 422))
async def get_job(job: JobDep) -> Job:
    """How far it is, and its result or what went wrong."""
    return job


@router.get(
    "/{job}/events",
    summary="Follow a job",
    response_class=EventSourceResponse,
    responses=problems(404, 422),
)
async def get_events(
    services: ServicesDep,
    job: JobDep,
    after: AfterDep,
) -> AsyncIterator[ServerSentEvent]:
    """Server-sent events, ending with `done`, `failed` or `cancelled`.

    Before that come `progress`, `metrics` and `preview`. The data of each is the job as JSON. A
    browser's EventSource reconnects by itself and misses nothing; close it at the last event.
    """
    async with aclosing(services.jobs.follow(job.id, after)) as events:
        async for entry, then in events:
            yield ServerSentEvent(data=then, event=entry.name, id=str(entry.number))


@router.get("/{job}/result", summary="The result of a job", responses=problems(404, 409, 422))
async def get_result(job: JobDep) -> dict[str, Any]:
    """409 while there is none: not yet, or never, as the job failed or was cancelled."""
    if job.state != "done":
        raise ProblemError(
            409, "no-result", f"The job is {job.state}: it has no result.", state=job.state
        )
    return job.result or {}


@router.get(
    "/{job}/preview",
    summary="A picture of a job's present state",
    response_class=Response,
    responses={**problems(404, 422), **binary("image/png", "PNG.")},
)
async def get_preview(
    services: ServicesDep,
    job: JobDep,
    v: Annotated[
        int | None, Query(ge=1, description="The picture's number, as the job's `preview` says.")
    ] = None,
) -> Response:
    """The latest one; with the number of an earlier one, too: only the latest is kept."""
    shown = services.jobs.preview(job.id)
    if shown is None:
        raise ProblemError(404, "no-preview", "The job has no picture to show.", field="job")
    cache = "private, max-age=86400, immutable" if v == shown.number else "no-store"
    return Response(shown.body, media_type=shown.media_type, headers={"Cache-Control": cache})


@router.delete("/{job}", status_code=202, summary="Cancel a job", responses=problems(404, 422))
async def delete_job(services: ServicesDep, job: JobDep) -> Job:
    """It ends before its next step. Nothing happens to one that has ended.

    A training keeps its network, and `POST /trainings/{training}/resume` lets it go on.
    """
    training = services.trainings.of_job(job.id)
    if training is not None:
        await services.work(services.trainings.cancel, training)
        return services.jobs.get(job.id)
    return services.jobs.cancel(job.id)


@router.patch(
    "/{job}", summary="Pause a job, or let it go on", responses=problems(404, 409, 422, 507)
)
async def patch_job(services: ServicesDep, job: JobDep, change: TrainingChange) -> Job:
    """It pauses before its next step; while it is paused, another job may run in its place.

    Of a training all that `PATCH /trainings/{training}` changes may be changed, of other jobs
    only the `state`.
    """
    training = services.trainings.of_job(job.id)
    if training is not None:
        await services.work(services.trainings.change, training, change)
        return services.jobs.get(job.id)
    others = sorted(change.model_fields_set - {"state"})
    if others or change.state is None:
        field = others[0] if others else "state"
        raise invalid(field, "Name a state, paused or running; a job has nothing else to change.")
    if change.state == "paused":
        return services.jobs.pause(job.id)
    return services.jobs.resume(job.id)
