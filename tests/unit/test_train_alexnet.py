"""The training of AlexNet, small: its parts, and a course of a few steps."""

from __future__ import annotations

import io
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor, nn

import models
from app.services.training.compute import Compute
from models.sources.cards import shipped_card
from models.weights import load_file
from scripts.alexnet import __main__ as program
from scripts.alexnet.course import Course, Material, Recipe, patches
from scripts.alexnet.features import outputs, probe
from scripts.alexnet.kernels import fits
from scripts.alexnet.pictures import (
    CIFAR,
    PHOTOGRAPHS,
    Labelled,
    Region,
    cifar,
    crops,
    photographs,
    regions,
)
from scripts.alexnet.student import Student, fold
from scripts.alexnet.teacher import SIDES, Teacher

SPEC = models.spec("alexnet_small")
FLOAT32 = Compute(torch.device("cpu"), "float32")
SPLITS = ("train", "test")
RECIPE = Recipe(steps=4, labelled=4, crops=4, sides=(63,), last_side=63)


def noise(*shape: int) -> Tensor:
    """Random pixels."""
    generator = torch.Generator().manual_seed(1)
    return torch.randint(256, shape, dtype=torch.uint8, generator=generator)


def teacher(photos: list[Tensor]) -> Teacher:
    """One that sees class 0 in the left half of a photograph and class 1 in the right half."""
    halves = torch.zeros(2, 4, 6)
    halves[0, :, :3] = halves[1, :, 3:] = 9
    last = nn.Linear(2, 1000)
    with torch.no_grad():
        last.weight.copy_(torch.eye(1000, 2))
    maps = {f"{number}.{side}": halves for number in range(len(photos)) for side in SIDES}
    return Teacher(photos, maps, last)


@pytest.fixture(name="material")
def _material() -> Material:
    photos = [noise(3, 100, 150), noise(3, 120, 90)]
    labelled = Labelled(noise(20, 3, 32, 32), torch.arange(20) % 10)
    return Material(labelled, photos, teacher(photos))


def start(material: Material, recipe: Recipe = RECIPE) -> Course:
    """A new student's course."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        looked_at = patches(material, recipe, SPEC.input, 0)
        student = Student(models.create("alexnet_small"), looked_at)
    return Course(student, material, recipe, SPEC.input, FLOAT32)


def test_a_course_goes_on_where_it_stood(material: Material, tmp_path: Path) -> None:
    """Kept after two of four steps and loaded by another: the same weights in the end."""
    straight, broken, resumed = (start(material) for _ in range(3))
    losses = [straight.step(7) for _ in range(4)]
    assert all(supervised > 0 and distilled > 0 for supervised, distilled in losses)
    for _ in range(2):
        broken.step(7)
    broken.save(tmp_path / "course.pt")
    resumed.load(tmp_path / "course.pt")
    assert resumed.done == 2
    assert [resumed.step(7) for _ in range(2)] == losses[2:]
    expected = straight.student.state_dict()
    assert all(torch.equal(v, expected[k]) for k, v in resumed.student.state_dict().items())


@pytest.mark.parametrize(("labelled", "cut"), [(8, 0), (0, 8)])
def test_either_kind_of_pictures_will_do_alone(material: Material, labelled: int, cut: int) -> None:
    """The loss of what is not there is 0."""
    supervised, distilled = start(material, Recipe(4, labelled, cut, (63,), 63)).step(7)
    assert (supervised > 0, distilled > 0) == (labelled > 0, cut > 0)


def test_the_folded_network_computes_what_the_student_does(material: Material) -> None:
    """Batch normalization's running means are part of the kernels afterwards."""
    course = start(material)
    for _ in range(3):
        course.step(7)
    network = fold(course.student, models.create("alexnet_small"))
    x = torch.randn(2, *SPEC.input.shape, generator=torch.Generator().manual_seed(2))
    with torch.inference_mode():
        expected = course.student.classify(course.student.eval()(x))
        torch.testing.assert_close(network(x), expected, rtol=1e-3, atol=1e-4)


def test_crops_lie_in_their_photographs(material: Material) -> None:
    """Also after rounding; each at the wanted size, in 0…1; the same seed, the same crops."""
    chosen = regions(material.photos, 200, torch.Generator().manual_seed(3))
    for each in chosen:
        height, width = material.photos[each.photo].shape[1:]
        assert 0 <= each.top <= each.top + each.height <= height
        assert 0 <= each.left <= each.left + each.width <= width
    assert regions(material.photos, 200, torch.Generator().manual_seed(3)) == chosen
    cut = crops(material.photos, chosen[:5], 40, torch.Generator().manual_seed(4))
    assert cut.shape == (5, 3, 40, 40)
    assert 0 <= float(cut.min()) < float(cut.max()) <= 1


