from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

import models
from app.services.datasets import load_mnist
from app.services.folder import PictureFolder
from app.services.gallery import Gallery
from app.services.maximize import spectra
from app.services.maximize.spectra import DIGITS, SIDE, Spectra
from app.services.maximize.spectrum import (
    Spectrum,
    deviation,
    frequencies,
    one_over_f,
    spectrum_of,
)

PHOTO = models.spec("resnet18").input


@pytest.fixture(autouse=True)
def _few_crops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spectra, "CROPS", 8)


def no_gallery(folder: Path) -> Gallery:
    return Gallery(folder / "nothing")


@pytest.mark.parametrize("model", ["digitnet", "lenet5"])
def test_mnists_spectrum_is_numpys(model: str) -> None:
    spec = models.spec(model).input
    found = Spectra().of(spec)
    digits = load_mnist("train")[0][:DIGITS].astype(np.float64) / 255
    pad = (spec.shape[1] - 28) // 2
    digits = np.pad(digits, ((0, 0), (pad, pad), (pad, pad)))
    mean = digits.mean(axis=0)
    expected = np.abs(np.fft.rfft2(digits - mean, norm="ortho")).mean(axis=0)
    expected[0, 0] = 0
    np.testing.assert_allclose(found.magnitude[0], expected, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(found.mean[0], mean, rtol=1e-4, atol=1e-6)
    full = np.fft.irfft2(expected, s=digits.shape[1:], norm="ortho")
    np.testing.assert_allclose(
        found.envelope[0], digits.std(axis=0) / full.std(), rtol=1e-3, atol=1e-5
    )
    assert found.source == "MNIST, the first 10,000 training digits"
    assert found.axes is None


def test_waves_weighed_by_the_envelope_vary_as_the_pictures_do() -> None:
    generator = torch.Generator().manual_seed(0)
    pictures = torch.rand(200, 3, 17, 20, generator=generator)
    found = spectrum_of(pictures, "noise")
    phases = torch.rand(500, 3, 17, 11, generator=generator) * 2 * torch.pi
    waves = torch.fft.irfft2(
        torch.polar(found.magnitude.expand_as(phases), phases), s=(17, 20), norm="ortho"
    )
    assert found.axes is not None
    made = (found.axes @ (waves * found.envelope).flatten(2)).view_as(waves) + found.mean
    assert made.std().item() == pytest.approx(pictures.std().item(), rel=0.03)
    assert made.mean().item() == pytest.approx(pictures.mean().item(), rel=0.03)


def test_colours_are_the_axes_along_which_pictures_spread() -> None:
    generator = torch.Generator().manual_seed(0)
    bright = torch.randn(40, 1, 16, 16, generator=generator) * 0.1
    red = torch.randn(40, 1, 16, 16, generator=generator) * 0.02
    found = spectrum_of(0.5 + torch.cat([bright + red, bright, bright], dim=1), "")
    assert found.axes is not None
    assert found.spread is not None
    torch.testing.assert_close(found.axes.T @ found.axes, torch.eye(3), atol=1e-4, rtol=0)
    torch.testing.assert_close(found.axes[:, 0], torch.full((3,), 3**-0.5), atol=0.05, rtol=0)
    assert found.spread[0] == 1
    assert found.axes[:, 1].abs().argmax() == 0
    assert found.spread[2] < 1e-3


def test_white_noise_is_as_strong_everywhere_at_any_size() -> None:
    noise = torch.randn(300, 1, 24, 30, generator=torch.Generator().manual_seed(0))
    found = spectrum_of(noise, "noise")
    for size in ((24, 30), (12, 15), (48, 64), (25, 9)):
        again = found.resampled(size)
        assert again.magnitude.shape == (1, size[0], size[1] // 2 + 1)
        values = again.magnitude[0].flatten()[1:]
        torch.testing.assert_close(values, torch.full_like(values, 0.886), rtol=0.35, atol=0)
        assert again.magnitude[0, 0, 0] == 0
        assert again.size == size


def test_resampled_strengths_stay_at_their_frequencies() -> None:
    law = one_over_f(1, (64, 64))
    again, direct = law.resampled((32, 48)), one_over_f(1, (32, 48))
    rings = frequencies((32, 48))
    inner = (rings > 0.1) & (rings < 0.4)
    ratio = again.magnitude[0, inner] / direct.magnitude[0, inner]
    assert ratio.std() / ratio.mean() < 0.05


def test_a_layout_is_stretched() -> None:
    found = Spectra().of(models.spec("digitnet").input).resampled((56, 40))
    assert found.mean.shape == found.envelope.shape == (1, 56, 40)
    assert found.envelope[0, 0].max() < 0.05 < found.envelope[0, 28].max()


@pytest.mark.parametrize("size", [(16, 16), (15, 20), (16, 21)])
def test_deviation_is_that_of_the_pictures(size: tuple[int, int]) -> None:
    noise = torch.randn(1, *size, generator=torch.Generator().manual_seed(0))
    noise -= noise.mean()
    found = deviation(torch.fft.rfft2(noise, norm="ortho").abs(), size)
    torch.testing.assert_close(found.flatten(), noise.std(correction=0)[None])


def test_the_digest_tells_spectra_apart() -> None:
    law = one_over_f(3, (8, 8))
    assert law.digest == one_over_f(3, (8, 8)).digest
    assert law.digest != one_over_f(3, (8, 8), mean=0.4).digest


def test_no_picture_at_all() -> None:
    with pytest.raises(ValueError, match="at least one"):
        spectrum_of(torch.zeros(0, 3, 8, 8), "")


def test_without_any_pictures_a_law_that_says_so(tmp_path: Path) -> None:
    found = Spectra(gallery=no_gallery(tmp_path), cache=tmp_path).of(PHOTO)
    assert found.source == "a 1/f law (no pictures at hand)"
    slope = found.magnitude[0, 0, 4] / found.magnitude[0, 0, 8]
    assert slope.item() == pytest.approx(2)


def _folder(path: Path, count: int = 3) -> PictureFolder:
    generator = np.random.default_rng(0)
    for number in range(count):
        pixels = generator.integers(0, 256, (240, 300, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(path / f"{number}.png")
    (path / "broken.png").write_bytes(b"no picture")
    return PictureFolder(path)


def test_photographs_of_the_servers_own_folder(tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    found = Spectra(folder=folder).of(PHOTO)
    assert found.source == "6 crops of 4 of the folder's 4 pictures"
    assert found.size == (SIDE, SIDE)
    assert found.magnitude.shape == (3, SIDE, SIDE // 2 + 1)


def test_a_spectrum_is_kept_and_a_damaged_file_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    folder, cache = _folder(tmp_path / "pictures", 1), tmp_path / "cache"
    first = Spectra(folder=folder, cache=cache)
    found = first.of(PHOTO)
    assert first.of(PHOTO) is found
    (file,) = (cache / "spectra").iterdir()
    again = Spectra(folder=folder, cache=cache).of(PHOTO)
    assert _same(found, again)
    file.write_bytes(b"damaged")
    assert _same(found, Spectra(folder=folder, cache=cache).of(PHOTO))
    Image.new("RGB", (300, 300), (200, 10, 10)).save(tmp_path / "pictures" / "new.png")
    assert not _same(found, Spectra(folder=folder, cache=cache).of(PHOTO))


def _same(one: Spectrum, other: Spectrum) -> bool:
    return (one.digest, one.source, one.size) == (other.digest, other.source, other.size)
