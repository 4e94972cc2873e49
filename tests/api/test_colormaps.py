from __future__ import annotations

from app.schemas import ColorMap
from tests.api.conftest import API, Client


def test_defaults_come_first(client: Client) -> None:
    maps = [ColorMap.model_validate(row) for row in client.get(f"{API}/colormaps").json()]
    assert all(len(bytes.fromhex(colormap.lut)) == 768 for colormap in maps)
    kinds = {(colormap.theme, colormap.kind) for colormap in maps}
    assert len(kinds) == 4
