"""The sections that a customer may see, each from the reports that it names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import pyarrow as pa

from ccinsight import i18n
from ccinsight.brief import ended, words
from ccinsight.brief.model import Figure, Row, Section, Statement
from ccinsight.brief.sources import Sources, year_before
from ccinsight.i18n import _, ngettext
from ccinsight.registry import label_of

# Among fewer customers of a size a median would tell one customer about another.
FEWEST_PEERS = 5


class Ask:
    """One customer's rows and figures of the reports, each read once."""

    def __init__(self, sources: Sources, customer_id: str) -> None:
        self.sources = sources
        self.customer_id = customer_id
        self.as_of = sources.as_of
        self._tables: dict[tuple[str, date], pa.Table] = {}
        self._rows: dict[tuple[str, date], list[dict[str, Any]]] = {}

    def table(self, report: str, as_of: date | None = None) -> pa.Table:
        """The customer's rows of a report, exact."""
        asked = (report, as_of or self.as_of)
        if asked not in self._tables:
            self._tables[asked] = self.sources.table(report, self.customer_id, asked[1])
        return self._tables[asked]

    def rows(self, report: str, as_of: date | None = None) -> list[dict[str, Any]]:
        """The same as dictionaries."""
        asked = (report, as_of or self.as_of)
        if asked not in self._rows:
            self._rows[asked] = self.table(*asked).to_pylist()
        return self._rows[asked]

    def first(
        self, report: str, values: Mapping[str, object] | None = None, as_of: date | None = None
    ) -> dict[str, Any] | None:
        """The first row with these values; None where there is none."""
        for row in self.rows(report, as_of):
            if all(row[name] == value for name, value in (values or {}).items()):
                return row
        return None

    def figures(
        self, report: str, row: Row | None, *columns: str, as_of: date | None = None
    ) -> tuple[Figure, ...]:
        """The figures that stand in those columns of the row."""
        if row is None:
            return ()
        return tuple(self.sources.figure(report, row, column, as_of) for column in columns)


def meetings(ask: Ask, since: date, last_meeting_on: date | None) -> Section:
    """What was held since the last status meeting, and what is planned (R12)."""
    rows = ask.rows("meetings_list")
    if last_meeting_on is not None:
        last = next(r for r in rows if r["kind"] == "status_meeting" and r["held_on"] == last_meeting_on)
        title = Statement(
            _("The last status meeting was held on {day}").format(day=i18n.day(last_meeting_on)),
            ask.figures("meetings_list", last, "held_on"),
        )
    elif not ask.sources.has_export("meetings"):
        title = Statement(
            _("Whether a status meeting was held is unknown: no meetings were imported"),
            to_customer=_("No status meeting is known before {day}").format(day=i18n.day(ask.as_of)),
        )
    else:
        title = Statement(_("No status meeting is known before {day}").format(day=i18n.day(ask.as_of)))
    held = [r for r in rows if r["held_on"] and r["held_on"] > since and r["kind"] != "status_meeting"]
    planned = [r for r in rows if not r["held_on"] and r["planned_on"] and r["planned_on"] >= ask.as_of]
    statements = []
    for kind in ("course", "workshop"):
        of_kind = [r for r in held if r["kind"] == kind]
        if of_kind:
            statements.append(
                Statement(
                    _("{kind}, held since {since}: {days}").format(
                        kind=label_of("meeting_kind", kind),
                        since=i18n.day(since),
                        days=", ".join(i18n.day(r["held_on"]) for r in reversed(of_kind)),
                    ),
                    tuple(f for r in of_kind for f in ask.figures("meetings_list", r, "held_on")),
                )
            )
    if not held and ask.sources.has_export("meetings"):
        statements.append(
            Statement(_("No course or workshop is known since {since}.").format(since=i18n.day(since)))
        )
    statements += [
        Statement(
            _("{kind}, planned: {day}").format(
                kind=label_of("meeting_kind", r["kind"]), day=i18n.day(r["planned_on"])
            ),
            ask.figures("meetings_list", r, "planned_on"),
        )
        for r in reversed(planned)
    ]
    return Section("meetings", title, tuple(statements), ("meetings_list",))


