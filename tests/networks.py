"""The registered networks by what they take in: tests that need weights keep to the small ones."""

from __future__ import annotations

import models

DIGIT_NETWORKS = [
    name for name in models.names() if models.spec(name).input.preprocessing == "digit"
]
PHOTO_NETWORKS = [name for name in models.names() if name not in DIGIT_NETWORKS]
