"""The summary of an import: for each file its rows (read, good, rejected), warnings and seconds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ccinsight.i18n import _, ngettext, number
from ccinsight.ingest.full_lists import Gone, dropped_line, gone_line
from ccinsight.registry import label_of


@dataclass(frozen=True)
class FileWarning:
    """Something about a file that a person should know; ``kind`` is one of WARNING_TEXTS."""

    kind: str
    column: str | None = None
    value: str | None = None
    rows: int | None = None

    @property
    def text(self) -> str:
        """The warning in the language in use."""
        return warning_text(self.kind, self.column, self.value, self.rows)


@dataclass(frozen=True)
class FileSummary:
    """One file, or one sheet of a workbook. Rows read = good + rejected; rows of one key are each good."""

    name: str
    export: str
    format: str
    encoding: str | None
    rows_read: int
    rows_good: int
    rows_rejected: int
    warnings: tuple[FileWarning, ...]
    seconds: float
    rows_conflicting: int = 0  # of rows read: those that share a key with another that says something else


@dataclass(frozen=True)
class ImportSummary:
    """What an import did. ``missing_exports``: those without any row in the database now.

    ``reasons``: skipped file → what the file is and how to save it.

    ``links``: those in a folder that lead out of it, and are not followed.

    ``unchanged``: files that were imported before and would change nothing. ``gone``: rows that the files
    cover and lack, which stay. ``dropped``: export → rows that a whole list lacked, deleted. ``retired``:
    tickets dropped for their age.
    """

    files: tuple[FileSummary, ...]
    passed_over: tuple[str, ...]
    missing_exports: tuple[str, ...]
    required_exports: tuple[str, ...] = field(default=("agreements", "tickets"))
    reasons: Mapping[str, str] = field(default_factory=dict)
    links: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    gone: tuple[Gone, ...] = ()
    dropped: Mapping[str, int] = field(default_factory=dict)
    retired: int = 0
    forgotten: int = 0  # rows left out
    rejected_before: int = 0  # of the unchanged files
    conflicting_before: int = 0
    database_changed: bool = True

    @property
    def rows_rejected(self) -> int:
        """The rows rejected in all files, those of unchanged files too."""
        return sum(file.rows_rejected for file in self.files) + self.rejected_before

    @property
    def rows_conflicting(self) -> int:
        """The rows that share a key with another row of their file and say something else, in all files."""
        return sum(file.rows_conflicting for file in self.files) + self.conflicting_before

    def lines(self, *, in_words: bool = False) -> list[str]:
        """The summary in the language in use; ``in_words``: exports and checks by their labels, not their names."""

        def named(export: str) -> str:
            return label_of("export", export) if in_words else export

        lines = [line for file in self.files for line in _file_lines(file, named(file.export))]
        lines += [
            _("{file}: the same file as the last time; nothing was changed.").format(file=name)
            for name in self.unchanged
        ]
        lines += [_passed_over_line(name, self.reasons.get(name)) for name in self.passed_over]
        lines += [
            _("{file}: skipped, a link to outside the folder; give the file itself.").format(file=name)
            for name in self.links
        ]
        lines += [gone_line(gone, in_words=in_words) for gone in self.gone]
        lines += [dropped_line(named(export), rows) for export, rows in self.dropped.items()]
        if self.retired:
            text = ngettext(
                "{count} ticket is older than keep_months allows and was deleted.",
                "{count} tickets are older than keep_months allows and were deleted.",
                self.retired,
            )
            lines.append(text.format(count=number(self.retired)))
        if self.forgotten:
            text = ngettext(
                "{count} row of a customer or person who was forgotten was left out.",
                "{count} rows of customers or persons who were forgotten were left out.",
                self.forgotten,
            )
            lines.append(text.format(count=number(self.forgotten)))
        return lines + self._missing_lines(named)

    def _missing_lines(self, named: Callable[[str], str]) -> list[str]:
        required = [named(name) for name in self.missing_exports if name in self.required_exports]
        others = [named(name) for name in self.missing_exports if name not in self.required_exports]
        lines = []
        if required:
            lines.append(_("Still missing, and required: {names}.").format(names=", ".join(required)))
        if others:
            lines.append(
                _("Not imported yet, each would fill more pages: {names}.").format(names=", ".join(others))
            )
        return lines


def _passed_over_line(name: str, why: str | None) -> str:
    if why is not None:
        return _("{file}: skipped, {why}.").format(file=name, why=why)
    if name.endswith(".toml"):
        return _("{file}: not applied, since --config gives other settings.").format(file=name)
    return _("{file}: skipped, not a recognised export.").format(file=name)


def _file_lines(file: FileSummary, export: str) -> list[str]:
    return [count_line(file, export), *warning_lines(file)]


def count_line(file: FileSummary, export: str = "") -> str:
    """The rows of a file, as a line in the language in use. ``export``: what its export is called, else its name."""
    return _("{file}: {export}, {read} read, {good} good, {rejected} rejected, {seconds} s").format(
        file=file.name,
        export=export or file.export,
        read=ngettext("{count} row", "{count} rows", file.rows_read).format(count=number(file.rows_read)),
        good=number(file.rows_good),
        rejected=number(file.rows_rejected),
        seconds=number(file.seconds, 1),
    )


def warning_lines(file: FileSummary) -> list[str]:
    """A file's warnings, which quote values of it."""
    return [f"  {file.name}: {warning.text}" for warning in file.warnings]


