"""What the price change planner is asked: product, days, and a percentage or a new list; all in the address.

Nothing is stored by planning. Widgets hold dates and numbers, the address texts: each widget has a key of its
own and writes its parameter when it changes.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

import pandas as pd
import streamlit as st

from ccinsight.charts import Mark
from ccinsight.dashboard.session import address, keys, printing
from ccinsight.dashboard.session.view import View
from ccinsight.dashboard.widgets import layout, number_field, written_rows
from ccinsight.i18n import _, day, is_unknown, language, ngettext, number, percent
from ccinsight.ingest.price_letters import Step
from ccinsight.registry import REPORTS
from ccinsight.validation import MOST_RATE, MOST_USERS

PERCENT = Decimal(5)
_LEAST, _MOST = Decimal(-50), Decimal(100)
_LAST_DAY = date(2099, 12, 31)
_COLUMNS = tuple(each.name for each in fields(Step))
# What the browser takes for a price; what it says is read here.
_NO_LETTERS = r"^\s*\d[\d\s.,]*(kr)?\s*$"


@dataclass(frozen=True)
class Plan:
    """A price change to be tried: ``steps`` replace the list, else every rate is ``raised_by`` percent."""

    product: str
    valid_on: date
    sent_on: date
    raised_by: Decimal = PERCENT
    steps: tuple[Step, ...] | None = None

    def options(self) -> dict[str, Any]:
        """What the report ``price_plan`` is asked."""
        asked: dict[str, Any] = {
            "product_name": self.product,
            "valid_on": self.valid_on,
            "sent_on": self.sent_on,
        }
        if self.steps is None:
            return asked | {"percent": self.raised_by}
        return asked | {"steps": [asdict(step) for step in self.steps]}

    def said(self) -> str:
        """The plan in one line."""
        change = _("a new list") if self.steps is not None else percent(float(self.raised_by) / 100, 1)
        return _("{product}: {change} from {valid_on}, notice sent {sent_on}").format(
            product=self.product, change=change, valid_on=day(self.valid_on), sent_on=day(self.sent_on)
        )


def headline(reached: int, listed: int, held: date | None, *, has_letters: bool) -> str:
    """How many agreements get the price in time, of those that were sent no letter about it.

    None does while an announced list holds from the day ``held``.
    """
    if held:
        return _("A price list from {day} is announced already").format(day=day(held))
    text = (
        ngettext(
            "{count} of {all} agreement without a letter gets the new price at its first renewal",
            "{count} of {all} agreements without a letter get the new price at their first renewal",
            listed,
        )
        if has_letters
        else ngettext(
            "{count} of {all} agreement on the price list gets the new price at its first renewal",
            "{count} of {all} agreements on the price list get the new price at their first renewal",
            listed,
        )
    )
    return text.format(count=number(reached), all=number(listed))


@dataclass(frozen=True)
class Lists:
    """A row of ``next_prices``: the newest list announced and planned of a product, and the first free day."""

    announced_from: date | None
    announced_on: date | None
    planned_from: date | None
    planned_on: date | None
    free_from: date

    def first_day(self, as_of: date) -> date:
        """The day that a plan begins with: 1 January next year, else the first month that is free."""
        january = date(as_of.year + 1, 1, 1)
        if january >= self.free_from:
            return january
        month = self.free_from.replace(day=1)
        return month if month == self.free_from else (month + timedelta(days=31)).replace(day=1)

    def holding_from(self, valid_on: date) -> date | None:
        """The first day of the announced list that a plan from a day can't replace; None where there is none."""
        return self.announced_from if self.announced_from and self.announced_from >= valid_on else None


def lists_of(view: View, product: str) -> Lists:
    """What is announced and planned for a product already."""
    rows = view.unfiltered().report("next_prices")
    (row,) = rows[rows["product"] == product].to_dict("records")
    days: dict[str, Any] = {
        each.name: None if is_unknown(row[each.name]) else row[each.name].date() for each in fields(Lists)
    }
    return Lists(**days)


def head(view: View, asked: Plan, counts: tuple[int, int], *, has_letters: bool) -> None:
    """The page's head: of ``counts`` how many the notice reaches of how many on the list, and what holds already."""
    lists = lists_of(view, asked.product)
    held = lists.holding_from(asked.valid_on)
    layout.head(headline(*counts, held, has_letters=has_letters), view, "price_plan")
    layout.note(asked.said())
    _say_what_holds(asked, lists)


