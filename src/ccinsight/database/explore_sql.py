"""The statements of explored questions, put together from names of the registry; what a reader gave is bound.

select month, channel, level, …                       -- _joined: the grains' figures side by side
from (
    select month, grouping(month), count(*), …        -- _grouped: once for each grain
    from model.ticket_figures($as_of, …)
    group by grouping sets ((month, channel), (month), (channel), ())
    union all by name
    …
)
group by …
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from ccinsight.database.exploring import (
    DETAIL,
    LEFT_OUT,
    LEVEL,
    OVER_FIRST,
    OVER_SECOND,
    TOTAL,
    Question,
    leaving_out,
    span,
)
from ccinsight.registry.explore import Dimension, Grain, Measure

Statement = tuple[str, dict[str, Any]]

# The days of the months that a question about a span, or about what comes, has a row of.
_MONTHS = {
    False: "date_trunc('month', cast($first as date)), cast($last as date)",
    True: "date_trunc('month', cast($as_of as date)), cast($as_of as date) + interval 12 month",
}


def answer(asked: Question, as_of: date) -> Statement:
    """The statement of an answer (exploring.report_of), and what to bind beside ``as_of`` and ``ids``.

    Raises UsageError for a span that begins after the as-of date.
    """
    branches = [_grouped(asked, grain) for grain in asked.grains]
    if len(asked.by) == 1 and asked.dimensions[0].is_time:
        branches.append(_every_month(asked.dimensions[0]))
    union = "\nunion all by name\n".join(branches)
    fields = [dimension.field for dimension in asked.dimensions]
    totals = [f"{field}_total" for field in fields] if asked.has_totals else []
    columns = [
        *(column for dimension in asked.dimensions for column in _named(dimension)),
        *([f"{_level(totals)} as {LEVEL}"] if asked.has_totals else []),
        *(_joined(measure) for measure in asked.figures),
        *(
            f"coalesce(any_value({measure.name}{LEFT_OUT}), 0) as {measure.name}{LEFT_OUT}"
            for measure in leaving_out(asked)
        ),
    ]
    text = f"select {_list(columns)}\nfrom (\n{union}\n) as grains"
    if fields:
        text += f"\ngroup by {_list(fields + totals)}\norder by {_list(_order(asked, totals))}"
    return text, _bound(text, asked, as_of)


def rows(
    asked: Question, as_of: date, measure: Measure, cell: Mapping[str, str | None], most: int
) -> Statement:
    """The statement of the rows behind a figure, at most so many. ``cell``: the dimensions of the question whose value
    the figure is of, as texts; None is unknown; one that isn't there is totalled over.
    """
    grain = measure.grain
    chosen = [dimension for dimension in asked.dimensions if dimension.name in cell]
    conditions = [
        f"cast({dimension.field} as varchar) is not distinct from cast($cell_{place} as varchar)"
        for place, dimension in enumerate(chosen)
    ]
    conditions += _only_behind(measure)
    if grain.time == "last_day":
        time = next((each for each in asked.dimensions if each.is_time), None)
        is_over_time = time is not None and time.name not in cell
        conditions += ["closes_span"] if is_over_time else _closing(asked)
    where = f"\nwhere {' and '.join(conditions)}" if conditions else ""
    columns = _list(column.name for column in grain.rows)
    source = _source(asked, grain, with_details=True)
    text = f"select {columns}\nfrom {source}{where}\norder by {grain.order}\nlimit {most:d}"
    values = {f"cell_{place}": cell[dimension.name] for place, dimension in enumerate(chosen)}
    return text, {**_bound(text, asked, as_of), **values}


def _only_behind(measure: Measure) -> list[str]:
    """What rows a figure is made of. Rows whose part is unknown stay in sight of a sum: it leaves them out."""
    match measure.aggregate:
        case "count":
            return [measure.part] if measure.part else []
        case "sum":
            return [f"{measure.part} is distinct from 0"]
        case "ratio":
            return []
    return [f"{measure.part} is not null"]


def _bound(text: str, asked: Question, as_of: date) -> dict[str, Any]:
    """The days that the statement names. By time, those of all grains are the same."""
    spans = {grain.name: span(asked, grain, as_of) for grain in asked.grains}
    values = {f"first_{name}": first for name, (first, _last) in spans.items()}
    values["first"], values["last"] = min(spans.values())
    return {name: value for name, value in values.items() if re.search(rf"\${name}\b", text)}


def _list(names: Iterator[str] | list[str]) -> str:
    return ",\n    ".join(names)


# ---------------------------------------------------------------- one grain


def _grouped(asked: Question, grain: Grain) -> str:
    """A grain's measures by the dimensions, with all their totals where they are asked for."""
    fields = [dimension.field for dimension in asked.dimensions]
    figures = [measure for measure in asked.figures if measure.grain == grain]
    columns = [
        *fields,
        *(f"grouping({field}) as {field}_total" for field in fields if asked.has_totals),
        *(
            f"{_name_of(asked, each.field, each.name_column.name)} as {each.name_column.name}"
            for each in asked.dimensions
            if each.name_column
        ),
        *(f"{_figure(asked, measure)} as {measure.name}" for measure in figures),
        *(
            f"{_unknown_rows(asked, measure)} as {measure.name}{LEFT_OUT}"
            for measure in figures
            if measure.can_leave_out
        ),
        f"true as has_{grain.name}",
    ]
    where = f"\nwhere {_closing(asked)[0]}" if grain.time == "last_day" and _closing(asked) else ""
    text = f"select\n    {_list(columns)}\nfrom {_source(asked, grain)}{where}"
    return f"{text}\ngroup by {_sets(fields) if asked.has_totals else _list(fields)}" if fields else text


