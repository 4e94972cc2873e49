"""All trainings on disk: a folder each."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from app.schemas import TrainingRequest
from app.services.trainings.files import RECORD, Files
from app.services.trainings.record import Record
from app.services.trainings.trained import spec_of
from app.services.writing import replace

_NAME = re.compile(r"[0-9a-f]{8}")


class TrainingDiskError(RuntimeError):
    """The disk takes no more, or the budget for trainings is used up."""


def default_folder() -> Path:
    """convscope/trainings in the user's data directory: ``XDG_DATA_HOME``, else ~/.local/share."""
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data) / "convscope" / "trainings"


class Store:
    """The trainings in ``folder``, which may take up to ``most_bytes``."""

    def __init__(self, folder: Path, most_bytes: int) -> None:
        self.folder, self.most_bytes = folder, most_bytes

    def files(self, training_id: str) -> Files:
        """Where the files of a training are."""
        return Files(self.folder / training_id)

    def records(self) -> list[Record]:
        """What earlier runs of the server have left, the oldest first."""
        folders = self.folder.iterdir() if self.folder.is_dir() else ()
        found = [_read(each) for each in folders if _NAME.fullmatch(each.name)]
        return sorted((each for each in found if each is not None), key=lambda each: each.created)

    def put(self, record: Record, checkpoints: Mapping[int, bytes] | None = None) -> None:
        """Write a record; also ``checkpoints`` by step, the last of which is the newest.

        Raises TrainingDiskError.
        """
        files = self.files(record.id)
        try:
            files.checkpoints.mkdir(parents=True, exist_ok=True)
            for step, body in (checkpoints or {}).items():
                replace(files.checkpoint(step), body)
                replace(files.live, body)
            replace(files.record, record.model_dump_json().encode())
        except OSError as error:
            reason = error.strerror or error
            raise TrainingDiskError(f"The training cannot be kept: {reason}.") from error

    def remove(self, training_id: str) -> None:
        """Delete all files of a training."""
        folder = self.files(training_id).folder
        (folder / RECORD).unlink(missing_ok=True)  # first: without it nothing counts
        shutil.rmtree(folder, ignore_errors=True)

    def require(self, needed: int) -> None:
        """Raise TrainingDiskError unless so many bytes may be written."""
        used = Files(self.folder).size() if self.folder.is_dir() else 0
        if used + needed > self.most_bytes:
            raise TrainingDiskError(
                f"With this, trainings may take {_mib(needed)} more of disk; "
                f"{_mib(self.most_bytes)} are set aside for them, and {_mib(used)} are taken. "
                "Delete one, or raise CONVSCOPE_TRAINING_BYTES."
            )
        free = shutil.disk_usage(_existing(self.folder)).free
        if free < needed:
            raise TrainingDiskError(
                f"The disk is too full: with this, trainings may take {_mib(needed)} more, "
                f"{_mib(free)} are free in {self.folder}."
            )


def _read(folder: Path) -> Record | None:
    """A record; None for one that is damaged or of another version."""
    try:
        record = Record.model_validate_json((folder / RECORD).read_bytes())
        TrainingRequest.model_validate(record.request)
        spec_of(record)
    except (OSError, ValidationError, TypeError):
        return None
    return record


def _existing(folder: Path) -> Path:
    return next(each for each in (folder, *folder.parents) if each.exists())


def _mib(size: int) -> str:
    return f"{size / 2**20:,.0f} MiB"
