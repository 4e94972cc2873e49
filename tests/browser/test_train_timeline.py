"""A network in training as every view sees it: its weights as they come, and every moment again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from scripts.live_server import LiveServer
from tests.browser.page import DrawPage

REQUEST = {"model": "lenet5", "dataset": {"id": "mnist", "share": 0.02}, "epochs": 2, "batch": 60}
STEPS = 40
KERNEL = "Array.from(s.kernels.get('c1').data)"

Open = Callable[..., DrawPage]


@pytest.fixture(scope="module")
def trainings(server: LiveServer) -> Iterator[httpx.Client]:
    """The server's HTTP API."""
    base = f"{server.url}/api/v1"
    with httpx.Client(base_url=base, trust_env=False, timeout=60) as client:
        yield client


@pytest.fixture(scope="module")
def training(trainings: httpx.Client) -> dict[str, Any]:
    """A small training that waits before its first step."""
    answer = trainings.post("/trainings", json={**REQUEST, "paused": True})
    assert answer.status_code == 202, answer.text
    accepted: dict[str, Any] = answer.json()
    return accepted | {"path": accepted["training"].removeprefix("/api/v1")}


def _kernels(trainings: httpx.Client, model: str, weights: str) -> list[float]:
    query = {"weights": weights, "format": "json"}
    answer = trainings.get(f"/models/{model}/layers/c1/filters", params=query)
    assert answer.status_code == 200, answer.text
    flat: list[float] = []
    _flatten(answer.json()["data"], flat)
    return flat


def _flatten(values: Any, into: list[float]) -> None:
    if isinstance(values, list):
        for each in values:
            _flatten(each, into)
    else:
        into.append(values)


def test_the_present_network_learns_and_goes_back(
    open_page: Open, trainings: httpx.Client, training: dict[str, Any]
) -> None:
    """Its training runs below the scene; the moments of the line are those of the weights."""
    trainings.patch(training["path"], json={"advance": "step"}).raise_for_status()
    page = open_page(f"/#m={training['model']}&v=network")
    page.page.set_default_timeout(60_000)  # the training shares a busy machine with the scene
    page.until("!!s.trainingData")
    bar = page.page.locator(".training-bar")
    expect(bar).to_be_visible()
    page.page.evaluate("__store.scene = __store.get().model")

    bar.get_by_role("button", name="Go on training").click()
    page.until("s.trainingData.state === 'done'")
    page.until("s.exchanged > 0 && s.trainingData.checkpoints.at(-1)?.step === argument", STEPS)
    expect(bar.locator("[data-name=step] dd")).to_have_text(str(STEPS))

    slider = bar.get_by_role("slider")
    slider.press("Home")
    page.until("s.weights === 'step-0'")
    assert page.state(KERNEL) == pytest.approx(_kernels(trainings, training["model"], "step-0"))
    assert page.state("s.model === __store.scene"), "nothing is built anew"
    first = page.prediction()["top"][0]["probability"]

    slider.press("End")
    page.until("s.weights === null && s.moment === null")
    assert page.state(KERNEL) == pytest.approx(_kernels(trainings, training["model"], "live"))
    assert page.prediction()["top"][0]["probability"] != first


def test_a_moment_is_in_the_address_and_in_every_view(
    open_page: Open, training: dict[str, Any]
) -> None:
    """Dragged to a checkpoint, named by the address; filters and the train view show it, too."""
    page = open_page(f"/#m={training['model']}&v=filters&w=step-5", kind=_Quiet)
    page.until("s.moment === 5 && s.trainingData?.checkpoints.length > 5 && s.weights === 'step-5'")
    line = page.page.locator(".training-bar .timeline-line")
    box = line.bounding_box()
    assert box is not None
    page.page.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + 10)
    page.page.mouse.down()
    page.page.mouse.move(box["x"] + box["width"] * (10 / STEPS) ** 0.5, box["y"] + 10, steps=4)
    page.page.mouse.up()
    page.until("s.moment === 10 && s.weights === 'step-10'")
    page.page.wait_for_url("**w=step-10**")

    page.page.locator(".training-bar").get_by_role("button", name="Training", exact=True).click()
    expect(page.page.locator(".timeline-reading")).to_contain_text("step 10")
    expect(page.page.locator(".probe-filter")).to_have_count(6)
    expect(page.page.locator(".probe-words")).to_contain_text("step")
    page.page.locator(".probe-filter").first.click()
    expect(page.page.locator(".film-frame[aria-pressed=true]")).to_have_count(1)
    page.page.get_by_role("button", name="Newest").click()
    page.until("s.weights === null")


class _Quiet(DrawPage):
    """A view without the scene."""

    def wait_until_ready(self) -> None:
        self.until("!!s?.frame")