def _say_what_holds(asked: Plan, lists: Lists) -> None:
    """Warns of a list that is announced already, and points to one that is planned, from the plan's day or later."""
    days = {"product": asked.product, "valid_on": day(asked.valid_on)}
    if (held := lists.holding_from(asked.valid_on)) and lists.announced_on:
        text = _(
            "A price list of {product} from {listed} was announced on {announced} and holds from then on. A plan from "
            "{valid_on} doesn't replace it at renewals from {listed} on, and no letter can be sent about them. The "
            "figures below are what the change would bring on top. Choose a day after {listed}."
        ).format(**days, listed=day(held), announced=day(lists.announced_on))
        st.warning(layout.plain(text), icon=":material/warning:")
    if lists.planned_from and lists.planned_from >= asked.valid_on:
        text = _(
            "A price list of {product} from {listed} is planned already, and not announced to everybody yet. Its "
            "letters are under “Letters”, “Prices that are planned already”."
        ).format(**days, listed=day(lists.planned_from))
        st.info(layout.plain(text), icon=":material/info:")


def ask(view: View, products: list[str]) -> Plan:
    """Draws the inputs and gives the plan that they hold."""
    with st.container(border=True, key="plan"):
        with st.grid(3, min_column_width=200, gap="small", key="plan-days") as grid:
            with grid.cell():
                product = layout.pick(_("Product"), {name: name for name in products}, "product")
            with grid.cell():
                first = lists_of(view, product).first_day(view.as_of)
                valid_on = _day(_("The price is valid from"), "valid-on", first, view.as_of)
            with grid.cell():
                sent_on = _day(_("The notice is sent"), "sent-on", view.as_of, view.as_of)
        layout.choice(_("How"), {"percent": _("A percentage"), "steps": _("A new list")}, "way")
        if layout.chosen("way") == "percent":
            return Plan(product, valid_on, sent_on, _percent())
        listed = view.unfiltered().report("price_steps", valid_on=valid_on)
        return Plan(product, valid_on, sent_on, steps=_steps(product, listed[listed["product"] == product]))


def _day(label: str, name: str, default: date, first: date) -> date:
    key = f"_{name}"
    asked = max(_read_day(name) or default, first)
    st.session_state[key] = asked
    chosen: date | None = st.date_input(
        label,
        key=key,
        min_value=first,
        max_value=_LAST_DAY,
        format="DD.MM.YYYY",
        on_change=_keep_day,
        args=(name,),
    )
    return chosen or asked


def _read_day(name: str) -> date | None:
    asked = st.session_state.get(name)
    if not asked:
        return None
    try:
        return date.fromisoformat(asked)
    except ValueError:
        _unreadable(name, asked)
        return None


def _keep_day(name: str) -> None:
    chosen = st.session_state.get(f"_{name}")
    st.session_state[name] = chosen.isoformat() if chosen else None


def _percent() -> Decimal:
    asked = _read_percent()
    number_field.draw(_("Raise every rate by (%)"), asked, "_percent", _keep_percent, limits=(_LEAST, _MOST))
    return asked


def _read_percent() -> Decimal:
    asked = st.session_state.get("percent")
    if not asked:
        return PERCENT
    try:
        value = Decimal(asked)
    except InvalidOperation:
        _unreadable("percent", asked)
        return PERCENT
    return min(max(value, _LEAST), _MOST) if value.is_finite() else PERCENT


def _keep_percent(chosen: Decimal | None) -> None:
    st.session_state["percent"] = None if chosen is None else f"{chosen:f}"


def _unreadable(name: str, value: str) -> None:
    st.session_state[name] = None
    address.name_unknown(f"{name}={value}")


# ---------------------------------------------------------------- a new list


