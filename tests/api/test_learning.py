"""What networks have learned in real trainings that take a moment, against plain PyTorch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

import models
from app.config import Settings
from app.schemas import AnsweredPage, Confusion, LayersLearning, Robustness, Surface
from app.services.datasets import load_mnist
from app.services.learning import robustness
from models.design import build
from tests.api.conftest import API, Client, assert_problem


@dataclass(frozen=True)
class Trained:
    """A training that is done, spoken to over HTTP."""

    client: Client
    id: str

    def address(self, path: str, step: int | str = "latest") -> str:
        return f"{API}/trainings/{self.id}/checkpoints/{step}/{path}"

    def get(self, path: str, step: int | str = "latest", **query: Any) -> Any:
        answer = self.client.get(self.address(path, step), params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    @property
    def steps(self) -> list[int]:
        rows = self.client.get(f"{API}/trainings/{self.id}/checkpoints").json()
        return [row["step"] for row in rows]

    def weights(self, step: int) -> dict[str, torch.Tensor]:
        files = self.client.services.trainings.get(self.id).files
        return load_file(files.checkpoint(step))


def train(client: Client, **request: Any) -> Trained:
    """Train, and wait for the end."""
    accepted = client.post(f"{API}/trainings", json=request)
    assert accepted.status_code == 202, accepted.text
    client.get(f"{accepted.json()['href']}/events")  # ends with the job
    found = client.get(accepted.json()["training"]).json()
    assert found["state"] == "done", found["error"]
    return Trained(client, found["id"])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("learning")
    settings = Settings(
        port=0,
        trainings_dir=folder / "trainings",
        weights_dir=folder / "weights",
        cache_dir=folder / "cache",
    )
    with Client(settings) as running:
        yield running


@pytest.fixture(scope="module")
def digits(server: Client) -> Trained:
    """LeNet's smaller sister after ten steps on a fiftieth of MNIST."""
    return train(
        server, model="harley", dataset={"id": "mnist", "share": 0.02}, epochs=1, batch=120,
        precision="float32",
    )  # fmt: skip


@pytest.fixture(scope="module")
def plane(server: Client) -> Trained:
    return train(
        server,
        design={"layers": [{"type": "dense", "units": 3}, {"type": "activation", "name": "tanh"}]},
        dataset={"id": "points", "points": "gauss", "count": 60},
        optimizer={"name": "sgd", "learning_rate": 0.1}, epochs=2, batch=10,
    )  # fmt: skip


@pytest.fixture(scope="module")
def logits(digits: Trained) -> torch.Tensor:
    """What the network says of the test set at the last checkpoint, by a plain loop: N×10."""
    network = models.create("harley").eval()
    network.load_state_dict(digits.weights(digits.steps[-1]))
    pictures, _ = load_mnist("test")
    padded = torch.zeros(len(pictures), 1, 32, 32)
    padded[:, 0, 2:-2, 2:-2] = torch.tensor(pictures) / 255
    spec = models.spec("harley").input
    with torch.no_grad():
        return network((padded - spec.mean[0]) / spec.std[0])  # type: ignore[no-any-return]


def test_confusion_is_that_of_a_plain_loop(digits: Trained, logits: torch.Tensor) -> None:
    found = Confusion.model_validate(digits.get("confusion"))
    labels = load_mnist("test")[1].astype(int)
    expected = np.zeros((10, 10), int)
    np.add.at(expected, (labels, logits.argmax(1).numpy()), 1)
    assert found.matrix == expected.tolist()
    assert found.step == digits.steps[-1]
    assert found.accuracy == expected.trace() / 10_000
    loss = torch.nn.functional.cross_entropy(logits, torch.tensor(labels))
    assert found.loss == pytest.approx(float(loss), rel=1e-4)
    shown = digits.client.get(f"{API}/trainings/{digits.id}").json()
    assert shown["test_accuracy"] == pytest.approx(found.accuracy, abs=1e-4)
    training = Confusion.model_validate(digits.get("confusion", split="train"))
    assert sum(map(sum, training.matrix)) == 1200


def test_a_checkpoint_knows_how_good_it_is_once_somebody_has_asked(digits: Trained) -> None:
    step = digits.steps[1]
    before = digits.client.get(digits.address("", step).rstrip("/")).json()
    assert before["test_accuracy"] is None
    found = digits.get("confusion", step)
    after = digits.client.get(digits.address("", step).rstrip("/")).json()
    assert (after["test_accuracy"], after["test_loss"]) == (found["accuracy"], found["loss"])


def test_pictures_of_a_cell_come_in_pages(digits: Trained) -> None:
    matrix = np.array(digits.get("confusion")["matrix"])
    matrix[matrix > 400] = 0
    true, predicted = (int(i) for i in np.unravel_index(matrix.argmax(), matrix.shape))
    count = int(matrix.max())
    pages = [
        AnsweredPage.model_validate(
            digits.get("pictures", true=true, predicted=predicted, offset=offset, limit=count - 1)
        )
        for offset in (0, count - 1)
    ]
    assert [len(page.pictures) for page in pages] == [count - 1, 1]
    shown = [picture for page in pages for picture in page.pictures]
    assert all(page.total == count for page in pages)
    assert {(each.label, each.predicted) for each in shown} == {(true, predicted)}
    assert [each.probability for each in shown] == sorted(
        (each.probability for each in shown), reverse=True
    )
    labels = load_mnist("test")[1]
    assert {int(labels[each.index]) for each in shown} == {true}
    picture = digits.client.get(shown[0].href)
    assert picture.headers["content-type"] == "image/png"


