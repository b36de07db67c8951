"""A deck to start one's own from: on the plain template, with every token in a place that suits it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from ccinsight.documents.deck import drawing, grids, native_charts
from ccinsight.documents.deck.canvas import Box, Canvas, Page
from ccinsight.documents.deck.drawing import Paragraph
from ccinsight.documents.deck.grids import Column
from ccinsight.documents.deck.native_charts import Series
from ccinsight.documents.deck.own.reading import CHARTS, LINES, TABLES
from ccinsight.documents.deck.own.tokens import TEXTS, TextToken
from ccinsight.documents.template_tokens import written
from ccinsight.i18n import N_, _, language
from ccinsight.settings.model import Deck

_VALUES_ON_A_SLIDE = 24
# A slide's title, and its columns with the tokens that stand in each one below the other.
_PAGES: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...] = (
    ("{{message:meetings}}", (("table:meetings",), ("agreed_last_time", "points:meetings"))),
    ("{{message:users}}", (("chart:users_by_month",), ("points:users",))),
    ("{{message:tickets}}", (("chart:tickets_by_month", "points:tickets"), ("chart:hours_by_month",))),
    (
        "{{message:categories}}",
        (("chart:tickets_by_category", "points:categories"), ("table:tickets_by_category",)),
    ),
    (N_("Tickets by scope and channel"), (("table:tickets_by_scope",), ("table:tickets_by_channel",))),
    ("{{message:peers}}", (("table:peers", "points:peers"), ("chart:peers",))),
    (
        "{{message:access_down}}",
        (("table:access_down_tickets", "points:access_down"), ("table:open_tickets",)),
    ),
    ("{{message:contacts}}", (("chart:tickets_by_contact",), ("points:contacts",))),
    ("{{message:requests}}", (("table:requests", "points:requests"),)),
    ("{{message:value}}", (("table:value",), ("table:discounts", "points:value"))),
    ("{{message:renewal}}", (("table:renewals", "points:renewal"),)),
    (N_("Agreements in force"), (("table:agreements",),)),
    (N_("For the meeting"), (("table:possibilities",), ("agenda",))),
    (N_("Next steps"), (("possibilities",), ("agreed",))),
)


def starter() -> bytes:
    """The deck as a .pptx file, in the language in use."""
    return _starter(language())


@cache
def _starter(_language: str) -> bytes:
    canvas = Canvas(Deck(), None, f"{_('As of {day}').format(day=written('date'))} · {written('customer')}")
    under = [
        _("As of {day}").format(day=written("date")),
        f"{written('partner')} · {written('account_manager')}",
    ]
    canvas.title_slide(_("Status meeting: {customer}").format(customer=written("customer")), under)
    values = [token for token in TEXTS if ":" not in token.name]
    for at in range(0, len(values), _VALUES_ON_A_SLIDE):
        _draw_values(canvas, values[at : at + _VALUES_ON_A_SLIDE])
    for title, columns in _PAGES:
        page = canvas.page(_(title))
        for box, names in zip(page.box.columns(*[1.0] * len(columns)), columns, strict=True):
            _draw_column(page, box, names)
    return canvas.bytes()


def _draw_values(canvas: Canvas, values: Sequence[TextToken]) -> None:
    page = canvas.page(_("In short"))
    half = -(-len(values) // 2)
    for box, part in zip(page.box.columns(1, 1), (values[:half], values[half:]), strict=True):
        rows = [[_(token.description), written(token.name)] for token in part]
        columns = [Column(_("Meaning"), 1.6), Column(_("Value"), 1.0, is_right=True)]
        grids.table(page, box, columns, rows, _("In short"))


def _draw_column(page: Page, box: Box, names: Sequence[str]) -> None:
    for each, name in zip(box.rows(*[1.0] * len(names)), names, strict=True):
        shown = CHARTS.get(name) or TABLES.get(name)
        if shown is None:
            under = drawing.heading(page, each, _(LINES[name].description))
            drawing.text(page, under, [Paragraph(written(name), is_bullet=True)])
            continue
        under = drawing.heading(page, each, shown.title())
        if name == "chart:tickets_by_category":
            _draw_chart(page, under, name)
        else:
            made = page.slide.shapes.add_textbox(*under.emu())
            made.text_frame.word_wrap, made.text_frame.text = True, written(name)


def _draw_chart(page: Page, box: Box, name: str) -> None:
    """A chart of the template's own, named by the text that describes it."""
    series = [
        Series(_("Last 12 months"), [12, 8, 5]),
        Series(_("Year before"), [9, 10, 3], "before"),
    ]
    examples = [_("Example {number}").format(number=number) for number in (1, 2, 3)]
    native_charts.bars(page, box, examples, series, written(name))
    made: Any = list(page.slide.shapes)[-1]
    made.name = CHARTS[name].title()
