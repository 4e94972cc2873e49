"""Requests: what is filled in, what is refused and by which name, what the id depends on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest
import torch

from app.schemas import MaximizationRequest
from app.services.catalog import Catalog, Loaded
from app.services.graph import UnknownLayerError
from app.services.maximize.plan import MOST_PICTURES
from app.services.maximize.program import SizeError
from app.services.maximize.request import RequestError, Resolved, resolve
from app.services.maximize.spectrum import one_over_f
from app.services.maximize.values import Values, checked
from app.services.passes import Origin, UnknownPassError
from app.services.predictions import NoClassifierError
from models import weights


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return Catalog("cpu", weights.Store(tmp_path_factory.mktemp("weights")))


@pytest.fixture(scope="module")
def digits(catalog: Catalog) -> Loaded:
    return catalog.get("digitnet")


@pytest.fixture(scope="module")
def photos(catalog: Catalog) -> Loaded:
    return catalog.get("squeezenet1_1", "random")


def ask(loaded: Loaded, **request: Any) -> Resolved:
    return resolve(MaximizationRequest.model_validate(request), loaded)


def refused(loaded: Loaded, **request: Any) -> RequestError:
    with pytest.raises(RequestError) as error:
        ask(loaded, **request)
    return error.value


def test_defaults_of_a_digit_network(digits: Loaded) -> None:
    one = ask(digits, layer="relu3", channel=5)
    filled = {"steps": one.recipe.steps, "size": 28, "batch": 1, "seed": 0, "method": "fourier"}
    assert filled.items() <= one.request.items()
    assert one.request["channel"] == 5
    assert (one.recipe.size, one.recipe.transforms) == (None, True)
    (target,) = one.targets
    assert (target.title, target.layer, target.measure) == ("conv3 · 5", "relu3", "mean")


def test_defaults_of_a_photograph_network(photos: Loaded) -> None:
    many = ask(photos, layer="features.12.cat", channel=list(range(20)))
    assert [len(batch) for batch in many.batches()] == [8, 8, 4]
    assert many.request["size"] == many.recipe.size == 192
    fine = ask(photos, layer="features.12.cat", channel=0, preset="fine")
    assert fine.recipe.size is None or fine.recipe.size > 192
    assert fine.recipe.steps > many.recipe.steps


def test_classes_are_seen_at_the_networks_own_size(digits: Loaded) -> None:
    ten = ask(digits, **{"class": list(range(10))})
    assert [target.title for target in ten.targets] == list(digits.spec.classes)
    assert {(target.layer, target.measure) for target in ten.targets} == {("out", "value")}
    assert ten.request["size"] == 28
    assert refused_size(digits, **{"class": 3, "size": 64}).only == (28, 28)
    assert refused_size(digits, layer="fc1", channel=0, size=64).only == (28, 28)


def refused_size(loaded: Loaded, **request: Any) -> SizeError:
    with pytest.raises(SizeError) as error:
        ask(loaded, **request)
    return error.value


def test_the_least_size_is_named(photos: Loaded) -> None:
    error = refused_size(photos, layer="features.12.cat", channel=0, size=8)
    assert error.least is not None
    assert ask(photos, layer="features.12.cat", channel=0, size=error.least[0]).recipe.size
    assert refused_size(photos, layer="features.12.cat", channel=0, size=error.least[0] - 1)


def test_a_place_in_a_map(digits: Loaded) -> None:
    two = ask(digits, layer="relu1", neuron=[[3, 4, 5], [1, 0, 9]])
    assert [target.title for target in two.targets] == ["conv1 · 3 (4, 5)", "conv1 · 1 (0, 9)"]
    assert {target.measure for target in two.targets} == {"value"}
    assert ask(digits, layer="relu1", neuron=[3, 4, 5]).targets == two.targets[:1]


@pytest.mark.parametrize(
    ("request_", "count", "title"),
    [
        ({"class": [4, 9], "objective": "contrast"}, 1, "4 − 9"),
        ({"class": [4, 9], "objective": "joint"}, 1, "4 + 9"),
        ({"class": [4, 9], "objective": "interpolation"}, 5, "4 → 9"),
        ({"class": 7, "objective": "diversity"}, 4, "7"),
        ({"class": 7, "objective": "diversity", "count": 2}, 2, "7"),
        ({"class": [7], "objective": "negative"}, 1, "−7"),
        ({"layer": "fc1", "channel": 2, "objective": "diversity"}, 4, "fc1 · 2"),
        ({"layer": "relu2", "objective": "deepdream"}, 1, "deepdream · conv2"),
        ({"layer": "fc1", "direction": [1.0] * 128}, 1, "fc1 · direction"),
    ],
)
def test_objectives(digits: Loaded, request_: dict[str, Any], count: int, title: str) -> None:
    resolved = ask(digits, **request_)
    assert [target.title for target in resolved.targets] == [title] * count
    assert resolved.batches() == [range(count)]
    assert scores(digits, resolved).shape == (count,)


def scores(loaded: Loaded, resolved: Resolved, first: int = 0) -> torch.Tensor:
    """The objective's for pictures of noise, all channels at hand."""
    count = len(resolved.targets) - first
    noise = torch.rand(count, *loaded.spec.input.shape, generator=torch.Generator().manual_seed(0))
    objective = resolved.objective(first, count)
    values = loaded.runner.run(noise, list(checked(objective.needs, loaded.graph)))
    return objective.score(Values(values, loaded.graph, {})).expand(count)


