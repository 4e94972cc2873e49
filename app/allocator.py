"""Keep freed memory for the next large tensor.

glibc gives the pages of every large array back and takes new ones, zeroed by the kernel, for the
next: a forward pass of VGG-16 makes hundreds of megabytes of them. Elsewhere nothing is changed.
See mallopt(3).
"""

from __future__ import annotations

import ctypes
import platform

_TRIM_THRESHOLD, _MMAP_MAX = -1, -4  # names of malloc.h


def keep_pages(most: int) -> bool:
    """Hold at most ``most`` free bytes for later; whether this system's allocator does so."""
    if platform.libc_ver()[0] != "glibc":
        return False
    mallopt = ctypes.CDLL(None).mallopt
    return bool(mallopt(_MMAP_MAX, 0) and mallopt(_TRIM_THRESHOLD, most))
