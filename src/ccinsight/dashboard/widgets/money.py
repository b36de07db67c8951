"""Parts and sums of the money reports' rows, for the pages: no rule of the agreement's own.

Each takes a report's frame and gives rows, a number or labels. Unknown values are left out of sums.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pandas as pd

from ccinsight.dashboard.widgets.cells import with_minus
from ccinsight.dashboard.widgets.figures import total
from ccinsight.i18n import _, amount, day, ngettext, number
from ccinsight.registry import REPORTS, Column

_KEYS, _AMOUNTS = ["agreement_id", "period_start"], ["expected", "invoiced", "difference"]


def under(frame: pd.DataFrame, column: str = "difference") -> pd.DataFrame:
    """The rows with something missing, the largest first."""
    return frame[frame[column] > 0].sort_values(column, ascending=False, kind="stable")


def over(frame: pd.DataFrame, column: str = "difference") -> pd.DataFrame:
    """The rows with too much, the largest first."""
    return frame[frame[column] < 0].sort_values(column, kind="stable")


def unknown(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of which nobody can say what was expected, those with most users first."""
    return frame[frame["expected"].isna()].sort_values("users", ascending=False, kind="stable")


def after_end(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of ``invoicing`` for periods after the agreement's end, the latest first."""
    rows = frame[frame["is_after_end"].astype(bool)]
    return rows.sort_values(["period_start", "kind"], ascending=[False, True], kind="stable")


def differing(frame: pd.DataFrame, column: str = "difference") -> pd.DataFrame:
    """The rows with a difference either way, the largest first."""
    rows = frame[frame[column].notna() & (frame[column] != 0)]
    return rows.reindex(rows[column].abs().sort_values(ascending=False, kind="stable").index)


def netted(report: str, frame: pd.DataFrame, column: str = "difference") -> str:
    """What a sum of differences is made of, where it nets too little against too much; else nothing."""
    missing, extra = under(frame, column), over(frame, column)
    if extra.empty:
        return ""
    shown, keys = REPORTS[report].column(column).shown, REPORTS[report].key
    counted = agreements_counted if keys[0] == "agreement_id" else customers_counted
    return _("Not billed: {missing} ({where}). Billed too much: {extra} ({elsewhere}). Net: {net}.").format(
        missing=shown(total(missing[column])),
        where=counted(missing),
        extra=shown(size(extra[column])),
        elsewhere=counted(extra),
        net=with_minus(shown(total(frame[column]))),
    )


def difference_labels(frame: pd.DataFrame) -> dict[str, str]:
    """Customer → what a person reads."""
    column = REPORTS["consulting"].column("difference")
    named = zip(frame["customer_id"], frame["customer_name"], frame["difference"], strict=True)
    return {str(key): f"{name}: {column.shown(value)}" for key, name, value in named}


def size(values: pd.Series) -> float | None:
    """The sum without its sign."""
    known = total(values)
    return None if known is None else abs(known)


def rows_counted(frame: pd.DataFrame) -> str:
    """How many amounts a figure is the sum of, for a card's note."""
    return ngettext("{count} amount", "{count} amounts", len(frame)).format(count=number(len(frame)))


def not_billed(unbilled: pd.DataFrame, years: str) -> str:
    """What is not billed, with the span of the periods; ``years`` is the page's choice, 30 for all."""
    value = amount(total(unbilled["difference"]))
    if years == "30":
        return _("{value} is not billed, of all periods").format(value=value)
    return _("{value} is not billed, of periods begun in the last {months} months").format(
        value=value, months=12 * int(years)
    )


def customers_counted(frame: pd.DataFrame) -> str:
    """How many customers a figure is the sum over, for a card's note."""
    count = frame["customer_id"].nunique()
    return ngettext("{count} customer", "{count} customers", count).format(count=number(count))


def agreements_counted(frame: pd.DataFrame) -> str:
    """How many agreements a figure is the sum over."""
    return rows_of_agreements(frame["agreement_id"].nunique())


def years_before(on: date, years: int) -> date:
    """The day so many years before; the last day of February for the 29th."""
    found: date = (pd.Timestamp(on) - pd.DateOffset(years=years)).date()
    return found


# ---------------------------------------------------------------- periods


def of_period(frame: pd.DataFrame, agreement_id: str, period_start: date) -> pd.DataFrame:
    """The rows of one agreement and period."""
    return frame[
        (frame["agreement_id"] == agreement_id) & (frame["period_start"] == pd.Timestamp(period_start))
    ]


def period_keys(rows: pd.DataFrame) -> tuple[str, ...]:
    """What an agreement and period is called in the address: ``A-1001/2026-09-01``."""
    days = rows["period_start"].dt.strftime("%Y-%m-%d")
    return tuple(f"{agreement}/{start}" for agreement, start in zip(rows["agreement_id"], days, strict=True))


def split_key(key: str) -> tuple[str, date]:
    """The agreement and the start of the period."""
    agreement_id, _slash, start = key.rpartition("/")
    return agreement_id, date.fromisoformat(start)


def period_labels(rows: pd.DataFrame) -> dict[str, str]:
    """Key → what a person reads, in the order of the rows."""
    named = rows["customer_name"] if "customer_name" in rows else [""] * len(rows)
    return {
        key: " · ".join(filter(None, (str(name), agreement, _("from {day}").format(day=day(start)))))
        for key, name, agreement, start in zip(
            period_keys(rows), named, rows["agreement_id"], rows["period_start"], strict=True
        )
    }


def coming(periods: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """The periods that haven't begun: nothing is due in them yet, which is neither 0 nor unknown."""
    return periods[periods["period_start"] > pd.Timestamp(as_of)]


def history(periods: pd.DataFrame, billed: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """``agreement_periods`` that have begun beside ``billed_periods``: what was to be invoiced for each, and what was.

    Periods after an agreement's last day are left out: ``after_end`` gives what was invoiced for them.
    """
    begun = periods[periods["period_start"] <= pd.Timestamp(as_of)]
    return begun.merge(billed[[*_KEYS, *_AMOUNTS]], on=_KEYS, how="left")


# ---------------------------------------------------------------- movements and cohorts


def of_movement(movements: pd.DataFrame, kind: str) -> pd.DataFrame:
    """The rows of ``movement_customers`` behind one bar, the largest first."""
    return movements[movements["movement"] == kind]


def movement_labels(moves: dict[str, float]) -> dict[str, str]:
    """Movement → its name and amount."""
    column = REPORTS["revenue_movements"].column
    return {
        name: f"{_(column(name).label)}: {with_minus(column(name).shown(value))}"
        for name, value in moves.items()
    }


def moved_columns(months: pd.DataFrame) -> list[str]:
    """The columns of ``revenue_movements`` that aren't 0 in every month: each row adds up in sight."""
    always = ("month", "start", "end")
    names = [column.name for column in REPORTS["revenue_movements"].columns]
    return [name for name in names if name in always or (months[name].astype("float64") != 0).any()]


def movement_help(kind: str) -> str:
    """What a movement is."""
    return REPORTS["revenue_movements"].column(kind).help_text()


def drivers_help() -> str:
    """The two drivers of revenue from customers who stay."""
    column = REPORTS["revenue_movements"].column
    return " ".join(
        f"{_(column(name).label)}: {_(column(name).description)}"
        for name in ("expansion", "contraction", "price_change")
    )


def quarters(as_of: date, count: int = 9) -> list[date]:
    """The day itself and the same day every third month before it, the earliest first."""
    last = pd.Timestamp(as_of)
    return [(last - pd.DateOffset(months=3 * back)).date() for back in range(count - 1, -1, -1)]


def stacked(frames: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """The rows of several reports of the same columns."""
    return pd.concat(list(frames), ignore_index=True)


def cohort_table(cohorts: pd.DataFrame, measure: str) -> tuple[pd.DataFrame, list[Column]]:
    """One row per year of first subscription, a column per day: customers left, or their revenue."""
    column = REPORTS["cohorts"].column(measure)
    pivot = cohorts.pivot_table(
        index="cohort_year", columns="on_day", values=sorted({measure, "customers"}), aggfunc="first"
    )
    # Where the report has no row there is nobody: not yet, or no longer.
    table = pivot[measure].mask(pivot["customers"].isna(), 0)
    names = [f"{on:%Y-%m-%d}" for on in table.columns]
    columns = [
        Column(name, day(on), column.format, column.description, column.unit, column.rule)
        for name, on in zip(names, table.columns, strict=True)
    ]
    shown = table.set_axis(names, axis="columns").reset_index()
    return shown.assign(cohort_year=shown["cohort_year"].astype(str)), columns


# ---------------------------------------------------------------- renewals


def missed(renewals: pd.DataFrame) -> pd.DataFrame:
    """The renewals that a price announced too late doesn't reach, what costs most first."""
    rows = renewals[renewals["missed_version"].notna()]
    return rows.sort_values("missed_price_change", ascending=False, na_position="last", kind="stable")


def by_version(versions: pd.DataFrame) -> str:
    """What each version announced too late costs, of the report ``missed_prices``, as one line."""
    column = REPORTS["missed_prices"].column("missed_price_change")
    return " · ".join(
        _("price from {day}: {amount}").format(day=day(on), amount=column.shown(cost))
        for on, cost in zip(versions["missed_version"], versions["missed_price_change"], strict=True)
    )


def renewal_labels(renewals: pd.DataFrame) -> dict[str, str]:
    """Agreement → what a person reads."""
    named = zip(renewals["agreement_id"], renewals["customer_name"], renewals["renewal_on"], strict=True)
    return {str(key): f"{name} · {key} · {day(on)}" for key, name, on in named}


def around(periods: pd.DataFrame, agreement_id: str, renewal_on: date) -> pd.DataFrame:
    """An agreement's period that starts on the renewal and the one before it."""
    own = periods[
        (periods["agreement_id"] == agreement_id) & (periods["period_start"] <= pd.Timestamp(renewal_on))
    ]
    return own.tail(2)


# ---------------------------------------------------------------- a planned price


def products(agreements: pd.DataFrame) -> list[str]:
    """The products sold, the one with most agreements first."""
    return [str(name) for name in agreements["product"].value_counts().index]


def without_letter(plan: pd.DataFrame) -> pd.DataFrame:
    """The agreements that were sent no letter about the list of the plan's day."""
    return plan[plan["letter_sent_on"].isna()]


def on_the_list(plan: pd.DataFrame) -> pd.DataFrame:
    """The agreements whose price the general list sets."""
    return plan[~plan["needs_direct_agreement"].astype(bool)]


def on_their_own(plan: pd.DataFrame) -> pd.DataFrame:
    """The agreements with a contract price or a direct agreement."""
    return plan[plan["needs_direct_agreement"].astype(bool)]


def reached(plan: pd.DataFrame) -> pd.DataFrame:
    """The agreements whose first renewal the notice reaches, by the day to act."""
    return plan[plan["reached_on"] == plan["first_renewal_on"]].sort_values(
        ["act_by", "customer_name"], kind="stable"
    )


def too_late(plan: pd.DataFrame) -> pd.DataFrame:
    """The agreements whose first renewal the notice doesn't reach, what costs most first."""
    rows = plan[plan["reached_on"] != plan["first_renewal_on"]]
    return rows.sort_values("lost", ascending=False, na_position="last", kind="stable")


def waiting(plan: pd.DataFrame) -> pd.DataFrame:
    """The agreements that a notice a month later would reach a renewal later."""
    return plan[plan["lost_by_waiting"].fillna(0) != 0]


def by_when(reached_rows: pd.DataFrame) -> str:
    """How many must be notified by the first day, for a card's note."""
    if reached_rows.empty:
        return _("no renewal is reached")
    first = reached_rows["act_by"].min()
    return rows_of_agreements(int((reached_rows["act_by"] == first).sum()))


def rows_of_agreements(count: int) -> str:
    """A number of agreements in words."""
    return ngettext("{count} agreement", "{count} agreements", count).format(count=number(count))