def _name_of(asked: Question, field: str, name: str) -> str:
    """The name of an id; a total over all ids has none."""
    found = f"any_value({name})"
    return f"case when grouping({field}) = 0 then {found} end" if asked.has_totals else found


def _sets(fields: list[str]) -> str:
    return f"cube ({', '.join(fields)})"


def _source(asked: Question, grain: Grain, *, with_details: bool = False) -> str:
    needs_details = with_details or not set(grain.detailed).isdisjoint(asked.by)
    values = {
        "first_day": f"cast($first_{grain.name} as date)",
        "last_day": "cast($last as date)",
        "with_details": str(needs_details).lower(),
    }
    given = "".join(f", {name} := {values[name]}" for name in grain.takes)
    return f"model.{grain.relation}($as_of, customer_ids := cast($ids as varchar[]){given})"


def _closing(asked: Question) -> list[str]:
    """Which of the closing days a figure of the last day is of: of a quarter its last; of a month there is one."""
    return ["closes_quarter"] if "quarter" in asked.by else []


def _figure(asked: Question, measure: Measure) -> str:
    return _over_time(asked, measure, lambda where: _aggregate(measure, where))


def _unknown_rows(asked: Question, measure: Measure) -> str:
    """How many rows the figure leaves out."""
    parts = [part for part in (measure.part, measure.over) if part]
    is_unknown = " or ".join(f"{part} is null" for part in parts)
    return _over_time(asked, measure, lambda where: f"count(*) filter (where ({is_unknown}){_and(where)})")


def _over_time(asked: Question, measure: Measure, made: Any) -> str:
    """A figure of the last day, totalled over time, is that of the span's last day and no sum."""
    time = next((each for each in asked.dimensions if each.is_time), None)
    if measure.grain.time != "last_day" or time is None or not asked.has_totals:
        return str(made(""))
    return f"case when grouping({time.field}) = 1 then {made('closes_span')} else {made('')} end"


def _and(where: str) -> str:
    return f" and {where}" if where else ""


def _aggregate(measure: Measure, where: str) -> str:
    """The figure of a group's rows where the condition holds. Conventions of docs/rules.md: a sum over no rows is 0."""
    part, over = measure.part, measure.over
    match measure.aggregate:
        case "count":
            return f"count(*) filter (where {part or 'true'}{_and(where)})"
        case "sum":
            among = f" filter (where {where})" if where else ""
            return f"case when count(*){among} = 0 then 0 else sum({part}){among} end"
        case "ratio":
            known = f"filter (where {part} is not null and {over} is not null{_and(where)})"
            return f"cast(sum({part}) {known} as double) / nullif(sum({over}) {known}, 0)"
    share = {"median": 0.5, "p90": 0.9}[measure.aggregate]
    among = f" filter (where {where})" if where else ""
    return f"percentile_cont({share}) within group (order by {part}){among}"


# ---------------------------------------------------------------- the grains side by side


def _every_month(dimension: Dimension) -> str:
    """Every month or quarter, also without a row. ``renewal_month`` and ``renewal_quarter`` are of what comes."""
    is_ahead = dimension.field.startswith("renewal_")
    value = "model.quarter_name(m.day)" if dimension.field.endswith("quarter") else "m.day"
    return (
        f"select distinct {value} as {dimension.field}, 0 as {dimension.field}_total\n"
        f"from (select unnest(range({_MONTHS[is_ahead]} + interval 1 day, interval 1 month))::date as day) as m"
    )


def _named(dimension: Dimension) -> list[str]:
    names = [f"any_value({each.name}) as {each.name}" for each in dimension.columns[1:]]
    return [dimension.field, *names]


def _level(totals: list[str]) -> str:
    """The name of a row's level (exploring.LEVEL)."""
    if not totals:
        return f"'{TOTAL}'"
    if len(totals) == 1:
        return f"case when {totals[0]} = 1 then '{TOTAL}' else '{DETAIL}' end"
    first, second = totals
    return (
        f"case when {first} + {second} = 2 then '{TOTAL}' when {first} = 1 then '{OVER_FIRST}'"
        f" when {second} = 1 then '{OVER_SECOND}' else '{DETAIL}' end"
    )


def _joined(measure: Measure) -> str:
    """A measure's value; one that is added up is 0 where its grain has no row, and unknown where it has only such."""
    value = f"any_value({measure.name})"
    if measure.is_additive:
        value = f"case when count(has_{measure.grain.name}) = 0 then 0 else {value} end"
    return f"{value} as {measure.name}"


def _order(asked: Question, totals: list[str]) -> list[str]:
    """Totals last. By time or, of two dimensions, by both; else the largest first."""
    fields = [f"{dimension.field} nulls last" for dimension in asked.dimensions]
    is_ranked = len(fields) == 1 and not asked.dimensions[0].is_time
    return [*totals, *([f"{asked.measures[0]} desc nulls last"] if is_ranked else []), *fields]
