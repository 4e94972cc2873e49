"""Pictures of data sets."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from app.api.deps import ServicesDep
from app.api.errors import problems
from app.api.problems import invalid
from app.schemas import Sample
from app.services.datasets import Split
from app.services.samples import mnist_choice, mnist_count, mnist_samples

router = APIRouter(prefix="/datasets", tags=["data sets"])

MAX_SAMPLES = 1000


@router.get("/mnist/samples", summary="Real MNIST digits", responses=problems(409, 422))
async def get_mnist_samples(
    services: ServicesDep,
    split: Annotated[Split, Query(description="The training or the test digits.")] = "test",
    indices: Annotated[
        str | None,
        Query(max_length=8000, description="Numbers with commas; default: two of each digit."),
    ] = None,
) -> list[Sample]:
    """The digits asked for, in that order; by default a typical and an unusual one of each."""
    folder = services.settings.data_dir

    def samples() -> list[Sample]:
        if indices is None:
            chosen = mnist_choice(folder, split)
        else:
            chosen = _numbers(indices, mnist_count(folder, split))
        return mnist_samples(folder, split, chosen)

    return await services.work(samples)


def _numbers(text: str, count: int) -> list[int]:
    items = text.split(",")
    if not all(item.isascii() and item.isdigit() and len(item) <= 9 for item in items):
        raise invalid("indices", "The indices must be numbers with commas, e.g. 3,2,1.")
    if len(items) > MAX_SAMPLES:
        raise invalid("indices", f"At most {MAX_SAMPLES} digits in one call.")
    numbers = [int(item) for item in items]
    if max(numbers) >= count:
        raise invalid("indices", f"There are {count} digits: 0 to {count - 1}.")
    return numbers
