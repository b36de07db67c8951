"""Files and functions stay small: Python files at most 400 lines, functions 50, SQL files 120."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PYTHON = [*sorted((ROOT / "src").rglob("*.py")), *sorted((ROOT / "pages").glob("*.py")), ROOT / "app.py"]
SQL = sorted((ROOT / "src").rglob("*.sql"))
MOST_LINES, MOST_FUNCTION_LINES, MOST_SQL_LINES = 400, 50, 120


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _over(paths: list[Path], most: int) -> set[str]:
    return {_name(path) for path in paths if len(path.read_text(encoding="utf-8").splitlines()) > most}


def _functions(text: str) -> Iterator[tuple[str, int]]:
    """The name and the number of lines of each function, its decorators left out."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            assert node.end_lineno is not None
            yield node.name, node.end_lineno - node.lineno + 1


def test_python_files_are_small() -> None:
    assert not _over(PYTHON, MOST_LINES)


def test_sql_files_are_small() -> None:
    assert not _over(SQL, MOST_SQL_LINES)


def test_functions_are_short() -> None:
    found = {
        f"{_name(path)}: {name}"
        for path in PYTHON
        for name, lines in _functions(path.read_text(encoding="utf-8"))
        if lines > MOST_FUNCTION_LINES
    }
    assert not found


def test_lines_of_a_function_are_counted() -> None:
    text = "@decorated\ndef one(\n    a,\n):\n    pass\n\nasync def two(): ...\n"
    assert dict(_functions(text)) == {"one": 4, "two": 1}
