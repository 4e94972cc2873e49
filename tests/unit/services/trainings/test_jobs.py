"""The jobs of trainings, where two things happen at once."""

from __future__ import annotations

from types import SimpleNamespace
from unittest.mock import Mock

from app.services.jobs import Jobs, JobStateError
from app.services.trainings.jobs import TrainingJobs


def test_a_process_that_pauses_while_it_is_cancelled_is_not_paused() -> None:
    jobs = Mock(spec=Jobs)
    jobs.pause.side_effect = JobStateError(Mock(state="running"), "it is being cancelled.")
    run = SimpleNamespace(record=SimpleNamespace(job="1"), change=Mock())
    TrainingJobs(jobs, Mock(), Mock()).has_paused(run)  # type: ignore[arg-type]
    assert not run.change.called
    jobs.pause.side_effect = None
    TrainingJobs(jobs, Mock(), Mock()).has_paused(run)  # type: ignore[arg-type]
    run.change.assert_called_once_with(state="paused", hold=True)
