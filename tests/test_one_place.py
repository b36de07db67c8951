"""What has one place in the code is written nowhere else: the clock, the names of files, the mark of texts, rules."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ccinsight import files

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src/ccinsight"
CODE = [ROOT / "app.py", *sorted((ROOT / "pages").rglob("*.py")), *sorted(SOURCE.rglob("*.py"))]


@pytest.mark.parametrize(
    ("home", "pattern"),
    [
        ("clock.py", r"\b(datetime|date)\.(now|today|utcnow)\(|ZoneInfo\("),
        (
            "files.py",
            r"(?<![a-z])\.(previous|key|lock|notes\.sqlite|building|importing|restoring|spilling|wal)\b[\"']",
        ),
        ("i18n.py", r"def N_\(|\bN_\b.* = "),
    ],
)
def test_only_one_module_says_it(home: str, pattern: str) -> None:
    found = {path for path in CODE if re.search(pattern, path.read_text("utf-8"))}
    assert found == {SOURCE / home}


@pytest.mark.parametrize(
    ("home", "pattern"),
    [
        # R12: in which period a status meeting is
        (
            "models/functions/date_functions.sql",
            r"held_on >= (\w\.)?period_start|planned_on <= (\w\.)?period_end",
        ),
        # R3: by when a new price must be announced
        ("models/functions/date_functions.sql", r"- (\w\.)?price_notice_days"),
    ],
)
def test_only_one_sql_file_says_it(home: str, pattern: str) -> None:
    found = {path for path in SOURCE.rglob("*.sql") if re.search(pattern, path.read_text("utf-8"))}
    assert found == {SOURCE / home}


def test_each_file_beside_a_database_has_its_own_name(tmp_path: Path) -> None:
    database = tmp_path / "ccinsight.duckdb"
    names = [
        getattr(files, name)(database)
        for name in vars(files)
        if name.endswith(("_file", "_folder")) and name not in {"own_rules_file", "spill_folder"}
    ]
    assert len(names) > 10
    assert len({database, *names}) == 1 + len(names)


def test_folders_and_links_of_processes_are_found_again(tmp_path: Path) -> None:
    database = tmp_path / "a{b}.duckdb"
    folder, link = files.spill_folder(database, 12), files.reading_link(database, (255, 16), 13)
    for path in (folder, link):
        path.touch()
    assert list(files.spill_folders(database)) == [(folder, 12)]
    assert list(files.reading_links(database)) == [(link, 13)]
