"""The trainings of one server: begun, followed, changed, resumed and deleted."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from app.schemas import Job, TrainingChange, TrainingRequest
from app.services import datasets
from app.services.batching import Busy
from app.services.catalog import Catalog, Loaded
from app.services.datasets import Material
from app.services.job_errors import UnknownJobError
from app.services.job_events import JobEvent
from app.services.job_log import FINAL
from app.services.jobs import Jobs
from app.services.shelf import Shelf
from app.services.trainings import accepting, process, trained
from app.services.trainings.errors import TrainingStateError, UnknownTrainingError
from app.services.trainings.exchange import imported
from app.services.trainings.messages import Beginning, Order
from app.services.trainings.networks import Networks
from app.services.trainings.record import OPEN, Record, State
from app.services.trainings.run import Run
from app.services.trainings.store import Store, TrainingDiskError

KIND = "training"
POINTS_LANE = "points"  # they are light, and somebody looks on: they do not wait for the others
Shown = State | Literal["interrupted"]
_MATERIAL_BYTES = 512 * 1024**2
_ATTEMPTS = 3  # resumptions by the server itself without a new checkpoint


@dataclass(frozen=True)
class Limits:
    """What one training may take: seconds of training, and parameters of its network."""

    seconds: float
    parameters: int


@dataclass(frozen=True)
class Places:
    """Where data sets, and networks of the user's own, are."""

    data_dir: Path
    pictures_dir: Path | None = None
    cache_dir: Path | None = None
    networks_dir: Path | None = None


