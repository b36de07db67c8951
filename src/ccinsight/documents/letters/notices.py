"""What each letter says: the rows of the report ``price_letters`` that are known whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ccinsight.i18n import _, amount, is_unknown, ngettext, number
from ccinsight.ingest.price_letters import Letter

_ORE = Decimal("0.01")


@dataclass(frozen=True)
class Notice:
    """A new price for one agreement. Rates are NOK per user and year, values NOK a year, without VAT.

    ``renewal_on``: the day from which the new rate holds; ``valid_from``: that of its price version. ``rate`` is that
    of the period before, from ``period_start`` to ``period_end``, which may itself be still to come. ``known_rate``
    would hold from ``renewal_on`` without the letter, None where it is unknown; ``is_announced``: it is another price
    than the one before, announced earlier. ``recipient``: an e-mail address, or "".
    """

    agreement_id: str
    customer_id: str
    customer_name: str
    account_manager: str
    product: str
    price_source: str
    valid_from: date
    renewal_on: date
    period_start: date
    period_end: date
    notify_by: date
    terminate_by: date
    users: int
    rate: Decimal
    new_rate: Decimal
    value: Decimal
    new_value: Decimal
    notice_months: int
    price_notice_days: int
    known_rate: Decimal | None
    is_announced: bool
    recipient: str = ""

    @property
    def effect(self) -> Decimal | None:
        """What the new rate brings a year beside the one that would hold without the letter."""
        return None if self.known_rate is None else (self.new_rate - self.known_rate) * self.users


_TEXTS = ("agreement_id", "customer_id", "customer_name", "account_manager", "product", "price_source")
_DAYS = ("valid_from", "renewal_on", "period_start", "period_end", "notify_by", "terminate_by")
_AMOUNTS = ("rate", "new_rate", "value", "new_value")
_NUMBERS = ("users", "notice_months", "price_notice_days")


def notices(
    rows: Iterable[Mapping[Any, Any]], recipients: Mapping[str, str]
) -> tuple[list[Notice], list[str]]:
    """The notices of rows of ``price_letters``, and the agreements whose users or rates are unknown.

    No letter is written for the latter: it would have to name a rate. ``recipients``: customer → e-mail address.
    """
    found, left_out = [], []
    for row in rows:
        if any(is_unknown(row[name]) for name in (*_AMOUNTS, *_NUMBERS, *_DAYS)):
            left_out.append(str(row["agreement_id"]))
        else:
            found.append(_notice(row, recipients))
    return found, left_out


def left_out_lines(left_out: list[str]) -> list[str]:
    """Says which agreements get no letter, and why; none where all do."""
    if not left_out:
        return []
    text = ngettext(
        "No letter is written for {count} agreement whose users or rates are unknown: {names}.",
        "No letters are written for {count} agreements whose users or rates are unknown: {names}.",
        len(left_out),
    )
    return [text.format(count=number(len(left_out)), names=", ".join(left_out))]


def why_changes_differ(rows: Iterable[Mapping[Any, Any]]) -> str:
    """Says what of the change of ``price_letters`` was known before the letters; "" where nothing was."""
    known = [row for row in rows if not (is_unknown(row["change"]) or is_unknown(row["effect"]))]
    changes, effects = (
        sum((_amount(row[name]) for row in known), Decimal(0)) for name in ("change", "effect")
    )
    if changes == effects:
        return ""
    return _(
        "“Change from before” compares with the price of the period before the renewal, “Effect a year” with the price "
        "that would hold from the renewal without the letter. Of the change of {change}, {effect} is the effect of the "
        "new price; the other {other} comes from a price announced earlier or a new number of users."
    ).format(change=amount(changes), effect=amount(effects), other=amount(changes - effects))


def to_letter(notice: Notice) -> Letter:
    """The letter to be recorded as sent."""
    return Letter(
        notice.agreement_id, notice.product, notice.price_source, notice.valid_from, notice.notify_by
    )


def recorded_before_line(count: int) -> str:
    """Says how many letters weren't recorded because they were already; "" where none was."""
    text = ngettext(
        "{count} letter was recorded before, and is left as it was.",
        "{count} letters were recorded before, and are left as they were.",
        count,
    )
    return text.format(count=number(count)) if count else ""


def no_recipient_line(found: Iterable[Notice]) -> str:
    """Says how many messages have no recipient, since no address is known; "" where all have one."""
    count = sum(not notice.recipient for notice in found)
    text = ngettext(
        "{count} message has no recipient: no e-mail address of the customer is known. Add it in your mail program, or "
        "under [letters.recipients] in the settings.",
        "{count} messages have no recipient: no e-mail address of the customers is known. Add them in "
        "your mail program, "
        "or under [letters.recipients] in the settings.",
        count,
    )
    return text.format(count=number(count)) if count else ""


def _notice(row: Mapping[Any, Any], recipients: Mapping[str, str]) -> Notice:
    values: dict[str, Any] = {name: "" if is_unknown(row[name]) else str(row[name]) for name in _TEXTS}
    values |= {name: _day(row[name]) for name in _DAYS}
    values |= {name: _amount(row[name]) for name in _AMOUNTS}
    values |= {name: int(row[name]) for name in _NUMBERS}
    values["known_rate"] = None if is_unknown(row["known_rate"]) else _amount(row["known_rate"])
    values["is_announced"] = not is_unknown(row["is_announced"]) and bool(row["is_announced"])
    return Notice(**values, recipient=recipients.get(values["customer_id"], ""))


def _day(value: Any) -> date:
    return value.date() if isinstance(value, datetime) else value


def _amount(value: Any) -> Decimal:
    """To the øre, also of a page's floating number."""
    return Decimal(str(value)).quantize(_ORE)
