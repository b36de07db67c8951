"""What the agreements earn, from whom, and what made it change."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from ccinsight import i18n
from ccinsight.charts import base
from ccinsight.charts.base import Chart, Drawing, Palette, Trace
from ccinsight.i18n import _, ngettext
from ccinsight.registry import REPORTS, label_of

_IN_FORCE = ("active", "terminating")
_MOVES = ("new", "reactivation", "expansion", "contraction", "price_change", "churn", "unknown")
_USER_TICKS = (1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000)
_DASHES = ("solid", "dash", "dot", "dashdot")
_MOST_BARS = 12
_FEW_POINTS = 300
_ROW = 32


def revenue_by_band(bands: pd.DataFrame, palette: Palette) -> Chart:
    """Columns of the report ``revenue_by_user_band``: revenue, with the number of agreements under each."""
    title = _("Annual recurring revenue by user band")
    if bands.empty or not bands["agreements"].sum():
        return base.nothing(palette, title)
    known = bands.dropna(subset=["revenue"])
    if known.empty:
        return base.empty(palette, title, _("The revenue of no agreement is known."))
    rows, values = list(range(len(bands))), base.numbers(bands["revenue"])
    records = bands.to_dict("records")
    trace = base.bar(
        x=values,
        y=rows,
        orientation="h",
        marker={"color": palette.accent},
        customdata=[_band_text(row) for row in records],
        hovertemplate="%{customdata}<extra></extra>",
    )
    drawn = base.Drawing(palette, [trace], height=32 + 42 * len(rows), bargap=0.36)
    _lying(drawn, rows, [_band_name(row) for row in records], palette)
    # The smallest on top, as the bands go.
    drawn.y(autorange="reversed")
    drawn.x(range=[0, max(value or 0 for value in values) * 1.5 or 1])
    _behind(drawn, rows, values, [i18n.amount(value) for value in values])
    first = known.iloc[int(known["revenue"].astype("float64").to_numpy().argmax())]
    alt = _("{total} in all; most from {band}: {value} over {agreements}.").format(
        total=i18n.amount(base.total(bands["revenue"])),
        band=_band(first["user_band"]),
        value=i18n.amount(float(first["revenue"])),
        agreements=_agreements(int(first["agreements"])),
    )
    return Chart(drawn.figure(), alt, title)


def revenue_by(agreements: pd.DataFrame, column: str, palette: Palette) -> Chart:
    """Horizontal bars of annual value by a column of the report ``agreements``, over those in force.

    ``column`` is account_manager, complexity, price_basis, product or another text; the smallest groups
    beyond twelve are put together.
    """
    known_as = REPORTS["agreements"].column(column)
    title = _("Annual recurring revenue by {what}").format(what=_(known_as.label).lower())
    in_force = agreements[agreements["state"].isin(_IN_FORCE)] if not agreements.empty else agreements
    if in_force.empty or in_force["annual_value"].dropna().empty:
        return base.nothing(palette, title)
    names = in_force[column].map(known_as.shown, na_action=None)
    groups = in_force.assign(group=names).groupby("group")["annual_value"]
    sums = pd.DataFrame({"value": groups.sum(), "agreements": groups.size()}).sort_values(
        "value", ascending=False
    )
    shown = _folded(sums)[::-1]
    whole = float(sums["value"].sum())
    rows, values = list(range(len(shown))), base.numbers(shown["value"])
    shares = [i18n.percent((value or 0) / whole) if whole else "" for value in values]
    trace = base.bar(
        x=values,
        y=rows,
        orientation="h",
        marker={"color": palette.accent},
        customdata=[
            f"{base.escaped(name)}: {i18n.amount(value)}, {share}<br>{_agreements(int(count))}"
            for name, value, share, count in zip(
                shown.index, values, shares, shown["agreements"], strict=True
            )
        ],
        hovertemplate="%{customdata}<extra></extra>",
    )
    drawn = base.Drawing(palette, [trace], height=32 + _ROW * len(rows))
    _lying(drawn, rows, [base.shortened(name, 20) for name in shown.index], palette)
    drawn.x(range=[0, max(value or 0 for value in values) * 1.5 or 1])
    _behind(drawn, rows, values, [i18n.amount(value) for value in values])
    alt = _("{name} has most: {value}, {share} of {total}.").format(
        name=sums.index[0],
        value=i18n.amount(float(sums["value"].iloc[0])),
        share=i18n.percent(float(sums["value"].iloc[0]) / whole) if whole else _("unknown"),
        total=i18n.amount(whole),
    )
    return Chart(drawn.figure(), alt, title)


def price_curve(agreements: pd.DataFrame, price_steps: pd.DataFrame, palette: Palette) -> Chart:
    """Rate against users, each agreement in force a point, the price list's steps drawn behind.

    ``agreements`` and ``price_steps`` are the reports of these names. The axis of users is logarithmic, as
    the steps are. A line for each complexity; for several products only one, the product with most
    agreements.
    """
    title = _("Price per user against number of users")
    known = agreements.dropna(subset=["invoiced_users", "rate"]) if not agreements.empty else agreements
    points = (
        known[known["state"].isin(_IN_FORCE) & (known["invoiced_users"] > 0)] if not known.empty else known
    )
    if points.empty:
        return base.nothing(palette, title)
    most = max(float(points["invoiced_users"].max()), 10.0) * 1.25
    drawn = base.Drawing(palette, height=380, showlegend=True)
    product = points["product"].value_counts().index[0]
    drawn.add(*_step_lines(price_steps, product, most, palette))
    drawn.add(*_points(points, palette))
    ticks = [tick for tick in _USER_TICKS if tick <= most]
    drawn.x(
        type="log",
        range=[-0.06, math.log10(most)],
        tickmode="array",
        tickvals=ticks,
        ticktext=[i18n.number(tick) for tick in ticks],
        title={"text": _("invoiced users")},
        showgrid=True,
    )
    drawn.y(**base.amount_axis(base.numbers(points["rate"])), title={"text": _("kr per user and year")})
    drawn.y(ticktext=[i18n.number(tick) for tick in drawn.layout["yaxis"]["tickvals"]])
    rates = points["rate"].astype("float64")
    alt = _("{agreements} between {least} and {most} per user; the median is {median}.").format(
        agreements=_agreements(len(points)),
        least=i18n.amount(float(rates.min())),
        most=i18n.amount(float(rates.max())),
        median=i18n.amount(float(rates.median())),
    )
    return Chart(drawn.figure(), alt, title)


def revenue_waterfall(movements: pd.DataFrame, palette: Palette) -> Chart:
    """From the revenue at the start to that at the end, with what came and went between.

    ``movements`` is the report ``revenue_movements``; its months are added up. A movement of nothing is left
    out.
    """
    if movements.empty:
        return base.nothing(palette, _("What changed the annual recurring revenue"))
    title = ngettext(
        "What changed the annual recurring revenue in the last {count} month",
        "What changed the annual recurring revenue in the last {count} months",
        len(movements),
    ).format(count=len(movements))
    column = REPORTS["revenue_movements"].column
    start, end = float(movements["start"].iloc[0]), float(movements["end"].iloc[-1])
    moves = waterfall_moves(movements)
    if not moves and not start:
        return base.nothing(palette, title)
    labels = [_("Start"), *(_(column(name).label) for name in moves), _("End")]
    values = [start, *moves.values(), end]
    drawn = base.Drawing(palette, _steps(labels, values, palette), height=56 + 36 * len(labels), bargap=0.3)
    _lying(drawn, list(range(len(labels))), [base.wrapped(label, 18) for label in labels], palette)
    drawn.y(autorange="reversed")
    tops = _levels(values)
    drawn.x(range=[0, (max(upper for _lower, upper in tops) or 1) * 1.5])
    texts = [i18n.amount(start), *(_signed(value) for value in moves.values()), i18n.amount(end)]
    _behind(drawn, list(range(len(labels))), [upper for _lower, upper in tops], texts)
    first, last = base.day_of(movements["month"].iloc[0]), base.day_of(movements["month"].iloc[-1])
    alt = _("From {start} to {end}, {first} to {last}: {parts}.").format(
        start=i18n.amount(start),
        end=i18n.amount(end),
        first=i18n.month(first),
        last=i18n.month(last),
        parts=", ".join(f"{_(column(name).label).lower()} {_signed(value)}" for name, value in moves.items())
        or _("no change"),
    )
    return Chart(drawn.figure(), alt, title)


def waterfall_moves(movements: pd.DataFrame) -> dict[str, float]:
    """What the bars between start and end of the waterfall stand for, from top to bottom: movement → kr."""
    sums = {name: float(movements[name].sum()) for name in _MOVES}
    return {name: value for name, value in sums.items() if round(value, 2)}


def drivers_by_month(movements: pd.DataFrame, palette: Palette) -> Chart:
    """Two columns a month of the report ``revenue_movements``: what users and what prices changed."""
    title = _("Change from users and from price, each month")
    if movements.empty:
        return base.nothing(palette, title)
    days = [base.day_of(value) for value in movements["month"]]
    seats = base.numbers(movements["expansion"] + movements["contraction"])
    price = base.numbers(movements["price_change"])
    if not any(seats) and not any(price):
        return base.empty(palette, title, _("Neither users nor prices changed the revenue in these months."))
    looks = ((seats, _("Users"), palette.accent), (price, _("Price"), palette.grey_soft))
    traces = [
        base.bar(
            x=[base.key(day) for day in days],
            y=base.columns(values),
            name=name,
            marker={
                "color": colour,
                "line": {"color": palette.grey if colour == palette.grey_soft else colour, "width": 1},
            },
            customdata=[
                f"<b>{i18n.month(day)}</b><br>{name}: {_signed(value or 0)}"
                for day, value in zip(days, values, strict=True)
            ],
            hovertemplate="%{customdata}<extra></extra>",
        )
        for values, name, colour in looks
    ]
    drawn = base.Drawing(palette, traces, barmode="group", showlegend=True, bargroupgap=0.05)
    drawn.x(**base.month_axis(days))
    drawn.x(showline=False)
    drawn.y(**base.amount_axis([*seats, *price]), zeroline=True)
    alt = _("Over {months}: {seats} from users and {price} from price.").format(
        months=ngettext("{count} month", "{count} months", len(days)).format(count=len(days)),
        seats=_signed(sum(value or 0 for value in seats)),
        price=_signed(sum(value or 0 for value in price)),
    )
    return Chart(drawn.figure(), alt, title)


def revenue_by_month(movements: pd.DataFrame, palette: Palette) -> Chart:
    """A line of the revenue at each month's end, from the report ``revenue_movements``."""
    title = _("Annual recurring revenue at the end of each month")
    if movements.empty or not movements["end"].any():
        return base.nothing(palette, title)
    days = [base.day_of(value) for value in movements["month"]]
    values = base.numbers(movements["end"])
    trace = base.scatter(
        x=[base.key(day) for day in days],
        y=values,
        mode="lines+markers",
        line={"color": palette.accent, "width": 2.5},
        marker={"size": 6},
        customdata=[
            f"{i18n.month(day)}: {i18n.amount(value)}" for day, value in zip(days, values, strict=True)
        ],
        hovertemplate="%{customdata}<extra></extra>",
    )
    drawn = base.Drawing(palette, [trace], height=260)
    drawn.x(**base.month_axis(days))
    drawn.y(**base.amount_axis(values))
    change = (values[-1] or 0) - float(movements["start"].iloc[0])
    alt = _("{value} at the end, {change} since the start.").format(
        value=i18n.amount(values[-1]), change=_signed(change)
    )
    return Chart(drawn.figure(), alt, title)


