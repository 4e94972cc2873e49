"""Work that takes long: downloads, scans, trainings … one mechanism for all of them.

A job is a generator. It runs on a thread of its own, step by step: what it yields goes into its
log, and between two steps it can be paused or cancelled. When it is cancelled it is closed, so
that its ``finally`` blocks run; on whatever it raises the job has failed.
"""

from app.services.jobs.errors import JobStateError, UnknownJobError
from app.services.jobs.events import JobEvent, Message, Metrics, Preview, Result, Run
from app.services.jobs.jobs import Jobs
from app.services.jobs.work import Shown

__all__ = [
    "JobEvent",
    "JobStateError",
    "Jobs",
    "Message",
    "Metrics",
    "Preview",
    "Result",
    "Run",
    "Shown",
    "UnknownJobError",
]
