"""The pinned unit: numbers that add up, equal to the API's, and the way down to the pixels."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from scripts.live_server import LiveServer
from tests.browser.page import DrawPage, Unit

UNITS = [
    ("harley", Unit("conv1", 2, 9, 12)),
    ("harley", Unit("conv2", 4, 5, 6)),
    ("harley", Unit("fc1", 17)),
    ("harley", Unit("out", 7)),
    ("lenet5", Unit("s2", 3, 6, 6)),
    ("digitnet", Unit("conv3", 5, 6, 7)),
    ("mlp", Unit("fc1", 12)),
]
COLUMN = """() => [...document.querySelectorAll('.column-sum dt')].map((name) =>
  [name.textContent, Number(name.nextElementSibling.querySelector('data').value)])"""


def pin(page: DrawPage, unit: Unit) -> None:
    """Pin a unit and wait for the server's numbers."""
    page.page.evaluate("(unit) => __store.set({pinned: unit})", unit.json)
    expect(page.page.locator(".arithmetic")).to_be_visible()
    expect(page.page.locator(".arithmetic.is-waiting")).to_have_count(0)


def column(page: DrawPage) -> list[tuple[str, float]]:
    """The sum as the panel writes it: names and full values, from top to bottom."""
    return [(name, value) for name, value in page.page.evaluate(COLUMN)]


def neuron(page: DrawPage, server: LiveServer, unit: Unit) -> Any:
    """The same unit's arithmetic, asked of the API with the same drawing."""
    model = page.state("s.model.id")
    stages = {stage["id"]: stage for stage in page.state("s.model.stages")}
    pixels = [[value / 255 for value in page.drawing()[y * 28 : y * 28 + 28]] for y in range(28)]
    kept = ask(f"{server.url}/api/v1/models/{model}/passes", {"pixels": pixels})
    stage = stages[unit.stage]
    path = [unit.channel, unit.y, unit.x][: len(stage["shape"])]
    place = "/".join(str(part) for part in path)
    return ask(f"{server.url}/api/v1/passes/{kept['id']}/layers/{stage['output']}/neurons/{place}")


def ask(url: str, body: Any = None) -> Any:
    """The JSON answer to a GET, or to a POST of JSON."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


@pytest.mark.parametrize(("model_id", "unit"), UNITS, ids=lambda value: getattr(value, "stage", ""))
def test_the_numbers_add_up_and_are_the_apis(
    page: DrawPage, server: LiveServer, model_id: str, unit: Unit
) -> None:
    page.choose_network(model_id)
    pin(page, unit)
    shown = column(page)
    positive, negative, bias, total = (value for _, value in shown[:4])
    assert positive + negative + bias == pytest.approx(total, rel=1e-4, abs=1e-6)
    asked = neuron(page, server, unit)
    assert total == pytest.approx(asked["sum"], rel=1e-6)
    assert bias == pytest.approx(asked["bias"], rel=1e-6)
    assert shown[-1][1] == pytest.approx(asked["output"], rel=1e-6)
    page.page.locator(".terms summary").click()
    expect(page.page.locator(".terms tbody tr").first).to_be_visible()
    everything = page.page.locator(".terms .link-button").last
    if len(asked["products"]) > 12:
        everything.click()
    products = page.page.locator(".terms tbody td:last-child").evaluate_all(
        "(cells) => cells.map((cell) => Number(cell.getAttribute('value')))"
    )
    assert len(products) == len(asked["products"])
    assert sum(products) + bias == pytest.approx(total, rel=1e-4, abs=1e-5)


def test_a_maximum_names_its_winner(page: DrawPage) -> None:
    page.choose_network("harley")
    unit = Unit("pool1", 1, 6, 6)
    pin(page, unit)
    inputs = page.state(
        "[0, 1, 28, 29].map((cell) => s.frame.tensors.get('tanh1').data[28 * 28 + 12 * 29 + cell])"
    )
    assert column(page)[-1][1] == pytest.approx(max(inputs), rel=1e-6)


def test_the_answer_is_walked_down_to_a_pixel(page: DrawPage) -> None:
    page.choose_network("harley")
    page.button("Why 7? Start at the answer").click()
    expect(page.page.locator(".verdict")).to_contain_text("7 wins")
    stages = ["out", "fc2", "fc1", "pool2", "conv2", "pool1", "conv1", "input"]
    for above, below in pairwise(stages):
        pinned = page.pinned()
        assert pinned is not None
        assert pinned.stage == above
        page.page.locator(".chip-first").click()
        page.until("s.pinned.stage === argument", below)
    expect(page.panel).to_contain_text("The bottom: a pixel")
    expect(page.page.locator(".trail li")).to_have_count(len(stages))
    page.button("One step back").click()
    page.until("s.pinned.stage === 'conv1'")


def test_a_cell_and_the_scene_point_at_each_other(page: DrawPage) -> None:
    page.choose_network("harley")
    pin(page, Unit("conv1", 0, 10, 10))
    patch = page.page.locator(".patch-cells").first
    box = patch.bounding_box()
    assert box is not None
    cell = box["width"] / 5
    page.page.mouse.move(box["x"] + 3.5 * cell, box["y"] + 1.5 * box["height"] / 5)
    page.settle()
    assert page.state("s.hover") == Unit("input", 0, 11, 13).json
    expect(page.page.locator(".patch-mark:visible").first).to_be_visible()
    page.page.mouse.move(5, 5)
    page.page.evaluate("__store.set({hover: {stage: 'input', channel: 0, y: 12, x: 12}})")
    expect(page.page.locator(".patch-mark:visible").first).to_be_visible()


def test_the_panel_follows_the_pen(page: DrawPage) -> None:
    pin(page, Unit("out", 1))
    before = column(page)[-1][1]
    page.clear()
    page.draw([[(14, 4), (14, 24)]])
    page.page.wait_for_function(f"(before) => ({COLUMN})().at(-1)[1] > before + 1", arg=before)


@pytest.mark.parametrize("language", ["curl", "Python"])
def test_the_same_numbers_as_code(
    open_page: Callable[..., DrawPage], server: LiveServer, tmp_path: Path, language: str
) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    unit = Unit("conv2", 3, 4, 5)
    pin(page, unit)
    page.page.get_by_text("Use it in code").click()
    page.page.get_by_role("radio", name=language).check()
    page.button("Copy").click()
    expect(page.page.get_by_text("Copied", exact=True)).to_be_visible()
    text = page.page.evaluate("navigator.clipboard.readText()")
    command = ["bash", "-euc", text] if language == "curl" else [sys.executable, "-c", text]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, timeout=60, cwd=tmp_path
    )
    output = neuron(page, server, unit)["output"]
    if language == "curl":
        assert json.loads(done.stdout)["output"] == pytest.approx(output, rel=1e-6)
    else:
        last = [float(part) for part in done.stdout.strip().splitlines()[-1].split("=")]
        assert last == pytest.approx([output, output], rel=1e-5)