def users(ask: Ask) -> Section:
    """Registered, active and invoiced users and how they developed (R5, R7, R11)."""
    now, then_on = ask.first("customers"), year_before(ask.as_of)
    then = ask.first("customers", as_of=then_on)
    registered = now["registered_users"] if now else None
    before = then["registered_users"] if then else None
    title = _users_title(ask, now, then, registered, before, then_on)
    statements = [*_active(ask), *_invoiced(ask), *ended.users(ask)]
    if registered is not None and before is None:
        statements.append(
            Statement(
                _("Registered users on {day} are unknown: no user count was known then.").format(
                    day=i18n.day(then_on)
                ),
                to_customer="",
            )
        )
    months = ask.rows("users_by_month")
    known = any(
        m[c] is not None for m in months for c in ("registered_users", "active_users", "invoiced_users")
    )
    return Section("users", title, tuple(statements), ("users_by_month", "user_history"), is_empty=not known)


def _users_title(
    ask: Ask, now: Row | None, then: Row | None, registered: int | None, before: int | None, then_on: date
) -> Statement:
    if registered is None and (of_last_period := ended.title(ask)):
        return of_last_period
    if registered is None:
        why = (
            _("neither a user count nor an agreement in force says it")
            if ask.sources.has_export("user_counts")
            else _("no user counts were imported")
        )
        return Statement(
            _("The number of registered users is unknown: {why}").format(why=why),
            to_customer=_("The number of registered users is unknown"),
        )
    text = ngettext(
        "{count} registered user on {day}", "{count} registered users on {day}", registered
    ).format(count=i18n.number(registered), day=i18n.day(ask.as_of))
    figures = ask.figures("customers", now, "registered_users")
    if before is None:
        return Statement(text, figures)
    figures += ask.figures("customers", then, "registered_users", as_of=then_on)
    return Statement(f"{text}, {words.users_against(registered - before, i18n.day(then_on))}", figures)


def _active(ask: Ask) -> Iterable[Statement]:
    row = ask.first("utilization")
    if row is None:
        return
    if row["licence_use"] is None:
        yield Statement(_("How many users are active is unknown: no user count holds it."), to_customer="")
        return
    yield Statement(
        _("{active} active, {share} of those registered, in the newest count that holds both.").format(
            active=words.users(row["active_users"]), share=i18n.percent(row["licence_use"])
        ),
        ask.figures("utilization", row, "active_users", "licence_use"),
    )


def _invoiced(ask: Ask) -> Iterable[Statement]:
    for row in ask.rows("agreements"):
        if row["state"] not in ("active", "terminating"):
            continue
        named = {"agreement": row["agreement_id"], "day": i18n.day(row["period_start"])}
        if row["invoiced_users"] is None:
            yield Statement(
                _("Agreement {agreement}: invoiced users are unknown, since the users on {day} are.").format(
                    **named
                ),
                to_customer="",
            )
        else:
            yield Statement(
                _("Agreement {agreement}: {users} invoiced in the period from {day}.").format(
                    users=words.users(row["invoiced_users"]), **named
                ),
                ask.figures("agreements", row, "invoiced_users", "period_start"),
            )


def months(ask: Ask) -> Section:
    """Tickets and minutes by month against the year before."""
    total = ask.first("tickets_compared", {"dimension": "total"})
    assert total is not None  # the report always has it
    figures = ask.figures("tickets_compared", total, "tickets", "tickets_before", "tickets_change")
    now, before = total["tickets"], total["tickets_before"]
    if now == 0 and before == 0:
        title = Statement(_("No tickets in the last 12 months, nor in the year before"), figures)
    elif now == 0:
        title = Statement(
            _("No tickets in the last 12 months, {before} the year before").format(
                before=words.tickets(before)
            ),
            figures,
        )
    else:
        title = Statement(
            _("{tickets} in the last 12 months, {change}").format(
                tickets=words.tickets(now), change=words.tickets_against_year_before(total["tickets_change"])
            ),
            figures,
        )
    shown = ask.rows("tickets_by_month")
    return Section(
        "months",
        title,
        (*_time_spent(ask, total), *_young(ask, ask.first("utilization", {"is_young": True}))),
        ("tickets_by_month",),
        is_empty=not any(m["tickets"] for m in shown),
    )


