"""Data sets to learn from, and their pictures."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from app.api.deps import Services, ServicesDep
from app.api.errors import problems
from app.api.gallery import binary
from app.api.problems import ProblemError, invalid
from app.schemas import DatasetInfo, Sample
from app.schemas.pictures import AugmentationPreview
from app.services import augment_preview, datasets, samples
from app.services.datasets import Bytes, Split
from app.wire.png import grey_png, rgb_png

router = APIRouter(prefix="/datasets", tags=["data sets"])

MAX_SAMPLES = 1000
_COLUMNS = 8  # pictures in a preview where none are named
_TILE = 56  # pixels that a small picture is enlarged to in a preview
_CACHE = {"Cache-Control": "private, max-age=300"}

DatasetId = Annotated[str, Path(max_length=40, description="A data set's id (GET /datasets).")]
SplitQuery = Annotated[Split, Query(description="The training or the test pictures.")]


@router.get("", summary="Data sets to learn from")
async def get_datasets(services: ServicesDep) -> list[DatasetInfo]:
    """All of them, with source and licence; `missing` says how to get one that is not here."""
    settings = services.settings
    return await services.work(datasets.catalogue, settings.data_dir, settings.pictures_dir)


@router.get("/{dataset}/samples", summary="Real grey pictures", responses=problems(404, 409, 422))
async def get_samples(
    services: ServicesDep,
    dataset: DatasetId,
    split: SplitQuery = "test",
    indices: Annotated[
        str | None,
        Query(max_length=8000, description="Numbers with commas; default: two of each class."),
    ] = None,
) -> list[Sample]:
    """Pictures of `mnist` or `fashion-mnist`: those asked for, in that order.

    By default a typical and an unusual one of each class.
    """
    folder = services.settings.data_dir

    def found() -> list[Sample]:
        if indices is None:
            chosen = samples.choice(dataset, folder, split)
        else:
            chosen = _numbers(indices, samples.count(dataset, folder, split))
        return samples.samples(dataset, folder, split, chosen)

    return await services.work(found)


@router.get(
    "/{dataset}/pictures/{index}",
    summary="A picture of a data set",
    response_class=Response,
    responses={**problems(404, 409, 422), **binary("image/png", "Grey or RGB.")},
)
async def get_picture(
    services: ServicesDep,
    dataset: DatasetId,
    index: Annotated[int, Path(ge=0, description="Its place in the split.")],
    split: SplitQuery = "test",
) -> Response:
    """The picture; of a folder's photographs the middle, at most 256 pixels a side."""
    pixels = await services.work(_picture, services, dataset, split, index)
    return Response(_png(pixels), media_type="image/png", headers=_CACHE)


@router.post(
    "/{dataset}/augmentations",
    summary="What an augmentation makes of pictures",
    response_class=Response,
    responses={**problems(404, 409, 422), **binary("image/png", "A row of originals on top.")},
)
async def post_augmentation(
    services: ServicesDep, dataset: DatasetId, wanted: AugmentationPreview
) -> Response:
    """A sheet: the pictures in a row, and below each of them `copies` changed ones.

    The header X-Grid says how the tiles lie.
    """
    body, grid = await services.work(_preview, services, dataset, wanted)
    return Response(body, media_type="image/png", headers={"X-Grid": grid})


def _preview(services: Services, dataset: str, wanted: AugmentationPreview) -> tuple[bytes, str]:
    settings = services.settings
    datasets.picture_set(dataset)  # points are no pictures
    info = datasets.info(dataset, settings.data_dir, settings.pictures_dir)
    side = info.shape[1]
    zoom = max(1, _TILE // side)
    count = info.train if wanted.split == "train" else info.test
    indices = wanted.indices or _spread(count)
    if max(indices) >= count:
        raise invalid("indices", f"There are {count} pictures: 0 to {count - 1}.")
    picture = partial(_picture, services, dataset, wanted.split)
    pictures = [augment_preview.resized(picture(index), side) for index in indices]
    sheet = augment_preview.sheet(pictures, wanted, wanted.seed, wanted.copies, zoom)
    columns, rows = len(indices), 1 + wanted.copies
    grid = f"columns={columns};rows={rows};width={side};height={side};zoom={zoom}"
    return _png(sheet), grid


def _spread(count: int) -> list[int]:
    """Places all over the split: folders lie class by class."""
    return [count * column // _COLUMNS for column in range(_COLUMNS)]


def _picture(services: Services, dataset: str, split: Split, index: int) -> Bytes:
    settings = services.settings
    try:
        return datasets.picture(dataset, split, index, settings.data_dir, settings.pictures_dir)
    except IndexError as error:
        detail = f"The {split} split of {dataset} has no picture {index}."
        raise ProblemError(404, "unknown-picture", detail, field="index") from error


def _png(pixels: Bytes) -> bytes:
    return grey_png(pixels) if pixels.ndim == 2 else rgb_png(pixels)


def _numbers(text: str, count: int) -> list[int]:
    items = text.split(",")
    if not all(item.isascii() and item.isdigit() and len(item) <= 9 for item in items):
        raise invalid("indices", "The indices must be numbers with commas, e.g. 3,2,1.")
    if len(items) > MAX_SAMPLES:
        raise invalid("indices", f"At most {MAX_SAMPLES} pictures in one call.")
    numbers = [int(item) for item in items]
    if max(numbers) >= count:
        raise invalid("indices", f"There are {count} pictures: 0 to {count - 1}.")
    return numbers
