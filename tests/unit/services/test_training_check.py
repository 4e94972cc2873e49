"""What a request for a training would come to."""

from __future__ import annotations

import pytest

from app.schemas import DataChoice, DatasetInfo, TrainingRequest
from app.services.training_check import MOST_BYTES, propose

COLOURS = DatasetInfo(
    id="cifar10", title="CIFAR-10", about="", source="", licence="", shape=[3, 32, 32],
    classes=list("abcdefghij"), train=50_000, test=10_000, models=["alexnet_small", "resnet18"],
)  # fmt: skip
PARAMETERS = 100_000_000


def request(model: str, batch: int | None = None) -> TrainingRequest:
    return TrainingRequest(model=model, dataset=DataChoice(id="cifar10"), batch=batch)


@pytest.mark.parametrize(("model", "batch"), [("alexnet_small", 128), ("resnet18", 32)])
def test_a_batch_that_nobody_asked_for_fits_into_memory(model: str, batch: int) -> None:
    proposal = propose(request(model), COLOURS, PARAMETERS)
    assert proposal.problems == []
    assert proposal.request.batch == proposal.config.batch == batch


def test_a_batch_that_was_asked_for_is_refused_where_it_does_not_fit() -> None:
    proposal = propose(request("resnet18", 4096), COLOURS, PARAMETERS)
    assert [each.field for each in proposal.problems] == ["batch"]
    assert proposal.request.batch == 4096
    assert f"at most {MOST_BYTES / 2**30:.0f} GiB" in proposal.problems[0].detail
