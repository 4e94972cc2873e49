"""The file of curves: it grows, and it is cut where a training goes on."""

from __future__ import annotations

from pathlib import Path

from app.services.trainings.metrics import Curves, Row, columns, cut, line, to_csv


def test_rows_are_read_as_they_come(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    curves = Curves(path)
    assert curves.after() == []
    path.write_bytes(line(1, {"loss": 2.0}))
    assert curves.after() == [(1, {"loss": 2.0})]
    with path.open("ab") as file:
        file.write(line(2, {"loss": None}) + b'{"step": 3, "lo')  # in the making
    assert curves.after(1) == [(2, {"loss": None})]
    with path.open("ab") as file:
        file.write(b'ss": 1}\n')
    assert [step for step, _ in curves.after()] == [1, 2, 3]


def test_a_cut_drops_what_lies_behind_the_step_and_a_broken_end(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    path.write_bytes(b"".join(line(step, {"loss": 1.0}) for step in range(1, 6)) + b'{"st')
    curves = Curves(path)
    assert len(curves.after()) == 5
    cut(path, 3)
    assert [step for step, _ in curves.after()] == [1, 2, 3]
    assert path.read_bytes().endswith(b"}\n")


def test_damaged_lines_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    path.write_bytes(b'\xff\n[1]\nnull\n{}\n{"step": "x"}\n\n' + line(4, {"loss": 1.0}))
    assert Curves(path).after() == [(4, {"loss": 1.0})]


def test_columns_are_as_long_as_the_steps() -> None:
    rows: list[Row] = [(1, {"loss": 2.0, "epoch": 0.1}), (5, {"loss": 1.0, "test_accuracy": 0.5})]
    assert columns(rows) == {
        "epoch": [0.1, None],
        "loss": [2.0, 1.0],
        "test_accuracy": [None, 0.5],
    }
    assert to_csv(rows) == "step,epoch,loss,test_accuracy\n1,0.1,2.0,\n5,,1.0,0.5\n"
