"""The networks for photographs have the published sizes, names and shapes."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

import models
from app.services.graph import describe
from models.efficientnet_lite import from_published
from models.googlenet import Outputs
from models.imagenet import CLASSES, WORDNET_IDS
from models.layers import SameConv2d
from models.vgg import KERAS_NAMES
from tests.networks import PHOTO_NETWORKS

# id → parameters, billions of multiply-adds. torchvision's from its documentation's tables of
# weights; alexnet_2012 and googlenet_2014 from Caffe's model zoo; efficientnet_lite0 as counted;
# alexnet_small: torchvision's five convolutions (2,469,696) and a dense layer of 256×10 + 10.
PUBLISHED = {
    "alexnet": (61_100_840, 0.71),
    "alexnet_small": (2_472_266, 0.196),
    "alexnet_2012": (60_965_224, 0.724),
    "vgg11": (132_863_336, 7.61),
    "vgg11_bn": (132_868_840, 7.61),
    "vgg13": (133_047_848, 11.31),
    "vgg13_bn": (133_053_736, 11.31),
    "vgg16": (138_357_544, 15.47),
    "vgg16_bn": (138_365_992, 15.47),
    "vgg19": (143_667_240, 19.63),
    "vgg19_bn": (143_678_248, 19.63),
    "googlenet": (6_624_904, 1.5),
    "googlenet_2014": (6_998_552, 1.58),
    "resnet18": (11_689_512, 1.81),
    "resnet34": (21_797_672, 3.66),
    "resnet50": (25_557_032, 4.09),
    "resnet101": (44_549_160, 7.8),
    "resnet152": (60_192_808, 11.51),
    "squeezenet1_0": (1_248_424, 0.82),
    "squeezenet1_1": (1_235_496, 0.35),
    "mobilenet_v2": (3_504_872, 0.3),
    # Google states 407 million, which counts normalizations and activations as well.
    "efficientnet_lite0": (4_652_008, 0.385),
}
# Tensors in torchvision's state dicts (GoogLeNet's with its auxiliary heads), and a few of them.
TENSORS = {
    "alexnet": 16, "vgg11": 22, "vgg11_bn": 62, "vgg13": 26, "vgg13_bn": 76, "vgg16": 32,
    "vgg16_bn": 97, "vgg19": 38, "vgg19_bn": 118, "googlenet": 364, "resnet18": 122,
    "resnet34": 218, "resnet50": 320, "resnet101": 626, "resnet152": 932, "squeezenet1_0": 52,
    "squeezenet1_1": 52, "mobilenet_v2": 314,
}  # fmt: skip
PARTS = ("weight", "bias")
SHAPES: dict[str, dict[str, tuple[int, ...]]] = {
    "alexnet": {"features.3.weight": (192, 64, 5, 5), "classifier.6.weight": (1000, 4096)},
    "alexnet_2012": {"features.4.weight": (256, 48, 5, 5), "features.12.bias": (256,)},
    "vgg13": {"features.22.weight": (512, 512, 3, 3), "classifier.0.weight": (4096, 25088)},
    "vgg19": {"features.34.bias": (512,), "classifier.6.bias": (1000,)},
    "vgg11_bn": {"features.26.running_var": (512,), "features.0.bias": (64,)},
    "vgg19_bn": {"features.49.weight": (512, 512, 3, 3)},
    "googlenet": {
        "conv1.conv.weight": (64, 3, 7, 7),
        "inception3a.branch3.1.conv.weight": (32, 16, 3, 3),
        "inception4e.branch4.1.bn.running_mean": (128,),
        "aux1.conv.conv.weight": (128, 512, 1, 1),
        "aux2.fc1.weight": (1024, 2048),
        "fc.weight": (1000, 1024),
    },
    "googlenet_2014": {
        "conv1.conv.bias": (64,),
        "inception3a.branch3.1.conv.weight": (32, 16, 5, 5),
    },
    "resnet34": {
        "layer2.0.downsample.0.weight": (128, 64, 1, 1),
        "layer3.5.bn2.running_var": (256,),
    },
    "resnet50": {
        "layer1.0.downsample.1.num_batches_tracked": (),
        "layer4.0.conv2.weight": (512, 512, 3, 3),
        "layer4.2.conv3.weight": (2048, 512, 1, 1),
        "fc.weight": (1000, 2048),
    },
    "resnet152": {"layer3.35.conv1.weight": (256, 1024, 1, 1)},
    "squeezenet1_0": {
        "features.0.weight": (96, 3, 7, 7),
        "features.12.expand3x3.weight": (256, 64, 3, 3),
        "classifier.1.weight": (1000, 512, 1, 1),
    },
    "squeezenet1_1": {"features.3.squeeze.weight": (16, 64, 1, 1)},
    "mobilenet_v2": {
        "features.0.0.weight": (32, 3, 3, 3),
        "features.1.conv.1.weight": (16, 32, 1, 1),
        "features.2.conv.1.0.weight": (96, 1, 3, 3),
        "features.17.conv.3.running_mean": (320,),
        "classifier.1.weight": (1000, 1280),
    },
    "efficientnet_lite0": {
        "features.3.1.block.1.0.weight": (240, 1, 5, 5),
        "classifier.1.bias": (1000,),
    },
}


def on_meta(model_id: str, num_classes: int | None = None) -> nn.Module:
    """A network without memory: names and shapes only."""
    with torch.device("meta"):
        return models.create(model_id, num_classes=num_classes).eval()


def test_every_network_is_compared_with_published_numbers() -> None:
    assert set(PUBLISHED) == set(PHOTO_NETWORKS)


@pytest.mark.parametrize("model_id", PHOTO_NETWORKS)
def test_the_stated_sizes_are_those_of_the_graph_and_the_published_ones(model_id: str) -> None:
    spec = models.spec(model_id)
    graph = describe(on_meta(model_id), spec)
    parameters, billions = PUBLISHED[model_id]
    assert spec.parameters == graph.parameters == parameters
    assert spec.macs == graph.macs
    assert graph.macs / 1e9 == pytest.approx(billions, abs=0.006)


@pytest.mark.parametrize("model_id", TENSORS)
def test_state_dicts_have_torchvisions_length(model_id: str) -> None:
    assert len(on_meta(model_id).state_dict()) == TENSORS[model_id]


@pytest.mark.parametrize("model_id", SHAPES)
def test_state_dicts_have_the_published_names(model_id: str) -> None:
    state = on_meta(model_id).state_dict()
    for name, shape in SHAPES[model_id].items():
        assert tuple(state[name].shape) == shape


@pytest.mark.parametrize("model_id", PHOTO_NETWORKS)
def test_without_classes_the_output_is_the_last_feature_maps(model_id: str) -> None:
    whole, features = on_meta(model_id).state_dict(), on_meta(model_id, 0)
    x = torch.zeros(2, *models.spec(model_id).input.shape, device="meta")
    assert features(x).dim() == 4
    assert features.state_dict().keys() < whole.keys()
    assert not any(isinstance(module, nn.Linear) for module in features.modules())


@pytest.mark.parametrize("model_id", PHOTO_NETWORKS)
def test_a_hundred_classes(model_id: str) -> None:
    x = torch.zeros(1, *models.spec(model_id).input.shape, device="meta")
    assert on_meta(model_id, 100)(x).shape == (1, 100)


@pytest.mark.parametrize("model_id", ["googlenet", "googlenet_2014"])
def test_auxiliary_heads_answer_in_training_only(model_id: str) -> None:
    network = models.create(model_id, num_classes=7)
    x = torch.randn(2, 3, 224, 224)
    with torch.no_grad():
        outputs = network(x)
        assert isinstance(outputs, Outputs)
        assert [output.shape for output in outputs] == [(2, 7)] * 3
        assert isinstance(network.eval()(x), Tensor)


def test_alexnet_of_2012_starts_as_its_paper_says() -> None:
    torch.manual_seed(0)
    network = models.create("alexnet_2012", num_classes=10)
    weighted = [m for m in network.modules() if isinstance(m, nn.Conv2d | nn.Linear)]
    assert [float(m.bias[0].detach()) for m in weighted if m.bias is not None] == [
        0, 1, 0, 1, 1, 1, 1, 0
    ]  # fmt: skip
    for module in weighted:
        assert float(module.weight.detach().std()) == pytest.approx(0.01, rel=0.02)


def test_the_small_alexnet_has_the_convolutions_of_torchvisions() -> None:
    whole, small = on_meta("alexnet").state_dict(), on_meta("alexnet_small").state_dict()
    convolutions = [f"features.{place}.{part}" for place in (0, 3, 6, 8, 10) for part in PARTS]
    assert list(small) == [*convolutions, "classifier.weight", "classifier.bias"]
    assert all(small[name].shape == whole[name].shape for name in convolutions)
    x = torch.zeros(2, 3, 224, 224, device="meta")
    maps = on_meta("alexnet_small", 0)(x)
    assert nn.functional.max_pool2d(maps, 3, 2).shape == on_meta("alexnet", 0)(x).shape
    assert models.spec("alexnet_small").input.shape == (3, 128, 128)


def test_published_efficientnet_lite_weights_fit() -> None:
    """The names of the published file, in its order; block 0 has no expansion."""
    ours = on_meta("efficientnet_lite0").state_dict()
    published: dict[str, Tensor] = {}
    for name, value in ours.items():
        published[_published_name(name)] = value
    assert published["_blocks.0._project_conv.weight"].shape == (16, 32, 1, 1)
    assert published["_blocks.1._expand_conv.weight"].shape == (96, 16, 1, 1)
    assert published["_blocks.15._bn2.running_mean"].shape == (320,)
    renamed = from_published(published)
    assert list(renamed) == list(ours)
    assert all(renamed[name] is ours[name] for name in ours)
    with pytest.raises(KeyError, match=r"_blocks\.16\._bn2"):
        from_published({"_blocks.16._bn2.weight": torch.empty(0)})


def _published_name(name: str) -> str:
    """What the published file calls one of our tensors, spelt out the other way round."""
    layer, parameter = name.rsplit(".", 1)
    fixed = {
        "features.0.0": "_conv_stem",
        "features.0.1": "_bn0",
        "features.8.0": "_conv_head",
        "features.8.1": "_bn1",
        "classifier.1": "_fc",
    }
    if layer in fixed:
        return f"{fixed[layer]}.{parameter}"
    _, stage, place, _, part, kind = layer.split(".")
    before = (0, 1, 3, 5, 8, 11, 15)[int(stage) - 1]
    number, step = before + int(place), int(part) + (stage == "1")
    known = ("_expand_conv", "_depthwise_conv", "_project_conv")[step]
    return f"_blocks.{number}.{known if kind == '0' else f'_bn{step}'}.{parameter}"


@pytest.mark.parametrize("model_id", models.names())
def test_the_papers_names_are_of_layers_that_exist(model_id: str) -> None:
    with torch.device("meta"):
        modules = dict(models.create(model_id).named_modules())
    names = models.spec(model_id).layer_names
    assert set(names) <= set(modules)
    assert len(set(names.values())) == len(names)


def test_vgg16_and_alexnet_speak_of_their_papers_layers() -> None:
    assert models.spec("vgg16").layer_names["features.28"] == "conv5_3"
    assert models.spec("alexnet").layer_names["features.10"] == "conv5"
    assert models.spec("alexnet_2012").layer_names["classifier.1"] == "fc6"


def test_keras_names_of_vgg16() -> None:
    state = on_meta("vgg16", 0).state_dict()
    assert {f"{name}.weight" for name in KERAS_NAMES.values()} == {
        name for name in state if name.endswith("weight")
    }
    assert len(KERAS_NAMES) == 13
    assert KERAS_NAMES["block1_conv1"] == "features.0"
    assert KERAS_NAMES["block3_conv2"] == "features.12"
    assert KERAS_NAMES["block5_conv3"] == "features.28"


def test_imagenet_classes() -> None:
    assert len(CLASSES) == len(set(map(str.casefold, CLASSES))) == 1000
    assert len(set(WORDNET_IDS)) == 1000
    assert list(WORDNET_IDS) == sorted(WORDNET_IDS)
    known = {0: "tench", 65: "sea snake", 281: "tabby", 388: "giant panda", 999: "toilet tissue"}
    assert {place: CLASSES[place] for place in known} == known
    assert (CLASSES[134], CLASSES[517]) == ("crane (bird)", "crane (machine)")
    assert WORDNET_IDS[0] == "n01440764"
    assert max(map(len, CLASSES)) <= 30


@pytest.mark.parametrize("size", [7, 8, 15])
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("kernel", [1, 2, 3, 5])
def test_same_padding_is_tensorflows(size: int, stride: int, kernel: int) -> None:
    """⌈size/stride⌉ units; the odd row of padding lies below, the odd column to the right."""
    layer = SameConv2d(1, 1, kernel, stride=stride, bias=False)
    nn.init.ones_(layer.weight)
    x = torch.rand(1, 1, size, size + 1)
    above, left = layer.padding_before((size, size + 1))
    wide = torch.zeros(1, 1, size + 2 * kernel, size + 1 + 2 * kernel)
    wide[:, :, above : above + size, left : left + size + 1] = x
    with torch.no_grad():
        expected = nn.functional.conv2d(wide, layer.weight, stride=stride)
        found = layer(x)
    rows, columns = -(-size // stride), -(-(size + 1) // stride)
    assert found.shape == (1, 1, rows, columns)
    torch.testing.assert_close(found, expected[:, :, :rows, :columns])
    total = max((rows - 1) * stride + kernel - size, 0)
    assert above == total // 2
