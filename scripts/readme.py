"""Write the tables of README.md from the program: ``python -m scripts.readme``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import models
from app.config import Settings
from models import weights

README = Path(__file__).parents[1] / "README.md"
MIB = 1024 * 1024


def settings_table() -> str:
    """Every setting of app.config."""
    lines = ["| variable | default | what |", "| --- | --- | --- |"]
    for name, field in Settings.model_fields.items():
        variable, value = f"CONVSCOPE_{name.upper()}", _shown(field.default)
        lines.append(f"| `{variable}` | {value} | {field.description} |")
    return "\n".join(lines)


def networks_table() -> str:
    """The networks for digits with their size and the accuracy that index.toml promises."""
    lines = ["| id | network | parameters | MNIST test digits |", "| --- | --- | --- | --- |"]
    for model_id in models.names():
        card, shipped = models.spec(model_id), weights.shipped().get(model_id)
        if shipped is None or card.input.kind != "digit":
            continue
        count = sum(weight.numel() for weight in models.create(model_id).parameters())
        share = shipped.accuracy["mnist_test"]
        lines.append(f"| `{model_id}` | {card.title}. {card.about} | {count:,} | {share:.2%} |")
    return "\n".join(lines)


def photo_networks_table() -> str:
    """The networks for photographs with their stated sizes."""
    lines = ["| id | network | parameters | multiply-adds |", "| --- | --- | --- | --- |"]
    for card in map(models.spec, models.names()):
        if card.input.preprocessing == "photo" and card.parameters and card.macs:
            size = f"{card.parameters / 1e6:.1f} M | {card.macs / 1e9:.2f} G"
            lines.append(f"| `{card.id}` | {card.title}. {card.about} | {size} |")
    return "\n".join(lines)


def ours_table() -> str:
    """What index.toml says of AlexNet, small, beside the same network untrained."""
    card = weights.shipped()["alexnet_small"]
    measured = card.features
    right, probe = card.accuracy["cifar10_test"], "probe_cifar10"
    rows = (
        ("CIFAR-10 test pictures named rightly", f"{right:.1%} | –"),
        (
            "first kernels that are edges or blobs of colour (60% of their energy is explained)",
            f"{measured['gabor_or_blob']:.1%} | {measured['gabor_or_blob_untrained']:.1%}",
        ),
        (
            "CIFAR-10 test pictures named rightly by a linear probe of conv5",
            f"{measured[probe]:.1%} | {measured[f'{probe}_untrained']:.1%}",
        ),
    )
    lines = [f"| {what} | {figures} |" for what, figures in rows]
    return "\n".join(["| `alexnet_small` | ours | untrained |", "| --- | --- | --- |", *lines])


TABLES: dict[str, Callable[[], str]] = {
    "settings": settings_table,
    "networks": networks_table,
    "photo networks": photo_networks_table,
    "ours": ours_table,
}


def filled(text: str) -> str:
    """The README with each table between its two marks as it has to be."""
    for name, table in TABLES.items():
        start, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
        head, found, rest = text.partition(start)
        _, closed, tail = rest.partition(end)
        if not found or not closed:
            raise ValueError(f"README.md lacks {start.strip()} or {end}")
        text = f"{head}{start}{table()}\n{end}{tail}"
    return text


def _shown(value: object) -> str:
    """A default; whole numbers of MiB also as such."""
    if value is None:
        return ""
    if isinstance(value, int) and value >= MIB and value % MIB == 0:
        return f"`{value}` ({value // MIB} MiB)"
    return f"`{value}`"


if __name__ == "__main__":
    README.write_text(filled(README.read_text(encoding="utf-8")), encoding="utf-8")
