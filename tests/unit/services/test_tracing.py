"""torch.fx patches nn.Module in the whole process while it traces; others must not notice."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from torch import nn

import models
from app.services.graph import describe
from app.services.tracing import trace
from tests.networks import DIGIT_NETWORKS


class Meeting(nn.Module):
    """Its forward waits until another network has run in another thread."""

    def __init__(self, tracing: threading.Event, other_ran: threading.Event) -> None:
        super().__init__()
        self.inner = nn.ReLU()
        self.tracing, self.other_ran = tracing, other_ran

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.tracing.set()
        assert self.other_ran.wait(30)
        return self.inner(x)  # type: ignore[no-any-return]


def test_another_thread_runs_its_network_while_one_is_traced() -> None:
    tracing, other_ran = threading.Event(), threading.Event()
    network = models.create("lenet5").eval()
    expected = network(torch.zeros(1, 1, 32, 32))
    with ThreadPoolExecutor(1) as pool:
        traced = pool.submit(trace, Meeting(tracing, other_ran))
        assert tracing.wait(30)
        found = network(torch.zeros(1, 1, 32, 32))
        other_ran.set()
        assert len(traced.result(30).graph.nodes) == 3
    assert torch.equal(found, expected)


@pytest.mark.parametrize("round_", range(3))
def test_graphs_of_several_networks_at_once(round_: int) -> None:
    call = nn.Module.__call__
    with ThreadPoolExecutor(8) as pool:
        jobs = [
            pool.submit(describe, models.create(name), models.spec(name))
            for name in DIGIT_NETWORKS * 2
        ]
        graphs = [job.result(60) for job in jobs]
    assert [graph.model for graph in graphs] == DIGIT_NETWORKS * 2
    assert nn.Module.__call__ is call
