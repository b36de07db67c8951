"""The internal annex: what is unbilled, price changes missed, the renewal risk, promises, notes of meetings.

None of it stands on a customer's slides; its figures name the reports that they come from.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ccinsight import i18n
from ccinsight.documents.brief.model import Brief
from ccinsight.documents.deck import drawing, grids
from ccinsight.documents.deck.canvas import Box, Canvas, Page
from ccinsight.documents.deck.drawing import Paragraph
from ccinsight.documents.deck.grids import Column
from ccinsight.documents.deck.slides.parts import left_out, message, said, start, written
from ccinsight.i18n import _
from ccinsight.registry import label_of


def draw(canvas: Canvas, brief: Brief) -> None:
    """All slides of the annex."""
    canvas.title_slide(
        _("Internal annex: {customer}").format(customer=brief.customer_name),
        [_("As of {day}").format(day=i18n.day(brief.as_of)), _("Not to be shown to the customer")],
    )
    _unbilled(canvas, brief)
    _missed(canvas, brief)
    if brief.has_score:
        _risk(canvas, brief)
    _promises(canvas, brief)
    _notes(canvas, brief)
    _possibilities(canvas, brief)


def _start(canvas: Canvas, brief: Brief, title: str, reports: Iterable[str]) -> tuple[Page, Box]:
    """A slide with its message and, at the foot, the reports that its figures come from."""
    named = ", ".join(dict.fromkeys(("ccinsight", *reports)))
    source = _("Source: {reports}, as of {day}.").format(reports=named, day=i18n.day(brief.as_of))
    return start(canvas, title, source)


def _unbilled(canvas: Canvas, brief: Brief) -> None:
    section = brief.sections["unbilled"]
    page, body = _start(canvas, brief, message(section), section.tables)
    rows = brief.rows("invoicing")
    lower = body
    if rows:
        drawn = grids.table(
            page,
            Box(body.left, body.top, body.wide, body.tall * 0.6),
            [
                Column(_("Agreement"), 1.2),
                Column(_("Period start"), 1.1),
                Column(_("Kind"), 1),
                Column(_("Expected"), 1.2, is_right=True),
                Column(_("Invoiced"), 1.2, is_right=True),
                Column(_("Difference"), 1.2, is_right=True),
            ],
            [
                [
                    r["agreement_id"],
                    i18n.day(r["period_start"]),
                    label_of("invoice_kind", r["kind"]),
                    *(i18n.amount(r[name], 2) for name in ("expected", "invoiced", "difference")),
                ]
                for r in rows
            ],
            _("Expected and invoiced"),
        )
        lower = Box(body.left, drawn.below.top, body.wide, body.top + body.tall - drawn.below.top)
    drawing.text(page, lower, said(section), (14, 13, 12, 11))


def _missed(canvas: Canvas, brief: Brief) -> None:
    section = brief.sections["missed_price"]
    page, body = _start(canvas, brief, message(section), section.tables)
    drawing.text(
        page,
        body,
        said(section) or [Paragraph(_("The price that holds from the renewal is the newest announced."))],
    )


def _risk(canvas: Canvas, brief: Brief) -> None:
    score = brief.score
    title = (
        _("Renewal risk: unknown")
        if score is None or score.score is None
        else _("Renewal risk: {score} of 100 on {day}").format(
            score=i18n.number(score.score), day=i18n.day(brief.as_of)
        )
    )
    page, body = _start(canvas, brief, title, ("renewal_risk",))
    if score is None or not score.parts:
        drawing.text(page, body, [Paragraph(_("Too little is known of this customer for a score."))])
        return
    drawn = grids.table(
        page,
        Box(body.left, body.top, body.wide, body.tall - 0.3),
        [
            Column(_("Rule"), 3),
            Column(_("Its number"), 2),
            Column(_("Points"), 0.9, is_right=True),
            Column(_("of at most"), 0.9, is_right=True),
        ],
        [_risk_cells(part) for part in score.parts],
        _("The rules of the score"),
    )
    if drawn.left_out:
        drawing.note(
            page,
            Box(body.left, body.top + body.tall - 0.27, body.wide, 0.27),
            _("and {count} more, on the page").format(count=i18n.number(drawn.left_out)),
        )


def _risk_cells(part: Any) -> Sequence[str]:
    return [part.label, part.shown, i18n.number(part.points, 1), i18n.number(part.most, 1)]


def _promises(canvas: Canvas, brief: Brief) -> None:
    section = brief.sections["promises"]
    page, body = _start(canvas, brief, message(section), section.tables)
    drawing.text(page, body, said(section) or [Paragraph(message(section))], (15, 14, 13, 12, 11))


def _notes(canvas: Canvas, brief: Brief) -> None:
    """What was noted for this meeting, and the notes that came with the export of meetings."""
    page, body = _start(canvas, brief, _("Notes, for internal eyes"), ("meetings_list",))
    left, right = body.columns(1, 1)
    below = drawing.heading(page, left, _("Notes of this meeting"))
    drawing.text(
        page, below, written(brief.notes) or [Paragraph(_("None is written."))], (15, 14, 13, 12, 11, 10, 9)
    )
    below = drawing.heading(page, right, _("Notes of meetings"))
    rows = [r for r in brief.rows("meetings_list") if r["note"]]
    if not rows:
        drawing.text(page, below, [Paragraph(_("None is known."))])
        return
    drawn = grids.table(
        page,
        Box(below.left, below.top, below.wide, below.tall - 0.3),
        [Column(_("Date"), 1), Column(_("Meeting"), 1.1), Column(_("Note"), 2.6)],
        [
            [i18n.day(r["held_on"] or r["planned_on"]), label_of("meeting_kind", r["kind"]), r["note"]]
            for r in rows
        ],
        _("Notes of meetings"),
    )
    left_out(page, drawn)


def _possibilities(canvas: Canvas, brief: Brief) -> None:
    if not brief.internal_possibilities:
        return
    page, body = _start(canvas, brief, _("Possibilities for internal eyes"), ("possibilities",))
    paragraphs = [
        paragraph
        for point in brief.internal_possibilities
        for paragraph in (Paragraph(point.title, is_bold=True), Paragraph(point.text, is_muted=True))
    ]
    drawing.text(page, body, paragraphs, (15, 14, 13, 12, 11), gap=0.25)
