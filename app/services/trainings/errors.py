"""What may be wrong with a call about a training."""

from __future__ import annotations


class UnknownTrainingError(LookupError):
    """No training has this id."""

    def __init__(self, training_id: str, valid: list[str]) -> None:
        self.valid = valid
        super().__init__(f"No training is named {training_id[:40]!r}; it may have been deleted.")


class TrainingStateError(RuntimeError):
    """The training's state does not allow what was asked."""

    def __init__(self, state: str, detail: str) -> None:
        self.state = state
        super().__init__(f"The training is {state}: {detail}")