def retention_trend(retention: pd.DataFrame, palette: Palette) -> Chart:
    """Net and gross retention over time: rows of the report ``retention`` for several as-of dates, in
    order.
    """
    title = _("Net and gross retention, twelve months back from each date")
    known = retention.dropna(subset=["nrr", "grr"]) if not retention.empty else retention
    if known.empty:
        return base.nothing(palette, title)
    days = [base.day_of(value) for value in known["as_of"]]
    looks = (("nrr", palette.accent, "solid", "circle"), ("grr", palette.grey, "dash", "square"))
    column = REPORTS["retention"].column
    traces = [
        base.scatter(
            x=[day.isoformat() for day in days],
            y=base.numbers(known[name]),
            mode="lines+markers",
            cliponaxis=False,
            name=_(column(name).label),
            line={"color": colour, "width": 2.5, "dash": dash},
            marker={"symbol": symbol, "size": 7},
            customdata=[
                f"{i18n.day(day)}<br>{_(column(name).label)}: {i18n.percent(value, 1)}"
                for day, value in zip(days, known[name], strict=True)
            ],
            hovertemplate="%{customdata}<extra></extra>",
        )
        for name, colour, dash, symbol in looks
    ]
    drawn = base.Drawing(palette, traces, height=260, showlegend=True)
    drawn.x(**base.day_axis(days[0], days[-1]))
    drawn.y(**base.percent_line_axis([*base.numbers(known["nrr"]), *base.numbers(known["grr"])]))
    alt = _("On {day} net retention is {nrr} and gross retention {grr}.").format(
        day=i18n.day(days[-1]),
        nrr=i18n.percent(float(known["nrr"].iloc[-1]), 1),
        grr=i18n.percent(float(known["grr"].iloc[-1]), 1),
    )
    return Chart(drawn.figure(), alt, title)


