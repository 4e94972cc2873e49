"""How a training is told in words, for cards."""

from __future__ import annotations

from typing import Any

from app.services.trainings.record import Record

_OPTIMIZERS = {
    "sgd": "SGD",
    "momentum": "SGD with momentum",
    "nesterov": "SGD with Nesterov's momentum",
    "adagrad": "AdaGrad",
    "rmsprop": "RMSProp",
    "adadelta": "AdaDelta",
    "adam": "Adam",
    "adamw": "AdamW",
    "perceptron": "the perceptron's rule",
}
_SCHEDULES = {
    "constant": "a constant learning rate of {}",
    "step": "a learning rate of {} that falls in steps",
    "cosine": "a learning rate that falls from {} along a cosine",
    "one_cycle": "a one-cycle learning rate up to {}",
    "range": "a range test around {}",
}


def recipe(record: Record) -> str:
    """How the network was trained, in one sentence without a full stop."""
    request, standing = record.request, record.standing
    if record.facts.uploaded:
        return f"uploaded; trained elsewhere for {standing.step:,} steps: {_how(request)}"
    done = f"{standing.epoch:.3g} epochs" if standing.step else "not yet"
    return f"{done}, {_how(request)}"


def about(record: Record) -> str:
    """One sentence on what the network is."""
    return f"{record.facts.about} Trained on {record.facts.dataset.title} with this program."


def _how(request: dict[str, Any]) -> str:
    optimizer, schedule = request["optimizer"], request["schedule"]
    rate = _SCHEDULES[schedule["name"]].format(f"{optimizer['learning_rate']:g}")
    parts = [
        f"batches of {request['batch']}",
        f"{_OPTIMIZERS[optimizer['name']]} (weight decay {optimizer['decay']:g}) with {rate}",
        *_regularisation(request),
        f"seed {request['seed']}",
    ]
    return ", ".join(parts)


def _regularisation(request: dict[str, Any]) -> list[str]:
    parts = []
    changes = [name for name, value in request["augmentation"].items() if value]
    if changes:
        parts.append(f"augmentation ({', '.join(changes)})")
    if request.get("dropout") is not None:
        parts.append(f"dropout {request['dropout']:g}")
    if request.get("label_smoothing"):
        parts.append(f"label smoothing {request['label_smoothing']:g}")
    if request.get("ema_decay"):
        parts.append(f"weights averaged with decay {request['ema_decay']:g}")
    data = request["dataset"]
    if data["share"] < 1:
        parts.append(f"{data['share']:.3g} of the training pictures")
    if data["shuffled"]:
        parts.append(f"{data['shuffled']:.3g} of the labels shuffled")
    return parts
