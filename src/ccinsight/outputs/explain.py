"""Why an amount is what it is, in sentences that can be said on the phone.

Which users on which day and from which count, which price row and why not a newer one, which clause. Each
function takes rows of the reports ``agreement_periods``, ``expected_lines`` and ``assigned_invoices`` as
dictionaries and gives sentences in the language in use; ``dashboard/widgets/explanation.py`` puts them on a page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from ccinsight.i18n import _, day, is_unknown, ngettext, number
from ccinsight.i18n import amount as kr
from ccinsight.registry import REPORTS

Row = Mapping[str, Any]
# Before any agreement: every period is wanted.
EVER = date(1900, 1, 1)


# ---------------------------------------------------------------- sentences


def period(row: Row, as_of: date) -> list[str]:
    """A period's dates, users, price and value; ``row`` is one of ``agreement_periods``."""
    sentences = [_dates(row), *_users(row, as_of), _rate(row)]
    if not is_unknown(row["missed_version"]):
        sentences.append(_missed(row))
    if not is_unknown(row["annual_value"]):
        sentences.append(_value(row))
    if row["period_end"].date() >= as_of:
        sentences.append(_next_price(row))
    return sentences


def _dates(row: Row) -> str:
    text = _("The period runs from {start} to {end} and renews on {renewal} (clause A6).")
    if row["is_short"]:
        text = _(
            "The first period is short, from {start} to {end}: it was aligned to renew on {renewal} "
            "(clauses A6, A11)."
        )
    return text.format(
        start=day(row["period_start"]), end=day(row["period_end"]), renewal=day(row["renewal_on"])
    )


def _users(row: Row, as_of: date) -> Iterator[str]:
    is_coming = row["period_start"].date() > as_of
    if is_unknown(row["users_on_start"]):
        yield _(
            "How many users were registered on {start} is unknown: there is no count, and the agreement "
            "names no "
            "number (clause A10)."
        ).format(start=day(row["period_start"]))
        return
    users = _count(row["users_on_start"])
    if is_unknown(row["counted_on"]):
        text = _(
            "{users} on {start}: the agreement's own number, since no count from before is known (clause "
            "A10)."
        )
        yield text.format(users=users, start=day(row["period_start"]))
    elif is_coming:
        text = _(
            "{users} are registered with SuperOffice as known now, by the count of {counted} (clause A10)."
        )
        yield text.format(users=users, counted=day(row["counted_on"]))
    else:
        text = _(
            "{users} were registered with SuperOffice on {start}, by the count of {counted} (clause A10)."
        )
        yield text.format(users=users, start=day(row["period_start"]), counted=day(row["counted_on"]))
    added = row["invoiced_users"] - row["users_on_start"]
    if added > 0:
        text = _("{added} more came during the period, so {invoiced} are billable (clause A11).")
        yield text.format(added=number(int(added)), invoiced=number(int(row["invoiced_users"])))


def _rate(row: Row) -> str:
    source = row["price_source"]
    if is_unknown(source):
        return _(
            "The rate is unknown: no price of {product} was announced by {announce_by}, the last day for "
            "this period "
            "(clauses A4, A5)."
        ).format(product=row["product"], announce_by=day(row["announce_by"]))
    if is_unknown(row["rate"]):
        return _no_row(row)
    if source == "contract":
        return _(
            "The rate is {rate} per user and year: the price of the signed contract, which the general "
            "price list "
            "doesn't change (clause A4)."
        ).format(rate=kr(row["rate"], 2))
    texts = {
        "list": _(
            "The rate is {rate} per user and year: the price list of {product} from {version}, "
            "{complexity}, from "
            "{step} up (clause A4)."
        ),
        "direct": _(
            "The rate is {rate} per user and year: the direct agreement with the customer from {version}, "
            "{complexity}, from {step} up (clauses A4, A5)."
        ),
    }
    said = texts[source].format(
        rate=kr(row["rate"], 2),
        product=row["product"],
        version=day(row["price_version"]),
        complexity=row["complexity"],
        step=_count(row["step_users"]),
    )
    return f"{said} {_in_time(row)}"


