"""The ten classes of CIFAR-10 (Krizhevsky 2009), in the order of its labels."""

from __future__ import annotations

CLASSES = (
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
)  # fmt: skip
