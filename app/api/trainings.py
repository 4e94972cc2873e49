"""Trainings: begun, followed, changed, resumed, and what has come of them."""

from __future__ import annotations

import shutil
from typing import Annotated, Literal

from fastapi import APIRouter, Body, Depends, Path, Query, Request
from starlette.responses import Response

from app.api.deps import Services, ServicesDep
from app.api.errors import problems
from app.api.gallery import binary
from app.api.problems import ProblemError
from app.api.training_shown import address, checkpoint_info, shown
from app.api.weights import FILE_BODY, new_folder, receive
from app.schemas import (
    CheckpointInfo,
    Training,
    TrainingAccepted,
    TrainingChange,
    TrainingMetrics,
    TrainingRequest,
)
from app.services.trainings.exchange import exported
from app.services.trainings.metrics import columns, to_csv
from app.services.trainings.record import Checkpoint
from app.services.trainings.run import Run

router = APIRouter(prefix="/trainings", tags=["trainings"])

_EXAMPLES = {
    "lenet": {"summary": "LeNet-5 on MNIST by the default recipe", "value": {"model": "lenet5"}},
    "overfit": {
        "summary": "A hundredth of the pictures: it learns them by heart",
        "value": {"model": "harley", "dataset": {"id": "mnist", "share": 0.01}, "epochs": 30},
    },
    "design": {
        "summary": "Layers of your own",
        "value": {
            "design": {
                "name": "Two layers",
                "layers": [
                    {"type": "conv", "channels": 8, "kernel": 5},
                    {"type": "activation", "name": "relu"},
                    {"type": "pool"},
                ],
            },
            "optimizer": {"name": "sgd", "learning_rate": 0.1},
            "epochs": 2,
        },
    },
}

TrainingId = Annotated[str, Path(alias="training", max_length=64, description="A training's id.")]
StepId = Annotated[
    str,
    Path(
        alias="step",
        max_length=20,
        description="The number of steps of a checkpoint, `latest`, or `best` (on the test set).",
    ),
]


async def _run(services: ServicesDep, training: TrainingId) -> Run:
    return services.trainings.get(training)


RunDep = Annotated[Run, Depends(_run)]


async def _checkpoint(run: RunDep, step: StepId) -> Checkpoint:
    record = run.record
    if step == "latest":
        found = record.latest
    elif step == "best":
        found = record.best
    else:
        found = next((each for each in record.checkpoints if str(each.step) == step), None)
    if found is None:
        steps = [each.step for each in record.checkpoints]
        detail = "There is no such checkpoint" + (" yet." if not steps else ".")
        raise ProblemError(404, "unknown-checkpoint", detail, field="step", valid_steps=steps)
    return found


CheckpointDep = Annotated[Checkpoint, Depends(_checkpoint)]


@router.post(
    "",
    status_code=202,
    summary="Train a network",
    responses=problems(404, 409, 422, 503, 507),
)
async def post_training(
    services: ServicesDep,
    request: Annotated[TrainingRequest, Body(openapi_examples=_EXAMPLES)],
    response: Response,
) -> TrainingAccepted:
    """A job whose `progress` counts steps, and whose `metrics` say how well it goes.

    What is left open is taken from the default recipe. Trainings queue; each runs in a process
    of its own and goes on when the server was ended in between. The network is an entry of
    `GET /models` at once: draw with it while it learns. The same seed on the same device gives
    the same curve. 422 names the field that is wrong.
    """
    run = await services.work(services.trainings.submit, request)
    record = run.record
    response.headers["Location"] = address(record.id)
    return TrainingAccepted(
        id=str(record.job),
        href=f"/api/v1/jobs/{record.job}",
        training=address(record.id),
        model=record.model,
    )


@router.post(
    "/uploads",
    status_code=201,
    summary="Load a network that was downloaded",
    responses=problems(413, 422, 507),
    openapi_extra=FILE_BODY,
)
async def post_upload(
    services: ServicesDep,
    request: Request,
    response: Response,
    name: Annotated[
        str, Query(max_length=200, description="The file's name, for a raw body.")
    ] = "network.safetensors",
) -> Training:
    """A file that `…/checkpoints/{step}/weights` gave, here or elsewhere, as a network again.

    It says itself what network it holds; description and tensors are checked, and nothing in it
    is run. It becomes an entry of `GET /models` with one checkpoint, and cannot be trained on.
    """
    folder = await services.work(new_folder, services.trainings.store.folder)
    try:
        name = await receive(request, folder / "upload", name)
        run = await services.work(services.trainings.take, folder / "upload", name)
    finally:
        await services.work(shutil.rmtree, folder, ignore_errors=True)
    response.headers["Location"] = address(run.record.id)
    return shown(services.trainings, run)