def _time_spent(ask: Ask, total: Row) -> Iterable[Statement]:
    if total["tickets"] or total["tickets_before"]:
        yield Statement(
            _("Time spent: {now} in the last 12 months, {before} in the year before.").format(
                now=words.hours_of(total["minutes"]), before=words.hours_of(total["minutes_before"])
            ),
            ask.figures("tickets_compared", total, "minutes", "minutes_before"),
        )
    if total["tickets_without_minutes"]:
        yield Statement(
            ngettext(
                "The minutes of {count} ticket are unknown and left out.",
                "The minutes of {count} tickets are unknown and left out.",
                total["tickets_without_minutes"],
            ).format(count=i18n.number(total["tickets_without_minutes"])),
            ask.figures("tickets_compared", total, "tickets_without_minutes"),
        )


def groups(ask: Ask) -> Section:
    """Tickets by scope, channel and category against the year before (R10)."""
    rows = ask.rows("tickets_compared")
    total = rows[0]
    categories = [r for r in rows if r["dimension"] == "category" and r["tickets"]]
    if not categories:
        return Section("groups", Statement(_("No tickets in the last 12 months to divide")), is_empty=True)
    most = categories[0]
    title = Statement(
        _("Most tickets in the last 12 months were about {category}: {count} of {tickets}").format(
            category=member_label("category", most["member"]),
            count=i18n.number(most["tickets"]),
            tickets=i18n.number(total["tickets"]),
        ),
        ask.figures("tickets_compared", most, "tickets") + ask.figures("tickets_compared", total, "tickets"),
    )
    statements = [_divided(ask, rows, dimension) for dimension in ("scope", "channel")]
    return Section("groups", title, tuple(statements), ("tickets_compared",))


def member_label(dimension: str, member: str) -> str:
    """The name of a scope, channel or category."""
    if member == "unknown":
        return _("unknown")
    return member if dimension == "category" else label_of(dimension, member)


def _divided(ask: Ask, rows: Sequence[Row], dimension: str) -> Statement:
    members = [r for r in rows if r["dimension"] == dimension and r["tickets"]]
    parts = ", ".join(f"{member_label(dimension, r['member'])} {i18n.number(r['tickets'])}" for r in members)
    return Statement(
        _("By {dimension}, tickets in the last 12 months: {parts}.").format(
            dimension=label_of("dimension", dimension).lower(), parts=parts
        ),
        tuple(f for r in members for f in ask.figures("tickets_compared", r, "tickets")),
    )


def peers(ask: Ask) -> Section:
    """The customer's use among customers of the same size (R11)."""
    row = ask.first("peers", {"measure": "tickets_per_user"})
    if row is None:
        return Section(
            "peers", Statement(_("No peers to compare with: no agreement is in force")), is_empty=True
        )
    band = label_of("user_band", row["user_band"])
    if row["user_band"] == "unknown":
        return Section(
            "peers", Statement(_("No peers to compare with: the number of users is unknown")), is_empty=True
        )
    if row["known"] < FEWEST_PEERS or row["own_value"] is None:
        return Section(
            "peers",
            Statement(
                _("Too few customers with {band} users to compare with: {count}").format(
                    band=band, count=i18n.number(row["customers"])
                ),
                ask.figures("peers", row, "customers"),
            ),
            is_empty=True,
        )
    title = Statement(
        _("{own} tickets per user in the last 12 months; the median with {band} users is {median}").format(
            own=i18n.number(row["own_value"], 2), band=band, median=i18n.number(row["median_value"], 2)
        ),
        ask.figures("peers", row, "own_value", "median_value"),
    )
    others = row["known"] - 1
    below = round(row["percentile"] * others)
    statement = Statement(
        _("Of the {others} other customers with {band} users, {below} have fewer tickets per user.").format(
            others=i18n.number(others), band=band, below=i18n.number(below)
        ),
        ask.figures("peers", row, "percentile", "known"),
    )
    return Section("peers", title, (statement,), ("peers",))


def _young(ask: Ask, row: Row | None) -> Iterable[Statement]:
    if row is not None:
        yield Statement(
            _("The agreement is younger than a year: its figures hold fewer than 12 months."),
            ask.figures("utilization", row, "is_young"),
        )