def warning_text(kind: str, column: str | None, value: str | None, rows: int | None) -> str:
    """A stored warning in the language in use; an unknown kind is shown by its name."""
    text = WARNING_TEXTS.get(kind)
    if text is None:
        return kind
    return text().format(column=column or "", value=value or "", rows=number(rows))


WARNING_TEXTS: dict[str, Callable[[], str]] = {
    "header_unmatched": lambda: _("the header “{value}” is not recognised; the column was ignored."),
    "above_header": lambda: _("above the header, and not read: {value} (rows: {rows})."),
    "encoding_doubtful": lambda: _(
        "it was read as {column}, but the encoding is uncertain. Words as they were read: "
        "{value}. If they are wrong, save the file as UTF-8."
    ),
    "hidden_sheet": lambda: _(
        "the sheet {value} is hidden; it was read, as no visible sheet holds anything."
    ),
    "hidden_rows": lambda: _("hidden rows, e.g. behind a filter, were read too: {rows}."),
    "header_twice": lambda: _("more than one header names {column}: {value}; the first of these counts."),
    "kind_differs": lambda: _("its name says {value}, its headers say {column}; the headers count."),
    "format_differs": lambda: _("its name ends in {value}, its content is {column}; the content counts."),
    "duplicate_key": lambda: _(
        "rows whose key is repeated later in the file: {rows}, e.g. “{value}”; the last one counts."
    ),
    "key_conflict": lambda: _(
        "rows with the same key as another row but different contents: {rows}, e.g. "
        "“{value}”; the last one counts."
    ),
    "lines_shared": lambda: _(
        "invoice lines that share “{value}” or another number but differ: {rows}; all are kept."
    ),
    "lines_fewer": lambda: _(
        "invoice lines of an earlier file that are missing from this one: {rows}, of "
        "“{value}” or others; they were deleted."
    ),
    "value_unknown": lambda: _("{column} “{value}” is not recognised (rows: {rows})."),
    "values_unknown": lambda: _("{column} has {value} more values that aren't recognised (rows: {rows})."),
    "row_limit": lambda: _("exactly 10 000 rows: SuperOffice stops an export there, so some may be missing."),
    "no_closed_ticket": lambda: _("no closed ticket: was the “Avsluttet” box ticked when it was exported?"),
    "total_row": lambda: _("the last row looks like a total: “{value}”."),
    "day_times": lambda: _(
        "replies or closings without a time of day: {rows}; times are known only to the day."
    ),
    "key_lost": lambda: _(
        "the contact key was missing, so contacts can't be matched to those of earlier imports."
    ),
}
