"""Work about checkpoints: in turn, ended with the server, without what was deleted."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.services.batching import Busy
from app.services.learning import learning as module
from app.services.learning.answers import StoppedError, Subject, answer
from app.services.learning.learning import Learning
from app.services.trainings.errors import UnknownTrainingError
from app.services.trainings.files import Files
from tests.unit.services.learning.subjects import subject


def _run(training_id: str = "a") -> Any:
    return SimpleNamespace(record=SimpleNamespace(id=training_id), files=None)


@pytest.fixture
def learning() -> Any:
    made = Learning(None)  # type: ignore[arg-type]
    yield made
    made.stop()


def test_one_at_a_time_for_each_training(learning: Learning) -> None:
    """Of two pieces about one training the second begins when the first has ended."""
    inside, most = 0, 0
    lock = threading.Lock()

    def work() -> int:
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
        with lock:
            inside -= 1
        return most

    async def all_of_them() -> None:
        await asyncio.gather(*(learning.work(_run(), work) for _ in range(8)))

    asyncio.run(all_of_them())
    assert most == 1


def test_trainings_do_not_wait_for_each_other(learning: Learning) -> None:
    meeting = threading.Barrier(2)

    async def both() -> None:
        await asyncio.gather(
            *(learning.work(_run(name), lambda: meeting.wait(30)) for name in ("a", "b"))
        )

    asyncio.run(both())


def test_too_many_are_sent_away(learning: Learning, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_WAITING", 2)
    release = threading.Event()

    async def three() -> None:
        waiting = [
            asyncio.create_task(learning.work(_run(), lambda: release.wait(30))) for _ in range(2)
        ]
        await asyncio.sleep(0)
        try:
            with pytest.raises(Busy):
                await learning.work(_run(), lambda: None)
        finally:
            release.set()
        await asyncio.gather(*waiting)

    asyncio.run(three())


def test_work_ends_with_the_server() -> None:
    one = subject()
    with pytest.raises(StoppedError):
        answer(Subject(one.loaded, one.material, lambda: True), "test")


def test_a_deleted_checkpoint_is_no_fault_of_ours(tmp_path: Path) -> None:
    run = SimpleNamespace(record=SimpleNamespace(id="gone"), files=Files(tmp_path))
    with pytest.raises(UnknownTrainingError):
        module._weights(run, 400)  # type: ignore[arg-type]
