"""What changed for a reader's customers: notices, new and ended agreements, users that bill, meetings and prices.

Each is a fact with a key of its own. A fact is said once: where it wasn't among those of the message before, whatever
its day, since exports come later than what they tell of. Without such a memory, its own day decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from ccinsight.access import Reader
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.i18n import _, amount, day, ngettext, number
from ccinsight.integrations.delivery import links
from ccinsight.integrations.delivery.contents import Fact, Row, Section, section
from ccinsight.integrations.delivery.due import yearly_text
from ccinsight.integrations.delivery.links import Link

Record = Mapping[str, Any]

# What an export brings later than so many days after it happened isn't a piece of news.
LOOK_BACK_DAYS = 92
_PLANNED = "planned"
_FAR_AHEAD = timedelta(days=3 * 366)
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Known:
    """The facts of the message before, by key; ``keys`` None where there was none, or it isn't known."""

    start: date
    keys: frozenset[str] | None = None

    def holds(self, fact: Fact) -> bool:
        """True where the fact was said before, or would have been. One of a day to come wouldn't."""
        return fact.on <= self.start if self.keys is None else fact.key in self.keys

    def days(self, before: str) -> list[date]:
        """The days of the facts whose key is this and a day."""
        found = [key.removeprefix(before) for key in self.keys or () if key.startswith(before)]
        return [date.fromisoformat(text) for text in found if ":" not in text]


@dataclass(frozen=True)
class Source:
    """What the facts are drawn from: the reports of one reader on one day.

    ``held``: customer → the day its meeting of this period was noted as held.
    """

    house: Warehouse
    reader: Reader
    as_of: date
    known: Known
    held: Mapping[str, date] = field(default_factory=dict)

    @property
    def first(self) -> date:
        """The facts of this day and later ones count."""
        return self.known.start - timedelta(days=LOOK_BACK_DAYS)

    def rows(self, report: str, **options: Any) -> list[Record]:
        """A report's rows."""
        rows: list[Record] = self.house.report(report, Scope(self.as_of, self.reader), **options).to_pylist()
        return rows

    @cached_property
    def agreements(self) -> list[Record]:
        return self.rows("agreements")


@dataclass(frozen=True)
class Kind:
    """A kind of fact: where its facts come from, its title for a number of them, and where all of them are seen."""

    name: str
    facts: Callable[[Source], Iterable[Fact]]
    title: Callable[[int], str]
    link: Link


def notices(source: Source) -> Iterable[Fact]:
    """Notices of termination received (R4)."""
    for row in source.agreements:
        if row["notice_on"] and row["ends_on"] and source.first <= row["notice_on"] <= source.as_of:
            yield Fact(
                key=f"notice:{row['agreement_id']}:{row['notice_on']}",
                on=row["notice_on"],
                customer_id=row["customer_id"],
                row=Row(
                    title=row["customer_name"],
                    text=" · ".join([row["product"], *_by(row)]),
                    day=_("received {day}").format(day=day(row["notice_on"])),
                    mark=_("ends {day}").format(day=day(row["ends_on"])),
                    value="" if row["state"] == "ended" else yearly_text(row["annual_value"]),
                    link=links.customer(row["customer_id"], "agreements"),
                ),
            )


def withdrawn(source: Source) -> Iterable[Fact]:
    """Notices that the message before knew of and that are gone: the agreement goes on."""
    for row in source.agreements:
        if row["notice_on"] or row["state"] == "ended":
            continue
        for on in source.known.days(f"notice:{row['agreement_id']}:"):
            yield Fact(
                key=f"withdrawn:{row['agreement_id']}:{on}",
                on=source.as_of,
                customer_id=row["customer_id"],
                row=Row(
                    title=row["customer_name"],
                    text=row["product"],
                    day=_("was received {day}").format(day=day(on)),
                    value=yearly_text(row["annual_value"]),
                    link=links.customer(row["customer_id"], "agreements"),
                ),
            )


def ended(source: Source) -> Iterable[Fact]:
    """Agreements that came to their end."""
    for row in source.agreements:
        if row["state"] == "ended" and row["ends_on"] and row["ends_on"] + _ONE_DAY >= source.first:
            yield _agreement(
                source, row, "ended", row["ends_on"] + _ONE_DAY, _("last day {day}"), row["ends_on"]
            )


