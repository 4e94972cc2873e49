"""What trainings learn from, loaded; the last few data sets are kept."""

from __future__ import annotations

import threading

from app.schemas import DatasetInfo, TrainingRequest
from app.services import datasets
from app.services.datasets import DatasetMissingError, Material
from app.services.shelf import Shelf
from app.services.trainings import trained
from app.services.trainings.orders import Places
from app.services.trainings.record import Record

_BYTES = 512 * 1024**2


class Materials:
    """The data sets in ``places``. Safe to use from several threads."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._kept = Shelf[str, Material](_BYTES, least=1)
        self._lock = threading.Lock()

    def info(self, dataset_id: str) -> DatasetInfo:
        """What is known of a data set. Raises UnknownDatasetError, DatasetMissingError."""
        return datasets.info(dataset_id, self._places.data_dir, self._places.pictures_dir)

    def of(self, record: Record) -> Material:
        """The tensors of a training, on the processor.

        Raises DatasetMissingError, DatasetDamagedError, DatasetTooLargeError.
        """
        request, facts = record.request, record.facts
        key = f"{request['dataset']} {request.get('seed')} {facts.input}"
        with self._lock:  # two that ask at once do not load it twice
            found = self._kept.get(key)
            if found is None:
                found = self._load(record)
                size = sum(each.nbytes for each in (found.train, found.test))
                self._kept.put(key, found, size)
        _check_classes(record, found)
        return found

    def _load(self, record: Record) -> Material:
        request, places = TrainingRequest.model_validate(record.request), self._places
        return datasets.material(
            request.dataset,
            trained.input_of(record.facts),
            request.seed,
            places.data_dir,
            places.pictures_dir,
            places.cache_dir,
        )


def _check_classes(record: Record, material: Material) -> None:
    """The network may be from another machine, or the user's folder may have changed."""
    facts = record.facts
    if list(material.classes) != facts.classes:
        raise DatasetMissingError(
            f"{facts.dataset.title}: the classes on this machine are not those that the network "
            f"was trained on ({', '.join(facts.classes[:20])})."
        )
