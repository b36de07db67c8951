"""The duties in a digest (R14): overdue ones, those to act on soon, and a line for each kind of the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from ccinsight.i18n import _, amount, day, ngettext, number
from ccinsight.integrations.delivery import links
from ccinsight.integrations.delivery.contents import Row, Section, filled, section
from ccinsight.notes.duties import VERDICT, VERDICT_ACTION, detail_text
from ccinsight.registry import CODES, label_of

Duty = Mapping[str, Any]

# Duties whose last working day is this near are listed one by one.
SOON_DAYS = 14
# Those to act on before the next weekly message are listed however many they are, up to _MOST_PRESSING.
_PRESSING_DAYS = 8
_MOST_PRESSING = 60
# Kinds whose value is what the agreement is worth a year, and kinds that have no value by the rule.
YEARLY = frozenset({"price_notice", "status_meeting", "termination_received", VERDICT, VERDICT_ACTION})
_WITHOUT_VALUE = frozenset(
    {
        "partner_confirmation",
        "users_unknown",
        "rate_unknown",
        "tickets_stale",
        "user_counts_stale",
        "invoices_stale",
    }
)


def still_open(duties: Iterable[Duty]) -> list[Duty]:
    """The open duties, those about the data as a whole too."""
    return [row for row in duties if row["state"] == "open"]


def of_customers(duties: Iterable[Duty]) -> list[Duty]:
    """The open duties towards customers; those about the data as a whole are said elsewhere."""
    return [row for row in still_open(duties) if row["customer_id"] is not None]


def overdue(duties: Iterable[Duty]) -> list[Duty]:
    """Those whose last day has passed, the most recent first."""
    late = [row for row in duties if row["last_day"] is not None and row["days_left"] < 0]
    return sorted(late, key=lambda row: (-row["days_left"], row["customer_id"] or "", row["kind"]))


def soon(duties: Iterable[Duty], as_of: date) -> list[Duty]:
    """Those whose last day hasn't passed and whose last working day is near, by that day."""
    until = as_of + timedelta(days=SOON_DAYS)
    found = [row for row in duties if _is_ahead(row) and row["last_working_day"] <= until]
    return sorted(
        found,
        key=lambda row: (row["last_working_day"], -(row["value"] or 0), row["customer_id"], row["kind"]),
    )


def key_of(row: Duty) -> str:
    """The key by which the next message knows an overdue duty, or one without a deadline."""
    return f"duty:{row['duty_id']}"


def sections(duties: Sequence[Duty], as_of: date, known: frozenset[str] | None = None) -> tuple[Section, ...]:
    """The sections about the open duties of a reader's customers, those without rows left out.

    ``known``: the keys of the message before. An overdue duty that isn't among them comes first and is listed in any
    case: a credit, for instance, may be long overdue when it is found.
    """
    late, near = overdue(duties), soon(duties, as_of)
    new = [] if known is None else [row for row in late if key_of(row) not in known]
    late = [*new, *(row for row in late if row not in new)]
    listed = {row["duty_id"] for row in (*late, *near)}
    others = [row for row in duties if row["duty_id"] not in listed]
    pressing = as_of + timedelta(days=_PRESSING_DAYS)
    must_show = sum(row["last_working_day"] <= pressing for row in near)
    return filled(
        [
            section(
                "overdue",
                ngettext("{count} duty is overdue", "{count} duties are overdue", len(late)).format(
                    count=number(len(late))
                ),
                [_row(row, as_of) for row in late],
                intro=_new_text(len(new)),
                link=links.to_do(),
                least=min(len(new), _MOST_PRESSING),
            ),
            section(
                "soon",
                soon_title(len(near)),
                [_row(row, as_of) for row in near],
                link=links.to_do(),
                least=min(must_show, _MOST_PRESSING),
            ),
            section("later", _("Later, or without a deadline"), _later(others), link=links.to_do(show="all")),
        ]
    )


