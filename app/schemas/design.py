"""Networks that are put together from a list of layers."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Units = Annotated[int, Field(ge=1, le=4096)]
Kernel = Annotated[int, Field(ge=1, le=15)]
Stride = Annotated[int, Field(ge=1, le=8)]
Padding = Annotated[int, Field(ge=0, le=7)] | Literal["same"]
ActivationName = Literal[
    "relu", "leaky_relu", "elu", "gelu", "silu", "sigmoid", "tanh", "scaled_tanh", "step", "linear"
]


class _Layer(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class ConvLayer(_Layer):
    """A convolution; ``padding`` "same" keeps the size where the stride is 1."""

    type: Literal["conv"] = "conv"
    channels: Units
    kernel: Kernel = 3
    stride: Stride = 1
    padding: Padding = 0
    bias: bool = True


class PoolLayer(_Layer):
    """The largest, mean or smallest value of each window. ``stride`` null: the kernel's size."""

    type: Literal["pool"] = "pool"
    kind: Literal["max", "average", "min"] = "max"
    kernel: Kernel = 2
    stride: Stride | None = None
    padding: Annotated[int, Field(ge=0, le=7)] = 0


class ActivationLayer(_Layer):
    """A non-linearity; "step" is a threshold unit (1 where the sum is positive, else 0)."""

    type: Literal["activation"] = "activation"
    name: ActivationName = "relu"


class BatchNormLayer(_Layer):
    """Batch normalization (Ioffe and Szegedy 2015)."""

    type: Literal["batch_norm"] = "batch_norm"


class DropoutLayer(_Layer):
    """Dropout (Srivastava et al. 2014); whole maps behind convolutions where ``maps``."""

    type: Literal["dropout"] = "dropout"
    probability: Annotated[float, Field(ge=0, lt=1)] = 0.5
    maps: bool = False


class ResponseNormLayer(_Layer):
    """Local response normalization (Krizhevsky et al. 2012)."""

    type: Literal["response_norm"] = "response_norm"
    size: Annotated[int, Field(ge=1, le=64)] = 5
    alpha: Annotated[float, Field(gt=0, le=10)] = 1e-4
    beta: Annotated[float, Field(gt=0, le=10)] = 0.75
    k: Annotated[float, Field(gt=0, le=10)] = 2.0


class DenseLayer(_Layer):
    """A dense layer; what it reads is flattened."""

    type: Literal["dense"] = "dense"
    units: Units
    bias: bool = True


class GlobalPoolLayer(_Layer):
    """The mean of each map."""

    type: Literal["global_pool"] = "global_pool"


class ResidualLayer(_Layer):
    """A basic block of ResNet (He et al. 2016): two 3×3 convolutions and a way around them."""

    type: Literal["residual"] = "residual"
    channels: Units
    stride: Stride = 1


DesignLayer = Annotated[
    ConvLayer
    | PoolLayer
    | ActivationLayer
    | BatchNormLayer
    | DropoutLayer
    | ResponseNormLayer
    | DenseLayer
    | GlobalPoolLayer
    | ResidualLayer,
    Field(discriminator="type"),
]


class Design(BaseModel):
    """The layers between input and answer, in order.

    The last dense layer, with one unit a class (points: one unit), is added behind them.
    """

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=60)] = "My network"
    layers: Annotated[list[DesignLayer], Field(max_length=64)]


class DesignPreset(BaseModel):
    """A row of ``GET /designs``: a network to begin with. ``datasets``: those that it suits."""

    id: str
    title: str
    about: str
    datasets: list[str]
    design: Design