def begun(source: Source) -> Iterable[Fact]:
    """Agreements that are new, whether they have begun or are to begin."""
    for row in source.agreements:
        if row["state"] != "ended" and row["subscribed_on"] >= source.first:
            yield _agreement(source, row, "new", row["subscribed_on"], _("from {day}"), row["subscribed_on"])


def billing_users(source: Source) -> Iterable[Fact]:
    """User counts above what was billed: each is to be invoiced for the months that remain (R7)."""
    since = source.first - timedelta(days=366)
    products = {row["agreement_id"]: row["product"] for row in source.agreements}
    for row in source.rows("expected_lines", since=since):
        if row["kind"] == "expansion" and row["from_on"] >= source.first:
            before, after = number(row["users_before"]), number(row["users_after"])
            added = _("from {before} to {after} users").format(before=before, after=after)
            expected = row["expected"]
            yield Fact(
                key=f"users:{row['agreement_id']}:{row['from_on']}:{row['users_after']}",
                on=row["from_on"],
                customer_id=row["customer_id"],
                row=Row(
                    title=row["customer_name"],
                    text=f"{products[row['agreement_id']]} · {added}",
                    day=_("counted {day}").format(day=day(row["from_on"])),
                    value=_("amount unknown") if expected is None else _to_invoice(amount(expected)),
                    link=links.customer(row["customer_id"], "invoices"),
                ),
            )


def slipped(source: Source) -> Iterable[Fact]:
    """Status meetings that weren't held on their planned day, or were moved to a later one."""
    meetings = [row for row in source.rows("meetings_list") if row["kind"] == "status_meeting"]
    current = {row["customer_id"]: row for row in source.rows("status_meetings")}
    for row in meetings:
        customer, planned_on = row["customer_id"], row["planned_on"]
        if customer not in current or row["held_on"] or not planned_on or planned_on < source.first:
            continue
        if planned_on < source.as_of:
            if not _was_held(source, customer, planned_on, meetings):
                yield _meeting(
                    row, "slipped", planned_on, planned_on + _ONE_DAY, current[customer]["planned_on"]
                )
        elif earlier := [
            each for each in source.known.days(f"{_PLANNED}:{row['meeting_id']}:") if each < planned_on
        ]:
            yield _meeting(row, "moved", max(earlier), source.as_of, planned_on)


def plans(source: Source) -> Iterable[tuple[str, str | None]]:
    """The days that meetings are planned for, by which the next message sees that one was moved."""
    for row in source.rows("meetings_list"):
        if row["kind"] == "status_meeting" and row["planned_on"] and row["planned_on"] >= source.as_of:
            yield f"{_PLANNED}:{row['meeting_id']}:{row['planned_on']}", row["customer_id"]


def prices(source: Source) -> Iterable[Fact]:
    """Versions of the price list of the reader's products, and of direct agreements, that were announced (A5)."""
    in_force = [row for row in source.agreements if row["state"] != "ended"]
    products = {row["product"] for row in in_force if row["price_basis"] == "price_list"}
    valid_on = source.as_of + _FAR_AHEAD
    while steps := [
        row for row in source.rows("price_steps", valid_on=valid_on) if row["product"] in products
    ]:
        for product in sorted({row["product"] for row in steps}):
            row = next(row for row in steps if row["product"] == product)
            if row["announced_on"] >= source.first:
                yield _version(product, row["valid_from"], row["announced_on"])
        if all(row["announced_on"] < source.first for row in steps):
            break
        valid_on = max(row["valid_from"] for row in steps) - _ONE_DAY
    yield from _own_prices(source, {row["agreement_id"]: row for row in in_force})


KINDS = (
    Kind(
        "notices",
        notices,
        lambda count: ngettext("{count} termination received", "{count} terminations received", count),
        links.to_do(kind="termination_received", show="all"),
    ),
    Kind(
        "withdrawn",
        withdrawn,
        lambda count: ngettext("{count} termination withdrawn", "{count} terminations withdrawn", count),
        Link("renewals"),
    ),
    Kind(
        "ended",
        ended,
        lambda count: ngettext("{count} agreement has ended", "{count} agreements have ended", count),
        links.movements("churn"),
    ),
    Kind(
        "new",
        begun,
        lambda count: ngettext("{count} new agreement", "{count} new agreements", count),
        links.movements("new"),
    ),
    Kind(
        "users",
        billing_users,
        lambda count: ngettext("{count} user count to invoice", "{count} user counts to invoice", count),
        Link("leakage"),
    ),
    Kind(
        "meetings",
        slipped,
        lambda count: ngettext("{count} status meeting slipped", "{count} status meetings slipped", count),
        Link("status_meetings"),
    ),
    Kind(
        "prices",
        prices,
        lambda count: ngettext("{count} new price announced", "{count} new prices announced", count),
        Link("renewals"),
    ),
)


