"""Names of imported files that aren't known: the choice of what each is, and the settings that follow from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from ccinsight.access import Right
from ccinsight.clock import now
from ccinsight.dashboard.session import activity, address, keys, reads
from ccinsight.dashboard.session.view import View
from ccinsight.dashboard.widgets import layout, report_table
from ccinsight.errors import CcinsightError
from ccinsight.i18n import _, is_unknown, language, ngettext, number
from ccinsight.ingest import change_settings
from ccinsight.ingest.catalogue import column_of, exports, match_headers, value_of
from ccinsight.notes.activity import Action
from ccinsight.registry import REPORTS, Report, label_of
from ccinsight.settings.editing import Path as Key
from ccinsight.settings.editing import Value, with_entries
from ccinsight.settings.model import SCOPES, Settings
from ccinsight.settings.names import choices

CHOSEN = "chosen"
Entries = dict[Key, Value]


@dataclass(frozen=True)
class Names:
    """What no name of ccinsight's own matches, each with what the settings say of it in the column `chosen`.

    ``version`` is the build's: what is chosen on the page holds until the data or the settings change.
    """

    headers: pd.DataFrame
    values: pd.DataFrame
    categories: pd.DataFrame
    settings: Settings
    version: str

    @property
    def open_headers(self) -> pd.DataFrame:
        """The headers that the settings don't name either."""
        return self.headers[self.headers[CHOSEN].isna()]

    @property
    def open_values(self) -> pd.DataFrame:
        """The values that the settings don't name either."""
        return self.values[self.values[CHOSEN].isna()]

    @property
    def open_categories(self) -> pd.DataFrame:
        """The categories that aren't in the settings."""
        return self.categories[self.categories["scope"].isna()]

    @property
    def count(self) -> int:
        """How many names are to be settled."""
        return len(self.open_headers) + len(self.open_values) + len(self.open_categories)

    def waiting(self) -> list[str]:
        """The files with headers or values that are settled, and count once the files are imported again."""
        settled = [frame[frame[CHOSEN].notna()]["name"] for frame in (self.headers, self.values)]
        return list(dict.fromkeys(name for names in settled for each in names for name in each.split(", ")))


def read(view: View) -> Names:
    """The names of all files; the filters of the sidebar say nothing about files."""
    everything, settings = view.unfiltered(), reads.settings()
    return Names(
        _read_headers(everything, settings),
        _read_values(everything, settings),
        everything.report("categories"),
        settings,
        reads.warehouse().build_id,
    )


def _read_headers(view: View, settings: Settings) -> pd.DataFrame:
    rows = view.report("unmatched_headers")
    pairs = zip(rows["export"], rows["header"], strict=True)
    return _with_chosen(rows, [column_of(export, header, settings) for export, header in pairs])


def _read_values(view: View, settings: Settings) -> pd.DataFrame:
    rows = view.report("unknown_values")
    names = zip(rows["export"], rows["column_name"], rows["value"], strict=True)
    return _with_chosen(rows, [value_of(export, column, value, settings) for export, column, value in names])


def _with_chosen(rows: pd.DataFrame, chosen: list[str | None]) -> pd.DataFrame:
    return rows.assign(**{CHOSEN: pd.Series(chosen, rows.index, dtype=object)})


def title(names: Names) -> str:
    """What is left to settle, as a sentence."""
    if not names.count:
        return _("Every header, value and category is known")
    text = ngettext("{count} name isn't known", "{count} names aren't known", names.count)
    return text.format(count=number(names.count))


def in_rows(rows: int) -> str:
    """How many rows the values stand in, for a card's note."""
    return ngettext("in {count} row", "in {count} rows", int(rows)).format(count=number(int(rows)))


def in_tickets(tickets: int) -> str:
    """How many tickets of the last twelve months have the categories, for a card's note."""
    return ngettext(
        "{count} ticket in the last 12 months", "{count} tickets in the last 12 months", int(tickets)
    ).format(count=number(int(tickets)))


