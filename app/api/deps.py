"""What routes share: the services of one running server, and loading a network."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Annotated, TypeVar

import anyio
from anyio import CapacityLimiter
from fastapi import Depends, Path, Query
from starlette.requests import HTTPConnection

from app.api.hub import LiveHub
from app.config import Settings
from app.services import downloads
from app.services.batching import Batcher
from app.services.catalog import Catalog, Loaded
from app.services.folder import NoFolderError, PictureFolder
from app.services.gallery import Gallery
from app.services.gate import Gate
from app.services.jobs import Jobs
from app.services.learning.learning import Learning
from app.services.live import LiveReader
from app.services.maximize.reach import Reach
from app.services.maximize.spectra import Spectra
from app.services.maximize.store import Results
from app.services.maximize.work import Maximizations
from app.services.passes import PassStore
from app.services.scans import Scans, default_cache
from app.services.seen import Seen
from app.services.thumbnails import Thumbnails
from app.services.tops.sets import PictureSets
from app.services.tops.tops import Tops
from app.services.trainings.service import Trainings
from models.weights import trained

T = TypeVar("T")
WORKERS = 4  # threads that decode and encode at the same time


@dataclass
class Services:
    """Everything that lives as long as the server."""

    settings: Settings
    catalog: Catalog
    batcher: Batcher
    reader: LiveReader
    passes: PassStore
    hub: LiveHub
    jobs: Jobs
    gate: Gate
    trainings: Trainings
    gallery: Gallery = field(default_factory=Gallery)
    seen: Seen = field(default_factory=Seen)
    thumbnails: Thumbnails = field(default_factory=Thumbnails)
    ready: threading.Event = field(default_factory=threading.Event)
    stopping: threading.Event = field(default_factory=threading.Event)
    workers: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(WORKERS))

    @cached_property
    def scans(self) -> Scans:
        """The user's folder and what is known of it. Raises NoFolderError."""
        settings = self.settings
        if settings.pictures_dir is None:
            raise NoFolderError(
                "The server was given no folder of pictures: name one in CONVSCOPE_PICTURES_DIR "
                "and start it again."
            )
        cache = settings.cache_dir or default_cache()
        return Scans(PictureFolder(settings.pictures_dir), cache / "vectors", settings.max_pixels)

    @cached_property
    def tops(self) -> Tops:
        """What scans of picture sets have found."""
        settings = self.settings
        sets = PictureSets(
            self.gallery, settings.data_dir, settings.pictures_dir, settings.max_pixels
        )
        return Tops((settings.cache_dir or default_cache()) / "tops", sets)

    @cached_property
    def maximizations(self) -> Maximizations:
        """Pictures that were computed to drive a unit, and those in the making."""
        folder = (self.settings.cache_dir or default_cache()) / "maximizations"
        results = Results(folder, self.settings.maximization_bytes)
        return Maximizations(
            self.jobs, results, Reach(self.tops.layer), "/api/v1/maximizations/{}".format
        )

    @cached_property
    def learning(self) -> Learning:
        """What the networks of trainings have learned at their checkpoints."""
        return Learning(self.trainings)

    @cached_property
    def spectra(self) -> Spectra:
        """The spectra of the pictures that networks saw."""
        settings = self.settings
        folder = None if settings.pictures_dir is None else PictureFolder(settings.pictures_dir)
        cache = settings.cache_dir or default_cache()
        return Spectra(settings.data_dir, folder, self.gallery, cache, settings.max_pixels)

    def stop(self) -> None:
        """Say good-bye to live sockets and to those who follow jobs; cancel the jobs."""
        self.stopping.set()
        self.hub.stop()
        self.learning.stop()
        self.trainings.stop()  # first: its jobs are to go on with the next server
        self.jobs.stop()

    async def work(self, function: Callable[..., T], *args: object, **options: object) -> T:
        """Run ``function`` on a worker thread; a few at a time."""
        call = partial(function, *args, **options)
        return await anyio.to_thread.run_sync(call, limiter=self.workers)

    def downloading(self, model_id: str, source: str) -> str | None:
        """The id of the job that fetches a network's weights now, if any."""
        return downloads.running(self.jobs, model_id, source)

    async def load(self, model_id: str, source: str | None = None) -> Loaded:
        """A network, loaded off the event loop. Raises what `Catalog.get` raises."""
        if trained.find(model_id) is not None:  # its file may have to be looked at
            return await self.work(self.catalog.get, model_id, source)
        if self.catalog.is_loaded(model_id, source):
            return self.catalog.get(model_id, source)
        return await self.work(self.catalog.get, model_id, source)


def _services(connection: HTTPConnection) -> Services:
    services: Services = connection.app.state.services
    return services


ServicesDep = Annotated[Services, Depends(_services)]
ModelId = Annotated[str, Path(description="A network's id, as GET /models lists them.")]
LayerId = Annotated[
    str, Path(description="A layer's id, as GET /models/{model} lists them, or `input`.")
]
WeightsQuery = Annotated[
    str | None,
    Query(
        max_length=40,
        description="Which weights: the id of a source that GET /models/{model} lists, or "
        "`random`; default: the first source that is ready.",
    ),
]


async def _loaded(services: ServicesDep, model: ModelId, weights: WeightsQuery = None) -> Loaded:
    return await services.load(model, weights)


LoadedDep = Annotated[Loaded, Depends(_loaded)]