def response(ask: Ask) -> Section:
    """Access-down cases and how fast they were met (A9)."""
    down = ask.first("response", {"class": "access_down"})
    other = ask.first("response", {"class": "other"})
    assert down is not None and other is not None  # the report always has both
    figures = ask.figures("response", down, "tickets", "median_hours")
    if down["tickets"] == 0:
        title = Statement(_("No access-down case in the last 12 months"), figures)
    else:
        title = Statement(_down(down), figures)
    statements = []
    if other["replied"]:
        statements.append(
            Statement(
                _(
                    "Other tickets: half of the first replies came within {hours}; {replied} of {tickets} have one."
                ).format(
                    hours=words.elapsed(other["median_hours"]),
                    replied=i18n.number(other["replied"]),
                    tickets=i18n.number(other["tickets"]),
                ),
                ask.figures("response", other, "median_hours", "replied", "tickets"),
            )
        )
    if waiting := down["tickets"] - down["replied"]:
        statements.append(
            Statement(
                ngettext(
                    "{count} access-down case has no first reply by {day}.",
                    "{count} access-down cases have no first reply by {day}.",
                    waiting,
                ).format(count=i18n.number(waiting), day=i18n.day(ask.as_of)),
                ask.figures("response", down, "tickets", "replied"),
            )
        )
    return Section(
        "response",
        title,
        tuple(statements),
        ("access_down_tickets", "response"),
        is_empty=down["tickets"] == 0,
    )


def _down(row: Row) -> str:
    count = row["tickets"]
    if not row["replied"]:
        text = ngettext(
            "{count} access-down case in the last 12 months, without a first reply",
            "{count} access-down cases in the last 12 months, without a first reply",
            count,
        )
        return text.format(count=i18n.number(count))
    text = ngettext(
        "{count} access-down case in the last 12 months; the first reply came within {hours}",
        "{count} access-down cases in the last 12 months; half of the first replies came within {hours}",
        count,
    )
    return text.format(count=i18n.number(count), hours=words.elapsed(row["median_hours"]))


def open_cases(ask: Ask) -> Section:
    """Open tickets, oldest first."""
    rows = ask.rows("open_tickets")
    if not rows:
        title = Statement(_("No open tickets on {day}").format(day=i18n.day(ask.as_of)))
    else:
        title = Statement(
            ngettext(
                "{count} open ticket, opened {day}",
                "{count} open tickets, the oldest opened {day}",
                len(rows),
            ).format(count=i18n.number(len(rows)), day=i18n.day(rows[0]["opened_at"])),
            ask.figures("open_tickets", rows[0], "opened_at"),
        )
    return Section("open_cases", title, (), ("open_tickets",), is_empty=not rows)


def contacts(ask: Ask) -> Section:
    """Who contacts support, and how much of it goes to how few (A1)."""
    row = ask.first("contact_shares")
    tables = ("contact_shares", "contacts")
    if row is None:
        return Section(
            "contacts", Statement(_("No contacts: no tickets in the last 12 months")), is_empty=True
        )
    if not row["contacts"]:
        return Section(
            "contacts",
            Statement(
                _("Who contacted support is unknown: none of {tickets} carries a contact").format(
                    tickets=words.tickets(row["tickets"])
                ),
                ask.figures("contact_shares", row, "tickets", "tickets_without_contact"),
            ),
            (),
            tables,
            is_empty=True,
        )
    return Section("contacts", _contacts_title(ask, row), tuple(_contact_statements(ask, row)), tables)


def _contacts_title(ask: Ask, row: Row) -> Statement:
    if row["contacts"] > 3:
        text = _("3 of {contacts} contacts opened {share} of the tickets in the last 12 months").format(
            contacts=i18n.number(row["contacts"]), share=i18n.percent(row["three_busiest_share"])
        )
        return Statement(text, ask.figures("contact_shares", row, "contacts", "three_busiest_share"))
    text = ngettext(
        "{count} contact opened the tickets of the last 12 months",
        "{count} contacts opened the tickets of the last 12 months",
        row["contacts"],
    ).format(count=i18n.number(row["contacts"]))
    return Statement(text, ask.figures("contact_shares", row, "contacts"))


def _contact_statements(ask: Ask, row: Row) -> Iterable[Statement]:
    use = ask.first("utilization")
    if use is not None and use["contact_rate"] is not None:
        yield Statement(
            _("{contacting} of {users} contacted support in the last 12 months, {share}.").format(
                contacting=i18n.number(use["contacting_users"]),
                users=ngettext(
                    "{count} registered user", "{count} registered users", use["registered_users"]
                ).format(count=i18n.number(use["registered_users"])),
                share=i18n.percent(use["contact_rate"]),
            ),
            ask.figures("utilization", use, "contacting_users", "registered_users", "contact_rate"),
        )
    if row["tickets_without_contact"]:
        yield Statement(
            ngettext(
                "{count} ticket carries no contact and is left out.",
                "{count} tickets carry no contact and are left out.",
                row["tickets_without_contact"],
            ).format(count=i18n.number(row["tickets_without_contact"])),
            ask.figures("contact_shares", row, "tickets_without_contact"),
        )


