"""Headline figures from the reports' rows: counts and sums, no rule of the agreement's own.

Each takes a report's frame (warehouse.report) and gives one number, or a part of the rows. Unknown values
are left out of sums; a sum over rows none of which is known is unknown (None).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from ccinsight.dashboard.widgets import figures
from ccinsight.i18n import _, amount, day, is_unknown, ngettext, number, percent
from ccinsight.registry import CODES, label_of


def notices_to_send(deadlines: pd.DataFrame, days: int) -> str:
    """How many agreements must be notified of a price in the span, and how it stands with the others."""
    count = len(figures.notices(deadlines, "planned"))
    text = ngettext(
        "{count} agreement must be notified of prices within {days} days",
        "{count} agreements must be notified of prices within {days} days",
        count,
    )
    if not count:
        text = _("No price notices remain in the next {days} days")
    others = notices_apart(deadlines)
    return text.format(count=number(count), days=days) + (f" ({others})" if others else "")


def notices_apart(deadlines: pd.DataFrame) -> str:
    """The price notices that nobody has to send, counted apart; empty for none."""
    states = figures.notices(deadlines)["price_notice_state"].value_counts()
    announced, none, closed = (int(states.get(state, 0)) for state in ("announced", "none", "closed"))
    parts = [
        (announced, ngettext("{count} announced", "{count} announced", announced)),
        (none, ngettext("{count} without a new price", "{count} without a new price", none)),
        (closed, ngettext("{count} closed by us", "{count} closed by us", closed)),
    ]
    return ", ".join(text.format(count=number(count)) for count, text in parts if count)


def earned(in_force: pd.DataFrame) -> str:
    """The recurring revenue of the agreements in force, and of how many it is known."""
    arr = figures.total(in_force["annual_value"])
    if arr is None:
        return _("Annual recurring revenue is unknown: no agreement in force has a known rate and users")
    return _("{value} in annual recurring revenue from {agreements}").format(
        value=amount(arr), agreements=agreements(in_force, "annual_value")
    )


def year_ago(retention: pd.DataFrame) -> str:
    """Over how many customers of a year ago a ratio is, for a card's note."""
    then, left_out = (int(retention[name].iloc[0]) for name in ("customers_then", "customers_unknown"))
    note = ngettext("of {count} customer a year ago", "of {count} customers a year ago", then)
    return and_unknown(note.format(count=number(then)), left_out)


def committed(row: pd.DataFrame) -> str:
    """What the known terminations take away, of the report ``committed_revenue``; for a card's note."""
    ending, unknown = (int(row[name].iloc[0]) for name in ("agreements_ending", "value_unknown"))
    note = ngettext(
        "{value} less, {count} terminated agreement",
        "{value} less, {count} terminated agreements",
        ending,
    ).format(value=amount(figures.number_of(row["ending_value"].iloc[0])), count=number(ending))
    return and_unknown(note if ending else _("no known termination"), unknown)


def agreements(rows: pd.DataFrame, column: str = "") -> str:
    """How many agreements a figure is of, and how many a sum of the column leaves out as unknown."""
    missing = figures.unknown(rows[column]) if column else 0
    if missing and missing == len(rows):
        text = ngettext("{count} agreement, unknown", "{count} agreements, all unknown", missing)
    elif missing:
        text = ngettext(
            "{known} of {count} agreements, {unknown} unknown",
            "{known} of {count} agreements, {unknown} unknown",
            missing,
        )
    else:
        text = ngettext("{count} agreement", "{count} agreements", len(rows))
    return _with_counts(text, rows, missing)


def customers(rows: pd.DataFrame, *columns: str) -> str:
    """How many customers a ratio is of, and how many it leaves out since one of the columns is unknown."""
    missing = int(rows[list(columns)].isna().any(axis="columns").sum())
    if missing and missing == len(rows):
        text = ngettext("{count} customer, unknown", "{count} customers, all unknown", missing)
    elif missing:
        text = ngettext(
            "{known} of {count} customers, {unknown} unknown",
            "{known} of {count} customers, {unknown} unknown",
            missing,
        )
    else:
        text = ngettext("{count} customer", "{count} customers", len(rows))
    return _with_counts(text, rows, missing)


