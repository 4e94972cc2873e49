"""Training networks: a plain generator of events, which knows nothing of servers or files."""

from app.services.training.config import Config
from app.services.training.controls import Controls
from app.services.training.events import (
    Evaluation,
    Event,
    Finished,
    Moment,
    Row,
    Started,
    Step,
    Updated,
)
from app.services.training.loop import train
from app.services.training.network import build
from app.services.training.recipes import complete
from app.services.training.state import State

__all__ = [
    "Config",
    "Controls",
    "Evaluation",
    "Event",
    "Finished",
    "Moment",
    "Row",
    "Started",
    "State",
    "Step",
    "Updated",
    "build",
    "complete",
    "train",
]