def test_each_picture_has_its_own_unit(digits: Loaded) -> None:
    noise = torch.rand(3, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    values = digits.runner.run(noise, ["relu3", "relu1", "out"])
    means = values["relu3"].mean(dim=(2, 3))
    channels = ask(digits, layer="relu3", channel=[5, 2, 2])
    expected = torch.stack([means[0, 5], means[1, 2], means[2, 2]])
    assert torch.allclose(scores(digits, channels), expected)
    places = ask(digits, layer="relu1", neuron=[[1, 2, 3], [0, 5, 5], [4, 9, 0]])
    at = [values["relu1"][i, c, y, x] for i, (c, y, x) in enumerate(places.request["neuron"])]
    assert torch.allclose(scores(digits, places), torch.stack(at))
    classes = ask(digits, **{"class": [1, 8, 3], "objective": "negative"})
    logits = torch.stack([values["out"][i, c] for i, c in enumerate((1, 8, 3))])
    assert torch.allclose(scores(digits, classes), -logits)


def test_what_is_measured_of_a_family_is_the_unit_alone(digits: Loaded) -> None:
    four = ask(digits, layer="relu3", channel=1, objective="diversity")
    assert {target.measure for target in four.targets} == {"mean"}
    assert four.measured(0, 4).needs == {"relu3": frozenset({1})}
    assert four.objective(0, 4).compares


def test_a_contrast_is_measured_as_the_difference(digits: Loaded) -> None:
    two = ask(digits, **{"class": [4, 9], "objective": "contrast"})
    x = torch.rand(1, 1, 28, 28, generator=torch.Generator().manual_seed(2))
    values = Values(digits.runner.run(x, ["out"]), digits.graph, {})
    four, nine = (float(digits.runner.run(x, ["out"])["out"][0, c]) for c in (4, 9))
    assert float(two.measured(0, 1).score(values)) == pytest.approx(four - nine, rel=1e-5)
    assert float(two.objective(0, 1).score(values)) == pytest.approx(four - nine / 2, rel=1e-5)


@dataclass
class Passes:
    """One kept pass."""

    loaded: Loaded
    values: dict[str, torch.Tensor]

    def origin(self, pass_id: str) -> Origin:
        if pass_id != "known":
            raise UnknownPassError(pass_id)
        return Origin(self.loaded.spec.id, self.loaded.source, self.loaded.card.sha256)

    def get(self, pass_id: str) -> Any:
        @dataclass
        class Pass:
            activations: dict[str, torch.Tensor]

        return Pass(self.values)


@pytest.mark.parametrize("objective", ["caricature", "inversion"])
def test_pictures_of_a_kept_pass(digits: Loaded, photos: Loaded, objective: str) -> None:
    x = torch.rand(1, 1, 28, 28, generator=torch.Generator().manual_seed(1))
    values = {name: value[0] for name, value in digits.runner.run(x, ["relu2"]).items()}
    body = {"layer": "relu2", "objective": objective, "picture": "known"}
    request = MaximizationRequest.model_validate(body)
    resolved = resolve(request, digits, passes=Passes(digits, values))
    assert resolved.request["picture"] == "known"
    seen = Values(digits.runner.run(x, ["relu2"]), digits.graph, {})
    assert float(resolved.objective(0, 1).score(seen)) == pytest.approx(
        0.0 if objective == "inversion" else 1.0, abs=1e-5
    )
    for kept, picture in ((Passes(photos, values), "known"), (Passes(digits, values), "unknown")):
        asked = request.model_copy(update={"picture": picture})
        with pytest.raises(RequestError) as error:
            resolve(asked, digits, passes=kept)
        assert error.value.field == "picture"


@pytest.mark.parametrize(
    ("field", "request_"),
    [
        ("channel", {"layer": "relu1"}),
        ("channel", {"layer": "relu1", "channel": []}),
        ("channel", {"layer": "relu1", "channel": 999}),
        ("channel", {"layer": "relu1", "channel": [0] * (MOST_PICTURES + 1)}),
        ("channel", {"layer": "relu1", "channel": [1], "objective": "joint"}),
        ("channel", {"layer": "relu1", "channel": [1, 2, 3], "objective": "contrast"}),
        ("channel", {"layer": "relu1", "channel": [1, 2], "objective": "diversity"}),
        ("channel", {"layer": "relu1", "channel": 1, "objective": "deepdream"}),
        ("layer", {"channel": 1}),
        ("layer", {"layer": "input", "channel": 0}),
        ("layer", {"layer": "out", "class": 1}),
        ("layer", {"objective": "deepdream"}),
        ("class", {"class": 10}),
        ("class", {"class": 1, "layer": "out", "channel": 1}),
        ("class", {"class": []}),
        ("neuron", {"layer": "fc1", "neuron": [0, 0, 0]}),
        ("neuron", {"layer": "relu1", "neuron": [0, 28, 0]}),
        ("neuron", {"layer": "relu1", "neuron": [0, -1, 0]}),
        ("neuron", {"layer": "relu1", "neuron": []}),
        ("direction", {"layer": "relu1", "direction": [1.0, 2.0]}),
        ("direction", {"layer": "fc1", "direction": [0.0] * 128}),
        ("direction", {"layer": "fc1", "direction": [float("nan")] * 128}),
        ("direction", {"layer": "fc1", "direction": [1.0] * 128, "objective": "contrast"}),
        ("picture", {"layer": "relu1", "channel": 1, "picture": "x"}),
        ("picture", {"layer": "relu1", "objective": "deepdream", "picture": "x"}),
        ("picture", {"layer": "relu1", "objective": "caricature"}),
        ("count", {"layer": "relu1", "channel": 1, "count": 2}),
        ("count", {"layer": "relu1", "channel": 1, "objective": "diversity", "count": 1}),
        ("size", {"layer": "relu1", "channel": [0] * 1024, "size": 512}),
    ],
)
def test_what_is_wrong_is_named(digits: Loaded, field: str, request_: dict[str, Any]) -> None:
    assert refused(digits, **request_).field == field


def test_unknown_layers(digits: Loaded) -> None:
    with pytest.raises(UnknownLayerError, match="relu3"):
        ask(digits, layer="relu33", channel=0)


def test_weights_without_a_classifier_have_no_classes(digits: Loaded) -> None:
    bare = replace(digits, spec=replace(digits.spec, classes=()))
    with pytest.raises(NoClassifierError):
        ask(bare, **{"class": 1})


def test_a_batch_fits_into_memory(photos: Loaded) -> None:
    body = {"layer": "features.12.cat", "channel": list(range(64))}
    request = MaximizationRequest.model_validate(body)
    tight = resolve(request, photos, most_bytes=20_000_000)
    assert 1 <= tight.batch < 8
    for asked, field in (
        ({"batch": 64}, "batch"),
        ({"channel": 1, "objective": "diversity", "count": 16}, "count"),
    ):
        greedy = MaximizationRequest.model_validate(body | asked)
        with pytest.raises(RequestError) as error:
            resolve(greedy, photos, most_bytes=20_000_000)
        assert (error.value.field, error.value.help["most"]) == (field, tight.batch)
    assert resolve(request, photos, most_bytes=1).batch == 1


def test_the_id_stands_for_everything_that_a_picture_depends_on(
    digits: Loaded, photos: Loaded, catalog: Catalog
) -> None:
    first = ask(digits, layer="relu3", channel=5)
    steps = first.recipe.steps
    for same in ({"channel": [5]}, {"steps": steps}, {"size": 28}, {"seed": 0}, {"batch": 64}):
        assert ask(digits, **{"layer": "relu3", "channel": 5} | same).id == first.id
    others: list[dict[str, Any]] = [
        {"channel": 6}, {"layer": "relu2"}, {"steps": steps + 1}, {"size": 32}, {"seed": 1},
        {"method": "pixels"}, {"transforms": False}, {"precision": "float32"},
        {"objective": "negative"}, {"channel": None, "neuron": [5, 1, 1]},
    ]  # fmt: skip
    ids = {ask(digits, **{"layer": "relu3", "channel": 5} | other).id for other in others}
    assert len(ids | {first.id}) == len(others) + 1
    assert len(first.id) == 32
    random = ask(catalog.get("digitnet", "random"), layer="relu3", channel=5)
    request = MaximizationRequest(layer="relu3", channel=5)
    seen = resolve(request, digits, spectrum=one_over_f(1, (28, 28)))
    assert len({first.id, random.id, seen.id}) == 3
