"""The application: middleware, pages, static files and routes, put together."""

from __future__ import annotations

import gc
import re
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import torch
from fastapi import FastAPI

from app.api import routes
from app.api.deps import Services
from app.api.docs import DESCRIPTION, TAGS
from app.api.hub import LiveHub
from app.api.jobs import preview_address
from app.api.pages import static_files
from app.api.problems import describe_error, install, on_bug
from app.config import Settings
from app.log import RequestLog, logger
from app.middleware import BodyLimit, KnownHosts, SecurityHeaders
from app.origins import OwnPagesOnly
from app.services.batching import Batcher
from app.services.catalog import Catalog
from app.services.gate import Gate
from app.services.jobs import Jobs
from app.services.jobs.lanes import Lane
from app.services.live import LiveReader
from app.services.passes import PassStore
from app.services.trainings.jobs import KIND as TRAINING
from app.services.trainings.jobs import POINTS_LANE
from app.services.trainings.orders import Limits, Places
from app.services.trainings.service import Trainings
from app.services.trainings.store import Store as TrainingStore
from app.services.trainings.store import default_folder as trainings_folder
from models import weights

WEIGHTS_FILE = re.compile(
    r"/api/v1/(models/[^/]+/weights/file|trainings/uploads)"
)  # where a weights file may go


def create_app(settings: Settings | None = None) -> FastAPI:
    """The server as an ASGI application. Networks load in the background once it runs."""
    settings = settings or Settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        services = _services(settings)
        app.state.services = services
        services.trainings.start()
        preload = threading.Thread(target=_preload, args=(services,), name="preload")
        preload.start()
        yield
        services.stop()
        preload.join()  # at most one small network; torch must not be cut off in the middle
        await services.batcher.close()
        await anyio.to_thread.run_sync(services.jobs.close)
        services.trainings.close()
        services.passes.close()

    app = FastAPI(
        title="ConvScope",
        version="0.1.0",
        description=DESCRIPTION,
        openapi_tags=TAGS,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.add_middleware(
        BodyLimit,
        most=settings.max_upload_bytes,
        larger={WEIGHTS_FILE: settings.max_weights_bytes},
    )
    app.add_middleware(OwnPagesOnly)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(KnownHosts, names=settings.known_hosts())
    app.add_middleware(RequestLog, on_bug=on_bug)
    install(app)
    app.mount(static_files.address, static_files)
    app.include_router(routes.router)
    return app


def _services(settings: Settings) -> Services:
    torch.set_num_threads(settings.threads)
    store = weights.Store(settings.weights_dir)
    catalog = Catalog(settings.device, store, settings.network_bytes)
    passes = PassStore(
        catalog, settings.pass_cache_bytes, settings.pass_input_bytes, settings.cache_dir
    )
    jobs = _jobs(settings)
    batcher = Batcher(settings.max_batch, settings.max_queue, settings.max_forward_bytes)
    return Services(
        settings,
        catalog,
        batcher,
        LiveReader(batcher, settings.max_batch),
        passes,
        LiveHub(settings.max_live_clients),
        jobs,
        Gate(settings.max_forward_bytes, settings.max_queue),
        _trainings(settings, jobs, catalog),
    )


def _jobs(settings: Settings) -> Jobs:
    return Jobs(
        settings.job_workers,
        settings.max_jobs,
        explain=describe_error,
        preview_address=preview_address,
        lanes={
            TRAINING: Lane(settings.training_workers, settings.max_trainings),
            POINTS_LANE: Lane(2, settings.max_trainings),
        },
    )


def _trainings(settings: Settings, jobs: Jobs, catalog: Catalog) -> Trainings:
    folder = settings.trainings_dir or trainings_folder()
    return Trainings(
        TrainingStore(folder, settings.training_bytes),
        jobs,
        catalog,
        Places(
            settings.data_dir,
            settings.pictures_dir,
            settings.cache_dir,
            settings.networks_dir,
        ),
        Limits(settings.max_training_seconds, settings.max_training_parameters),
    )


def _preload(services: Services) -> None:
    """Load the networks whose weights come with the repository."""
    log = logger("app.preload")
    for model_id in weights.shipped():
        if services.stopping.is_set():
            return
        try:
            services.catalog.get(model_id)
        except Exception:  # the other networks are of use without it
            log.exception("network not loaded", model=model_id)
    # What is loaded now stays: the garbage collector need not look through it again and again.
    gc.collect()
    gc.freeze()
    services.ready.set()
    log.info("ready", models=list(weights.shipped()), device=str(services.catalog.device))
