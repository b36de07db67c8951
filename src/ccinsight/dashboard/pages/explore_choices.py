"""What the reader of Explore chose: figures, what they are broken down by, span and order, all kept in the address."""

from __future__ import annotations

import calendar
import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote, unquote

import streamlit as st

from ccinsight.dashboard.session import address, given
from ccinsight.dashboard.session.explored import Cell
from ccinsight.dashboard.session.view import View
from ccinsight.dashboard.widgets import layout
from ccinsight.database.exploring import MOST_MEASURES, Question, question
from ccinsight.i18n import _, month
from ccinsight.registry.explore import EXPLORE

# In the address for nothing, where nobody having chosen means the first of these that is possible.
_NOTHING = "-"
_FIRST_MEASURE, _FIRST_DIMENSIONS = "tickets", ("month", "account_manager")
_MONTHS_BACK = 60
_HIGH, _LOW = "high-", "low-"
# In the parameter ``cell``, between its parts; a value begins with the sign, unknown and all have one of their own.
_BETWEEN, _VALUE, _UNKNOWN, _ALL = "~", ".", "unknown", "all"


@dataclass(frozen=True)
class Choice:
    """The choice as it can be answered. ``left_out``: dimensions that were chosen and that the figures don't have."""

    measures: tuple[str, ...]
    by: tuple[str, ...]
    first: date | None
    last: date | None
    order: str
    left_out: tuple[str, ...]

    def question(self) -> Question:
        """What is asked. Raises UsageError for what can't be."""
        return question(self.measures, self.by, self.first, self.last, has_totals=True)


def read() -> Choice:
    """The choice of the address; what it names that doesn't exist is named in the page's head."""
    measures = _names("measure", EXPLORE.measures, (_FIRST_MEASURE,), _("the figure “{value}”"))[
        :MOST_MEASURES
    ]
    possible = EXPLORE.common(tuple(measures)) if measures else list(EXPLORE.dimensions)
    usual = next(name for name in _FIRST_DIMENSIONS if name in possible)
    wanted = _names("by", EXPLORE.dimensions, (usual,), _("the breakdown “{value}”"))[:2]
    by = [name for name in wanted if name in possible]
    if len(by) == 2 and all(EXPLORE.dimensions[name].is_time for name in by):
        by = by[:1]
    return Choice(
        tuple(measures),
        tuple(by),
        _month("from", is_last=False),
        _month("to", is_last=True),
        _order(measures),
        tuple(name for name in wanted if name not in possible),
    )


def _names(parameter: str, known: Container[str], usual: Sequence[str], sentence: str) -> list[str]:
    said = st.session_state.get(parameter)
    if not said:
        return list(usual)
    found: list[str] = []
    for name in str(said).split(","):
        if name in known:
            found += [name] if name not in found else []
        elif name != _NOTHING:
            address.name_unknown(sentence.format(value=name))
    return found if found or said == _NOTHING else list(usual)


def _month(parameter: str, *, is_last: bool) -> date | None:
    said = st.session_state.get(parameter)
    if not said:
        return None
    found = re.fullmatch(r"(20\d\d|199\d)-(0[1-9]|1[0-2])", str(said), re.ASCII)
    if not found:
        address.name_unknown(_("the month “{value}”").format(value=said))
        st.session_state[parameter] = None
        return None
    year, number = int(found[1]), int(found[2])
    return date(year, number, calendar.monthrange(year, number)[1] if is_last else 1)


def _order(measures: Sequence[str]) -> str:
    said = str(st.session_state.get("order") or "")
    return said if said.partition("-")[2] in measures and said.startswith((_HIGH, _LOW)) else ""


# ---------------------------------------------------------------- controls


def draw(choice: Choice, view: View) -> None:
    """The controls, each with a label of its own. On a narrow screen a switch shows them (style.css): six lists would
    fill it before the first figure.
    """
    if choice.measures:
        st.toggle(_("Change what is shown"), key="explore-open")
    with st.grid(4, min_column_width=220, gap="small", key="explore-choices") as grid:
        with grid.cell():
            _measures(choice)
        for place, (label, key) in enumerate(
            ((_("Rows"), "explore-rows"), (_("Columns"), "explore-columns"))
        ):
            with grid.cell():
                _dimension(choice, place, label, key)
        with grid.cell():
            _sorting(choice)
        for label, parameter in ((_("From month"), "from"), (_("To month"), "to")):
            with grid.cell():
                _span(label, parameter, view)


