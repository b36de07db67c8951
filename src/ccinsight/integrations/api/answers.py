"""Answers a program's query with what its reader may see: the rows of a report as a file, and the tag they go by."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus

import pyarrow as pa

from ccinsight import __version__
from ccinsight.access import Reader
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.errors import UsageError
from ccinsight.i18n import _, language, number
from ccinsight.integrations.api.problems import ProblemError
from ccinsight.integrations.api.query import Query
from ccinsight.notes.duties import FROM_NOTES, DutyMarks, with_notes
from ccinsight.outputs import tables
from ccinsight.outputs.cells import Head

# A name of a filter in the address → what it is called in a file.
_HEADS = (
    ("customer", "customers"),
    ("account-manager", "account_managers"),
    ("user-band", "user_bands"),
    ("partner", "partners"),
)


@dataclass(frozen=True)
class Answer:
    """A query over a database for a reader; asks for rows when ``data`` is called.

    ``most_rows``: more aren't given. ``running`` is held while the report runs, and not while its file is written.
    """

    house: Warehouse
    query: Query
    reader: Reader
    most_rows: int
    running: AbstractContextManager[object] = field(default_factory=nullcontext)

    @cached_property
    def scope(self) -> Scope:
        """The customers of the query that the reader may see.

        Raises ProblemError for a report that isn't the reader's, and for a filter's value that doesn't exist for them.
        """
        query = self.query
        if query.report.covers == "whole_database" and not self.reader.sees_all:
            text = _("The report {name} is for those who may see all customers.")
            raise ProblemError(HTTPStatus.FORBIDDEN, "not_yours", text.format(name=query.report.name))
        try:
            return self.house.resolve(query.as_of, query.filters, self.reader, query.report.name)
        except UsageError as error:
            raise ProblemError(HTTPStatus.BAD_REQUEST, "unknown_value", str(error)) from error

    @cached_property
    def tag(self) -> str:
        """The entity tag (RFC 9110, 8.8.3): another one wherever build, query or the reader's sight differ."""
        query = self.query
        said = (
            __version__,
            self.house.build_id,
            DutyMarks.beside(self.house.path).version() if self._reads_notes else "",
            query.report.name,
            query.explored,
            query.as_of,
            query.filters,
            query.options,
            query.format,
            language() if query.is_for_excel else query.is_for_excel,
            self.reader.sight,
        )
        return f'"{hashlib.sha256(repr(said).encode()).hexdigest()[:32]}"'

    @property
    def file_name(self) -> str:
        """A name for the file: the report's, and its day."""
        return tables.file_name(self.query.report.name, self.query.format, Head(self.query.as_of))

    def data(self) -> bytes:
        """The file. Raises ProblemError for too many rows, CcinsightError where the report can't be run now."""
        query = self.query
        with self.running:
            rows = self._rows()
        if rows.num_rows > self.most_rows:
            raise self._too_many(rows.num_rows)
        head = Head(query.as_of, tuple(self._filters()))
        return tables.write(rows, query.format, query.report, head, labels=query.is_for_excel)

    def _rows(self) -> pa.Table:
        query = self.query
        if query.explored:
            return self.house.explore(query.explored, self.scope)
        options = with_notes(query.report, self.house.path, dict(query.options))
        return self.house.report(query.report.name, self.scope, **options)

    @property
    def _reads_notes(self) -> bool:
        return not FROM_NOTES.isdisjoint(self.query.report.options)

    def _filters(self) -> Iterator[tuple[str, str]]:
        for label, name in _HEADS:
            if values := getattr(self.query.filters, name):
                yield label, ", ".join(values)

    def _too_many(self, count: int) -> ProblemError:
        text = _(
            "Too many rows: {count}, and the limit is {most}. Ask for fewer customers or a shorter time (customer, "
            "account-manager, days, months, since), or raise api_max_rows in the settings."
        )
        return ProblemError(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "too_many_rows",
            text.format(count=number(count), most=number(self.most_rows)),
            {"rows": count, "most": self.most_rows},
        )


def has_tag(given: str, tag: str) -> bool:
    """Whether the tags that a client names hold this one (RFC 9110, 13.1.2: weak ones count)."""
    return tag in (each.strip().removeprefix("W/") for each in given.split(","))
