from __future__ import annotations

import platform
import subprocess
import sys

import pytest

from app.allocator import keep_pages

PAGES_TAKEN = """
import resource, numpy
from app.allocator import keep_pages
if {keep}:
    keep_pages(1 << 28)
for round in range(6):
    numpy.ones(4 << 20)
    if round == 1:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def faults(keep: bool) -> int:
    command = [sys.executable, "-c", PAGES_TAKEN.format(keep=keep)]
    return int(subprocess.run(command, capture_output=True, check=True, text=True).stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another allocator")
def test_the_pages_of_a_large_array_are_used_again() -> None:
    assert faults(keep=True) * 10 < faults(keep=False)


def test_other_allocators_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "libc_ver", lambda: ("", ""))
    assert not keep_pages(1)