class Trainings:
    """Safe to use from several threads, but for `start` and `stop`."""

    def __init__(
        self, store: Store, jobs: Jobs, catalog: Catalog, places: Places, limits: Limits
    ) -> None:
        self.store, self.places = store, places
        self._jobs, self._limits = jobs, limits
        self._networks, self._device = Networks(catalog), catalog.device
        self._runs: dict[str, Run] = {}
        self._moments: dict[str, trained.Moments] = {}
        self._materials = Shelf[str, Material](_MATERIAL_BYTES, least=1)
        self._lock = threading.RLock()
        self._stopping = False

    def start(self) -> None:
        """Bring back what earlier runs of the server have left; those that ran go on."""
        for record in self.store.records():
            run = self._add(record)
            if record.state in OPEN:
                self._bring_back(run)

    def warm_up(self) -> None:
        """Make the first training begin without delay."""
        process.warm_up()

    def stop(self) -> None:
        """The server ends: trainings are to go on with the next one."""
        self._stopping = True

    def close(self) -> None:
        """Take the networks out of /models again; their jobs have ended."""
        for run in self.listing():
            trained.forget(run.record)

    def submit(self, request: TrainingRequest) -> Run:
        """Begin a training as soon as there is room.

        Raises TrainingRequestError, DatasetMissingError, TrainingDiskError, Busy.
        """
        places = self.places
        info = datasets.info(request.dataset.id, places.data_dir, places.pictures_dir)
        with self._lock:
            records = [run.record for run in self._runs.values()]
            request = accepting.resolved(request, records)
            record = accepting.accepted(request, info, self._limits.parameters)
            if request.title is None:
                record = record.model_copy(update={"title": self._title(record.title)})
            self.store.require(self._disk_bytes(record) + sum(self._outstanding()))
            self.store.put(record)
            run = self._add(record)
            try:
                self._begin(run, "pause" if request.paused else "run")
            except Exception:
                self._forget(run)
                raise
            return run

    def take(self, path: Path, name: str) -> Run:
        """A network from a file that was downloaded here, or on another machine.

        ``name`` is the file's, for messages. Raises NotATrainingError, TrainingDiskError.
        """
        with self._lock:
            record, body = imported(path, name, self._limits.parameters)
            self.store.require(2 * len(body))
            record = record.model_copy(update={"title": self._title(record.title)})
            self.store.put(record, {record.checkpoints[0].step: body})
            return self._add(record)

    def get(self, training_id: str) -> Run:
        """A training. Raises UnknownTrainingError."""
        run = self._runs.get(training_id)
        if run is None:
            raise UnknownTrainingError(training_id, list(self._runs))
        return run

    def listing(self) -> list[Run]:
        """All of them, the newest first."""
        return list(reversed(self._runs.values()))

    def of_job(self, job_id: str) -> Run | None:
        """The training that a job does."""
        return next((run for run in self._runs.values() if run.record.job == job_id), None)

    def job(self, run: Run) -> Job | None:
        """The job that does it, or did it in this run of the server."""
        try:
            return None if run.record.job is None else self._jobs.get(run.record.job)
        except UnknownJobError:
            return None

    def state(self, run: Run) -> Shown:
        """The job's state while there is one; what no job does any more was interrupted."""
        job = self.job(run)
        if job is not None and job.state not in FINAL:
            return job.state
        return "interrupted" if run.record.state in OPEN else run.record.state

    def is_open(self, run: Run) -> bool:
        """Whether it runs, pauses or waits."""
        return self.state(run) in OPEN

    def cancel(self, run: Run) -> None:
        """End it where it is: it keeps its network, and can go on later."""
        with self._lock:
            if run.record.job is None or not self.is_open(run):
                return
            if self._jobs.cancel(run.record.job).state == "cancelled":  # it had no process
                run.change(state="cancelled")

    def change(self, run: Run, change: TrainingChange) -> None:
        """Pause, go on, advance, or other hyper-parameters. Raises TrainingStateError."""
        with self._lock:
            wanted = change.state is not None or change.advance is not None
            if wanted and not self.is_open(run):
                detail = "it does not run. POST …/resume lets it go on, where that is possible."
                raise TrainingStateError(self.state(run), detail)
            if change.title is not None:
                self._rename(run, change.title)
            run.adjust(change)
            if change.advance is not None:
                self._release(run, change.advance)
            elif change.state == "running":
                self._release(run, "run")
            elif change.state == "paused":
                self._pause(run)

    def resume(self, run: Run) -> None:
        """Go on with one that was interrupted, cancelled, or ended before its last epoch.

        Raises TrainingStateError, TrainingDiskError, Busy, DatasetMissingError.
        """
        with self._lock:
            record = run.record
            if self.is_open(run):
                raise TrainingStateError(self.state(run), "it goes on already.")
            begins = all(each.step == 0 for each in record.checkpoints)
            if record.facts.uploaded or not (begins or run.files.state.is_file()):
                raise TrainingStateError(
                    self.state(run), "what its continuation needs is not there: begin a new one."
                )
            if record.state == "done" and not self._has_steps_left(record):
                raise TrainingStateError("done", "all epochs are done. PATCH epochs to have more.")
            self._check_data(record)
            request = record.request
            if record.standing.stopped_early:
                request = request | {"stopping": None}
            run.change(request=request, attempts=0, error=None, hold=False)
            self._begin(run, "run")

    def remove(self, run: Run) -> None:
        """Delete a training with its network. Raises TrainingStateError while it goes on."""
        with self._lock:
            if self.is_open(run):
                raise TrainingStateError(self.state(run), "cancel its job first.")
            self._forget(run)

    def network(self, run: Run, step: int) -> Loaded:
        """Its network after so many steps. Raises WeightsMissingError, WeightsError."""
        return self._networks.load(run, step)

    def material(self, run: Run) -> Material:
        """What it learns from, as tensors on the processor; the last few are kept.

        Raises as `datasets.material` does.
        """
        with self._lock:
            found = self._materials.get(run.record.id)
        if found is None:
            found = self._material(run)
            size = sum(each.nbytes for each in (found.train, found.test))
            with self._lock:
                self._materials.put(run.record.id, found, size)
        return found

    def _material(self, run: Run) -> Material:
        record, places = run.record, self.places
        request = TrainingRequest.model_validate(record.request)
        return datasets.material(
            request.dataset,
            trained.input_of(record.facts),
            request.seed,
            places.data_dir,
            places.pictures_dir,
            places.cache_dir,
        )

    # From here on: called with the lock held, but for what says otherwise.

    def _disk_bytes(self, record: Record) -> int:
        return accepting.disk_bytes(record.facts.parameters, self.store.most_bytes)

    def _outstanding(self) -> Iterator[int]:
        """What those that go on may write yet."""
        for run in self._runs.values():
            if self.is_open(run):
                yield max(0, self._disk_bytes(run.record) - run.files.size())

    def _title(self, wanted: str) -> str:
        """The title, with a number where it is taken."""
        taken = {run.record.title for run in self._runs.values()}
        numbered = (f"{wanted} ({number})" for number in itertools.count(2))
        return next(each for each in itertools.chain([wanted], numbered) if each not in taken)

    def _add(self, record: Record) -> Run:
        run = Run(record, self.store.files(record.id), self.store.put, self._on_pause)
        self._runs[record.id] = run
        moments = trained.Moments(lambda: run.record, run.files)
        trained.register(record, moments)
        return run

    def _forget(self, run: Run) -> None:
        trained.forget(run.record)
        self._runs.pop(run.record.id, None)
        self._networks.forget(run)
        self._materials.remove(run.record.id)
        self.store.remove(run.record.id)

    def _begin(self, run: Run, begin: Beginning, *, paused: bool = False) -> Job:
        """A new job for it; one that is ``paused`` has no process until it is released."""
        run.begin = begin
        ready = threading.Event()  # the record knows its job before anything is written

        def work() -> Generator[JobEvent, None, None]:
            ready.wait()
            yield from run.work(self._order, lambda: self._stopping, self._count)

        job = self._jobs.submit(
            KIND,
            run.record.title,
            work,
            model=run.record.model,
            key=f"training {run.record.id}",
            lane=POINTS_LANE if run.record.request["dataset"]["id"] == "points" else None,
            paused=paused,
        )
        try:
            run.change(job=job.id, state="paused" if paused else "queued")
        finally:
            ready.set()
        return job

    def _bring_back(self, run: Run) -> None:
        """After a restart: what ran goes on, what paused stays paused."""
        record = run.record
        if record.attempts >= _ATTEMPTS:
            return  # it may be what ended the server
        begun = bool(record.checkpoints)
        try:
            begin: Beginning = "pause" if record.hold and not begun else "run"
            self._begin(run, begin, paused=record.hold and begun)
        except (Busy, TrainingDiskError):  # too many wait, or the disk is full: not now
            return
        if not (record.hold and begun):
            run.change(attempts=record.attempts + 1)

    def _release(self, run: Run, begin: Beginning) -> None:
        job = self.job(run)
        run.release(begin)
        if job is not None:
            self._jobs.resume(job.id)
        run.change(state="running", hold=begin != "run")

    def _pause(self, run: Run) -> None:
        job = self.job(run)
        run.hold()
        if job is not None:
            self._jobs.pause(job.id)
        run.change(state="paused", hold=True)

    def _on_pause(self, run: Run) -> None:
        """On the job's thread, without the lock: the process has paused by itself."""
        if run.record.job is not None:
            self._jobs.pause(run.record.job)
        run.change(state="paused", hold=True)

    def _rename(self, run: Run, title: str) -> None:
        run.change(title=title)
        moments = trained.taken(run.record)
        if moments is not None:
            trained.forget(run.record)
            trained.register(run.record, moments)

    def _count(self, run: Run) -> None:
        """On the job's thread, without the lock: how large the network is, for the list."""
        facts = run.record.facts
        if facts.entry and facts.macs is None:
            macs = self._networks.macs(run)
            run.change(facts=facts.model_copy(update={"macs": macs}))

    def _check_data(self, record: Record) -> None:
        datasets.info(record.facts.dataset.id, self.places.data_dir, self.places.pictures_dir)

    def _has_steps_left(self, record: Record) -> bool:
        standing = record.standing
        epochs = record.pending.get("epochs", 0.0)
        wanted = max(standing.steps, round(epochs * standing.steps_per_epoch))
        return standing.step < wanted

    def _order(self, run: Run) -> Order:
        """What its process is to do; on the job's thread, without the lock."""
        record, places = run.record, self.places
        return Order(
            folder=run.files.folder,
            request=record.request,
            facts=record.facts.model_dump(),
            device=str(self._device),
            data_dir=places.data_dir,
            pictures_dir=places.pictures_dir,
            cache_dir=places.cache_dir,
            networks_dir=places.networks_dir,
            begin=run.begin,
            changes=record.pending,
            seconds=record.standing.seconds,
            live=record.standing.live,
            most_seconds=self._limits.seconds,
            most_checkpoints=accepting.checkpoints(record.facts.parameters, self.store.most_bytes),
        )
