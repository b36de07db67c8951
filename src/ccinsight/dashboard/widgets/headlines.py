"""Headline figures from the reports' rows: counts and sums, no rule of the agreement's own.

Each takes a report's frame (warehouse.report) and gives one number, or a part of the rows. Unknown values
are left out of sums; a sum over rows none of which is known is unknown (None).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from ccinsight.i18n import _, amount, day, is_unknown, ngettext, number, percent
from ccinsight.registry import CODES, label_of

IN_FORCE = ("active", "terminating")


def total(values: pd.Series) -> float | None:
    """The sum of what is known; 0 over no rows, None where no row is known."""
    known = values.dropna()
    return None if known.empty and not values.empty else float(known.sum())


def unknown(values: pd.Series) -> int:
    """How many values a sum leaves out."""
    return int(values.isna().sum())


def ratio(part: float | None, whole: float | None) -> float | None:
    """part / whole; None where either is unknown or the whole is 0."""
    return None if part is None or not whole else part / whole


def ratio_of_sums(frame: pd.DataFrame, part: str, whole: str) -> float | None:
    """Sum / sum over the rows that know both."""
    known = frame.dropna(subset=[part, whole])
    return ratio(total(known[part]), total(known[whole]))


def in_force(agreements: pd.DataFrame) -> pd.DataFrame:
    """The agreements in force (R4)."""
    return agreements[agreements["state"].isin(IN_FORCE)]


def rows_of(frame: pd.DataFrame, column: str, *values: str) -> pd.DataFrame:
    """The rows whose column has one of the values."""
    return frame[frame[column].isin(values)]


def within(deadlines: pd.DataFrame, days: int) -> pd.DataFrame:
    """The dates that come within so many days."""
    return deadlines[deadlines["days_left"] <= days]


def duties(deadlines: pd.DataFrame) -> pd.DataFrame:
    """The deadlines to act by: termination, and price notice where a new price must be sent (R2, R3, R14)."""
    kinds, states = deadlines["kind"], deadlines["price_notice_state"]
    return deadlines[(kinds == "termination") | ((kinds == "price_notice") & (states == "planned"))]


def notices(deadlines: pd.DataFrame, *states: str) -> pd.DataFrame:
    """The price-notice deadlines, or those whose notice is in one of the states (R14)."""
    rows = rows_of(deadlines, "kind", "price_notice")
    return rows_of(rows, "price_notice_state", *states) if states else rows


def notices_to_send(deadlines: pd.DataFrame, days: int) -> str:
    """How many agreements must be notified of a price in the span, and how it stands with the others."""
    count = len(notices(deadlines, "planned"))
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
    announced, none, closed = (len(notices(deadlines, state)) for state in ("announced", "none", "closed"))
    parts = [
        (announced, ngettext("{count} announced", "{count} announced", announced)),
        (none, ngettext("{count} without a new price", "{count} without a new price", none)),
        (closed, ngettext("{count} closed by us", "{count} closed by us", closed)),
    ]
    return ", ".join(text.format(count=number(count)) for count, text in parts if count)


def revenue_by(agreements: pd.DataFrame, column: str) -> pd.DataFrame:
    """One row per value of the column, largest first: agreements, users, ARR, revenue per user (R9)."""
    known = agreements["annual_value"].notna()
    users = agreements["invoiced_users"]
    rows = pd.DataFrame(
        {
            column: agreements[column],
            "agreements_in_force": 1,
            "invoiced_users": users,
            "arr": agreements["annual_value"],
            "_users": users.where(known),
        }
    )
    sums = rows.groupby(column, dropna=False).sum(min_count=1)
    sums["revenue_per_user"] = sums["arr"] / sums["_users"].where(sums["_users"] > 0)
    return sums.drop(columns="_users").sort_values("arr", ascending=False, na_position="last").reset_index()


def earned(in_force: pd.DataFrame) -> str:
    """The recurring revenue of the agreements in force, and of how many it is known."""
    arr = total(in_force["annual_value"])
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


def revenue_per_user(agreements: pd.DataFrame) -> float | None:
    """Known revenue / the users of the agreements whose revenue is known (R9)."""
    return ratio_of_sums(agreements, "annual_value", "invoiced_users")


def monthly(arr: float | None) -> float | None:
    """MRR = ARR / 12 (R9)."""
    return None if arr is None else arr / 12


def hours(minutes: pd.Series) -> float | None:
    """The sum of minutes, in hours."""
    known = total(minutes)
    return None if known is None else known / 60


def agreements(rows: pd.DataFrame, column: str = "") -> str:
    """How many agreements a figure is of, and how many a sum of the column leaves out as unknown."""
    missing = unknown(rows[column]) if column else 0
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


def and_unknown(note: str, missing: int) -> str:
    """A card's note with the number of values that the figure leaves out, where there are any."""
    if not missing:
        return note
    left_out = ngettext("{count} unknown", "{count} unknown", missing).format(count=number(missing))
    return f"{note}, {left_out}"


def year_before(categories: pd.DataFrame) -> str:
    """The span of a number of tickets and those of the year before, for a card's note; of ``tickets_by_category``."""
    return _("last 12 months; {count} the year before").format(
        count=number(total(categories["tickets_before"]))
    )


