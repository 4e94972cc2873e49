import math

import pytest
import torch

import models
from app.schemas.maximize import Method
from app.services.maximize.parameters import Fourier, Maco, Parameter, parameter
from app.services.maximize.spectrum import Spectrum, frequencies, one_over_f, spectrum_of
from models.registry import InputSpec

PHOTO = models.spec("resnet18").input
DIGIT = models.spec("digitnet").input
CPU = torch.device("cpu")
METHODS: tuple[Method, ...] = ("pixels", "fourier", "maco")


def make(
    method: Method,
    spec: InputSpec,
    count: int = 2,
    *,
    size: tuple[int, int] = (24, 31),
    seed: int = 5,
    spectrum: Spectrum | None = None,
    first: int = 0,
) -> Parameter:
    generator = torch.Generator().manual_seed(seed)
    return parameter(
        method, spec, count, size, generator, device=CPU, spectrum=spectrum, first=first
    )


@pytest.fixture(scope="module")
def digits() -> Spectrum:
    """Of blurred spots in the middle of black, which have a layout as digits do."""
    generator = torch.Generator().manual_seed(1)
    noise = torch.rand(50, 1, 28, 28, generator=generator)
    smooth = torch.nn.functional.avg_pool2d(noise, 3, stride=1, padding=1)
    spots = torch.zeros_like(smooth)
    spots[:, :, 6:22, 6:22] = smooth[:, :, 6:22, 6:22]
    return spectrum_of(spots, "spots", layout=True)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("spec", [PHOTO, DIGIT], ids=["photo", "digit"])
def test_pixels_have_the_networks_channels_and_lie_in_0_to_1(
    method: Method, spec: InputSpec
) -> None:
    made = make(method, spec, 3)
    optimizer = made.optimizer()
    for _ in range(3):
        pixels = made.pixels()
        assert pixels.shape == (3, spec.shape[0], 24, 31)
        assert pixels.dtype == torch.float32
        assert pixels.min() >= 0
        assert pixels.max() <= 1
        optimizer.zero_grad()
        (-1000 * pixels.sum()).backward()  # type: ignore[no-untyped-call]
        assert all(each.grad is not None and each.grad.any() for each in made.tensors)
        optimizer.step()


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("spec", [PHOTO, DIGIT], ids=["photo", "digit"])
def test_the_optimizer_leads_to_what_is_asked_for(method: Method, spec: InputSpec) -> None:
    made = make(method, spec)
    wanted = torch.zeros(24, 31)
    wanted[6:18, 8:20] = 1
    optimizer = made.optimizer()

    def loss() -> torch.Tensor:
        return (made.pixels() - wanted).square().sum()

    before = loss().item()
    for _ in range(10):
        optimizer.zero_grad()
        loss().backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    assert loss().item() < 0.97 * before


@pytest.mark.parametrize("method", METHODS)
def test_the_same_seed_gives_the_same_start(method: Method) -> None:
    torch.manual_seed(1)
    one = make(method, PHOTO).pixels()
    torch.manual_seed(2)  # the global generator has no say
    assert torch.equal(one, make(method, PHOTO).pixels())
    assert not torch.equal(one, make(method, PHOTO, seed=6).pixels())


@pytest.mark.parametrize("method", METHODS)
def test_a_picture_does_not_depend_on_those_beside_it(method: Method) -> None:
    five = make(method, PHOTO, 5).pixels()
    torch.testing.assert_close(make(method, PHOTO, 2).pixels(), five[:2])
    torch.testing.assert_close(make(method, PHOTO, 3, first=2).pixels(), five[2:])
    assert not torch.equal(five[0], five[1])


@pytest.mark.parametrize("method", METHODS)
def test_a_learning_rate_of_ones_own(method: Method) -> None:
    generator = torch.Generator().manual_seed(0)
    made = parameter(method, DIGIT, 1, (28, 28), generator, device=CPU, learning_rate=0.07)
    assert made.optimizer().param_groups[0]["lr"] == 0.07


def test_fourier_starts_with_amplitudes_that_fall_with_the_frequency() -> None:
    size = (128, 128)
    made = make("fourier", PHOTO, 4, size=size)
    assert isinstance(made, Fourier)
    logits = torch.logit(made.pixels().detach())
    power = torch.fft.rfft2(logits, norm="ortho").abs().square().mean(dim=(0, 1))
    rings = frequencies(size)
    low, high = (power[(rings > at * 0.9) & (rings < at * 1.1)].mean().sqrt() for at in (0.05, 0.4))
    slope = math.log(high / low) / math.log(8)
    assert slope == pytest.approx(-Fourier.FALL, abs=0.1)


