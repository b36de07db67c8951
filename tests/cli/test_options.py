"""Dates and files as the command line takes them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ccinsight.cli.options import config_file, parse_day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-01", date(2026, 3, 1)),
        ("01.03.2026", date(2026, 3, 1)),
        ("1.3.2026", date(2026, 3, 1)),
        ("2024-02-29", date(2024, 2, 29)),
        ("2026-02-29", None),
        ("2026-3-1", None),
        ("03/01/2026", None),
        ("20260301", None),
        ("2026-03-01T00:00", None),
        ("0000-01-01", None),
        ("٢٠٢٦-٠٣-٠١", None),
        ("today", None),
        ("", None),
    ],
)
def test_a_day_is_iso_or_norwegian(text: str, day: date | None) -> None:
    assert parse_day(text) == day


def test_settings_in_the_working_folder_count_where_none_are_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert config_file(None) is None
    Path("ccinsight.toml").touch()
    assert config_file(None) == Path("ccinsight.toml")
    assert config_file(Path("other.toml")) == Path("other.toml")