def _no_row(row: Row) -> str:
    if row["price_source"] == "contract":
        return _(
            "The rate is unknown: the price is a signed contract's, and the agreement doesn't say which "
            "(clause A4)."
        )
    if is_unknown(row["users_on_start"]):
        return _("The rate is unknown, since it follows from the number of users (clause A4).")
    return _(
        "The rate is unknown: the price version from {version} has no row for {complexity} and {users} "
        "(clause A4)."
    ).format(
        version=day(row["price_version"]),
        complexity=row["complexity"],
        users=_count(row["users_on_start"]),
    )


def _in_time(row: Row) -> str:
    announced, deadline = row["announced_on"], row["announce_by"]
    text = _("It was announced on {announced}, by the deadline {deadline} for this period (clause A5).")
    if _is_first(row):
        text = _("It was announced on {announced}, by the agreement's start on {start} (clause A5).")
    elif announced > deadline:
        text = _(
            "It was announced on {announced}, by the agreement's start on {start}: a price that reached the "
            "first period reaches all later ones, whatever their deadline (clause A5)."
        )
    return text.format(announced=day(announced), deadline=day(deadline), start=day(row["subscribed_on"]))


def _missed(row: Row) -> str:
    """Why not the newer price."""
    said = _(
        "The newer price from {version} doesn't hold in this period: it was announced on {announced}, "
        "after the "
        "deadline {deadline} (clause A5)."
    ).format(
        version=day(row["missed_version"]),
        announced=day(row["missed_announced_on"]),
        deadline=day(row["announce_by"]),
    )
    if is_unknown(row["missed_price_change"]):
        return said
    cost = _("It would have given {new}: {users} × ({new} − {old}) = {cost} more a year.").format(
        new=kr(row["missed_rate"], 2),
        old=kr(row["rate"], 2),
        users=number(int(row["users_on_start"])),
        cost=kr(row["missed_price_change"], 2),
    )
    return f"{said} {cost}"


def _value(row: Row) -> str:
    return _("Annual value: {users} × {rate} = {value}.").format(
        users=number(int(row["invoiced_users"])), rate=kr(row["rate"], 2), value=kr(row["annual_value"], 2)
    )


def _next_price(row: Row) -> str:
    if _is_first(row) and row["price_notice_deadline"] < row["subscribed_on"]:
        return _(
            "The price of the period after it was settled when the agreement began, since the price-notice "
            "deadline, {price}, had passed by then; the termination deadline is {end} (clauses A5, A12)."
        ).format(price=day(row["price_notice_deadline"]), end=day(row["termination_deadline"]))
    return _(
        "A price for the period after it must be announced by {price}, and either party can terminate "
        "until {end} "
        "(clauses A5, A12)."
    ).format(price=day(row["price_notice_deadline"]), end=day(row["termination_deadline"]))


def _is_first(row: Row) -> bool:
    return int(row["period_number"]) == 0


def line(row: Row, renewal_on: date) -> str:
    """One line to be invoiced, with its arithmetic; ``row`` is one of ``expected_lines``."""
    users = is_unknown(row["users"]) or is_unknown(row["expected"])
    if row["kind"] == "yearly":
        if users:
            return _("Yearly on {on}: unknown, since users or rate are (clause A10).").format(
                on=day(row["from_on"])
            )
        return _("Yearly on {on}, in advance: {sum} (clause A10).").format(
            on=day(row["from_on"]), sum=_sum(row)
        )
    if users:
        return _("Expansion on {on}: unknown, since the rate is (clause A11).").format(on=day(row["from_on"]))
    months = ngettext("{count} started month", "{count} started months", int(row["months_billed"]))
    return _(
        "Expansion on {on}: the count rose from {before} to {after}, with {months} left until {renewal}: "
        "{sum} "
        "(clause A11)."
    ).format(
        on=day(row["from_on"]),
        before=number(int(row["users_before"])),
        after=number(int(row["users_after"])),
        months=months.format(count=number(int(row["months_billed"]))),
        renewal=day(renewal_on),
        sum=_sum(row),
    )


