"""The curves of a training, in a file that only grows: a JSON object a line."""

from __future__ import annotations

import csv
import io
import json
import threading
from pathlib import Path

from app.services.writing import replace

Values = dict[str, float | None]
Row = tuple[int, Values]

COLUMNS = (
    "epoch",
    "loss",
    "accuracy",
    "gradient_norm",
    "learning_rate",
    "test_loss",
    "test_accuracy",
    "images_per_second",
    "seconds",
)


class Curves:
    """Reads the rows of one file as they come; what was read before is remembered.

    Safe to use from several threads.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._rows: list[Row] = []
        self._read = 0  # bytes
        self._file: int | None = None  # its inode

    def after(self, step: int | None = None) -> list[Row]:
        """The rows behind a step; all by default."""
        with self._lock:
            self._update()
            return [row for row in self._rows if step is None or row[0] > step]

    def _update(self) -> None:
        try:
            stat = self._path.stat()
        except FileNotFoundError:
            self._rows, self._read, self._file = [], 0, None
            return
        if stat.st_ino != self._file or stat.st_size < self._read:
            self._rows, self._read, self._file = [], 0, stat.st_ino
        if stat.st_size > self._read:
            with self._path.open("rb") as file:
                file.seek(self._read)
                whole, end, _ = file.read().rpartition(b"\n")  # the last line may be in the making
            rows = map(_row, whole.splitlines())
            self._rows += [row for row in rows if row is not None]
            self._read += len(whole) + len(end)


def line(step: int, values: Values) -> bytes:
    """A row as a line of the file."""
    return json.dumps({"step": step, **values}).encode() + b"\n"


def cut(path: Path, step: int) -> None:
    """Drop the rows behind a step, and a line that was cut off."""
    rows = Curves(path).after()
    replace(path, b"".join(line(*row) for row in rows if row[0] <= step))


def columns(rows: list[Row]) -> dict[str, list[float | None]]:
    """The rows by name of the column; those that no row has are left out."""
    names = [name for name in COLUMNS if any(name in values for _, values in rows)]
    return {name: [values.get(name) for _, values in rows] for name in names}


def to_csv(rows: list[Row]) -> str:
    """The rows as a table with a head; empty where there is no number."""
    table = columns(rows)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["step", *table])
    for place, (step, _) in enumerate(rows):
        writer.writerow([step, *(column[place] for column in table.values())])
    return text.getvalue()


def _row(text: bytes) -> Row | None:
    """A line of the file; None for one that is empty or damaged."""
    try:
        values = json.loads(text)
        return int(values.pop("step")), values
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
