"""What a network in training says of one picture."""

from __future__ import annotations

from pydantic import BaseModel


class AnswersOverTime(BaseModel):
    """``POST /models/{model}/answers``: ``probabilities[i][class]`` after ``steps[i]`` steps."""

    classes: list[str]
    steps: list[int]
    probabilities: list[list[float]]
