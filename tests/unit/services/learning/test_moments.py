"""What a network said of a picture at its checkpoints."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from app.services.catalog import Catalog
from app.services.learning.moments import checkpoints, over_time, spread


@pytest.mark.parametrize("count", [0, 1, 2, 3, 10, 81])
def test_each_once_the_ends_first(count: int) -> None:
    order = spread(count)
    assert sorted(order) == list(range(count))
    if count > 2:
        assert order[:3] == [0, count - 1, (count - 1) // 2]


def test_probabilities_are_those_of_the_weights(tmp_path: Path) -> None:
    loaded = Catalog("cpu").get("mlp")
    own = loaded.network.state_dict()
    picture = torch.rand(1, *loaded.spec.input.shape, generator=torch.Generator().manual_seed(1))
    files = {}
    for step, factor in ((0, 0.0), (5, 1.0)):
        files[step] = tmp_path / f"{step}.safetensors"
        save_file({name: value * factor for name, value in own.items()}, files[step])
    files[9] = tmp_path / "gone.safetensors"

    found = over_time(loaded, picture, files)
    assert list(found) == [0, 5], "one that is gone is left out"
    assert found[0] == pytest.approx([0.1] * 10), "zeros know nothing"
    with torch.inference_mode():
        expected = loaded.network(picture)[0].softmax(0)
    torch.testing.assert_close(torch.tensor(found[5]), expected)
    after = loaded.network.state_dict()
    assert all(torch.equal(own[name], after[name]) for name in own), "it keeps its weights"


def test_the_loaded_network_stays_whole_for_other_threads(tmp_path: Path) -> None:
    """While other weights answer, its parameters are its own."""
    loaded = Catalog("cpu").get("mlp")
    parameters = list(loaded.network.parameters())
    seen = []

    def look(*_: object) -> None:
        seen.append(list(map(id, loaded.network.parameters())) == list(map(id, parameters)))

    path = tmp_path / "weights.safetensors"
    save_file({k: 2 * v for k, v in loaded.network.state_dict().items()}, path)
    with torch.nn.modules.module.register_module_forward_pre_hook(look):
        over_time(loaded, torch.zeros(1, *loaded.spec.input.shape), {0: path})
    assert seen
    assert all(seen)


def test_late_ones_are_left_out(tmp_path: Path) -> None:
    loaded = Catalog("cpu").get("mlp")
    path = tmp_path / "weights.safetensors"
    save_file(loaded.network.state_dict(), path)
    picture = torch.zeros(1, *loaded.spec.input.shape)
    assert list(over_time(loaded, picture, dict.fromkeys(range(5), path), seconds=-1)) == [0]


def test_a_network_that_came_from_elsewhere_has_no_checkpoints() -> None:
    assert checkpoints("lenet5") is None