# --- Parts


def _step_lines(price_steps: pd.DataFrame, product: str, most: float, palette: Palette) -> list[Trace]:
    """One stepped line for each complexity of the product's list, to the right edge."""
    if price_steps.empty:
        return []
    steps = price_steps[price_steps["product"] == product].sort_values("min_users")
    lines = []
    for index, (complexity, rows) in enumerate(steps.groupby("complexity", sort=True)):
        users, prices = base.numbers(rows["min_users"]), base.numbers(rows["price_per_user"])
        lines.append(
            base.scatter(
                x=[max(1.0, users[0] or 1), *users[1:], most],
                y=[*prices, prices[-1]],
                mode="lines",
                name=_("List: {complexity}").format(complexity=base.escaped(complexity)),
                line={
                    "shape": "hv",
                    "color": palette.grey,
                    "width": 1.5,
                    "dash": _DASHES[index % len(_DASHES)],
                },
                hoverinfo="skip",
            )
        )
    return lines


def _points(points: pd.DataFrame, palette: Palette) -> list[Trace]:
    looks = (("price_list", "circle", palette.accent), ("contract", "diamond-open", palette.warm))
    users = _("{count} users").format(count="%{x:,d}")
    rate = base.hover_number(REPORTS["agreements"].column("rate"), "y")
    hover = f"<b>%{{customdata[0]}}</b><br>{users} × {rate}<br>%{{customdata[1]}}<extra></extra>"
    size, opacity = (9, 0.75) if len(points) <= _FEW_POINTS else (6, 0.4)
    traces = []
    for basis, symbol, colour in looks:
        rows = points[points["price_basis"] == basis]
        if rows.empty:
            continue
        traces.append(
            base.scatter(
                x=base.numbers(rows["invoiced_users"]),
                y=base.numbers(rows["rate"]),
                mode="markers",
                name=label_of("price_basis", basis),
                marker={
                    "symbol": symbol,
                    "size": size,
                    "color": colour,
                    "opacity": opacity,
                    "line": {"width": 1},
                },
                customdata=[
                    [base.escaped(name), base.escaped(complexity)]
                    for name, complexity in zip(rows["customer_name"], rows["complexity"], strict=True)
                ],
                hovertemplate=hover,
            )
        )
    return traces


