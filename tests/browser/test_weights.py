"""From no weights to weights: fetched from a local publisher, whose line the tests hold and cut."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Locator, expect

from scripts.live_server import LiveServer
from tests.browser.conftest import Guard
from tests.browser.page import DrawPage
from tests.browser.publisher import NETWORK
from tests.browser.test_look import findings
from tests.browser.test_photo import PhotoPage
from tests.unit.models.file_server import FileServer
from tests.unit.models.stubs import state_file

ADDRESS = f"/#m={NETWORK}"
KEY = f"{NETWORK}/official"
RUNNING = f"s?.downloads['{KEY}']?.job?.progress.total > 0"
# The page hears of bytes once in a while only; the server knows at once.
SOME_CAME = """async (id) => {
  const answer = await fetch(`/api/v1/jobs/${id}`);
  return (await answer.json()).progress.done > 0;
}"""

Open = Callable[[], PhotoPage]


@pytest.fixture(scope="module")
def publisher() -> Iterator[FileServer]:
    """Who publishes the weights."""
    with FileServer(state_file()) as served:
        yield served


@pytest.fixture(scope="module")
def server(publisher: FileServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """ConvScope without weights of networks for photographs, and that publisher."""
    folder = tmp_path_factory.mktemp("server")
    settings = {
        "weights_dir": folder / "weights",
        "official_base": publisher.url,
        "test_file": f"squeezenet-{hashlib.sha256(state_file()).hexdigest()[:8]}.pth",
        "test_bytes": len(state_file()),
    }
    program = ("tests.browser.publisher",)
    with LiveServer(folder / "server.log", settings, program) as live:
        yield live


# Set up before every page and undone after the last one has closed: a page that still asked for a
# pass would hear 409 when the weights go.
@pytest.fixture(autouse=True)
def files(publisher: FileServer, server: LiveServer) -> Iterator[FileServer]:
    """The publisher as at first, and no weights."""
    assert kept(server) == []
    yield publisher
    publisher.begin_anew(state_file())
    httpx.delete(f"{server.url}/api/v1/models/{NETWORK}/weights/official", trust_env=False)


@pytest.fixture
def open_tab(open_page: Callable[..., DrawPage]) -> Open:
    """A page with the network that has no weights."""

    def open_() -> PhotoPage:
        page = open_page(ADDRESS, kind=PhotoPage)
        assert isinstance(page, PhotoPage)
        return page

    return open_


def card(page: PhotoPage) -> Locator:
    """What stands where the numbers would be."""
    return page.page.locator(".no-weights-card")


def get(page: PhotoPage) -> None:
    """Ask for the weights."""
    card(page).get_by_role("button", name="Get ").click()


def kept(server: LiveServer) -> list[str]:
    """The files of weights that the server keeps for the network."""
    folder = Path(str(server.settings["weights_dir"])) / NETWORK
    return sorted(path.name for path in folder.glob("*") if path.suffix != ".lock")


def test_weights_are_got_over_a_cut_line(open_tab: Open, files: FileServer) -> None:
    files.cuts = [400_000]
    page = open_tab()
    expect(card(page)).to_contain_text("has no weights here yet")
    assert page.state("[s.frame, s.model.weights.source]") == [None, None]
    get(page)
    page.until("s.model.weights.source === 'official'")
    expect(card(page)).to_be_hidden()
    assert [each.get("Range") for each in files.requests] == [None, "bytes=400000-"]
    page.choose_file()
    assert page.state("s.pass.weights.source") == "official"


def test_a_reload_finds_the_download_again(open_tab: Open, files: FileServer) -> None:
    files.hold = threading.Event()
    page = open_tab()
    get(page)
    page.until(RUNNING)
    job = page.state("s.downloads[argument].job.id", KEY)
    page.page.reload()
    page.until(RUNNING)
    assert page.state("s.downloads[argument].job.id", KEY) == job
    bar = card(page).get_by_role("progressbar", name="Download")
    expect(bar).to_be_visible()
    assert findings(page) == []
    files.hold.set()
    page.until("s.model?.weights.source === 'official'")
    expect(card(page)).to_be_hidden()
    assert len(files.requests) == 1


def test_two_tabs_share_one_download(open_tab: Open, files: FileServer) -> None:
    files.hold = threading.Event()
    first, second = open_tab(), open_tab()
    for page in (first, second):
        get(page)
        page.until(RUNNING)
    jobs = [page.state("s.downloads[argument].job.id", KEY) for page in (first, second)]
    assert jobs[0] == jobs[1]
    files.hold.set()
    for page in (first, second):
        page.until("s.model.weights.source === 'official'")
    assert len(files.requests) == 1


def test_after_cancel_it_goes_on_from_there(open_tab: Open, files: FileServer) -> None:
    hold = files.hold = threading.Event()
    page = open_tab()
    get(page)
    page.until(RUNNING)
    page.page.wait_for_function(SOME_CAME, arg=page.state("s.downloads[argument].job.id", KEY))
    with page.page.expect_response(lambda answer: answer.request.method == "DELETE"):
        page.button("Cancel").press("Enter")
    hold.set()
    page.until("!s.downloads[argument]", KEY)
    again = card(page).get_by_role("button", name="Get ")
    expect(again).to_be_focused()
    again.press("Enter")
    page.until("s.model.weights.source === 'official'")
    assert "Range" not in files.requests[0]
    assert files.requests[1]["Range"].startswith("bytes=")


def test_another_file_than_the_published_one_is_not_kept(
    open_tab: Open, files: FileServer, server: LiveServer
) -> None:
    files.content = files.content[:-1] + b"!"
    page = open_tab()
    get(page)
    expect(card(page).locator(".weights-problem:not([hidden])")).to_contain_text("SHA-256")
    expect(page.button("Try again")).to_be_visible()
    assert page.state("s.model.weights.source") is None
    assert kept(server) == []


def test_a_publisher_that_refuses_is_explained(
    open_tab: Open, files: FileServer, guard: Guard
) -> None:
    files.errors = [404]
    page = open_tab()
    get(page)
    problem = card(page).locator(".weights-problem:not([hidden])")
    expect(problem).to_contain_text("404")
    expect(problem).to_contain_text("make weights")
    page.button("Try again").click()
    page.until("s.model.weights.source === 'official'")
