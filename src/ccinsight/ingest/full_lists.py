"""Full lists (``[import] full``, or ``--replace`` for one import): handles the rows that they lack.

Agreements and tickets that are gone stay stored: the model ``gone_rows`` finds them, and they no longer count. Rows of
the other exports that a whole list lacks are deleted.
"""

# ruff: noqa: S608 (names of our own exports)

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import duckdb

from ccinsight.database.build import deletes_many
from ccinsight.database.models import model_query
from ccinsight.errors import CcinsightError
from ccinsight.i18n import _, ngettext, number
from ccinsight.ingest.price_letters import spare_recorded
from ccinsight.registry import label_of

# The exports whose files cover days: of these the rows that are gone stay.
LASTING = frozenset({"agreements", "tickets"})


@dataclass(frozen=True)
class Gone:
    """Rows of an export that an import found gone; ``counts``: whether they count all the same."""

    export: str
    rows: int
    counts: bool


@dataclass(frozen=True)
class Shrunk:
    """An export whose new files hold fewer than half of the rows that they replace."""

    export: str
    new: int
    replaced: int

    def text(self) -> str:
        """Both numbers in a sentence, in the language in use."""
        rows = ngettext("{count} row", "{count} rows", self.new).format(count=number(self.new))
        return _("{export}: the new files hold {rows}, and replace {replaced}.").format(
            export=self.export, rows=rows, replaced=number(self.replaced)
        )


class ShrunkError(CcinsightError):
    """An import that replaces lists by much smaller ones; it goes on when it is confirmed."""

    def __init__(self, shrunk: Collection[Shrunk]) -> None:
        self.shrunk = tuple(shrunk)
        texts = " ".join(each.text() for each in self.shrunk)
        super().__init__(
            _(
                "{texts} That is fewer than half, so nothing was imported. If the files are "
                "complete, import them again with --yes."
            ).format(texts=texts)
        )


def count_replaced(before: duckdb.DuckDBPyConnection, names: Iterable[str]) -> dict[str, int]:
    """Export → the rows of the database before that a whole list takes the place of: those that aren't gone already."""
    return {
        name: _count(before, f"select count(*) from stored.{name} where true{spare_recorded(name)}")
        - _gone_before(before, name)
        for name in names
    }


def refuse_shrunk(connection: duckdb.DuckDBPyConnection, replaced: dict[str, int], first: int) -> None:
    """Raises ShrunkError where the files from number ``first`` on bring fewer than half of the rows replaced."""
    found = [
        Shrunk(
            name, _count(connection, f"select count(*) from stored.{name} where file_id >= {first:d}"), rows
        )
        for name, rows in replaced.items()
    ]
    if shrunk := [each for each in found if 2 * each.new < each.replaced]:
        raise ShrunkError(shrunk)


def drop_missing(connection: duckdb.DuckDBPyConnection, names: Iterable[str], first: int) -> dict[str, int]:
    """Deletes the rows of exports that whole lists, the files from ``first`` on, lack; gives how many of each."""
    dropped = {}
    for name in names:
        spared = spare_recorded(name)
        rows = _count(connection, f"delete from stored.{name} where file_id < {first:d}{spared}")
        connection.execute("delete from stored.rejects where export = ? and file_id < ?", [name, first])
        if rows:
            dropped[name] = rows
            deletes_many(connection)
    return dropped


def find_gone(connection: duckdb.DuckDBPyConnection) -> tuple[Gone, ...]:
    """The rows that the newest import of a build found gone."""
    rows = connection.execute(
        f"""
        with gone_rows as ({model_query("gone_rows")})

        select g.export, count(*) as rows, not bool_or(g.is_full) as counts
        from gone_rows as g
        where g.import_id = (select max(i.import_id) from stored.imports as i)
        group by g.export
        order by g.export
        """
    ).fetchall()
    return tuple(Gone(*row) for row in rows)


def gone_line(gone: Gone, *, in_words: bool = False) -> str:
    """What became of rows that are gone, in the language in use; ``in_words``: export and check by their labels."""
    text = (
        ngettext(
            "{export}: {count} earlier row is not in the new files, though they cover its day. "
            "It still counts; the check {check} names it. If the export is always "
            "complete, add it to full in the settings.",
            "{export}: {count} earlier rows are not in the new files, though they cover their "
            "days. They still count; the check {check} names them. If the export is "
            "always complete, add it to full in the settings.",
            gone.rows,
        )
        if gone.counts
        else ngettext(
            "{export}: {count} row is gone from the list. It is kept and no longer counts from today on; the check "
            "{check} names it.",
            "{export}: {count} rows are gone from the list. They are kept and no longer count from today on; the "
            "check {check} names them.",
            gone.rows,
        )
    )
    export, check = gone.export, "gone_from_list"
    if in_words:
        export, check = label_of("export", export), _("“{text}”").format(text=label_of("check", check))
    return text.format(export=export, check=check, count=number(gone.rows))


def dropped_line(export: str, rows: int) -> str:
    """How many rows a whole list lacked, in the language in use."""
    text = ngettext(
        "{export}: {count} row is gone from the list, and was deleted.",
        "{export}: {count} rows are gone from the list, and were deleted.",
        rows,
    )
    return text.format(export=export, count=number(rows))


def _gone_before(before: duckdb.DuckDBPyConnection, name: str) -> int:
    """Rows that are there and don't count. A database of an older version has none."""
    try:
        return _count(before, "select count(*) from model.gone_rows where is_full and export = ?", name)
    except duckdb.CatalogException:
        return 0


def _count(connection: duckdb.DuckDBPyConnection, statement: str, *values: object) -> int:
    return int(connection.execute(statement, list(values)).fetchall()[0][0])