def _levels(values: Sequence[float]) -> list[tuple[float, float]]:
    """The lower and upper end of each bar: the first and last from 0, those between from where the last one
    led.
    """
    level, ends = values[0], [(0.0, values[0])]
    for value in values[1:-1]:
        ends.append((min(level, level + value), max(level, level + value)))
        level += value
    return [*ends, (0.0, values[-1])]


def _steps(labels: Sequence[str], values: Sequence[float], palette: Palette) -> list[Any]:
    """The bars, and thin lines that carry each level on to the next one."""
    ends = _levels(values)
    last = len(values) - 1
    bars = base.bar(
        x=[upper - lower for lower, upper in ends],
        base=[lower for lower, _upper in ends],
        y=list(range(len(values))),
        orientation="h",
        marker={
            "color": [_step_colour(index in (0, last), value, palette) for index, value in enumerate(values)],
            "pattern": {
                "shape": [
                    "/" if 0 < index < last and value < 0 else "" for index, value in enumerate(values)
                ],
                "fgcolor": palette.surface,
                "fillmode": "overlay",
                "size": 6,
                "solidity": 0.25,
            },
        },
        customdata=[
            f"{label}: {i18n.amount(value) if index in (0, last) else _signed(value)}"
            for index, (label, value) in enumerate(zip(labels, values, strict=True))
        ],
        hovertemplate="%{customdata}<extra></extra>",
    )
    level, x, y = 0.0, [], []
    for index, value in enumerate(values[:-1]):
        level += value
        x += [level, level, None]
        y += [index + 0.35, index + 0.65, None]
    carried = base.scatter(x=x, y=y, mode="lines", line={"color": palette.grey, "width": 1}, hoverinfo="skip")
    return [bars, carried]


