"""Questions of a reader's own: measures of the registry, broken down by at most two of their dimensions, in SQL.

A statement is put together from the registry's names alone; what a reader gave is bound. Each grain's rows come from
one macro of models/explore/ and are grouped once, totals by grouping sets, so that a ratio's total is the ratio of the
totals. Measures of several grains are joined by what they are broken down by.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ccinsight.errors import UsageError
from ccinsight.i18n import N_, _, day
from ccinsight.registry import Column, Report
from ccinsight.registry.columns import Code
from ccinsight.registry.explore import EXPLORE, Dimension, Grain, Measure

MOST_DIMENSIONS, MOST_MEASURES = 2, 10
LEVEL = "level"
LEFT_OUT = "_left_out"
# What a row of an answer is: of a value of each dimension, the total over the second or the first one, or of all.
DETAIL, OVER_SECOND, OVER_FIRST, TOTAL = "detail", "over_second", "over_first", "total"
_LEVELS = Column(
    name=LEVEL,
    label=N_("Level"),
    format="code",
    description=N_("Whether the row is of one value of each dimension, or a total over some of them."),
    codes={
        name: Code(name, label)
        for name, label in (
            (DETAIL, N_("Single value")),
            (OVER_SECOND, N_("Total over the second dimension")),
            (OVER_FIRST, N_("Total over the first dimension")),
            (TOTAL, N_("Total")),
        )
    },
)


@dataclass(frozen=True)
class Question:
    """Measures and dimensions by their names, and a span of days, None where ``span`` has its usual ones.
    ``has_totals``: whether rows with totals come too. Made by ``question``.
    """

    measures: tuple[str, ...]
    by: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    has_totals: bool = False

    @property
    def dimensions(self) -> list[Dimension]:
        return [EXPLORE.dimensions[name] for name in self.by]

    @property
    def figures(self) -> list[Measure]:
        return [EXPLORE.measures[name] for name in self.measures]

    @property
    def grains(self) -> list[Grain]:
        """The grains of the measures, each once."""
        return list({measure.grain.name: measure.grain for measure in self.figures}.values())


def question(
    measures: Sequence[str],
    by: Sequence[str] = (),
    first: date | None = None,
    last: date | None = None,
    *,
    has_totals: bool = False,
) -> Question:
    """A question that can be answered. Raises UsageError that names what exists where it can't."""
    if not measures:
        raise UsageError(
            _("Name at least one measure. These exist: {known}").format(known=_listed(EXPLORE.measures))
        )
    for name in measures:
        if name not in EXPLORE.measures:
            raise UsageError(
                _("There is no measure {name}. These exist: {known}").format(
                    name=name, known=_listed(EXPLORE.measures)
                )
            )
    for name in by:
        if name not in EXPLORE.dimensions:
            raise UsageError(
                _("There is no dimension {name}. These exist: {known}").format(
                    name=name, known=_listed(EXPLORE.dimensions)
                )
            )
    chosen = Question(tuple(dict.fromkeys(measures)), tuple(dict.fromkeys(by)), first, last, has_totals)
    _refuse_impossible(chosen)
    return chosen


def _refuse_impossible(chosen: Question) -> None:
    if len(chosen.measures) > MOST_MEASURES or len(chosen.by) > MOST_DIMENSIONS:
        raise UsageError(
            _("Choose at most {measures} measures and {dimensions} dimensions.").format(
                measures=MOST_MEASURES, dimensions=MOST_DIMENSIONS
            )
        )
    possible = EXPLORE.common(chosen.measures)
    for name in chosen.by:
        if name not in possible:
            raise UsageError(
                _("{measures} can't be broken down by {name}, but by: {known}").format(
                    measures=_listed(chosen.measures), name=name, known=_listed(possible)
                )
            )
    if sum(dimension.is_time for dimension in chosen.dimensions) > 1:
        raise UsageError(_("Choose one dimension of time, not two."))
    if chosen.first and chosen.last and chosen.first > chosen.last:
        raise UsageError(_("The span begins after it ends: give a first day that isn't after the last."))


def span(chosen: Question, grain: Grain, as_of: date) -> tuple[date, date]:
    """The first and the last day that the grain's figures are of. No last day was given: the as-of date. No first day:
    the twelve months up to the last, as the named reports have it; by month or quarter from the start of its first one,
    so that each is whole.

    Raises UsageError for a first day after the as-of date.
    """
    refuse_ahead(chosen, as_of)
    last = min(chosen.last or as_of, as_of)
    time = next((dimension for dimension in chosen.dimensions if dimension.is_time), None)
    if grain.time == "last_day" and time is None:
        return last, last  # a figure of a day needs no other days
    if chosen.first:
        return chosen.first, last
    begins = _year_before(last) + timedelta(days=grain.time != "since" or time is not None)
    if time is None:
        return begins, last
    month = begins.month - (begins.month - 1) % 3 if time.field == "quarter" else begins.month
    return date(begins.year, month, 1), last


def refuse_ahead(chosen: Question, as_of: date) -> None:
    """Raises UsageError where the figures are of a span and it begins after the as-of date."""
    has_span = any("first_day" in grain.takes for grain in chosen.grains)
    if has_span and chosen.first and chosen.first > as_of:
        raise UsageError(
            _("The span begins after {day}, the as-of date: give an earlier first day.").format(
                day=day(as_of)
            )
        )


def _year_before(last: date) -> date:
    """The day minus one year, or the last of February."""
    year = max(last.year - 1, date.min.year)
    return last.replace(year=year, day=28 if (last.month, last.day) == (2, 29) else last.day)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


def report_of(chosen: Question) -> Report:
    """The answer as a report of its own: its columns in order, and those that name a row."""
    columns = [column for dimension in chosen.dimensions for column in dimension.columns]
    figures = [*(measure.column for measure in chosen.figures), *map(_left_out, leaving_out(chosen))]
    keys = [dimension.field for dimension in chosen.dimensions]
    return Report(
        "explore",
        N_("Explore"),
        N_("Figures of your own choice, by what they can be broken down by."),
        (),
        (*columns, *([_LEVELS] if chosen.has_totals else []), *figures),
        (*keys, *([LEVEL] if chosen.has_totals else [])),
        {},
        "aggregate",
    )


def leaving_out(chosen: Question) -> list[Measure]:
    """The measures that may leave out rows, of which a column counts them."""
    return [measure for measure in chosen.figures if measure.can_leave_out]


def _left_out(measure: Measure) -> Column:
    return Column(
        name=measure.name + LEFT_OUT,
        label=_("{measure}: left out").format(measure=_(measure.column.label)),
        unit="rows",
        format="integer",
        description=_("Rows that the figure leaves out because something about them is unknown."),
    )


def rows_report(grain: Grain) -> Report:
    """The rows behind a figure as a report of its own."""
    return Report("explore_rows", N_("Rows behind the figure"), grain.label, (), grain.rows, (), {})