@router.get("", summary="List the trainings")
async def list_trainings(services: ServicesDep) -> list[Training]:
    """The newest first, without their checkpoints."""
    trainings = services.trainings
    await services.work(trainings.warm_up)  # who looks at them may soon begin one
    return [shown(trainings, run, whole=False) for run in trainings.listing()]


@router.get("/{training}", summary="A training", responses=problems(404, 422))
async def get_training(services: ServicesDep, run: RunDep) -> Training:
    """What was asked for, how far it is, and the moments that are kept."""
    return shown(services.trainings, run)


@router.patch(
    "/{training}",
    summary="Change a training while it runs",
    responses=problems(404, 409, 422, 507),
)
async def patch_training(services: ServicesDep, run: RunDep, change: TrainingChange) -> Training:
    """Pause it, let it go on, or for one step or epoch; another learning rate, more epochs …

    Hyper-parameters hold from the next step on, and are listed in `changes`. Made longer, it keeps
    checkpoints more rarely; 507 where there is no room even for those.
    """
    await change_training(services, run, change)
    return shown(services.trainings, run)


@router.post(
    "/{training}/resume",
    status_code=202,
    summary="Go on with a training",
    responses=problems(404, 409, 422, 503, 507),
)
async def resume_training(services: ServicesDep, run: RunDep) -> TrainingAccepted:
    """For one that was interrupted or cancelled, or that ended early. It becomes a new job."""
    await services.work(services.trainings.resume, run)
    return TrainingAccepted(
        id=str(run.record.job),
        href=f"/api/v1/jobs/{run.record.job}",
        training=address(run.record.id),
        model=run.record.model,
    )


@router.delete(
    "/{training}", status_code=204, summary="Delete a training", responses=problems(404, 409, 422)
)
async def delete_training(services: ServicesDep, run: RunDep) -> None:
    """Its network, curves and checkpoints go; 409 while it goes on (cancel the job first)."""
    await services.work(services.trainings.remove, run)


@router.get(
    "/{training}/metrics",
    summary="The curves of a training",
    response_model=TrainingMetrics,
    responses={
        **problems(404, 422),
        200: {"content": {"text/csv": {"schema": {"type": "string"}}}},
    },
)
async def get_metrics(
    services: ServicesDep,
    run: RunDep,
    after: Annotated[int | None, Query(ge=0, description="Only the rows behind this step.")] = None,
    format: Annotated[Literal["json", "csv"], Query(description="`csv`: a table.")] = "json",
) -> Response | TrainingMetrics:
    """Loss, accuracy and the like, a row at the first ten steps and then every few."""
    rows = await services.work(run.curves.after, after)
    if format == "csv":
        name = f"training-{run.record.id}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(to_csv(rows), media_type="text/csv; charset=utf-8", headers=headers)
    return TrainingMetrics(steps=[step for step, _ in rows], columns=columns(rows))


@router.get(
    "/{training}/checkpoints", summary="The moments that are kept", responses=problems(404, 422)
)
async def list_checkpoints(run: RunDep) -> list[CheckpointInfo]:
    """In order. Each is a source of weights of the network: `?weights=step-400`."""
    return [checkpoint_info(run.record, each) for each in run.record.checkpoints]


@router.get(
    "/{training}/checkpoints/{step}", summary="A moment that is kept", responses=problems(404, 422)
)
async def get_checkpoint(run: RunDep, checkpoint: CheckpointDep) -> CheckpointInfo:
    """How good the network was."""
    return checkpoint_info(run.record, checkpoint)


@router.get(
    "/{training}/checkpoints/{step}/weights",
    summary="Download a network",
    response_class=Response,
    responses={**problems(404, 409, 422), **binary("application/x-safetensors", "The tensors.")},
)
async def get_weights(services: ServicesDep, run: RunDep, checkpoint: CheckpointDep) -> Response:
    """A safetensors file with the names of PyTorch's `state_dict()`.

    The entry `convscope` of its metadata says (in JSON) what network it is: architecture or
    layers, input, classes, recipe, and how good it was. `POST /trainings/uploads` takes it again.
    """
    path = run.files.checkpoint(checkpoint.step)
    if not path.is_file():
        raise ProblemError(409, "weights-missing", "The file of this checkpoint is gone.")
    body = await services.work(exported, run.record, checkpoint, path)
    name = f"{run.record.model or run.record.id}-step-{checkpoint.step}.safetensors"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, media_type="application/x-safetensors", headers=headers)


async def change_training(services: Services, run: Run, change: TrainingChange) -> None:
    """Do what a PATCH asks for. Raises TrainingStateError."""
    await services.work(services.trainings.change, run, change)
