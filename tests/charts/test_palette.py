"""Colours can be read, and differ where they must."""

import pytest

from ccinsight.charts import Palette


def _luminance(colour: str) -> float:
    parts = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("palette", [Palette.light(), Palette.dark()], ids=["light", "dark"])
def test_colours_meet_wcag_aa(palette: Palette) -> None:
    for text in (palette.text, palette.muted):
        assert _contrast(text, palette.surface) >= 4.5
    for mark in (palette.accent, palette.warm, palette.grey, palette.will_renew, palette.open_lines):
        assert _contrast(mark, palette.surface) >= 3
    assert _contrast(palette.text, palette.accent_soft) >= 4.5


@pytest.mark.parametrize("palette", [Palette.light(), Palette.dark()], ids=["light", "dark"])
def test_statuses_differ_by_pattern_too(palette: Palette) -> None:
    markers = [palette.status_marker(status) for status in ("open", "will_renew", "ending")]
    assert len({marker.get("pattern", {}).get("shape", "") for marker in markers}) == 3