def _measures(choice: Choice) -> None:
    given.give("explore-measures", list(choice.measures))
    st.multiselect(
        _("Figures"),
        list(EXPLORE.measures),
        format_func=lambda name: _(EXPLORE.measures[name].column.label),
        key="explore-measures",
        max_selections=MOST_MEASURES,
        placeholder=_("Choose figures"),
        on_change=_keep_measures,
    )


def _keep_measures() -> None:
    st.session_state["measure"] = ",".join(st.session_state["explore-measures"]) or _NOTHING
    _forget_cell()


def _dimension(choice: Choice, place: int, label: str, key: str) -> None:
    possible = EXPLORE.common(choice.measures) if choice.measures else list(EXPLORE.dimensions)
    if place == 1:
        first = EXPLORE.dimensions[choice.by[0]] if choice.by else None
        possible = [
            name
            for name in possible
            if first and name != first.name and not (first.is_time and EXPLORE.dimensions[name].is_time)
        ]
    chosen = choice.by[place] if len(choice.by) > place else None
    given.give(key, chosen)
    st.selectbox(
        label,
        possible,
        index=None,
        format_func=lambda name: _(EXPLORE.dimensions[name].shown.label),
        key=key,
        placeholder=_("Not broken down"),
        disabled=not possible,
        on_change=_keep_dimensions,
    )


def _keep_dimensions() -> None:
    rows, columns = st.session_state["explore-rows"], st.session_state["explore-columns"]
    by = [name for name in (rows, columns if columns != rows else None) if name]
    st.session_state["by"] = ",".join(by) or _NOTHING
    _forget_cell()


def _sorting(choice: Choice) -> None:
    options = {
        f"{way}{name}": text.format(figure=_(EXPLORE.measures[name].column.label))
        for name in choice.measures
        for way, text in ((_HIGH, _("{figure}, highest first")), (_LOW, _("{figure}, lowest first")))
    }
    given.give("order", choice.order or None)
    st.selectbox(
        _("Order"),
        list(options),
        index=None,
        format_func=lambda value: options.get(value, value),
        key="order",
        placeholder=_("As broken down"),
    )


def _span(label: str, parameter: str, view: View) -> None:
    """A month of the last five years, or the one that the address names."""
    months = [
        date(year, number + 1, 1)
        for back in range(_MONTHS_BACK)
        for year, number in [divmod(view.as_of.year * 12 + view.as_of.month - 1 - back, 12)]
        if year >= date.min.year
    ]
    options = {f"{each:%Y-%m}": month(each) for each in months}
    said = st.session_state.get(parameter)
    if said and said not in options:
        options[said] = month(date.fromisoformat(f"{said}-01"))
    given.give(parameter, said)
    usual = _("12 months back") if parameter == "from" else _("the date")
    st.selectbox(
        label,
        list(options),
        index=None,
        format_func=lambda value: options.get(value, value),
        key=parameter,
        placeholder=usual,
        on_change=_forget_cell,
    )


def possible_note(choice: Choice) -> None:
    """Says which breakdown the figures don't have."""
    for name in choice.left_out:
        layout.note(
            _("{figures} can't be broken down by {what}.").format(
                figures=", ".join(_(EXPLORE.measures[each].column.label) for each in choice.measures),
                what=_(EXPLORE.dimensions[name].shown.label).lower(),
            )
        )


# ---------------------------------------------------------------- the cell that is open


def _forget_cell() -> None:
    st.session_state["cell"] = None


def cell_text(measure: str, values: Sequence[str | None], is_total: Sequence[bool]) -> str:
    """A cell of an answer as the address has it: the measure, and a value for each dimension."""
    parts = [
        _ALL
        if total
        else _UNKNOWN
        if value is None
        else _VALUE + quote(value, safe=" ").replace(_BETWEEN, "%7E")
        for value, total in zip(values, is_total, strict=True)
    ]
    return _BETWEEN.join([measure, *parts])


def open_cell(choice: Choice) -> tuple[str, Cell] | None:
    """The measure and the values of the cell that is open; None where none is, or none of this answer."""
    measure, *parts = str(st.session_state.get("cell") or "").split(_BETWEEN)
    if measure not in choice.measures or len(parts) != len(choice.by):
        return None
    return measure, tuple(
        (name, None if part == _UNKNOWN else unquote(part[len(_VALUE) :]))
        for name, part in zip(choice.by, parts, strict=True)
        if part != _ALL
    )
