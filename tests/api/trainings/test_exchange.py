"""Networks that were trained here, as files: taken away and loaded again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from safetensors import safe_open
from safetensors.torch import load, save

from tests.api.conftest import API, Array, assert_problem, npy_body
from tests.api.trainings.conftest import Started


def test_a_download_can_be_loaded_again(done: Started, digits: Array, tmp_path: Path) -> None:
    answer = done.client.get(f"{done.href}/checkpoints/latest/weights")
    assert f"{done.model}-step-10.safetensors" in answer.headers["content-disposition"]
    path = tmp_path / "mine.safetensors"
    path.write_bytes(answer.content)
    with safe_open(path, "pt") as file:
        described = json.loads(file.metadata()["convscope"])
    assert described["request"]["model"] == "harley"
    assert described["classes"] == [str(digit) for digit in range(10)]
    assert described["test_accuracy"] == done()["test_accuracy"]
    loaded = Started(
        done.client, done.client.post(f"{API}/trainings/uploads", content=path.read_bytes())
    )
    assert loaded()["state"] == "done"
    assert loaded()["test_accuracy"] == done()["test_accuracy"]

    def answers(model: str) -> Any:
        address = f"{API}/models/{model}/predictions"
        return done.client.post(address, **npy_body(digits)).json()["predictions"]

    assert answers(loaded.model) == answers(done.model)
    assert_problem(done.client.post(f"{loaded.href}/resume"), 409)


def test_files_that_are_no_network_of_ours_are_refused(done: Started) -> None:
    def refused(body: bytes, words: str) -> None:
        problem = done.client.post(f"{API}/trainings/uploads", content=body)
        assert words in assert_problem(problem, 422, field="file")["detail"]

    whole = done.client.get(f"{done.href}/checkpoints/latest/weights").content
    tensors = load(whole)
    size = int.from_bytes(whole[:8], "little")
    text = json.loads(whole[8 : 8 + size])["__metadata__"]["convscope"]
    refused(b"nothing", "damaged")
    refused(save(tensors), "does not say")
    refused(save(tensors, {"convscope": "{"}), "cannot be read")
    refused(save(tensors, {"convscope": text.replace('"harley"', '"hurley"')}), "hurley")
    refused(save(tensors, {"convscope": text.replace('"epoch"', '"age"')}), "description is wrong")
    refused(save(tensors, {"convscope": "[" * 100_000}), "cannot be read")
    refused(save(tensors, {"convscope": text.replace('"step":10', f'"step":{10**30}')}), "step")
    for shape in ("[3,32,32]", "[1,1024,1024]"):
        other = text.replace('"shape":[1,32,32],"mode"', f'"shape":{shape},"mode"')
        refused(save(tensors, {"convscope": other}), "input is not that")
    refused(save(tensors, {"convscope": text.replace('"std":[1.0]', '"std":[0.0]')}), "std")
    some = {name: tensor for name, tensor in tensors.items() if "bias" not in name}
    refused(save(some, {"convscope": text}), "bias")
