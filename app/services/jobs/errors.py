"""What may be wrong with a call about a job."""

from __future__ import annotations

from app.schemas import Job


class UnknownJobError(LookupError):
    """No job has this id; it may have ended long ago and been forgotten."""

    def __init__(self, job_id: str) -> None:
        self.job_id = job_id
        super().__init__(f"No job is named {job_id!r}. Jobs that ended long ago are forgotten.")


class JobStateError(RuntimeError):
    """The job's state does not allow what was asked."""

    def __init__(self, job: Job, detail: str) -> None:
        self.job = job
        super().__init__(f"The job is {job.state}: {detail}")