def link(view: View) -> None:
    """The way to the page of names, from where data come in; unknown categories stand there among the problems."""
    everything, settings = view.unfiltered(), reads.settings()
    found = [_read_headers(everything, settings), _read_values(everything, settings)]
    count = sum(int(frame[CHOSEN].isna().sum()) for frame in found)
    text = ngettext(
        "{count} unknown header or value",
        "{count} unknown headers and values",
        count,
    )
    st.page_link(
        "pages/mapping.py",
        label=text.format(count=number(count)) if count else _("Names of headers, values and categories"),
        icon=":material/conversion_path:",
        query_params=address.parameters("mapping"),
    )


# ---------------------------------------------------------------- tables to choose in


@dataclass(frozen=True)
class Table:
    """How names are shown: the columns there are, those in sight, the table's key; a version forgets choices."""

    report: Report
    first: tuple[str, ...]
    key: str
    version: str


def headers(names: Names, view: View) -> Entries:
    """A table for each export with headers that aren't known; what was chosen, as entries of the settings."""
    entries: Entries = {}
    for export, frame in names.headers.groupby("export", sort=False):
        free = _free(str(export), names.settings)
        allowed = [*free, *(each for each in frame[CHOSEN].dropna().unique() if each not in free)]
        first = ("header", CHOSEN, "name", "imported_at")
        report = _of("unmatched_headers", label_of("export", export))
        table = Table(report, first, f"unmatched_headers-{export}", names.version)
        entries |= choose_columns(str(export), frame, allowed, table, view)
    return entries


def _of(report: str, *parts: str) -> Report:
    """The report of one of a page's tables; its files are called by what the table is of."""
    return replace(REPORTS[report], title=" ".join([_(REPORTS[report].title), *parts]))


def choose_columns(
    export: str, frame: pd.DataFrame, allowed: Sequence[str], table: Table, view: View
) -> Entries:
    """Headers of an export, each with the column that it is."""
    st.markdown(f"**{label_of('export', export)}**")
    options = {CHOSEN: _select(_("Belongs to the column"), allowed, partial(column_label, export))}
    edited = _edit(frame, table, options, view)
    return {
        ("headers", export, frame["header"].iloc[at]): edited[CHOSEN].iloc[at]
        for at in _changed(frame, edited, CHOSEN)
    }


def _free(export: str, settings: Settings) -> list[str]:
    """The columns that a file of the export has no header for."""
    files = [
        set(match_headers(exports()[export], file, settings).columns) for file in reads.headers_of(export)
    ]
    return [column for column in exports()[export].columns if any(column not in found for found in files)]


def values(names: Names, view: View) -> Entries:
    """A table for each column with values that aren't known; what was chosen, as entries of the settings."""
    entries: Entries = {}
    first = ("value", CHOSEN, "rows", "became", "name", "imported_at")
    for (export, column), frame in names.values.groupby(["export", "column_name"], sort=False):
        key = f"unknown_values-{export}-{column}"
        labels = label_of("export", export), column_label(str(export), str(column))
        table = Table(_of("unknown_values", *labels), first, key, names.version)
        entries |= choose_values(str(export), str(column), frame, table, view)
    return entries


def choose_values(export: str, column: str, frame: pd.DataFrame, table: Table, view: View) -> Entries:
    """Values of a column, each with what it means."""
    st.markdown(f"**{label_of('export', export)}** · {layout.plain(column_label(export, column))}")
    allowed = choices(column, export)
    options = {CHOSEN: _select(_("Means"), list(allowed), partial(_label, allowed))}
    edited = _edit(frame.assign(column_name=column_label(export, column)), table, options, view)
    return {
        ("values", column, frame["value"].iloc[at]): edited[CHOSEN].iloc[at]
        for at in _changed(frame, edited, CHOSEN)
    }


def categories(names: Names, view: View) -> Entries:
    """The categories with their scope, to be chosen; what was, as entries of the settings."""
    frame = names.categories
    report = REPORTS["categories"]
    scope, down = report.column("scope"), report.column("is_access_down")
    first = ("category", "scope", "is_access_down", "tickets", "all_tickets", "last_opened_on")
    options = {
        "scope": _select(_(scope.label), list(SCOPES), partial(label_of, "scope"), scope.help_text()),
        "is_access_down": st.column_config.CheckboxColumn(_(down.label), help=down.help_text()),
    }
    edited = _edit(frame, Table(report, first, "categories", names.version), options, view)
    changed = {*_changed(frame, edited, "scope"), *_changed(frame, edited, "is_access_down")}
    return {("categories", frame["category"].iloc[at]): _meaning(edited.iloc[at]) for at in sorted(changed)}


