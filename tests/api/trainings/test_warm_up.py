"""The process from which trainings begin: only servers on which somebody looks at them have one."""

from __future__ import annotations

from unittest.mock import Mock

import pytest

from app.services.trainings import process
from tests.api.conftest import API, MakeClient
from tests.api.trainings.conftest import TINY


def test_it_is_there_for_those_who_look_at_trainings(
    make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    warm_up = Mock()
    monkeypatch.setattr(process, "warm_up", warm_up)
    client = make_client()
    client.get(f"{API}/models")
    assert warm_up.call_count == 0
    client.get(f"{API}/trainings")
    assert warm_up.call_count == 1
    client.post(f"{API}/trainings/checks", json=TINY)
    assert warm_up.call_count == 2