def test_mistakes_begin_with_the_surest(digits: Trained, logits: torch.Tensor) -> None:
    page = AnsweredPage.model_validate(digits.get("mistakes", limit=20))
    labels = torch.tensor(load_mnist("test")[1].astype(int))
    sure = logits.softmax(1)
    wrong = (logits.argmax(1) != labels).nonzero().flatten()
    order = wrong[sure[wrong].amax(1).argsort(descending=True)][:20]
    assert page.total == len(wrong)
    assert len(page.pictures) == 20
    assert len({each.index for each in page.pictures} & set(order.tolist())) >= 18  # but for ties
    for each in page.pictures:
        assert each.label != each.predicted
        assert each.probability == pytest.approx(float(sure[each.index].max()), abs=1e-4)
        expected = float(sure[each.index, each.label])
        assert each.label_probability == pytest.approx(expected, abs=1e-4)


def test_pictures_of_training_are_those_of_the_share(digits: Trained) -> None:
    page = AnsweredPage.model_validate(digits.get("pictures", split="train", limit=5))
    labels = load_mnist("train")[1]
    assert page.total == 1200
    assert all(each.label == labels[each.index] for each in page.pictures)
    assert "split=train" in page.pictures[0].href


def test_layers_tell_how_they_have_changed(digits: Trained) -> None:
    first, second = digits.steps[:2]
    begin = LayersLearning.model_validate(digits.get("layers", first))
    after = LayersLearning.model_validate(digits.get("layers", second))
    assert [layer.layer for layer in begin.layers] == ["conv1", "conv2", "fc1", "fc2", "out"]
    assert all(layer.change is None for layer in begin.layers)
    before, now = (digits.weights(step) for step in (first, second))
    for layer in after.layers:
        name = f"{layer.layer}.{'kernels' if layer.layer == 'conv2' else 'weight'}"
        change = (now[name] - before[name]).norm() / now[name].norm()
        assert layer.change == pytest.approx(float(change), rel=1e-4)
        assert layer.weight_norm == pytest.approx(float(now[name].norm()), rel=1e-5)
        assert layer.gradient is not None
        assert layer.gradient > 0
        assert (layer.saturated is None) == (layer.layer == "out")


def test_robustness_falls_with_distance(digits: Trained, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(robustness, "PICTURES", 100)  # for speed
    found = Robustness.model_validate(digits.get("robustness"))
    assert found.pictures == 100
    for curve in found.curves.values():
        assert len(curve.values) == len(curve.accuracy)
    assert found.curves["shift"].accuracy[0] < max(found.curves["shift"].accuracy)


def test_a_checkpoint_never_changes(digits: Trained) -> None:
    fixed = digits.client.get(digits.address("confusion", digits.steps[-1]))
    assert "immutable" in fixed.headers["cache-control"]
    tag = {"If-None-Match": fixed.headers["etag"]}
    again = digits.client.get(digits.address("confusion", digits.steps[-1]), headers=tag)
    assert (again.status_code, again.content) == (304, b"")
    latest = digits.client.get(digits.address("confusion", "latest"))
    assert latest.headers["cache-control"] == "no-cache"
    assert latest.content == fixed.content


def test_results_go_with_their_training(server: Client) -> None:
    short = train(server, model="mlp", dataset={"id": "mnist", "share": 0.001}, epochs=1, batch=60)
    short.get("confusion")
    folder = server.services.trainings.get(short.id).files.analysis
    assert list(folder.iterdir())
    assert server.delete(f"{API}/trainings/{short.id}").status_code == 204
    assert not folder.exists()


def test_a_surface_is_what_the_network_computes(plane: Trained) -> None:
    found = Surface.model_validate(plane.get("surface", size=3))
    network = build([{"type": "dense", "units": 3}, {"type": "activation", "name": "tanh"}],
                    (2, 1, 1), 1)  # fmt: skip
    network.load_state_dict(plane.weights(plane.steps[-1]))
    assert [layer.id for layer in found.layers] == ["input", "fc1", "out"]
    assert found.range == (-6, 6)
    with torch.no_grad():
        for row, y in enumerate((6.0, 0.0, -6.0)):
            for column, x in enumerate((-6.0, 0.0, 6.0)):
                place = torch.tensor([[x, y]])
                out = float(network(place[:, :, None, None]))
                assert found.layers[2].units[0][row][column] == pytest.approx(out, abs=1e-4)
                hidden = torch.tanh(network[1](place))[0].tolist()
                values = [unit[row][column] for unit in found.layers[1].units]
                assert values == pytest.approx(hidden, abs=1e-5)


def test_points_have_a_confusion_but_no_pictures(plane: Trained) -> None:
    found = Confusion.model_validate(plane.get("confusion"))
    assert sum(map(sum, found.matrix)) == 30
    assert plane.get("pictures", limit=3)["pictures"][0]["href"] == ""
    layers = LayersLearning.model_validate(plane.get("layers"))
    assert [layer.layer for layer in layers.layers] == ["fc1", "out"]
    refused = plane.client.get(plane.address("robustness"))
    assert_problem(refused, 409, field="training")


def test_what_cannot_be_asked(digits: Trained) -> None:
    assert_problem(digits.client.get(digits.address("surface")), 409, field="training")
    assert_problem(digits.client.get(digits.address("pictures?true=10")), 422, field="true")
    assert_problem(digits.client.get(digits.address("mistakes?limit=9999")), 422, field="limit")
    unknown = assert_problem(digits.client.get(digits.address("layers", 7777)), 404, field="step")
    assert unknown["valid_steps"] == digits.steps
