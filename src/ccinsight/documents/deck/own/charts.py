"""The charts that a deck of one's own can hold, as numbers: what a template's chart is filled with, or one drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from ccinsight import i18n
from ccinsight.documents.brief import words
from ccinsight.documents.brief.customer_tables import (
    SHARES,
    month_name,
    month_value,
    months_span,
    peers_compared,
)
from ccinsight.documents.deck.native_charts import Series
from ccinsight.documents.deck.own.facts import Facts
from ccinsight.i18n import N_, _, ngettext
from ccinsight.registry import label_of

_MOST_CATEGORIES = 8


@dataclass(frozen=True)
class Numbers:
    """A chart's numbers: ``series`` with the most important first. ``months``: the categories, where they are months.

    Without ``series`` there is nothing to draw, and ``empty`` says why. ``form`` is a spreadsheet's number format.
    """

    categories: Sequence[str] = ()
    series: Sequence[Series] = ()
    months: Sequence[date] = ()
    form: str = "#,##0"
    empty: str = ""


@dataclass(frozen=True)
class ChartToken:
    """A chart. ``kind``: ``columns``, ``bars`` or ``lines``, where the template has none of its own.

    ``description`` is also the chart's title, and ``example`` the names of its series.
    """

    name: str
    description: str
    kind: str
    numbers: Callable[[Facts], Numbers]
    example: Callable[[], str]

    @property
    def is_monthly(self) -> bool:
        """True where its categories are months."""
        return self.name.endswith("_by_month")

    def title(self) -> str:
        """What the chart shows."""
        return _(self.description)

    def alt(self, numbers: Numbers) -> str:
        """The chart in words, for those who don't see it."""
        main = numbers.series[0]
        shown = (
            f"{name} {_shown(value)}" for name, value in zip(numbers.categories, main.values, strict=True)
        )
        return f"{self.title()}: {', '.join(shown)}"


def _shown(value: float | None) -> str:
    whole = value is not None and float(value).is_integer()
    return i18n.number(value, 0 if whole else 1)


def _months(column: str, empty: str) -> Callable[[Facts], Numbers]:
    def numbers(facts: Facts) -> Numbers:
        if not facts.brief.has_tickets:
            return Numbers(empty=_("unknown"))
        rows = facts.rows("tickets_by_month")
        if facts.section("tickets").is_empty or not rows:
            return Numbers(empty=_("No tickets in 24 months."))
        before, now = rows[:-12], rows[-12:]
        series = [
            Series(months_span(now), [month_value(row, column) for row in now]),
            Series(months_span(before), [month_value(row, column) for row in before], "before"),
        ]
        if not any(value is not None for each in series for value in each.values):
            return Numbers(empty=_(empty))
        return Numbers([month_name(row["month"]) for row in now], series, [row["month"] for row in now])

    return numbers


def _categories(facts: Facts) -> Numbers:
    if not facts.brief.has_tickets:
        return Numbers(empty=_("unknown"))
    rows = [row for row in facts.rows("tickets_compared") if row["dimension"] == "category"]
    if not rows:
        return Numbers(empty=_("No tickets in the last 12 months to divide"))
    shown, others = rows[:_MOST_CATEGORIES], rows[_MOST_CATEGORIES:]
    names = [words.member_label("category", row["member"]) for row in shown]
    groups = [*([row] for row in shown), *([others] if others else [])]
    columns = {
        column: [float(sum(row[column] for row in group)) for group in groups]
        for column in ("tickets", "tickets_before")
    }
    series = [
        Series(_("Last 12 months"), columns["tickets"]),
        Series(_("Year before"), columns["tickets_before"], "before"),
    ]
    return Numbers([*names, *_others(len(others))], series)


def _others(count: int) -> list[str]:
    """What the rest of the bars is called, where there is a rest."""
    text = ngettext("{count} other", "{count} others", count)
    return [text.format(count=i18n.number(count))] if count else []


def _users(facts: Facts) -> Numbers:
    rows = facts.rows("users_by_month")
    series = [
        Series(_("Registered"), [row["registered_users"] for row in rows]),
        Series(_("Active"), [row["active_users"] for row in rows], "light"),
        Series(_("Billable"), [row["invoiced_users"] for row in rows], "dashed"),
    ]
    known = [each for each in series if any(value is not None for value in each.values)]
    if not known:
        return Numbers(empty=_("No user counts are known."))
    months = [row["month"] for row in rows]
    return Numbers([i18n.month(month) for month in months], known, months)


def _contacts(facts: Facts) -> Numbers:
    """The tickets of each contact, without names: a number by their place."""
    section = facts.section("contacts")
    rows = [] if section.is_empty else facts.rows("contacts")
    if not rows:
        return Numbers(empty=section.title.shown or _("Who contacted support is unknown."))
    shown, others = rows[:_MOST_CATEGORIES], rows[_MOST_CATEGORIES:]
    names = [_("Contact {number}").format(number=place) for place in range(1, len(shown) + 1)]
    counts = [float(row["tickets"]) for row in shown]
    if others:
        counts.append(float(sum(row["tickets"] for row in others)))
    return Numbers([*names, *_others(len(others))], [Series(_("Tickets"), counts)])


def _peers(facts: Facts) -> Numbers:
    """Per user, beside the median of customers of the same size (R11)."""
    section = facts.section("peers")
    compared = [] if section.is_empty else peers_compared(facts.brief)
    rows = [row for row in compared if row["measure"] not in SHARES and row["own_value"] is not None]
    if not rows:
        too_few = _("There is no comparison with customers of the same size.")
        return Numbers(empty=section.title.shown or too_few)
    band = label_of("user_band", rows[0]["user_band"])
    series = [
        Series(_("Your company"), [float(row["own_value"]) for row in rows]),
        Series(
            _("Median with {band} users").format(band=band),
            [row["median_value"] and float(row["median_value"]) for row in rows],
            "before",
        ),
    ]
    return Numbers([label_of("peer_measure", row["measure"]) for row in rows], series, form="0.0")


def _two_years() -> str:
    return f"{_('Last 12 months')}, {_('Year before').lower()}"


CHARTS: tuple[ChartToken, ...] = (
    ChartToken(
        "chart:tickets_by_month",
        N_("Tickets opened each month"),
        "columns",
        _months("tickets", N_("No tickets in 24 months.")),
        _two_years,
    ),
    ChartToken(
        "chart:hours_by_month",
        N_("Hours spent on tickets each month"),
        "columns",
        _months("minutes", N_("Unknown: the tickets carry no minutes.")),
        _two_years,
    ),
    ChartToken("chart:tickets_by_category", N_("Tickets by category"), "bars", _categories, _two_years),
    ChartToken(
        "chart:users_by_month",
        N_("Users at the end of each month"),
        "lines",
        _users,
        lambda: ", ".join((_("Registered"), _("Active").lower(), _("Billable").lower())),
    ),
    ChartToken(
        "chart:tickets_by_contact",
        N_("Tickets of each contact, last 12 months"),
        "bars",
        _contacts,
        lambda: _("Tickets"),
    ),
    ChartToken(
        "chart:peers",
        N_("Per registered user, last 12 months"),
        "columns",
        _peers,
        lambda: f"{_('Your company')}, {_('Median').lower()}",
    ),
)
