"""A training process of its own, without a server: commands, its end, and the end of the server."""

from __future__ import annotations

import multiprocessing
import threading
from pathlib import Path
from queue import SimpleQueue
from unittest.mock import Mock

import pytest

from app.schemas import TrainingRequest
from app.services import datasets
from app.services.training.state import load
from app.services.trainings import messages
from app.services.trainings.accepting import accepted
from app.services.trainings.files import Files
from app.services.trainings.messages import Message, Order
from app.services.trainings.metrics import Curves
from app.services.trainings.process import Process, choose_context

WITHIN = 60.0
REQUEST = {
    "design": {"layers": [{"type": "dense", "units": 4}]},
    "dataset": {"id": "points", "count": 40},
    "epochs": 1000,
    "batch": 10,
    "speed": 200,
}


class Heard:
    """A process and what it tells."""

    def __init__(self, folder: Path, **order: object) -> None:
        request = TrainingRequest.model_validate(REQUEST)
        record = accepted(request, datasets.info("points"), 10**6)
        self.files, self.messages = Files(folder), SimpleQueue[Message]()
        given = {"request": record.request, "facts": record.facts.model_dump(), **order}
        places = dict.fromkeys(("pictures_dir", "cache_dir", "networks_dir"))
        self.process = Process(
            Order(folder=folder, device="cpu", data_dir=folder, **places, **given),  # type: ignore[arg-type]
            self.messages.put,
        )

    def until(self, kind: type[Message]) -> Message:
        while not isinstance(message := self.messages.get(timeout=WITHIN), kind):
            assert not isinstance(message, messages.Failed), message.detail
        return message


@pytest.fixture
def paused(tmp_path: Path) -> Heard:
    heard = Heard(tmp_path, begin="pause")
    heard.until(messages.Held)
    return heard


def test_it_makes_one_step_at_a_time_and_ends_when_told(paused: Heard) -> None:
    paused.process.send("step")
    held = paused.until(messages.Held)
    assert isinstance(held, messages.Held)
    assert held.number == paused.process.commands
    assert [step for step, _ in Curves(paused.files.metrics).after()] == [1]
    paused.process.end()
    ended = paused.until(messages.Ended)
    assert isinstance(ended, messages.Ended)
    assert (ended.reason, ended.step) == ("asked", 1)


def test_a_time_limit_ends_it(tmp_path: Path) -> None:
    heard = Heard(tmp_path, most_seconds=0.05)
    ended = heard.until(messages.Ended)
    assert isinstance(ended, messages.Ended)
    assert (ended.reason, ended.step > 0) == ("limit", True)
    heard.process.end()


def test_it_saves_and_ends_when_the_server_has_gone(paused: Heard) -> None:
    process = paused.process
    process.send("run")
    paused.until(messages.Rowed)
    process._link.close()  # as the system does it for a server that was killed
    process._process.join(WITHIN)
    assert process._process.exitcode == 0
    assert load(paused.files.state).step > 0


@pytest.mark.parametrize("slow", [True, False])
def test_one_that_has_nothing_to_save_is_not_waited_for(
    slow: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_start, started = threading.Event(), threading.Event()

    def start() -> None:
        assert may_start.wait(WITHIN)
        started.set()

    own = Mock(start=start)
    context = Mock(Pipe=multiprocessing.Pipe, Process=Mock(return_value=own))
    monkeypatch.setattr("app.services.trainings.process._context", context)
    process = Process(Mock(), Mock())
    if slow:  # the modules are being imported
        process.end()
        assert not own.kill.called
        may_start.set()
    else:
        may_start.set()
        assert started.wait(WITHIN)
        process.end()
    process._thread.join(WITHIN)
    assert own.kill.call_count == 1
    own.join.assert_called_once_with()  # not with the patience for one that saves


@pytest.mark.parametrize(
    ("methods", "chosen"),
    [(["fork", "spawn", "forkserver"], "forkserver"), (["spawn"], "spawn")],
)
def test_where_nothing_can_be_forked_processes_are_spawned(
    methods: list[str], chosen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: methods)
    assert choose_context().get_start_method() == chosen
