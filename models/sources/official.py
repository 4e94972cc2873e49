"""torchvision's published ImageNet weights (the first version of each network).

Names, hashes, sizes and accuracies: https://docs.pytorch.org/vision/stable/models.html. The
eight digits in a file's name are the first of its SHA-256.
"""

from __future__ import annotations

from dataclasses import replace

from models.registry import IMAGENET_PHOTO
from models.sources.source import Source

MIB = 1024 * 1024
LICENCE = "BSD-3-Clause; learnt from ImageNet, whose terms allow research and teaching"

# model id → file, MiB, share of ImageNet's validation set right at first guess and in five
FILES: dict[str, tuple[str, float, float, float]] = {
    "alexnet": ("alexnet-owt-7be5be79.pth", 233.087, 0.56522, 0.79066),
    "googlenet": ("googlenet-1378be20.pth", 49.731, 0.69778, 0.89530),
    "mobilenet_v2": ("mobilenet_v2-b0353104.pth", 13.555, 0.71878, 0.90286),
    "resnet18": ("resnet18-f37072fd.pth", 44.661, 0.69758, 0.89078),
    "resnet34": ("resnet34-b627a593.pth", 83.275, 0.73314, 0.91420),
    "resnet50": ("resnet50-0676ba61.pth", 97.781, 0.76130, 0.92862),
    "resnet101": ("resnet101-63fe2227.pth", 170.511, 0.77374, 0.93546),
    "resnet152": ("resnet152-394f9c45.pth", 230.434, 0.78312, 0.94046),
    "squeezenet1_0": ("squeezenet1_0-b66bff10.pth", 4.778, 0.58092, 0.80420),
    "squeezenet1_1": ("squeezenet1_1-b8a52dc0.pth", 4.729, 0.58178, 0.80624),
    "vgg11": ("vgg11-8a719046.pth", 506.840, 0.69020, 0.88628),
    "vgg11_bn": ("vgg11_bn-6002323d.pth", 506.881, 0.70370, 0.89810),
    "vgg13": ("vgg13-19584684.pth", 507.545, 0.69928, 0.89246),
    "vgg13_bn": ("vgg13_bn-abd245e5.pth", 507.590, 0.71586, 0.90374),
    "vgg16": ("vgg16-397923af.pth", 527.796, 0.71592, 0.90382),
    "vgg16_bn": ("vgg16_bn-6c64b313.pth", 527.866, 0.73360, 0.91516),
    "vgg19": ("vgg19-dcbb9e9d.pth", 548.051, 0.72376, 0.90876),
    "vgg19_bn": ("vgg19_bn-c79401a0.pth", 548.143, 0.74218, 0.91842),
}

# torchvision brings these networks' input back to (p - 0.5)/0.5 in their first step
# (``transform_input``): they were learnt in TensorFlow. Here the input comes so at once.
HALVES = replace(IMAGENET_PHOTO, mean=(0.5, 0.5, 0.5), std=(0.5, 0.5, 0.5))
INPUTS = {"googlenet": HALVES}
NOTES = {"googlenet": "Learnt in TensorFlow; the auxiliary heads are as they came, unused."}


def official(model_id: str) -> Source | None:
    """torchvision's weights of a network, if it published any."""
    if model_id not in FILES:
        return None
    file, mib, top1, top5 = FILES[model_id]
    return Source(
        id="official",
        kind="official",
        title="torchvision",
        licence=LICENCE,
        homepage="https://docs.pytorch.org/vision/stable/models.html",
        note=NOTES.get(model_id),
        file=file,
        download_bytes=round(mib * MIB),
        sha256=file.removesuffix(".pth").rpartition("-")[2],
        input=INPUTS.get(model_id, IMAGENET_PHOTO),
        num_classes=1000,
        accuracy={"imagenet_top1": top1, "imagenet_top5": top5},
    )
