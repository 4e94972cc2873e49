"""What a process tells, entered into the record of its training."""

from __future__ import annotations

from app.services.trainings import messages
from app.services.trainings.record import Checkpoint, Record

# After these the record is written: a server that is killed still knows them.
LASTING = (messages.Begun, messages.Kept, messages.Changed, messages.Ended)

_LIMIT = "It took as long as a training may take here, and was ended."


def entered(record: Record, message: messages.Message) -> Record:
    """The record as it is after a message."""
    match message:
        case messages.Begun():
            record = _begun(record, message)
        case messages.Reported():
            record = _reported(record, message)
        case messages.Tested():
            record = _tested(record, message)
        case messages.Kept():
            record = _kept(record, message.checkpoint)
        case messages.Changed():
            record = _stand(record, changes=message.changes)
            record = record.model_copy(update={"pending": {}})
        case messages.Ended():
            record = _ended(record, message)
    return record


def _begun(record: Record, message: messages.Begun) -> Record:
    """What lies behind the step that it goes on from is forgotten: it comes again."""
    begun = _stand(
        record,
        step=message.step,
        steps=message.steps,
        steps_per_epoch=message.steps_per_epoch,
        epoch=message.step / message.steps_per_epoch,
        device=message.device,
        precision=message.precision,
        diverged=None,
        stopped_early=False,
    )
    kept = [each for each in record.checkpoints if each.step <= message.step]
    return begun.model_copy(update={"checkpoints": kept})


def _reported(record: Record, message: messages.Reported) -> Record:
    return _stand(
        record,
        step=message.step,
        steps=message.steps,
        epoch=message.epoch,
        learning_rate=message.rate,
        loss=message.loss,
        accuracy=message.accuracy,
        images_per_second=message.images_per_second,
        seconds=message.seconds,
        live=message.live,
        update=message.update,
    )


def _tested(record: Record, message: messages.Tested) -> Record:
    best = max(record.standing.best_test_accuracy or 0.0, message.accuracy)
    return _stand(
        record, test_loss=message.loss, test_accuracy=message.accuracy, best_test_accuracy=best
    )


def _kept(record: Record, checkpoint: Checkpoint) -> Record:
    others = [each for each in record.checkpoints if each.step != checkpoint.step]
    merged = sorted([*others, checkpoint], key=lambda each: each.step)
    attempts = record.attempts if checkpoint.step == 0 else 0
    stood = _stand(record, step=max(checkpoint.step, record.standing.step))
    return stood.model_copy(update={"checkpoints": merged, "attempts": attempts})


def _ended(record: Record, message: messages.Ended) -> Record:
    ended = _stand(
        record,
        step=message.step,
        stopped_early=message.reason == "early",
        diverged=message.step if message.reason == "diverged" else None,
        suggested_rate=message.suggested_rate,
    )
    return ended.model_copy(update={"error": _LIMIT}) if message.reason == "limit" else ended


def _stand(record: Record, **update: object) -> Record:
    standing = record.standing.model_copy(update=update)
    return record.model_copy(update={"standing": standing})