def requests(ask: Ask) -> Section:
    """Training-like and consulting-like requests, and what they point to (A2)."""
    rows = [r for r in ask.rows("tickets_by_category") if r["scope"] != "support" and r["tickets"]]
    scopes = {r["member"]: r for r in ask.rows("tickets_compared") if r["dimension"] == "scope"}
    counts = {
        scope: scopes[scope]["tickets"] if scope in scopes else 0 for scope in ("training", "consulting")
    }
    if not rows:
        text = _("No training or consulting requests in the last 12 months")
    else:
        text = _(
            "Training requests in the last 12 months: {training}; consulting requests: {consulting}"
        ).format(training=i18n.number(counts["training"]), consulting=i18n.number(counts["consulting"]))
    title = Statement(
        text,
        tuple(
            figure
            for scope in ("training", "consulting")
            for figure in ask.figures("tickets_compared", scopes.get(scope), "tickets")
        ),
    )
    statements = tuple(
        Statement(
            points_to(r["scope"], r["category"]) + f": {words.tickets(r['tickets'])}",
            ask.figures("tickets_by_category", r, "tickets"),
        )
        for r in rows
    )
    return Section("requests", title, statements, ("tickets_by_category",), is_empty=not rows)


def points_to(scope: str, category: str) -> str:
    """The course or work that a request's category points to."""
    named = words.subject(member_label("category", category))
    if scope == "training":
        return _("Course: {subject}").format(subject=named)
    return _("Consulting work: {subject}").format(subject=named)


def value(ask: Ask) -> Section:
    """What the agreement gave: hours supported, discount on hours and courses (A1, A8)."""
    row = ask.first("agreement_use")
    if row is None:
        return Section(
            "value", Statement(_("No agreement is known, so it gave no hours and no discount")), is_empty=True
        )
    discount = ask.first("consulting")
    figures = ask.figures("agreement_use", row, "included_hours") + ask.figures(
        "consulting", discount, "discount_value"
    )
    shown = i18n.hours(row["included_hours"])
    if row["included_hours"] is None:
        title = Statement(_value_unknown(discount), figures)
    elif discount is None or discount["discount_value"] is None:
        title = Statement(
            _(
                "The agreement covered {hours} of support in the last 12 months; the discount is unknown"
            ).format(hours=shown),
            figures,
        )
    else:
        title = Statement(
            _(
                "The agreement covered {hours} of support and {amount} of discount in the last 12 months"
            ).format(hours=shown, amount=i18n.amount(discount["discount_value"])),
            figures,
        )
    return Section("value", title, tuple(_value_statements(ask, row)), ("agreement_use", "consulting"))


def _value_unknown(discount: Row | None) -> str:
    if discount is None or discount["discount_value"] is None:
        return _("How much support and discount the agreement gave in the last 12 months is unknown")
    return _(
        "The agreement gave {amount} of discount in the last 12 months; the hours of support are unknown"
    ).format(amount=i18n.amount(discount["discount_value"]))


def _value_statements(ask: Ask, row: Row) -> Iterable[Statement]:
    if not ask.sources.has_export("invoices"):
        yield Statement(_("Discounts are unknown: no invoices were imported."), to_customer="")
    elif row["hour_discount"] is None or row["seat_discount"] is None:
        yield Statement(
            _("A discount is unknown where the standard price isn't in the settings."), to_customer=""
        )
    if row["tickets_without_minutes"]:
        yield Statement(
            ngettext(
                "The minutes of {count} ticket are unknown and left out.",
                "The minutes of {count} tickets are unknown and left out.",
                row["tickets_without_minutes"],
            ).format(count=i18n.number(row["tickets_without_minutes"])),
            ask.figures("agreement_use", row, "tickets_without_minutes"),
        )