def _step_colour(is_total: bool, value: float, palette: Palette) -> str:
    if is_total:
        return palette.grey
    return palette.accent if value > 0 else palette.warm


def _folded(sums: pd.DataFrame) -> pd.DataFrame:
    """The largest groups, the others put together."""
    if len(sums) <= _MOST_BARS:
        return sums
    rest = sums.iloc[_MOST_BARS - 1 :]
    name = _("{count} others").format(count=len(rest))
    return pd.concat([sums.iloc[: _MOST_BARS - 1], pd.DataFrame(rest.sum(), columns=[name]).T])


def _behind(drawn: Drawing, rows: Sequence[int], ends: Sequence[float | None], texts: Sequence[str]) -> None:
    """The number behind each bar."""
    drawn.add(
        base.scatter(
            x=[max(0.0, end or 0.0) for end in ends],
            y=list(rows),
            mode="text",
            text=[f" {text}" for text in texts],
            textposition="middle right",
            cliponaxis=False,
            hoverinfo="skip",
        )
    )


def _lying(drawn: Drawing, rows: Sequence[int], names: Sequence[str], palette: Palette) -> None:
    """Horizontal bars with their numbers behind them: no other axis, names as dark as text."""
    drawn.x(showline=False, showticklabels=False)
    drawn.y(
        showgrid=False,
        tickmode="array",
        tickvals=list(rows),
        ticktext=list(names),
        tickfont={"size": 13, "color": palette.text},
    )


def _band(band: str) -> str:
    return _("Users unknown") if band == "unknown" else _("{band} users").format(band=band)


def _band_name(row: dict[Any, Any]) -> str:
    return f"{_band(row['user_band'])}<br>{_agreements(int(row['agreements']))}"


def _band_text(row: dict[Any, Any]) -> str:
    column = REPORTS["revenue_by_user_band"].column
    return "<br>".join(
        [
            f"<b>{_band(row['user_band'])}</b>",
            f"{column('revenue').shown(row['revenue'])}, {_agreements(int(row['agreements']))}",
            _("{value} per user").format(value=column("revenue_per_user").shown(row["revenue_per_user"])),
        ]
    )


def _agreements(count: int) -> str:
    return ngettext("{count} agreement", "{count} agreements", count).format(count=i18n.number(count))


def _signed(value: float) -> str:
    sign = "+" if round(value) > 0 else "−" if round(value) < 0 else ""
    return f"{sign}{i18n.amount(abs(value))}"
