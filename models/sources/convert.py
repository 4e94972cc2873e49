"""From the names in a published file to a network's own.

The networks are imported when needed: a network registers itself as it is imported, and the
order of the folder shall stay the order of the list.
"""

from __future__ import annotations

from models.sources.source import State

_KERNEL = "functional_1/{name}_1/convolution/ReadVariableOp:0"  # O, I, kH, kW
_BIAS = "functional_1/{name}_1/Squeeze:0"


def unchanged(state: State) -> State:
    """For files with torchvision's names."""
    return state


def efficientnet_lite(state: State) -> State:
    """For the published file of EfficientNet-Lite0. Raises KeyError."""
    from models.efficientnet_lite import from_published  # noqa: PLC0415

    return from_published(state)


def keras_vgg16(state: State) -> State:
    """The thirteen convolutions of Keras's VGG-16 from an ONNX graph of it. Raises KeyError."""
    from models.vgg import KERAS_NAMES  # noqa: PLC0415

    kernels = {
        f"{ours}.weight": state[_KERNEL.format(name=name)] for name, ours in KERAS_NAMES.items()
    }
    biases = {f"{ours}.bias": state[_BIAS.format(name=name)] for name, ours in KERAS_NAMES.items()}
    return kernels | biases
