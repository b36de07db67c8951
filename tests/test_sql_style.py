"""What sqlfluff can't hold of the SQL's style: a comma after the last column of a select with a column a line, and
100 columns in the SQL of the import, which it can't parse.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SQL = [
    *(ROOT / "src/ccinsight/models").rglob("*.sql"),
    *(ROOT / "src/ccinsight/reports").glob("*.sql"),
]
ALL_SQL = sorted((ROOT / "src").rglob("*.sql"))
_SELECT = re.compile(r"( *)select(?: distinct)?")


def without_comma(text: str) -> list[int]:
    """The numbers of the lines that end a select's columns without a comma."""
    lines = text.splitlines()
    found = []
    for number, line in enumerate(lines):
        if (select := _SELECT.fullmatch(line.split("  --")[0])) is None:
            continue
        inner = select.group(1) + "    "
        last = number
        while last + 1 < len(lines) and (lines[last + 1].startswith(inner) or not lines[last + 1].strip()):
            last += 1
        while not lines[last].strip():
            last -= 1
        if not lines[last].split("  --")[0].endswith(","):
            found.append(last + 1)
    return found


@pytest.mark.parametrize("path", SQL, ids=lambda path: path.stem)
def test_last_column_has_a_comma(path: Path) -> None:
    assert without_comma(path.read_text(encoding="utf-8")) == []


def test_lines_have_at_most_100_columns() -> None:
    long_lines = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in ALL_SQL
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if len(line) > 100
    ]
    assert {path.parent.name for path in ALL_SQL} >= {"prices", "reports", "schema", "sql", "values"}
    assert long_lines == []


def test_missing_commas_are_found() -> None:
    text = "with a as (\n    select\n        b,\n        c\n    from d\n)\n\nselect\n    case\n    end as e,\nfrom a\n"
    assert without_comma(text) == [4]