def renewal(ask: Ask) -> Section:
    """The agreement's calendar, its next renewal and value, and whether the price changes (R2, R3, R6, R13)."""
    in_force = [r for r in ask.rows("agreements") if r["state"] in ("active", "terminating")]
    coming = {r["agreement_id"]: r for r in ask.rows("renewals")}
    if not in_force:
        return Section("renewal", _no_agreement(ask), (), ("agreements",), is_empty=True)
    first = in_force[0]
    statements = [
        s
        for row in in_force
        if row["agreement_id"] in coming
        for s in _at_renewal(ask, row, coming[row["agreement_id"]])
    ]
    return Section(
        "renewal",
        _renewal_title(ask, first, coming.get(first["agreement_id"])),
        tuple(statements),
        ("agreements", "renewals", "deadlines"),
    )


def _no_agreement(ask: Ask) -> Statement:
    rows = ask.rows("agreements")
    upcoming = [r for r in rows if r["state"] == "upcoming"]
    if upcoming:
        return Statement(
            _("The agreement starts on {day}").format(day=i18n.day(upcoming[0]["subscribed_on"])),
            ask.figures("agreements", upcoming[0], "subscribed_on"),
        )
    ended = [r for r in rows if r["ends_on"] is not None]
    if ended:
        last = max(ended, key=lambda r: r["ends_on"])
        return Statement(
            _("The agreement ended on {day}").format(day=i18n.day(last["ends_on"])),
            ask.figures("agreements", last, "ends_on"),
        )
    return Statement(_("No agreement is known on {day}").format(day=i18n.day(ask.as_of)))


def _renewal_title(ask: Ask, row: Row, coming: Row | None) -> Statement:
    status = coming["renewal_status"] if coming else None
    figures = ask.figures("agreements", row, "renewal_on", "termination_deadline") + ask.figures(
        "renewals", coming, "renewal_status"
    )
    if status == "ending":
        return Statement(
            _("The agreement ends on {day}, after the notice received").format(day=i18n.day(row["ends_on"])),
            ask.figures("agreements", row, "ends_on"),
        )
    if status == "open":
        text = _("The agreement renews on {day}; either party can terminate it by {deadline}")
        return Statement(
            text.format(day=i18n.day(row["renewal_on"]), deadline=i18n.day(row["termination_deadline"])),
            figures,
        )
    return Statement(
        _("The agreement renews for another year on {day}").format(day=i18n.day(row["renewal_on"])), figures
    )


def _at_renewal(ask: Ask, row: Row, coming: Row) -> Iterable[Statement]:
    if coming["renewal_status"] == "ending":
        yield Statement(
            _("Agreement {agreement}: full rights until {day}.").format(
                agreement=row["agreement_id"], day=i18n.day(row["ends_on"])
            ),
            ask.figures("agreements", row, "ends_on"),
        )
        return
    yield _value_next(ask, row, coming)
    yield _price_status(ask, row, coming)


def _value_next(ask: Ask, row: Row, coming: Row) -> Statement:
    named = {"agreement": row["agreement_id"], "day": i18n.day(row["renewal_on"])}
    if coming["value_next"] is None:
        why = _("the users are") if coming["users_next"] is None else _("the price per user is")
        return Statement(
            _("Agreement {agreement}: the value from {day} is unknown, since {why}.").format(why=why, **named)
        )
    return Statement(
        _("Agreement {agreement}: {value} a year from {day}, {users} at {rate} per user.").format(
            value=i18n.amount(coming["value_next"]),
            users=words.users(coming["users_next"]),
            rate=i18n.amount(coming["rate_next"]),
            **named,
        ),
        ask.figures("renewals", coming, "value_next", "users_next", "rate_next"),
    )


def _price_status(ask: Ask, row: Row, coming: Row) -> Statement:
    now, following, deadline = coming["rate_now"], coming["rate_next"], row["price_notice_deadline"]
    figures = ask.figures("renewals", coming, "rate_now", "rate_next") + ask.figures(
        "agreements", row, "price_notice_deadline"
    )
    if now is None or following is None:
        return Statement(
            _("Whether the price per user changes is unknown: a price is missing."), figures, to_customer=""
        )
    if now != following:
        text = _("The price per user goes from {now} to {following} at the renewal.").format(
            now=i18n.amount(now), following=i18n.amount(following)
        )
    else:
        text = _("The price per user is {now} now and from the renewal.").format(now=i18n.amount(now))
    if ask.as_of <= deadline:
        text += " " + _("A change can be notified until {day}.").format(day=i18n.day(deadline))
    return Statement(text, figures)