def test_fourier_moves_along_the_colours_of_the_pictures() -> None:
    grey = one_over_f(3, (16, 16))
    assert grey.axes is not None
    only_bright = Spectrum(
        grey.magnitude,
        grey.size,
        grey.mean,
        grey.envelope,
        "",
        grey.axes,
        torch.tensor([1.0, 0, 0]),
    )
    pixels = make("fourier", PHOTO, spectrum=only_bright).pixels()
    torch.testing.assert_close(pixels, pixels.mean(dim=1, keepdim=True).expand_as(pixels))


def test_channels_of_a_network_that_takes_blue_first() -> None:
    backwards = InputSpec(**{**vars(PHOTO), "channels": "BGR", "mean": PHOTO.mean[::-1]})
    for method in ("fourier", "maco"):
        rgb, bgr = make(method, PHOTO).pixels(), make(method, backwards).pixels()
        torch.testing.assert_close(rgb, bgr.flip(1))


@pytest.mark.parametrize("size", [(28, 28), (25, 28), (28, 33)])
def test_maco_keeps_the_magnitude(size: tuple[int, int]) -> None:
    spectrum = one_over_f(3, (32, 32))
    made = make("maco", PHOTO, size=size, spectrum=spectrum)
    assert isinstance(made, Maco)
    optimizer = made.optimizer()
    made.pixels()[:, :, :9].sum().backward()  # type: ignore[no-untyped-call]
    optimizer.step()
    axes, fitted = spectrum.axes, spectrum.resampled(size)
    assert axes is not None
    mean = torch.tensor(PHOTO.mean)[:, None, None]
    waves = (axes.T @ (made.unbounded() - mean).flatten(2)).view(2, 3, *size)
    found = torch.fft.rfft2(waves, norm="ortho").abs()
    kept = _free(size)
    torch.testing.assert_close(
        found[:, :, kept], fitted.magnitude[:, kept].expand(2, -1, -1), rtol=1e-3, atol=1e-4
    )
    pixels = made.pixels()
    torch.testing.assert_close(pixels, made.unbounded().clamp(0, 1))


def test_maco_keeps_the_magnitude_of_digits(digits: Spectrum) -> None:
    made = make("maco", DIGIT, size=(28, 28), spectrum=digits)
    assert isinstance(made, Maco)
    inked = digits.envelope[0] > 0
    waves = (made.unbounded() - digits.mean)[:, 0] / digits.envelope[0].clamp_min(1e-6)
    unbounded = torch.where(inked, waves, torch.zeros(()))
    again = make("maco", DIGIT, size=(28, 28), spectrum=_everywhere(digits))
    assert isinstance(again, Maco)
    plain = (again.unbounded() - digits.mean)[:, 0]
    torch.testing.assert_close(unbounded[:, inked], plain[:, inked], rtol=1e-3, atol=1e-4)
    found = torch.fft.rfft2(plain, norm="ortho").abs()
    kept = _free((28, 28))
    torch.testing.assert_close(
        found[:, kept], digits.magnitude[0, kept].expand(2, -1), rtol=1e-3, atol=1e-4
    )


@pytest.mark.parametrize("method", ["fourier", "maco"])
def test_digits_lie_on_black(method: Method, digits: Spectrum) -> None:
    pixels = make(method, DIGIT, size=(28, 28), spectrum=digits).pixels()
    assert pixels[:, :, :5].max() == 0
    assert pixels[:, :, 8:20, 8:20].mean() > 0.2


def _free(size: tuple[int, int]) -> torch.Tensor:
    """Frequencies whose phase is free: in columns 0 and W/2 a real picture has no choice."""
    free = torch.ones(size[0], size[1] // 2 + 1, dtype=torch.bool)
    free[:, 0] = False
    if size[1] % 2 == 0:
        free[:, -1] = False
    return free


def _everywhere(spectrum: Spectrum) -> Spectrum:
    return Spectrum(
        spectrum.magnitude, spectrum.size, spectrum.mean, torch.ones(1, 1, 1), spectrum.source
    )
