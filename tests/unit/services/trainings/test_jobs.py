"""The jobs of trainings, where two things happen at once."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from unittest.mock import Mock

from app.schemas import TrainingRequest
from app.services import datasets
from app.services.jobs import Jobs, JobStateError
from app.services.trainings.accepting import accepted
from app.services.trainings.files import Files
from app.services.trainings.jobs import TrainingJobs
from app.services.trainings.run import Run


def test_one_that_is_cancelled_before_its_first_step_is_cancelled(tmp_path: Path) -> None:
    record = accepted(TrainingRequest(model="harley"), datasets.info("mnist"), 10**6)
    run, jobs = Run(record, Files(tmp_path), Mock(), Mock()), Mock(spec=Jobs)
    jobs.submit.return_value.id = "1"
    TrainingJobs(jobs, Mock(), Mock()).begin(run, "run")
    jobs.submit.call_args.args[2]().close()
    assert run.record.state == "cancelled"


def test_a_process_that_pauses_while_it_is_cancelled_is_not_paused() -> None:
    jobs = Mock(spec=Jobs)
    jobs.pause.side_effect = JobStateError(Mock(state="running"), "it is being cancelled.")
    run = SimpleNamespace(record=SimpleNamespace(job="1"), change=Mock())
    TrainingJobs(jobs, Mock(), Mock()).has_paused(run)  # type: ignore[arg-type]
    assert not run.change.called
    jobs.pause.side_effect = None
    TrainingJobs(jobs, Mock(), Mock()).has_paused(run)  # type: ignore[arg-type]
    run.change.assert_called_once_with(state="paused", hold=True)