def use(utilization: pd.DataFrame) -> str:
    """Tickets per user over the customers whose users are known, and of how many they are."""
    per_user = ratio_of_sums(utilization, "tickets", "registered_users")
    if per_user is None:
        return _("Tickets per user are unknown: no customer with an agreement in force has known users")
    return _("{count} tickets per user in the last twelve months at {customers}").format(
        count=number(per_user, 2), customers=customers(utilization, "tickets", "registered_users")
    )


def use_of(categories: pd.DataFrame, utilization: pd.DataFrame) -> str:
    """Whose tickets the figures are, and how many are of customers without an agreement in force."""
    outside = int((total(categories["tickets"]) or 0) - (total(utilization["tickets"]) or 0))
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
    count, known = len(renewals), len(renewals) - unknown(renewals["value_now"])
    text = ngettext(
        "{count} agreement has a renewal date within {months} months",
        "{count} agreements have a renewal date within {months} months",
        count,
    ).format(count=number(count), months=months)
    if not count:
        return text
    value = amount(total(renewals["value_now"]))
    if known == count:
        text = _("{agreements}, worth {value}").format(agreements=text, value=value)
    elif known:
        worth = ngettext("{known} of them is worth {value}", "{known} of them are worth {value}", known)
        text = f"{text}; {worth.format(known=number(known), value=value)}"
    else:
        text = _("{agreements}; their value is unknown").format(agreements=text)
    ending = len(rows_of(renewals, "renewal_status", "ending"))
    if not ending:
        return text
    return ngettext("{text}, and {ending} ends", "{text}, and {ending} end", ending).format(
        text=text, ending=number(ending)
    )


def information(deadlines: pd.DataFrame) -> pd.DataFrame:
    """The dates on which nobody has to act: renewals, last days, price notices with nothing to send (R14)."""
    return deadlines.drop(duties(deadlines).index)


def informed(dates: pd.DataFrame, days: int) -> str:
    """How many of each the dates for information are, as a heading."""
    renewals, ends, still = (len(rows_of(dates, "kind", kind)) for kind in ("renewal", "end", "price_notice"))
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
    rows = rows_of(renewals, "renewal_status", "ending")
    value = amount(total(rows["value_now"]))
    worth = and_unknown(_("worth {value}").format(value=value), unknown(rows["value_now"]))
    later = len(rows_of(known, "state", "terminating")) - len(rows)
    after = ngettext("{count} ends later", "{count} end later", later).format(count=number(later))
    return "; ".join([*([worth] if len(rows) else []), *([after] if later else [])])


def silent(utilization: pd.DataFrame) -> pd.DataFrame:
    """Customers who called no one in twelve months, the largest first."""
    quiet = utilization[utilization["tickets"] == 0]
    return quiet.sort_values("registered_users", ascending=False, na_position="last")


def heaviest(utilization: pd.DataFrame, column: str = "tickets_per_user") -> pd.DataFrame:
    """Customers in falling order of a figure; unknown last."""
    return utilization.sort_values(column, ascending=False, na_position="last")


def first_day(values: pd.Series) -> date | None:
    """The earliest day, None where there is none."""
    known = values.dropna()
    return None if known.empty else known.min().date()


def one(frame: pd.DataFrame, column: str) -> object:
    """The value of a report of one row; None where it has none."""
    return None if frame.empty else frame[column].iloc[0]


def last_months(frame: pd.DataFrame, column: str, months: int = 12) -> float | None:
    """The sum of the last so many months of a report by month."""
    return total(frame[column].tail(months))


def largest(frame: pd.DataFrame, column: str, count: int) -> pd.DataFrame:
    """The rows with the largest values."""
    return frame.nlargest(count, column)


def any_known(frame: pd.DataFrame, columns: Sequence[str]) -> bool:
    """True where some row knows some of the columns: there is something to draw."""
    return bool(frame[list(columns)].notna().any(axis=None))


def newest(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """The rows by falling date; those without one first, since they are still to come."""
    return frame.sort_values(column, ascending=False, na_position="first", kind="stable")


def shown(value: object) -> str:
    """A text, or that it is unknown."""
    return _("unknown") if is_unknown(value) or value == "unknown" else str(value)


def next_duty(deadlines: pd.DataFrame, days: int) -> str:
    """What the next of the deadlines within so many days is and how many are left, for a card's note."""
    coming = duties(deadlines)
    if coming.empty:
        return _("none within {days} days").format(days=days)
    row = coming.iloc[0]
    left = int(row["days_left"])
    until = ngettext("{count} day left", "{count} days left", left).format(count=number(left))
    return f"{label_of('deadline_kind', row['kind'])}, {until}"


def licences(utilization: pd.DataFrame) -> str:
    """How many of the users are active, for a card's note."""
    return _("licence use {share}").format(share=percent(_number(one(utilization, "licence_use"))))


def against_peers(utilization: pd.DataFrame, everybody: pd.DataFrame) -> str:
    """Where the customer stands among those of its size, for a card's note; ``everybody`` are all customers."""
    if utilization.empty:
        return _("no agreement in force")
    row = utilization.iloc[0]
    users = users_of(row["user_band"])
    if is_unknown(row["percentile"]):
        return _("not comparable")
    peers = rows_of(everybody, "user_band", row["user_band"])
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


def _number(value: object) -> float | None:
    return None if is_unknown(value) else float(value)  # type: ignore[arg-type]
