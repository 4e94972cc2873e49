"""What several kinds of tests share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from scripts.live_server import LiveServer

BROWSER_TESTS = Path(__file__).parent / "browser"

hypothesis.settings.register_profile("untimed", deadline=None)  # a loaded machine is no fault
hypothesis.settings.load_profile("untimed")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the browser tests last.

    The quick tests come first, and Playwright's event loop must not be up while other tests
    start loops of their own.
    """
    items.sort(key=lambda item: BROWSER_TESTS in item.path.parents)


@pytest.fixture(scope="session", autouse=True)
def _nobody_elses_trainings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Servers would go on with the trainings of this machine's user."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        yield


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """The real server in a process of its own, on a free port, ready."""
    folder = tmp_path_factory.mktemp("server")
    # not what this machine's user has fetched and computed
    settings = {f"{name}_dir": folder / name for name in ("weights", "cache", "trainings")}
    with LiveServer(folder / "server.log", settings) as live:
        yield live