def test_the_teacher_answers_for_what_a_crop_shows(material: Material) -> None:
    """Left half: class 0; right half: class 1; the middle: both alike."""
    cuts = [Region(0, 0, left, 100, 75, flipped=False) for left in (0, 75, 37)]
    left, right, middle = material.teacher.probabilities(cuts)
    assert left.argmax() == 0
    assert right.argmax() == 1
    assert float(middle[0] - middle[1]) == pytest.approx(0, abs=0.1)


def test_kernels_are_told_from_noise() -> None:
    """A Gabor function and a blob are explained wholly, white noise hardly."""
    axis = torch.arange(11) - 5.0
    y, x = torch.meshgrid(axis, axis, indexing="ij")
    bell = torch.exp(-(x**2 + y**2) / 18)
    gabor = bell * torch.cos(1.1 * (x + 0.4 * y))
    colour = torch.tensor([1.0, -0.5, 0.3])[:, None, None]
    grain = torch.randn((3, 11, 11), generator=torch.Generator().manual_seed(5))
    found = fits(torch.stack([colour * gabor, colour * bell, grain]))
    assert found.gabor[0] > 0.95
    assert found.blob[0] < 0.5
    assert found.blob[1] > 0.95
    assert max(found.gabor[2], found.blob[2]) < 0.2
    assert found.good() == pytest.approx(2 / 3)


def test_a_probe_finds_what_features_tell() -> None:
    """Of classes that differ in colour, a random network's features tell nearly all."""
    labels = torch.arange(80) % 2
    pictures = (noise(80, 3, 32, 32) // 2 + (labels * 100).byte()[:, None, None, None]).byte()
    data = Labelled(pictures, labels)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        network = models.create("alexnet_small").eval()
    assert probe(network, data, data, SPEC.input, FLOAT32, seed=0) > 0.95
    assert outputs(network, pictures[:3], SPEC.input, FLOAT32).shape == (3, 10)


def archive(path: Path, sides: dict[str, int]) -> Path:
    """A zip file of grey pictures, by name and side."""
    with zipfile.ZipFile(path, "w") as files:
        for name, side in sides.items():
            body = io.BytesIO()
            Image.fromarray(np.full((side, side, 3), 90, np.uint8)).save(body, "JPEG")
            files.writestr(name, body.getvalue())
    return path


def test_archives_are_read(tmp_path: Path) -> None:
    """CIFAR-10's halves by class, and photographs of any size."""
    sides = {"train/cat/1.jpg": 32, "test/dog/1.jpg": 32, "0.jpg": 50}
    path = archive(tmp_path / "some.zip", sides)
    found = cifar(path, "test", SPEC.classes)
    assert found.pictures.shape == (1, 3, 32, 32)
    assert SPEC.classes[int(found.labels[0])] == "dog"
    assert [tuple(photo.shape[1:]) for photo in photographs(path)] == [(50, 50), (32, 32), (32, 32)]


@pytest.fixture(name="command")
def _command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., dict[str, Any]]]:
    """Runs the command for grey pictures and the test's own teacher; the index that it wrote."""
    archive(tmp_path / CIFAR, {f"{half}/cat/{i}.jpg": 32 for half in SPLITS for i in range(4)})
    archive(tmp_path / PHOTOGRAPHS, {"0.jpg": 100, "1.jpg": 120})
    monkeypatch.setattr(program, "teacher", lambda photos, _: teacher(photos))
    monkeypatch.setattr(program, "measured", lambda *_: {"accuracy": {"cifar10_test": 0.5}})
    call = ["x", str(tmp_path), "--work", str(tmp_path / "work"), "--threads", "1"]

    def run(*more: str) -> dict[str, Any]:
        monkeypatch.setattr("sys.argv", [*call, "--labelled", "2", "--crops", "2", *more])
        program.main()
        return tomllib.loads((tmp_path / "work" / "index.toml").read_text())

    threads = torch.get_num_threads()
    with torch.random.fork_rng(devices=[]):
        yield run
    torch.set_num_threads(threads)


def test_the_command_goes_on_and_writes_what_the_page_can_load(
    command: Callable[..., dict[str, Any]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Stopped after its last step: trained no more, written, and the next one begins anew."""
    with monkeypatch.context() as broken:
        broken.setattr(program, "write", Mock(side_effect=OSError("full")))
        with pytest.raises(OSError, match="full"):
            command("--steps", "1")
    monkeypatch.setattr(Course, "step", Mock(side_effect=AssertionError("trained again")))
    card = shipped_card("alexnet_small", command("--steps", "1")["alexnet_small"])
    assert card.recipe.startswith("1 steps of 2 labelled")
    assert "ImageNet" in card.licence
    load_file(models.create("alexnet_small"), tmp_path / "work" / card.file, card.sha256)
    assert list((tmp_path / "work").glob("course-*")) == []


def test_the_command_tells_which_archive_lacks(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["x", str(tmp_path)])
    with pytest.raises(SystemExit):
        program.main()
    assert f"no {CIFAR} and no {PHOTOGRAPHS}" in capsys.readouterr().err