def _sum(row: Row) -> str:
    months = int(row["months_billed"])
    part = "" if months == 12 else f" × {number(months)} / 12"
    return f"{number(int(row['users']))} × {kr(row['rate'], 2)}{part} = {kr(row['expected'], 2)}"


def invoice(row: Row) -> str:
    """One invoice line; ``row`` is one of ``assigned_invoices``."""
    kind = REPORTS["assigned_invoices"].column("kind").shown(row["kind"])
    said = _("Invoice line {key} of {on}, {kind}: {amount}").format(
        key=row["invoice_line_id"], on=day(row["issued_on"]), kind=kind.lower(), amount=kr(row["amount"], 2)
    )
    if not is_unknown(row["quantity"]):
        said += " " + _("for {users}").format(users=_count(row["quantity"]))
    if row["is_placed"]:
        said += " " + _("(it names no agreement or period, and belongs here by its dates)")
    return said + "."


def after_end(ends_on: date) -> str:
    """Why nothing is expected for a period that starts after the agreement's last day."""
    return _(
        "The agreement ended on {end}, before this period: nothing should be invoiced for it (clause A12)."
    ).format(end=day(ends_on))


def balance(expected: float | None, invoiced: float | None) -> str:
    """Expected against invoiced, in one sentence."""
    if expected is None or invoiced is None:
        return _(
            "What was expected or what was invoiced is unknown, so they can't be held against each other."
        )
    difference = _exact(expected) - _exact(invoiced)
    if difference == 0:
        return _("Invoiced as expected: {invoiced}.").format(invoiced=kr(invoiced, 2))
    text = _("Expected {expected}, invoiced {invoiced}: {difference} not billed.")
    if difference < 0:
        text = _("Expected {expected}, invoiced {invoiced}: {difference} billed too much.")
    return text.format(expected=kr(expected, 2), invoiced=kr(invoiced, 2), difference=kr(abs(difference), 2))


def _count(users: Any) -> str:
    return ngettext("{count} user", "{count} users", int(users)).format(count=number(int(users)))


def _exact(value: float) -> Decimal:
    """Two decimals, as the report has them: a frame holds them as floating numbers."""
    return Decimal(str(value)).quantize(Decimal("0.01"))


# ---------------------------------------------------------------- on a page


def change(row: Row) -> str:
    """From the value now to the value at renewal; ``row`` is one of ``renewals``."""
    if row["renewal_status"] == "ending":
        if is_unknown(row["value_now"]):
            return _("A notice ends the agreement with this period; its value is unknown (clause A12).")
        return _("A notice ends the agreement with this period: {value} goes away (clause A12).").format(
            value=kr(row["value_now"], 2)
        )
    parts = {
        "now": kr(row["value_now"], 2),
        "seats": kr(row["seats_change"], 2),
        "price": kr(row["price_change"], 2),
        "next": kr(row["value_next"], 2),
    }
    if is_unknown(row["value_next"]) or is_unknown(row["value_now"]):
        return _(
            "The change can't be added up, since a part of it is unknown. Now: {now}. From users: {seats}. "
            "From price: {price}. At renewal: {next}."
        ).format(**parts)
    parts |= {part: _added(row[f"{part}_change"]) for part in ("seats", "price")}
    return _("{now} now {seats} from users {price} from price = {next} at renewal.").format(**parts)


def _added(amount: Any) -> str:
    """An amount as a part of a sum, with its sign before it."""
    return f"− {kr(-amount, 2)}" if amount < 0 else f"+ {kr(amount, 2)}"
