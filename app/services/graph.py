"""What a network is made of: layers, shapes, connections, receptive fields, stages."""

from __future__ import annotations

from dataclasses import dataclass

from torch import fx, nn

from app.schemas import LayerInfo, StageInfo
from models import ModelSpec


class UnknownLayerError(LookupError):
    """No layer has this id; ``valid`` lists those that exist, ``nearest`` the most similar."""

    def __init__(self, layer: str, valid: list[str]) -> None:
        raise NotImplementedError


@dataclass(frozen=True)
class Graph:
    """One network's layers and stages, in the order in which they are computed.

    ``modules`` maps a layer id to the module that does its work (a functional call gets the
    module that does the same), ``traced`` is the torch.fx program behind it.
    """

    model: str
    layers: list[LayerInfo]
    stages: list[StageInfo]
    parameters: int
    macs: int
    modules: dict[str, nn.Module]
    traced: fx.GraphModule

    @property
    def output(self) -> str:
        """The id of the last layer: its values are the logits."""
        raise NotImplementedError

    def layer(self, layer_id: str) -> LayerInfo:
        """One layer. Raises UnknownLayerError."""
        raise NotImplementedError

    def stage(self, stage_id: str) -> StageInfo:
        """One stage. Raises UnknownLayerError."""
        raise NotImplementedError


def trace(network: nn.Module) -> fx.GraphModule:
    """The network as a torch.fx program without in-place operations."""
    raise NotImplementedError


def describe(network: nn.Module, spec: ModelSpec) -> Graph:
    """The graph of a network; its weights do not matter."""
    raise NotImplementedError
