"""What only those who see all customers get: movements of revenue, leakage, and overdue duties by account manager."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from ccinsight.i18n import _, amount, day, ngettext, number
from ccinsight.integrations.delivery import due, links
from ccinsight.integrations.delivery.changes import Record, Source
from ccinsight.integrations.delivery.contents import Fact, Row, Section, filled, section
from ccinsight.integrations.delivery.due import Duty
from ccinsight.notes.duties import detail_text
from ccinsight.registry import CODES, label_of

_NAMED = 3
_IN_FORCE = ("active", "terminating")
_LEAKS = tuple(kind for kind in CODES["duty_kind"] if kind.endswith(("_unbilled", "_overbilled")))


def movements(source: Source) -> tuple[tuple[Section, ...], Decimal]:
    """A row for each kind of movement of recurring revenue since the last message (R9), and the whole change."""
    rows = source.rows("revenue_changes", since=source.known.start)
    kinds = [kind for kind in CODES["movement"] if any(row["movement"] == kind for row in rows)]
    unknown = sum(row["annual_value"] is None and row["state"] in _IN_FORCE for row in source.agreements)
    left_out = ngettext(
        "{count} agreement with an unknown value is left out.",
        "{count} agreements with an unknown value are left out.",
        unknown,
    )
    change = _known_sum(rows)
    said = [
        _("In all {amount} a year.").format(amount=signed(change)),
        left_out.format(count=number(unknown)) if unknown else "",
    ]
    title = _("Movements of recurring revenue since {day}").format(day=day(source.known.start))
    listed = [_movement(kind, [row for row in rows if row["movement"] == kind]) for kind in kinds]
    intro = " ".join(part for part in said if part)
    return filled([section("movements", title, listed, intro=intro, link=links.movements())]), change


def leaks(duties: Sequence[Duty]) -> list[Fact]:
    """The open duties to bill or to credit something, each as a fact of the day that it fell due."""
    found = [row for row in duties if row["kind"] in _LEAKS]
    return [
        Fact(
            key=f"leak:{row['duty_id']}",
            on=row["last_day"] or date.min,
            customer_id=row["customer_id"],
            row=Row(
                title=row["customer_name"] or row["customer_id"],
                text=" · ".join(
                    part for part in (label_of("duty_kind", row["kind"]), detail_text(row)) if part
                ),
                value=due.value_text(row["kind"], row["value"]),
                link=links.duty(row["kind"], row["customer_id"]),
            ),
        )
        for row in sorted(found, key=lambda row: (-(row["value"] or 0), row["customer_id"], row["kind"]))
    ]


def leakage(duties: Sequence[Duty], new: Sequence[Fact]) -> tuple[Section, ...]:
    """What was found since the last message, and all that is open, a row for each kind."""
    new_title = ngettext("{count} new leakage found", "{count} new leakages found", len(new))
    rows = []
    for kind in _LEAKS:
        part = [row for row in duties if row["kind"] == kind]
        if part:
            count = ngettext("{count} duty", "{count} duties", len(part)).format(count=number(len(part)))
            link = links.to_do(kind=kind, show="all")
            rows.append(Row(label_of("duty_kind", kind), count, value=due.total_text(part), link=link))
    return filled(
        [
            section(
                "new_leakage",
                new_title.format(count=number(len(new))),
                [fact.row for fact in new],
                link=links.Link("leakage"),
            ),
            section("leakage", _("Leakage that is open"), rows, link=links.Link("leakage")),
        ]
    )


def overdue(duties: Sequence[Duty], managers: Mapping[str, str | None]) -> tuple[Section, ...]:
    """A row for each account manager with overdue duties, most first. ``managers``: customer → manager.

    Duties about the data as a whole have a row of their own, so that the rows add up to what the page *To do* counts.
    """
    groups: dict[tuple[str, bool], list[Duty]] = {}
    for row in due.overdue(duties):
        manager = managers.get(row["customer_id"])
        name = _("The data as a whole") if row["customer_id"] is None else manager or _("No account manager")
        groups.setdefault((name, manager is not None), []).append(row)
    ordered = sorted(groups.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    rows = [
        _manager(name, links.to_do(manager=name) if is_one else None, part)
        for (name, is_one), part in ordered
    ]
    return filled([section("managers", _("Overdue by account manager"), rows, link=links.to_do())])


def signed(value: Decimal | None) -> str:
    """An amount with its sign: + where it is above 0; unknown is named."""
    return f"+{amount(value)}" if value is not None and value > 0 else amount(value)


def _has_known(rows: Sequence[Record]) -> bool:
    return any(row["amount"] is not None for row in rows)


def _known_sum(rows: Sequence[Record]) -> Decimal:
    """The sum of the known amounts, in kr."""
    return sum((row["amount"] for row in rows if row["amount"] is not None), Decimal(0))


def _movement(kind: str, rows: Sequence[Record]) -> Row:
    ordered = sorted(rows, key=lambda row: (-abs(row["amount"] or 0), row["customer_id"]))
    names = ", ".join(row["customer_name"] or row["customer_id"] for row in ordered[:_NAMED])
    rest = len(ordered) - _NAMED
    if rest > 0:
        more = ngettext("and {count} more", "and {count} more", rest).format(count=number(rest))
        names = f"{names} {more}"
    count = ngettext("{count} customer", "{count} customers", len(rows)).format(count=number(len(rows)))
    return Row(
        title=label_of("movement", kind),
        text=names,
        day=_("{amount} a year").format(amount=signed(_known_sum(rows) if _has_known(rows) else None)),
        value=count,
        link=links.movements(kind),
    )


def _manager(name: str, link: links.Link | None, rows: Sequence[Duty]) -> Row:
    kinds = [(kind, sum(row["kind"] == kind for row in rows)) for kind in CODES["duty_kind"]]
    said = ", ".join(f"{label_of('duty_kind', kind)}: {number(count)}" for kind, count in kinds if count)
    return Row(
        title=name,
        text=" · ".join([said, *_worth(rows)]),
        mark=ngettext("{count} overdue", "{count} overdue", len(rows)).format(count=number(len(rows))),
        is_late=True,
        value=due.total_text([row for row in rows if row["kind"] not in due.YEARLY]),
        link=link,
    )


def _worth(rows: Sequence[Duty]) -> list[str]:
    """What the agreements are worth a year that duties other than amounts are about, each agreement once."""
    agreements = {row["agreement_id"]: row for row in rows if row["kind"] in due.YEARLY}
    worth = due.total_text(list(agreements.values()))
    return [_("agreements worth {amounts} a year").format(amounts=worth)] if worth else []
