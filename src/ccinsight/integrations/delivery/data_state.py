"""How old the data are, and which files went wrong: names of files only for those who see the whole database."""

from __future__ import annotations

from datetime import timedelta

from ccinsight.access import Right
from ccinsight.i18n import _, day, ngettext, number
from ccinsight.integrations.delivery import links
from ccinsight.integrations.delivery.changes import Record, Source
from ccinsight.integrations.delivery.contents import Fact, Row, Section, filled, section
from ccinsight.integrations.watch.freshness import late_exports
from ccinsight.integrations.watch.receipts import Receipt, failed_since
from ccinsight.registry import label_of

# Up to this age the days of the data say enough.
_FRESH_DAYS = 7


def age_line(source: Source) -> str:
    """Up to which day the data go, for the end of a message; "" where nothing has a day."""
    parts = []
    for row in source.rows("data_age"):
        if row["newest_on"]:
            export = label_of("export", row["export"]).lower()
            text = _("{export} to {day}").format(export=export, day=day(row["newest_on"]))
            parts.append(f"{text} ({_days_old(row['days_old'])})" if row["days_old"] > _FRESH_DAYS else text)
    return _("The data: {parts}.").format(parts=", ".join(parts)) if parts else ""


def stale(source: Source) -> list[Fact]:
    """The exports whose newest row is older than it may be (R14)."""
    return [
        Fact(
            key=f"stale:{row['export']}:{row['newest_on']}",
            on=row["newest_on"] + timedelta(days=row["most_days"] + 1),
            row=Row(
                title=label_of("export", row["export"]),
                text=_("The newest is of {day}").format(day=day(row["newest_on"])),
                mark=_days_old(row["days_old"]),
                is_late=True,
                link=links.data(source.reader),
            ),
        )
        for row in source.rows("data_age")
        if row["is_stale"]
    ]


def late(source: Source) -> list[Fact]:
    """The exports that should have been imported again by now (``expected_days``), but for those that are stale."""
    outdated = {row["export"] for row in source.rows("data_age") if row["is_stale"]}
    return [
        Fact(
            key=f"late:{each.export}:{each.last_on}",
            on=each.last_on + timedelta(days=each.expected_days + 1),
            row=Row(
                title=label_of("export", each.export),
                text=_("Last imported {day}").format(day=day(each.last_on)),
                mark=_days_old(each.days_old),
                is_late=True,
                link=links.data(source.reader),
            ),
        )
        for each in late_exports(source.house, source.as_of)
        if each.export not in outdated
    ]


def failed(source: Source) -> list[Fact]:
    """The files in watched folders that weren't imported; none but for those who import and see the whole database."""
    if not (links.shows_whole_database(source.reader) and source.reader.may(Right.IMPORT)):
        return []
    found = failed_since(source.house.path, source.first)
    return [_failed(each) for each in found if each.at.date() <= source.as_of]


def files(source: Source) -> list[Fact]:
    """The imported files with rows that were rejected; none for a reader who doesn't see the whole database."""
    if not links.shows_whole_database(source.reader):
        return []
    return [
        _rejected(row)
        for row in source.rows("imports")
        if row["rows_rejected"] and source.first <= row["imported_at"].date() <= source.as_of
    ]


def sections(outdated: list[Fact], wrong: list[Fact]) -> tuple[Section, ...]:
    """The sections about the data, those without rows left out."""
    rows = [fact.row for fact in (*outdated, *wrong)]
    return filled([section("data", _("Data to look after"), rows)])


def _failed(receipt: Receipt) -> Fact:
    return Fact(
        key=f"receipt:{receipt.number}",
        on=receipt.at.date(),
        row=Row(
            title=receipt.name,
            text=" ".join(receipt.detail.splitlines()[1:]),
            day=day(receipt.at),
            mark=receipt.state.label,
            is_late=True,
            link=links.Link("data"),
        ),
    )


def _rejected(row: Record) -> Fact:
    count = ngettext(
        "{rejected} of {read} row rejected", "{rejected} of {read} rows rejected", row["rows_read"]
    )
    imported = _("imported {day}").format(day=day(row["imported_at"]))
    return Fact(
        key=f"file:{row['import_id']}:{row['export']}:{row['name']}",
        on=row["imported_at"].date(),
        row=Row(
            title=row["name"],
            text=f"{label_of('export', row['export'])} · {imported}",
            mark=count.format(rejected=number(row["rows_rejected"]), read=number(row["rows_read"])),
            is_late=True,
            link=links.Link("data"),
        ),
    )


def _days_old(days: int) -> str:
    return ngettext("{count} day old", "{count} days old", days).format(count=number(days))