def _meaning(row: pd.Series) -> dict[str, str | bool]:
    meaning: dict[str, str | bool] = {"scope": "support" if is_unknown(row["scope"]) else str(row["scope"])}
    return meaning | ({"access_down": True} if row["is_access_down"] else {})


def _edit(frame: pd.DataFrame, table: Table, options: Mapping[str, Any], view: View) -> pd.DataFrame:
    return report_table.edit(
        table.report,
        frame.reset_index(drop=True),
        view,
        table.first,
        options,
        key=table.key,
        version=table.version,
    )


def _changed(frame: pd.DataFrame, edited: pd.DataFrame, column: str) -> list[int]:
    """The rows in which something else is chosen than was there; what was emptied stays as it was."""
    pairs = enumerate(zip(frame[column], edited[column], strict=True))
    return [at for at, (before, after) in pairs if not is_unknown(after) and after != before]


def _select(label: str, options: Sequence[str], shown: Any, help_text: str | None = None) -> Any:
    help_text = help_text or _("Choose from the list.")
    return st.column_config.SelectboxColumn(label, options=list(options), format_func=shown, help=help_text)


def column_label(export: str, column: str) -> str:
    return _label({column: exports()[export].header_names(column)[1:]}, column)


def _label(names: Mapping[str, Sequence[str]], name: str) -> str:
    """A column or a value as a person knows it: in Norwegian its last other name, which is Norwegian."""
    others = names.get(name) or ()
    return f"{others[-1]} ({name})" if others and language() == "nb" else name


# ---------------------------------------------------------------- what follows


def settle(names: Names, entries: Mapping[Key, Value], view: View) -> None:
    """The lines that were chosen, the settings as a file, and the button that applies them."""
    text = with_entries(names.settings.toml, entries)
    if entries:
        st.code(with_entries("", entries).strip(), language="toml")
        layout.note(
            _(
                "Scope and access down count at once. Names of headers and values count when the files that have "
                "them are imported again."
            )
        )
    else:
        layout.note(_("Choose above what each name means; the lines for the settings then appear here."))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        may_apply = view.reader.may(Right.APPLY_SETTINGS)
        if (
            may_apply
            and entries
            and st.button(_("Apply"), type="primary", icon=":material/check:", key="apply-settings")
        ):
            _apply(entries, view)
        st.download_button(
            _("Download the settings"),
            text,
            file_name=Path(names.settings.file_name or "ccinsight.toml").name,
            mime="application/toml",
            key="settings-file",
            icon=":material/download:",
            on_click="ignore",
            help=_("All settings of the database, with what is chosen above."),
        )
    layout.note(
        _(
            "An import on the command line uses the ccinsight.toml in its folder, or the file "
            "given with --config: replace that file with the downloaded one."
        )
    )


def _apply(entries: Mapping[Key, Value], view: View) -> None:
    try:
        activity.require(Right.APPLY_SETTINGS)
        with st.spinner(_("Computing periods, prices and use")):
            change_settings(reads.database_path(), entries, applied_at=now(), applied_by=activity.name())
        activity.record(Action.SETTINGS)
    except CcinsightError as error:
        layout.failed(error)
        return
    st.session_state[keys.MAPPING_DONE] = _("The settings are applied on every page.")
    st.rerun()


def show_done(names: Names) -> None:
    """What was just applied, and which files are to be imported again for it."""
    if done := st.session_state.pop(keys.MAPPING_DONE, None):
        undone = _("The page Data has it in its log, and can undo it.")
        st.success(f"{done} {undone}", icon=":material/check_circle:")
    if st.session_state.get(keys.IMPORT_KEPT):
        layout.page_link("data", _("Back to the files"), ":material/arrow_back:")
    if waiting := names.waiting():
        st.info(
            _("Import these files again for the new names to take effect: {files}.").format(
                files=layout.plain(", ".join(waiting))
            ),
            icon=":material/upload_file:",
        )
        st.page_link(
            "pages/data.py",
            label=_("Upload files on the data page"),
            icon=":material/arrow_forward:",
            query_params=address.parameters("data"),
        )