def _with_counts(text: str, rows: pd.DataFrame, missing: int) -> str:
    return text.format(known=number(len(rows) - missing), count=number(len(rows)), unknown=number(missing))


def without_price(consulting: pd.DataFrame) -> str:
    """How many invoice lines the value of the discount leaves out, for a card's note; of ``consulting`` (R8)."""
    lines, unpriced = (figures.total(consulting[name]) for name in ("discount_lines", "unpriced_lines"))
    if not unpriced:
        return _("last 12 months")
    return ngettext(
        "last 12 months; {count} of {all} lines has no known price and is left out",
        "last 12 months; {count} of {all} lines have no known price and are left out",
        int(unpriced),
    ).format(count=number(int(unpriced)), all=number(lines))


def and_unknown(note: str, missing: int) -> str:
    """A card's note with the number of values that the figure leaves out, where there are any."""
    if not missing:
        return note
    left_out = ngettext("{count} unknown", "{count} unknown", missing).format(count=number(missing))
    return f"{note}, {left_out}"


def year_before(categories: pd.DataFrame) -> str:
    """The span of a number of tickets and those of the year before, for a card's note; of ``tickets_by_category``."""
    return _("last 12 months; {count} the year before").format(
        count=number(figures.total(categories["tickets_before"]))
    )


def use(utilization: pd.DataFrame) -> str:
    """Tickets per user over the customers whose users are known, and of how many they are."""
    per_user = figures.ratio_of_sums(utilization, "tickets", "registered_users")
    if per_user is None:
        return _("Tickets per user are unknown: no customer with an agreement in force has known users")
    return _("{count} tickets per user in the last twelve months at {customers}").format(
        count=number(per_user, 2), customers=customers(utilization, "tickets", "registered_users")
    )


def use_of(categories: pd.DataFrame, utilization: pd.DataFrame) -> str:
    """Whose tickets the figures are, and how many are of customers without an agreement in force."""
    outside = int((figures.total(categories["tickets"]) or 0) - (figures.total(utilization["tickets"]) or 0))
    text = _(
        "All figures are for the twelve months up to the day; figures per user and shares are of customers with an "
        "agreement in force."
    )
    if not outside:
        return text
    others = ngettext(
        "{count} ticket is of customers without one.",
        "{count} tickets are of customers without one.",
        outside,
    )
    return f"{text} {others.format(count=number(outside))}"


def renewing(renewals: pd.DataFrame, months: int) -> str:
    """How many agreements have a renewal date in the span, what those of known value are worth, how many end."""
    count, known = len(renewals), len(renewals) - figures.unknown(renewals["value_now"])
    text = ngettext(
        "{count} agreement has a renewal date within {months} months",
        "{count} agreements have a renewal date within {months} months",
        count,
    ).format(count=number(count), months=months)
    if not count:
        return text
    value = amount(figures.total(renewals["value_now"]))
    if known == count:
        text = _("{agreements}, worth {value}").format(agreements=text, value=value)
    elif known:
        worth = ngettext("{known} of them is worth {value}", "{known} of them are worth {value}", known)
        text = f"{text}; {worth.format(known=number(known), value=value)}"
    else:
        text = _("{agreements}; their value is unknown").format(agreements=text)
    ending = len(figures.rows_of(renewals, "renewal_status", "ending"))
    if not ending:
        return text
    return ngettext("{text}, and {ending} ends", "{text}, and {ending} end", ending).format(
        text=text, ending=number(ending)
    )


def informed(dates: pd.DataFrame, days: int) -> str:
    """How many of each the dates for information are, as a heading."""
    renewals, ends, still = (
        len(figures.rows_of(dates, "kind", kind)) for kind in ("renewal", "end", "price_notice")
    )
    parts = [
        (renewals, ngettext("{count} renewal", "{count} renewals", renewals)),
        (ends, ngettext("{count} agreement that ends", "{count} agreements that end", ends)),
        (
            still,
            ngettext(
                "{count} price notice with nothing to send",
                "{count} price notices with nothing to send",
                still,
            ),
        ),
    ]
    said = ", ".join(text.format(count=number(count)) for count, text in parts if count)
    return _("For information, within {days} days: {dates}").format(days=days, dates=said)