def _new_text(count: int) -> str:
    text = ngettext(
        "{count} is new since the last message.", "{count} are new since the last message.", count
    )
    return text.format(count=number(count)) if count else ""


def soon_title(count: int) -> str:
    """How many duties are to be acted on within the next days."""
    text = ngettext(
        "{count} duty to act on within {days} days", "{count} duties to act on within {days} days", count
    )
    return text.format(count=number(count), days=SOON_DAYS)


def value_text(kind: str, value: Decimal | None) -> str:
    """What is at stake; unknown is said to be unknown, and a kind without a value says nothing."""
    if kind in _WITHOUT_VALUE:
        return ""
    if kind in YEARLY:
        return yearly_text(value)
    return _("value unknown") if value is None else amount(value)


def yearly_text(value: Decimal | None) -> str:
    """What an agreement is worth a year."""
    return _("value unknown") if value is None else _("{amount} a year").format(amount=amount(value))


def days_text(days_left: int) -> str:
    """How many days there are left, or how many it is overdue."""
    if days_left < 0:
        text = ngettext("{count} day overdue", "{count} days overdue", -days_left)
        return text.format(count=number(-days_left))
    if days_left == 0:
        return _("last day today")
    return ngettext("{count} day left", "{count} days left", days_left).format(count=number(days_left))


def total_text(rows: Sequence[Duty]) -> str:
    """The known values of duties of kinds that have one, added up, and how many are unknown."""
    values = [row["value"] for row in rows if row["kind"] not in _WITHOUT_VALUE]
    known = [value for value in values if value is not None]
    unknown = len(values) - len(known)
    said = (
        ngettext("{count} unknown", "{count} unknown", unknown).format(count=number(unknown))
        if unknown
        else ""
    )
    return ", ".join(part for part in (amount(sum(known)) if known else "", said) if part)


def _row(row: Duty, as_of: date) -> Row:
    return Row(
        title=row["customer_name"] or row["customer_id"],
        text=" · ".join(part for part in (label_of("duty_kind", row["kind"]), detail_text(row)) if part),
        day=_day_text(row, as_of),
        value=value_text(row["kind"], row["value"]),
        mark=days_text(_days_left(row, as_of)),
        is_late=row["days_left"] < 0,
        link=links.duty(row["kind"], row["customer_id"]),
    )


def _days_left(row: Duty, as_of: date) -> int:
    """The days to the last working day; to the deadline itself once that day has passed."""
    to_act = (row["last_working_day"] - as_of).days
    return to_act if to_act >= 0 else int(row["days_left"])


def _day_text(row: Duty, as_of: date) -> str:
    """The last day that works; the deadline itself once that has passed, or where it falls on another day."""
    act_by, last_day = row["last_working_day"], row["last_day"]
    if last_day < as_of:
        return _("last day was {day}").format(day=day(last_day))
    if act_by < as_of:
        return _("deadline {day}, a day off").format(day=day(last_day))
    return _("act by {day}").format(day=day(act_by))


def _later(rows: Sequence[Duty]) -> list[Row]:
    """A row for each kind of duty that isn't near: how many, what is at stake, and the first day."""
    found = []
    for kind in CODES["duty_kind"]:
        part = [row for row in rows if row["kind"] == kind]
        if not part:
            continue
        days = [row["last_working_day"] for row in part if row["last_working_day"] is not None]
        count = ngettext("{count} duty", "{count} duties", len(part)).format(count=number(len(part)))
        found.append(
            Row(
                title=label_of("duty_kind", kind),
                text=count,
                day=_("first by {day}").format(day=day(min(days))) if days else "",
                value="" if kind in YEARLY else total_text(part),
                link=links.to_do(kind=kind, show="all"),
            )
        )
    return found


def _is_ahead(row: Duty) -> bool:
    return row["last_day"] is not None and row["days_left"] >= 0