def _steps(product: str, listed: pd.DataFrame) -> tuple[Step, ...]:
    """The list as edited.

    The editor keeps its edits over the rows it began with; a link, another product or another language starts over.
    """
    state = st.session_state
    start = listed[list(_COLUMNS)].reset_index(drop=True)
    asked = state.get("steps")
    if state.get(keys.STEPS_WRITTEN) != (product, language(), asked, _text(start)):
        state[keys.STEPS_BASE] = _parsed(asked, start) if asked else start
        state[keys.STEPS_ROUND] = state.get(keys.STEPS_ROUND, 0) + 1
    layout.note(_("The price list that applies on that day. Change it here; rows can be added and removed."))
    if printing.is_on():
        base: pd.DataFrame = state[keys.STEPS_BASE]
        written_rows.show_on_paper(base, REPORTS["price_steps"])
        return _rows(base)
    edited = _edit(state[keys.STEPS_BASE])
    text = _text(edited)
    state["steps"] = None if text == _text(start) else text
    state[keys.STEPS_WRITTEN] = (product, language(), state["steps"], _text(start))
    return _rows(edited)


def _edit(base: pd.DataFrame) -> pd.DataFrame:
    """Draws the list to be edited and gives it with its prices as numbers; one that can't be read is named."""
    state, column = st.session_state, REPORTS["price_steps"].column
    # prices are texts: a browser's own field drops the comma or the point that isn't its language's
    edited = st.data_editor(
        base.assign(price_per_user=[_price(value) for value in base["price_per_user"]]),
        key=f"steps-{state[keys.STEPS_ROUND]}",
        hide_index=True,
        num_rows="dynamic",
        column_config={
            "complexity": st.column_config.TextColumn(_(column("complexity").label), required=True),
            "min_users": st.column_config.NumberColumn(
                _(column("min_users").label), min_value=1, max_value=MOST_USERS, step=1, required=True
            ),
            "price_per_user": st.column_config.TextColumn(
                column("price_per_user").heading(), alignment="right", validate=_NO_LETTERS, required=True
            ),
        },
        alt=_("A new list"),
    )
    texts = ["" if is_unknown(text) else str(text).strip() for text in edited["price_per_user"]]
    prices = [_read_price(text) for text in texts]
    if wrong := [text for text, price in zip(texts, prices, strict=True) if text and price is None]:
        layout.note(
            _(
                "These are no prices, and their rows don't count: {texts}. Write a price like {example}."
            ).format(texts="; ".join(layout.plain(each) for each in wrong), example=_price(2750.5))
        )
    return edited.assign(price_per_user=pd.Series(prices, edited.index, "float64"))


def _price(value: float) -> str:
    """A price as it stands in the editor: ``2 750``, or with its øre ``2 750,50``."""
    if is_unknown(value):
        return ""
    exact = Decimal(f"{value:.4f}").normalize()
    return number(exact, max(2, -int(exact.as_tuple().exponent)) if exact % 1 else 0)


def _read_price(text: str) -> float | None:
    """The price that a person wrote, with a comma or a point; None where it is none, or beyond what any price is."""
    try:
        price = number_field.read(text)
    except ValueError:
        return None
    return float(price) if 0 <= price <= MOST_RATE else None


def _rows(frame: pd.DataFrame) -> tuple[Step, ...]:
    """The whole rows; one that is still being written is left out."""
    return tuple(
        Step(str(complexity), int(users), Decimal(f"{float(price):.4f}"))
        for complexity, users, price in frame.itertuples(index=False)
        if not (is_unknown(complexity) or is_unknown(users) or is_unknown(price))
    )


def _text(frame: pd.DataFrame) -> str:
    """The list for the address."""
    rows = [
        [each.complexity, each.min_users, f"{each.price_per_user.normalize():f}"] for each in _rows(frame)
    ]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def _parsed(text: str, start: pd.DataFrame) -> pd.DataFrame:
    """The list that a link holds; the one in force where it can't be read."""
    try:
        rows = [(str(complexity), int(users), float(price)) for complexity, users, price in json.loads(text)]
        if not all(1 <= users <= MOST_USERS and 0 <= price <= MOST_RATE for _name, users, price in rows):
            raise ValueError("out of range")
    except (ValueError, TypeError, OverflowError):
        _unreadable("steps", text[:40])
        return start
    return pd.DataFrame(rows, columns=list(_COLUMNS)).astype(start.dtypes.to_dict())


def table_of(mark: Mark) -> str:
    """The list that has the agreements behind a mark of the chart."""
    return "late" if mark.part == "late" else "mailing"
