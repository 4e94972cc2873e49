"""What a training of 2-D points begins with: its points, and the weights before the first step."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from app.schemas import TrainingProblem, TrainingRequest
from app.services import datasets, design
from app.services.datasets import points
from app.services.training import Config, build, complete


class PreviewError(ValueError):
    """There is nothing to begin with: in words, and the ``field`` of the request."""

    def __init__(self, problem: TrainingProblem) -> None:
        super().__init__(problem.detail)
        self.field = problem.field


@dataclass(frozen=True)
class Preview:
    """Points to learn from and to test with, and the network's state dict."""

    train: points.Points
    test: points.Points
    weights: dict[str, Tensor]


def preview(request: TrainingRequest) -> Preview:
    """The beginning of exactly the training that the request would start.

    Raises PreviewError for other data than points and for layers that cannot be.
    """
    if request.dataset.id != "points":
        raise _error("dataset.id", "Only trainings of points have a preview.")
    if request.design is None:
        raise _error("design", "Points need a network of dense layers: name them in design.")
    info = datasets.info("points")
    shape = tuple(info.shape)
    _, problems = design.check(request.design, shape, 1)
    if problems:
        raise PreviewError(problems[0])
    config = Config.of(complete(request, info))
    network, spec = build(config, info)
    material = datasets.material(config.data, spec.input, config.seed)
    return Preview(
        _points(material.train, material.labels),
        _points(material.test, material.test_labels),
        network.state_dict(),
    )


def _points(places: Tensor, labels: Tensor) -> points.Points:
    return points.Points(places[:, :, 0, 0], labels)


def _error(field: str, detail: str) -> PreviewError:
    return PreviewError(TrainingProblem(field=field, detail=detail))
