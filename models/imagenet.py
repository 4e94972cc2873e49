"""The 1,000 classes of ImageNet (ILSVRC 2012), in the order of every published network.

imagenet.txt has one a line: the WordNet id, then a short name from WordNet (Princeton
University, https://wordnet.princeton.edu), made distinct where two classes share it.
"""

from __future__ import annotations

from pathlib import Path

_LINES = (Path(__file__).parent / "imagenet.txt").read_text(encoding="utf-8").splitlines()

WORDNET_IDS: tuple[str, ...] = tuple(line.partition(" ")[0] for line in _LINES)
CLASSES: tuple[str, ...] = tuple(line.partition(" ")[2] for line in _LINES)
