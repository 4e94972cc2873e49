from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.wire.slicing import SliceError, parse_channels


@st.composite
def selections(draw: st.DrawFn) -> tuple[str, list[int], int]:
    """A text in the grammar, the channels that it means, and a channel count that has them."""
    edges = draw(st.lists(st.integers(0, 500), min_size=2, unique=True, max_size=12).map(sorted))
    pairs = [(edges[i], edges[i + 1] - 1) for i in range(0, len(edges) - 1, 2)]
    pairs = draw(st.permutations(pairs))
    text = ",".join(
        str(first) if first == last and draw(st.booleans()) else f"{first}-{last}"
        for first, last in pairs
    )
    channels = [channel for first, last in pairs for channel in range(first, last + 1)]
    return text, channels, max(channels) + 1 + draw(st.integers(0, 9))


@given(selections())
def test_the_channels_come_in_the_order_of_the_text(
    selection: tuple[str, list[int], int],
) -> None:
    text, channels, count = selection
    assert parse_channels(text, count) == channels


@given(st.text(max_size=12), st.integers(1, 40))
def test_any_text_gives_valid_channels_or_a_slice_error(text: str, count: int) -> None:
    try:
        channels = parse_channels(text, count)
    except SliceError:
        return
    assert channels
    assert len(set(channels)) == len(channels)
    assert all(0 <= channel < count for channel in channels)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "not like"),
        ("1-", "not like"),
        ("-1", "not like"),
        ("1,,2", "not like"),
        ("1 ,2", "not like"),
        ("٣", "not like"),
        ("0-4999999999", "not like"),
        ("5-3", "backwards"),
        ("32", "0 to 31"),
        ("0-999999999", "0 to 31"),
        ("1,0-2", "twice"),
    ],
)
def test_refusals_say_why(text: str, word: str) -> None:
    with pytest.raises(SliceError, match=word):
        parse_channels(text, 32)
