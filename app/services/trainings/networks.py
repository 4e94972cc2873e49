"""The network of a training at any of its moments, ready to run."""

from __future__ import annotations

import threading

import torch

from app.services.activations import Runner
from app.services.catalog import Catalog, Loaded
from app.services.graph import Graph, describe
from app.services.trainings.run import Run
from app.services.trainings.trained import Moments, network_of, source_of, spec_of
from models.sources.loading import read
from models.weights import WeightsMissingError


class Networks:
    """Loads them: those in /models by the catalog, those of points (which are small) itself."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._graphs: dict[str, Graph] = {}  # by training
        self._lock = threading.Lock()

    def load(self, run: Run, step: int) -> Loaded:
        """The network after so many steps. Raises WeightsMissingError, WeightsError."""
        record, source = run.record, source_of(step)
        if record.model is not None:
            return self._catalog.get(record.model, source)
        moments = Moments(lambda: record, run.files)
        card = moments.card(source)
        if card is None or not moments.path(source).is_file():
            raise WeightsMissingError(f"The training has kept no weights of step {step}.")
        with torch.device("meta"):
            network = network_of(record)
        network.load_state_dict(read(moments.path(source), card.sha256), assign=True)
        network.eval().requires_grad_(False).to(self._catalog.device)
        graph = self._graph(run)
        return Loaded(spec_of(record), network, graph, Runner(network, graph), card, source)

    def macs(self, run: Run) -> int:
        """Multiply-adds for one picture."""
        if run.record.model is not None:
            return self._catalog.graph(run.record.model).macs
        return self._graph(run).macs

    def forget(self, run: Run) -> None:
        """Nobody will ask again."""
        if run.record.model is not None:
            self._catalog.drop(run.record.model)
        with self._lock:
            self._graphs.pop(run.record.id, None)

    def _graph(self, run: Run) -> Graph:
        with self._lock:
            graph = self._graphs.get(run.record.id)
        if graph is None:
            graph = describe(network_of(run.record), spec_of(run.record))
            with self._lock:
                self._graphs[run.record.id] = graph
        return graph
