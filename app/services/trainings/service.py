"""The trainings of one server: begun, followed, changed, resumed and deleted."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from pathlib import Path

from app.schemas import Job, TrainingChange, TrainingRequest
from app.services.catalog import Catalog, Loaded
from app.services.datasets import Material
from app.services.jobs import Jobs
from app.services.trainings import accepting, process, trained
from app.services.trainings.errors import TrainingStateError, UnknownTrainingError
from app.services.trainings.exchange import imported
from app.services.trainings.jobs import Shown, TrainingJobs
from app.services.trainings.materials import Materials
from app.services.trainings.networks import Networks
from app.services.trainings.orders import Limits, Orders, Places
from app.services.trainings.record import OPEN, Record
from app.services.trainings.run import Run
from app.services.trainings.store import Store


class Trainings:
    """Safe to use from several threads, but for `start` and `stop`."""

    def __init__(
        self, store: Store, jobs: Jobs, catalog: Catalog, places: Places, limits: Limits
    ) -> None:
        self.store = store
        self._orders = Orders(places, limits, str(catalog.device), store.most_bytes)
        self._networks, self._materials = Networks(catalog), Materials(places)
        self._work = TrainingJobs(jobs, self._orders.of, self._count)
        self._runs: dict[str, Run] = {}
        self._lock = threading.RLock()

    def start(self) -> None:
        """Bring back what earlier runs of the server have left; those that ran go on."""
        for record in self.store.records():
            self._work.bring_back(self._add(record))

    def warm_up(self) -> None:
        """Make the first training begin without delay."""
        process.warm_up()

    def stop(self) -> None:
        """The server ends: trainings are to go on with the next one."""
        self._work.stop()

    def close(self) -> None:
        """Take the networks out of /models again; their jobs have ended."""
        for run in self.listing():
            trained.forget(run.record)

    def submit(self, request: TrainingRequest) -> Run:
        """Begin a training as soon as there is room.

        Raises TrainingRequestError, DatasetMissingError, TrainingDiskError, Busy.
        """
        info = self._materials.info(request.dataset.id)
        with self._lock:
            records = [run.record for run in self._runs.values()]
            request = accepting.resolved(request, records)
            record = accepting.accepted(request, info, self._orders.limits.parameters)
            self._work.require_room(record)  # before anything is written
            if request.title is None:
                record = record.model_copy(update={"title": self._title(record.title)})
            self.store.require(self._orders.disk_bytes(record) + sum(self._outstanding()))
            self.store.put(record)
            run = self._add(record)
            try:
                self._work.begin(run, "pause" if request.paused else "run")
            except Exception:
                self._forget(run)
                raise
            return run

    def take(self, path: Path, name: str) -> Run:
        """A network from a file that was downloaded here, or on another machine.

        ``name`` is the file's, for messages. Raises NotATrainingError, TrainingDiskError.
        """
        record, body = imported(path, name, self._orders.limits.parameters)
        with self._lock:
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
        return self._work.get(run)

    def state(self, run: Run) -> Shown:
        """The job's state while there is one; what no job does any more was interrupted."""
        return self._work.state(run)

    def is_open(self, run: Run) -> bool:
        """Whether it runs, pauses or waits."""
        return self.state(run) in OPEN

    def cancel(self, run: Run) -> None:
        """End it where it is: it keeps its network, and can go on later."""
        with self._lock:
            self._work.cancel(run)

    def change(self, run: Run, change: TrainingChange) -> None:
        """Pause, go on, advance, or other hyper-parameters.

        Raises TrainingStateError, and TrainingDiskError where there is no room for more epochs.
        """
        with self._lock:
            wanted = change.state is not None or change.advance is not None
            if wanted and not self.is_open(run):
                detail = "it does not run. POST …/resume lets it go on, where that is possible."
                raise TrainingStateError(self.state(run), detail)
            if change.epochs is not None:
                self._require_longer(run, change.epochs)
            if change.title is not None:
                run.change(title=change.title)
                trained.rename(run.record)
            run.adjust(change)
            if change.advance is not None:
                self._work.release(run, change.advance)
            elif change.state == "running":
                self._work.release(run, "run")
            elif change.state == "paused":
                self._work.pause(run)

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
            if record.state == "done" and not _has_steps_left(record):
                raise TrainingStateError("done", "all epochs are done. PATCH epochs to have more.")
            self._materials.info(record.facts.dataset.id)
            self.store.require(self._left(run) + sum(self._outstanding()))
            request = record.request
            if record.standing.stopped_early:
                request = request | {"stopping": None}
            run.change(request=request, attempts=0, error=None, hold=False)
            self._work.begin(run, "run")

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

        Raises DatasetMissingError, DatasetDamagedError, DatasetTooLargeError.
        """
        return self._materials.of(run.record)

    # From here on: called with the lock held, but for what says otherwise.

    def _outstanding(self) -> Iterator[int]:
        """What those that go on may write yet."""
        return (self._left(run) for run in self._runs.values() if self.is_open(run))

    def _left(self, run: Run, epochs: float | None = None) -> int:
        """What one of so many epochs may write yet."""
        return max(0, self._orders.disk_bytes(run.record, epochs) - run.files.size())

    def _require_longer(self, run: Run, epochs: float) -> None:
        """Raise TrainingDiskError where there is no room for what it would keep more."""
        more = self._left(run, epochs) - self._left(run)
        if more > 0:
            now = 0 if self.is_open(run) else self._left(run)
            self.store.require(more + now + sum(self._outstanding()))

    def _title(self, wanted: str) -> str:
        """The title, with a number where it is taken."""
        taken = {run.record.title for run in self._runs.values()}
        numbered = (f"{wanted} ({number})" for number in itertools.count(2))
        return next(each for each in itertools.chain([wanted], numbered) if each not in taken)

    def _add(self, record: Record) -> Run:
        run = Run(record, self.store.files(record.id), self.store.put, self._work.has_paused)
        self._runs[record.id] = run
        moments = trained.Moments(lambda: run.record, run.files)
        trained.register(record, moments)
        return run

    def _forget(self, run: Run) -> None:
        trained.forget(run.record)
        self._runs.pop(run.record.id, None)
        self._networks.forget(run)
        self.store.remove(run.record.id)

    def _count(self, run: Run) -> None:
        """On the job's thread, without the lock: how large the network is, for the list."""
        facts = run.record.facts
        if facts.entry and facts.macs is None:
            macs = self._networks.macs(run)
            run.change(facts=facts.model_copy(update={"macs": macs}))


def _has_steps_left(record: Record) -> bool:
    standing = record.standing
    epochs = record.pending.get("epochs", 0.0)
    wanted = max(standing.steps, round(epochs * standing.steps_per_epoch))
    return standing.step < wanted