def ending(renewals: pd.DataFrame, known: pd.DataFrame) -> str:
    """What the agreements that end in the span are worth, and how many others a notice ends later; for a card's note.

    ``known`` are all agreements.
    """
    rows = figures.rows_of(renewals, "renewal_status", "ending")
    value = amount(figures.total(rows["value_now"]))
    worth = and_unknown(_("worth {value}").format(value=value), figures.unknown(rows["value_now"]))
    later = len(figures.rows_of(known, "state", "terminating")) - len(rows)
    after = ngettext("{count} ends later", "{count} end later", later).format(count=number(later))
    return "; ".join([*([worth] if len(rows) else []), *([after] if later else [])])


def shown(value: object) -> str:
    """A text, or that it is unknown."""
    return _("unknown") if is_unknown(value) or value == "unknown" else str(value)


def next_duty(deadlines: pd.DataFrame, days: int) -> str:
    """What the next of the deadlines within so many days is and how many are left, for a card's note."""
    coming = figures.duties(deadlines)
    if coming.empty:
        return _("none within {days} days").format(days=days)
    row = coming.iloc[0]
    left = int(row["days_left"])
    until = ngettext("{count} day left", "{count} days left", left).format(count=number(left))
    return f"{label_of('deadline_kind', row['kind'])}, {until}"


def licences(utilization: pd.DataFrame) -> str:
    """How many of the users are active, for a card's note."""
    return _("licence use {share}").format(
        share=percent(figures.number_of(figures.one(utilization, "licence_use")))
    )


def against_peers(utilization: pd.DataFrame, everybody: pd.DataFrame) -> str:
    """Where the customer stands among those of its size, for a card's note; ``everybody`` are all customers."""
    if utilization.empty:
        return _("no agreement in force")
    row = utilization.iloc[0]
    users = users_of(row["user_band"])
    if is_unknown(row["percentile"]):
        return _("not comparable")
    peers = figures.rows_of(everybody, "user_band", row["user_band"])
    if int(peers["tickets_per_user"].notna().sum()) < 2:
        return _("the only customer with {users}").format(users=users)
    if row["percentile"] == 0:
        return _("lowest of the customers with {users}").format(users=users)
    return _("higher than {share} of the customers with {users}").format(
        share=percent(float(row["percentile"])), users=users
    )


def users_of(band: object) -> str:
    """A user band in words: ``10–24 users``, or that the number is unknown."""
    if is_unknown(band) or band == "unknown":
        return _("unknown number of users")
    return _("{band} users").format(band=band)


def next_prices(agreements: pd.DataFrame, as_of: date) -> str:
    """How it stands with the price of each agreement's coming period (R14), for one customer."""
    rows = agreements[agreements["price_notice_state"].notna()]
    said = [_next_price(row, as_of) for row in rows.to_dict("records")]
    if len(said) == 1:
        return said[0]
    return " · ".join(f"{key}: {text}" for key, text in zip(rows["agreement_id"], said, strict=True))


def _next_price(row: Mapping[Any, Any], as_of: date) -> str:
    is_open = as_of <= row["price_notice_deadline"].date()
    texts = {
        ("planned", True): _("A new price from {renewal} must be announced by {deadline}"),
        ("planned", False): _("The planned price comes too late for {renewal}: the deadline was {deadline}"),
        ("missed", False): _("A new price was announced too late for {renewal}: the deadline was {deadline}"),
        ("announced", True): _("A new price from {renewal} is announced"),
        ("announced", False): _("A new price from {renewal} is announced"),
        ("none", True): _("No new price from {renewal}; the last day to announce one is {deadline}"),
        ("none", False): _("No new price from {renewal}"),
    }
    return texts[row["price_notice_state"], is_open].format(
        renewal=day(row["renewal_on"]), deadline=day(row["price_notice_deadline"])
    )


def check_help(check: str) -> str:
    """What a check looked for and what to do about it."""
    code = CODES["check"].get(check)
    return _(code.description) if code and code.description else ""
