"""The wire contract: every request, response and event as a pydantic model.

Layer ids are the names of ``torch.nn.Module.named_modules()``, plus ``input``. Shapes are
C, H, W, or C for dense layers. Pixel coordinates are those of the network's input tensor.
"""

from __future__ import annotations

from app.schemas.filters import (
    FiltersSummary,
    FilterSummary,
    InputChannelNorm,
)
from app.schemas.jobs import (
    Job,
    JobAccepted,
    JobChange,
    JobProgress,
    Problem,
)
from app.schemas.maximize import (
    Maximization,
    MaximizationAccepted,
    MaximizationRequest,
    MaximizedPicture,
    Reference,
)
from app.schemas.networks import (
    InputInfo,
    LayerInfo,
    ModelDetail,
    ModelSummary,
    ReceptiveField,
    Role,
    StageInfo,
    WeightsInfo,
    WeightsSource,
)
from app.schemas.neuron import (
    Box,
    Neuron,
    Patch,
    Source,
    Step,
)
from app.schemas.passes import (
    ClassScore,
    LayerStats,
    LiveHeader,
    LiveLayer,
    PassInfo,
    PictureFrame,
    Prediction,
    Predictions,
    WeightsRef,
)
from app.schemas.pictures import (
    ColorMap,
    GalleryPicture,
    Neighbour,
    Neighbours,
    Sample,
)
from app.schemas.tops import (
    ChannelRange,
    Histogram,
    LayerTops,
    LinkedUnit,
    PictureSet,
    ScanRequest,
    TopPicture,
    UnitCard,
    UnitTops,
)

__all__ = [
    "Box",
    "ChannelRange",
    "ClassScore",
    "ColorMap",
    "FilterSummary",
    "FiltersSummary",
    "GalleryPicture",
    "Histogram",
    "InputChannelNorm",
    "InputInfo",
    "Job",
    "JobAccepted",
    "JobChange",
    "JobProgress",
    "LayerInfo",
    "LayerStats",
    "LayerTops",
    "LinkedUnit",
    "LiveHeader",
    "LiveLayer",
    "Maximization",
    "MaximizationAccepted",
    "MaximizationRequest",
    "MaximizedPicture",
    "ModelDetail",
    "ModelSummary",
    "Neighbour",
    "Neighbours",
    "Neuron",
    "PassInfo",
    "Patch",
    "PictureFrame",
    "PictureSet",
    "Prediction",
    "Predictions",
    "Problem",
    "ReceptiveField",
    "Reference",
    "Role",
    "Sample",
    "ScanRequest",
    "Source",
    "StageInfo",
    "Step",
    "TopPicture",
    "UnitCard",
    "UnitTops",
    "WeightsInfo",
    "WeightsRef",
    "WeightsSource",
]
