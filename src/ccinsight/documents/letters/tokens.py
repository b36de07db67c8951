"""The tokens that a template can hold, as ``{{new_rate}}``, and what stands in their places."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ccinsight.documents.letters.notices import Notice
from ccinsight.i18n import N_, _, amount, day, ngettext, number, percent
from ccinsight.printable import printable

Value = str | int | Decimal | date


@dataclass(frozen=True)
class Around:
    """What a letter says that isn't the agreement's: who sends it, and the day it is dated."""

    partner: str
    dated: date


@dataclass(frozen=True)
class Token:
    """A token. ``format``: how a spreadsheet holds the value, as columns of reports have it."""

    name: str
    description: str
    format: str
    value: Callable[[Notice, Around], Value]

    def text(self, notice: Notice, around: Around) -> str:
        """The value as a letter has it, in the language in use, on one line."""
        value = self.value(notice, around)
        if value == "":
            return ""
        if isinstance(value, date):
            return day(value)
        if self.format in ("rate", "amount"):
            return _kroner(Decimal(value))
        if self.format == "percent":
            return percent(Decimal(value), 1)
        if isinstance(value, int):
            return number(value)
        return " ".join(printable(str(value)).split())


def _kroner(value: Decimal) -> str:
    """Whole kroner without decimals."""
    return amount(value, 0 if value == value.to_integral_value() else 2)


def _clause(notice: Notice, _around: Around) -> str:
    days = ngettext("{count} day", "{count} days", notice.price_notice_days).format(
        count=number(notice.price_notice_days)
    )
    months = ngettext("{count} month", "{count} months", notice.notice_months).format(
        count=number(notice.notice_months)
    )
    return _(
        "Under the agreement a change of price is notified at least {days} before the deadline for "
        "terminating, and either "
        "party can terminate in writing with {months} of notice before the period ends."
    ).format(days=days, months=months)


def _share(notice: Notice, _around: Around) -> Decimal | str:
    return (notice.new_rate - notice.rate) / notice.rate if notice.rate else ""


def _earlier_notice(notice: Notice, _around: Around) -> str:
    """What becomes of a price that was announced for the same period before; "" where none was."""
    if not notice.is_announced or notice.known_rate in (None, notice.rate, notice.new_rate):
        return ""
    return _(
        "The price of {rate} per user and year that was announced earlier for the period from {day} no longer applies."
    ).format(rate=_kroner(notice.known_rate or Decimal(0)), day=day(notice.renewal_on))


def _known(value: Decimal | None) -> Decimal | str:
    return "" if value is None else value


_ALL = (
    Token("customer", N_("The customer's name"), "text", lambda n, _a: n.customer_name or n.customer_id),
    Token("customer_number", N_("The customer's number"), "text", lambda n, _a: n.customer_id),
    Token("agreement", N_("The agreement's number"), "text", lambda n, _a: n.agreement_id),
    Token("product", N_("The agreement's product"), "text", lambda n, _a: n.product),
    Token("users", N_("Users known today"), "integer", lambda n, _a: n.users),
    Token("old_rate", N_("The rate of the period before, per user and year"), "rate", lambda n, _a: n.rate),
    Token("new_rate", N_("The new rate, per user and year"), "rate", lambda n, _a: n.new_rate),
    Token(
        "change",
        N_("New rate minus the rate of the period before"),
        "rate",
        lambda n, _a: n.new_rate - n.rate,
    ),
    Token("change_percent", N_("The same in per cent"), "percent", _share),
    Token("old_value", N_("Users × the rate of the period before, a year"), "amount", lambda n, _a: n.value),
    Token("new_value", N_("Users × the new rate, a year"), "amount", lambda n, _a: n.new_value),
    Token("valid_from", N_("The day from which the new rate holds"), "date", lambda n, _a: n.renewal_on),
    Token("period_start", N_("The first day of the period before"), "date", lambda n, _a: n.period_start),
    Token("period_end", N_("The last day of the period before"), "date", lambda n, _a: n.period_end),
    Token("terminate_by", N_("The last day to terminate"), "date", lambda n, _a: n.terminate_by),
    Token("clause", N_("What the agreement says of changes of price"), "text", _clause),
    Token("account_manager", N_("The customer's account manager"), "text", lambda n, _a: n.account_manager),
    Token("partner", N_("Your name, from the settings"), "text", lambda _n, a: a.partner),
    Token("date", N_("The day of the letter"), "date", lambda _n, a: a.dated),
    Token(
        "known_rate",
        N_("The rate that would hold from that day without the letter, per user and year"),
        "rate",
        lambda n, _a: _known(n.known_rate),
    ),
    Token(
        "effect",
        N_("Users × the new rate minus the rate without the letter, a year"),
        "amount",
        lambda n, _a: _known(n.effect),
    ),
    Token(
        "earlier_notice",
        N_("That a price announced earlier for the same period no longer applies; empty where there is none"),
        "text",
        _earlier_notice,
    ),
)
TOKENS: dict[str, Token] = {token.name: token for token in _ALL}


def texts(notice: Notice, around: Around) -> dict[str, str]:
    """Token → what stands in its place, in the language in use."""
    return {name: token.text(notice, around) for name, token in TOKENS.items()}
