"""Top pictures: the real pictures that drive each unit most."""

from __future__ import annotations

from pydantic import BaseModel, Field

from app.schemas.networks import LayerInfo
from app.schemas.neuron import Box
from app.schemas.passes import WeightsRef


class PictureSet(BaseModel):
    """Pictures that a network can be scanned with.

    ``id``: "mnist-test", "mnist-train" (digit networks), "gallery", "folder" (photographs;
    CONVSCOPE_PICTURES_DIR). ``scanned``: how many of them are scanned for the network asked
    about, in all layers. ``job`` is that of a scan going on.
    """

    id: str
    pictures: int
    scanned: int
    job: str | None = None


class ScanRequest(BaseModel):
    """``POST /models/{model}/top-pictures``: scan one set, in all layers unless some are named."""

    set: str = Field(max_length=40)
    layers: list[str] | None = Field(default=None, min_length=1, max_length=2000)


class ChannelRange(BaseModel):
    """What one channel did on all pictures of a set.

    ``largest``: the largest value of any position of any picture; ``largest_mean``: the largest
    mean over a map (the same in dense layers); ``zero_share``: the share of exact zeros.
    """

    channel: int
    smallest: float
    largest: float
    largest_mean: float
    mean: float
    zero_share: float


class LayerTops(BaseModel):
    """``GET /models/{model}/layers/{layer}/top-pictures``: every channel's range, in order."""

    model: str
    layer: str
    weights: WeightsRef
    set: str
    pictures: int
    channels: list[ChannelRange]


class Histogram(BaseModel):
    """Counts of values over all positions and pictures; ``edges`` has one entry more.

    Outer bins take in what lies beyond. Zeros are counted in the bin that holds 0.
    """

    edges: list[float]
    counts: list[int]


class TopPicture(BaseModel):
    """A picture and where in it the unit answers most.

    ``box`` is the receptive field of the position (y, x) in pixels of the network's input,
    clipped to it; ``label`` is the digit's, where the set has labels. ``image`` is the whole
    picture as the network sees it, ``crop`` its part in the box (PNG).
    """

    rank: int
    name: str
    label: str | None = None
    value: float
    y: int | None = None
    x: int | None = None
    box: Box
    image: str
    crop: str


class UnitTops(BaseModel):
    """``GET /models/{model}/layers/{layer}/units/{channel}/top-pictures``: best first.

    ``range`` and ``histogram`` are over every picture of the set.
    """

    model: str
    layer: str
    channel: int
    weights: WeightsRef
    set: str
    pictures: int
    range: ChannelRange
    histogram: Histogram
    top: list[TopPicture]


class LinkedUnit(BaseModel):
    """A channel that this one reads, or that reads it, and how strongly.

    ``weight`` is the signed sum of the kernel between the two, ``norm`` its Euclidean norm.
    """

    layer: str
    channel: int
    weight: float
    norm: float


class UnitCard(BaseModel):
    """``GET /models/{model}/layers/{layer}/units/{channel}``: what is known of one unit.

    ``weighted_layer`` is the layer with its kernel (conv1 for relu1; null for a pool).
    ``before``: the channels it reads, strongest first; ``after``: those of the next weighted
    layers that read it most. ``kernel`` is the href of its filter tensor.
    """

    model: str
    weights: WeightsRef
    layer: LayerInfo
    channel: int
    class_label: str | None = None
    weighted_layer: str | None = None
    kernel: str | None = None
    kernel_shape: list[int] | None = None
    bias: float | None = None
    before: list[LinkedUnit]
    after: list[LinkedUnit]
    previous: int | None = None
    next: int | None = None