@dataclass(frozen=True)
class Changes:
    """The sections about what is new, how many facts those are, and all facts for the next message."""

    sections: tuple[Section, ...]
    count: int
    facts: tuple[tuple[str, str | None], ...]


def changes(source: Source, kinds: Iterable[Kind] = KINDS) -> Changes:
    """What is new of these kinds, the newest first, each said once."""
    sections, facts, count = [], [], 0
    for kind in kinds:
        found = {fact.key: fact for fact in kind.facts(source)}
        facts += [(fact.key, fact.customer_id) for fact in found.values()]
        new = [fact for fact in found.values() if not source.known.holds(fact)]
        new.sort(key=lambda fact: (-fact.on.toordinal(), fact.row.title, fact.key))
        if new:
            title = kind.title(len(new)).format(count=number(len(new)))
            sections.append(section(kind.name, title, [fact.row for fact in new], link=kind.link))
            count += len(new)
    return Changes(tuple(sections), count, (*facts, *plans(source)))


def _agreement(source: Source, row: Record, kind: str, on: date, words: str, shown_on: date) -> Fact:
    return Fact(
        key=f"{kind}:{row['agreement_id']}:{shown_on}",
        on=on,
        customer_id=row["customer_id"],
        row=Row(
            title=row["customer_name"],
            text=" · ".join([row["product"], *(_by(row) if kind == "ended" else ())]),
            day=words.format(day=day(shown_on)),
            value="" if kind == "ended" else yearly_text(row["annual_value"]),
            link=links.customer(row["customer_id"], "agreements"),
        ),
    )


def _by(row: Record) -> list[str]:
    """Who terminated the agreement, where that is known."""
    words = {"customer": _("terminated by the customer"), "supplier": _("terminated by us")}
    return [words[row["terminated_by"]]] if row["terminated_by"] else []


def _to_invoice(text: str) -> str:
    return _("{amount} to invoice").format(amount=text)


def _was_held(source: Source, customer: str, planned_on: date, meetings: Iterable[Record]) -> bool:
    """True where a meeting with the customer was held since, or was noted as held in this period."""
    return customer in source.held or any(
        row["customer_id"] == customer and row["held_on"] and row["held_on"] >= planned_on for row in meetings
    )


def _meeting(row: Record, kind: str, before: date, on: date, now: date | None) -> Fact:
    return Fact(
        key=f"{kind}:{row['meeting_id']}:{before}:{now if kind == 'moved' else ''}",
        on=on,
        customer_id=row["customer_id"],
        row=Row(
            title=row["customer_name"],
            text=_("planned for {day}, not held").format(day=day(before)),
            day=_("now {day}").format(day=day(now)) if now else "",
            mark="" if now else _("no new day"),
            is_late=now is None,
            link=links.duty("status_meeting", row["customer_id"]),
        ),
    )


def _version(product: str, valid_from: date, announced_on: date) -> Fact:
    return Fact(
        key=f"price:{product}:{valid_from}",
        on=announced_on,
        row=Row(
            title=_("Price list of {product}").format(product=product),
            text=_("from {day}").format(day=day(valid_from)),
            day=_("announced {day}").format(day=day(announced_on)),
            link=Link("renewals"),
        ),
    )


def _own_prices(source: Source, agreements: Mapping[str, Record]) -> Iterable[Fact]:
    for row in source.rows("agreement_periods"):
        if (
            row["price_source"] != "direct"
            or row["agreement_id"] not in agreements
            or not row["announced_on"]
        ):
            continue
        if row["announced_on"] >= source.first:
            agreement = agreements[row["agreement_id"]]
            yield Fact(
                key=f"own_price:{row['agreement_id']}:{row['price_version']}",
                on=row["announced_on"],
                customer_id=row["customer_id"],
                row=Row(
                    title=agreement["customer_name"],
                    text=_("own price from {day}").format(day=day(row["price_version"])),
                    day=_("announced {day}").format(day=day(row["announced_on"])),
                    value=_("price unknown")
                    if row["rate"] is None
                    else _("{amount} per user").format(amount=amount(row["rate"], 2)),
                    link=links.customer(row["customer_id"], "history"),
                ),
            )
