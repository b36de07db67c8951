"""The slides that a customer is shown, each from one or two sections of the brief. Nothing internal is here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from ccinsight import i18n
from ccinsight.brief import words
from ccinsight.brief.model import Brief, Row, Section
from ccinsight.brief.sections import FEWEST_PEERS, member_label, points_to
from ccinsight.brief.sources import year_before
from ccinsight.deck import drawing, grids
from ccinsight.deck.canvas import Box, Canvas, Page
from ccinsight.deck.cards import cards
from ccinsight.deck.drawing import Mark, Paragraph, Series
from ccinsight.deck.grids import Column
from ccinsight.i18n import _, ngettext
from ccinsight.registry import label_of

_MOST_CATEGORIES, _MOST_CONTACTS, _MOST_POSSIBILITIES = 8, 8, 5
_NOTE = 0.27
_SHARES = ("contact_rate", "licence_use", "training_share", "consulting_share")


def draw(canvas: Canvas, brief: Brief, partner: str | None) -> None:
    """All slides, in the order of a meeting; a slide without anything to show is left out."""
    canvas.title_slide(
        _("Status meeting: {customer}").format(customer=brief.customer_name), _under_title(brief, partner)
    )
    for slide in _SLIDES:
        slide(canvas, brief)


def _under_title(brief: Brief, partner: str | None) -> list[str]:
    lines = [_("As of {day}").format(day=i18n.day(brief.as_of))]
    people = [part for part in (partner, brief.account_manager) if part]
    return [*lines, " · ".join(people)] if people else lines


def start(canvas: Canvas, title: str, foot: str = "") -> tuple[Page, Box]:
    """A slide with its message and, in small letters at the foot, what a reader must know of its figures.

    The foot names no report and no clause: a customer reads it.
    """
    page = canvas.page(title)
    box = page.box
    body = Box(box.left, box.top, box.wide, box.tall - _NOTE - 0.08)
    if foot:
        drawing.note(page, Box(box.left, box.top + box.tall - _NOTE, box.wide, _NOTE), foot)
    return page, body


def said(*sections: Section) -> list[Paragraph]:
    """The statements of sections as bullets, as the customer reads them."""
    return [
        Paragraph(each.shown, is_bullet=True)
        for section in sections
        for each in section.statements
        if each.shown
    ]


def message(section: Section) -> str:
    """The section's message, as the customer reads it."""
    return section.title.shown


# --- Slides


def _summary(canvas: Canvas, brief: Brief) -> None:
    section = brief.sections
    total = brief.rows("tickets_compared")[0] if "tickets_compared" in brief.tables else None
    tickets = total["tickets"] if total else 0
    if total and tickets and total["minutes"] is None:
        title = _("In short: {tickets} in the last 12 months; the time spent is unknown").format(
            tickets=words.tickets(tickets)
        )
    elif total and tickets:
        title = _("In short: {tickets} and {hours} of support in the last 12 months").format(
            tickets=words.tickets(tickets), hours=words.hours_of(total["minutes"])
        )
    else:
        title = _("In short: no tickets in the last 12 months")
    page, body = start(canvas, title)
    below = body
    shown = _cards(brief)
    if shown:
        below = cards(page, body, shown)
    names = ("users", "months", "peers", "contacts", "response", "open_cases", "requests", "value", "renewal")
    lines = [Paragraph(message(section[name]), is_bullet=True) for name in names]
    drawing.text(page, below, lines, (15, 14, 13, 12, 11), gap=0.3)


def _cards(brief: Brief) -> list[tuple[str, str]]:
    """Five headline figures, unknown ones named; none at all where no agreement is in force."""
    if not _in_force(brief):
        return []
    figures = {
        f"{figure.report}.{figure.column}": figure.shown
        for section in ("users", "contacts", "value")
        for statement in (brief.sections[section].title, *brief.sections[section].statements)
        for figure in statement.figures
        if figure.as_of == brief.as_of
    }
    named = (
        ("customers.registered_users", _("registered users")),
        ("utilization.licence_use", _("of the users active, newest count")),
        ("utilization.contact_rate", _("of the users contacted support, last 12 months")),
        ("agreement_use.included_hours", _("of support covered, last 12 months")),
    )
    return [*((figures.get(name, _("unknown")), label) for name, label in named), *_renewal_card(brief)]


def _renewal_card(brief: Brief) -> Iterable[tuple[str, str]]:
    """What the first renewal is worth, or when the agreement ends."""
    coming = next(iter(brief.rows("renewals")), None)
    if coming is None:
        return
    agreement, day = coming["agreement_id"], coming["renewal_on"]
    if coming["renewal_status"] == "ending":
        yield i18n.day(day - timedelta(days=1)), _("agreement {agreement} ends").format(agreement=agreement)
    else:
        label = _("a year for agreement {agreement} from {day}").format(
            agreement=agreement, day=i18n.day(day)
        )
        yield i18n.amount(coming["value_next"]), label


def _meetings(canvas: Canvas, brief: Brief) -> None:
    section = brief.sections["meetings"]
    page, body = start(canvas, message(section))
    left, right = body.columns(6.2, 5.4)
    rows = [r for r in brief.rows("meetings_list") if _is_since(r, brief)]
    below = drawing.heading(page, left, _("Held and planned since {day}").format(day=i18n.day(brief.since)))
    if rows:
        drawn = grids.table(
            page,
            _less(below),
            [Column(_("Meeting"), 2), Column(_("Planned"), 1.4), Column(_("Held"), 1.4)],
            [_meeting_cells(r) for r in rows],
            _("Meetings, courses and workshops"),
        )
        left_out(page, drawn)
    else:
        drawing.text(page, below, said(section) or [Paragraph(_("None is known."))])
    below = drawing.heading(page, right, _agreed_heading(brief))
    agreed = brief.agreed_last_time or _("Nothing is written down as agreed last time.")
    drawing.text(page, below, written(agreed))


def _is_since(row: Row, brief: Brief) -> bool:
    held, planned = row["held_on"], row["planned_on"]
    return held >= brief.since if held else planned is not None and planned >= brief.as_of


def _meeting_cells(row: Row) -> list[str]:
    planned = i18n.day(row["planned_on"]) if row["planned_on"] else "–"
    return [
        label_of("meeting_kind", row["kind"]),
        planned,
        i18n.day(row["held_on"]) if row["held_on"] else "–",
    ]


def _agreed_heading(brief: Brief) -> str:
    if brief.agreed_last_time_on:
        return _("Agreed last time, {day}").format(day=i18n.day(brief.agreed_last_time_on))
    return _("Agreed last time")


def written(text: str) -> list[Paragraph]:
    """The lines of what a person wrote, as bullets."""
    return [
        Paragraph(line.strip().lstrip("-•* "), is_bullet=True) for line in text.splitlines() if line.strip()
    ]


def _less(box: Box, tall: float = 0.3) -> Box:
    """A box that leaves room for a line below it."""
    return Box(box.left, box.top, box.wide, box.tall - tall)


def left_out(page: Page, drawn: grids.Drawn) -> None:
    """Under a table: how many rows there was no room for."""
    if drawn.left_out > 0:
        _more(page, Box(drawn.below.left, drawn.below.top - 0.08, drawn.below.wide, _NOTE), drawn.left_out)


def _more(page: Page, box: Box, count: int) -> None:
    line = ngettext("and {count} more, in the workbook", "and {count} more, in the workbook", count)
    drawing.note(page, box, line.format(count=i18n.number(count)))


def _users(canvas: Canvas, brief: Brief) -> None:
    section = brief.sections["users"]
    page, body = start(canvas, message(section))
    left, right = body.columns(8, 3.8) if section.statements else (body, body)
    months = brief.rows("users_by_month")
    if section.is_empty:
        drawing.empty(page, left, _("No user counts are known."))
    else:
        below = drawing.heading(page, left, _("Users at the end of each month"))
        series = [
            Series(_("Registered"), [m["registered_users"] for m in months]),
            Series(_("Active"), [m["active_users"] for m in months], "light"),
            Series(_("Invoiced"), [m["invoiced_users"] for m in months], "dashed"),
        ]
        shown = [each for each in series if any(value is not None for value in each.values)]
        alt = _("Users by month: registered, active and invoiced, from {first} to {last}").format(
            first=i18n.month(months[0]["month"]), last=i18n.month(months[-1]["month"])
        )
        drawing.lines(page, below, [m["month"] for m in months], shown, alt)
    drawing.text(page, right, said(section))


def _months(canvas: Canvas, brief: Brief) -> None:
    section = brief.sections["months"]
    foot = _("By calendar month, the last up to {day}.").format(day=i18n.day(brief.as_of))
    page, body = start(canvas, message(section), foot)
    if section.is_empty:
        drawing.empty(page, body, _("No tickets in 24 months."))
        return
    over, below = body.head(0.7)
    drawing.text(page, over, [Paragraph(each.text) for each in section.statements], (14, 13, 12, 11), gap=0.1)
    rows = brief.rows("tickets_by_month")
    before, now = rows[:-12], rows[-12:]
    names = [_month_name(m["month"]) for m in now]
    for box, column, title, form in zip(
        below.columns(1, 1),
        ("tickets", "minutes"),
        (_("Tickets opened each month"), _("Hours spent on them")),
        ("#,##0", "#,##0"),
        strict=True,
    ):
        under = drawing.heading(page, box, title)
        series = [
            Series(_span(before), [_amount(m, column) for m in before], "before"),
            Series(_span(now), [_amount(m, column) for m in now]),
        ]
        alt = f"{title}: " + ", ".join(
            f"{i18n.month(m['month'])} {i18n.number(_amount(m, column))}" for m in now
        )
        if any(value is not None for each in series for value in each.values):
            drawing.columns(page, under, names, series, alt, form)
        else:
            drawing.empty(page, under, _("Unknown: the tickets carry no minutes."))


def _amount(row: Row, column: str) -> float | None:
    value: float | None = row[column]
    if value is None:
        return None
    return value / 60 if column == "minutes" else value


def _month_name(month: date) -> str:
    """``nov``: the year is in the legend."""
    return i18n.month(month).replace(f" {month.year}", "").rstrip(".")


def _span(rows: Sequence[Row]) -> str:
    return f"{i18n.month(rows[0]['month'])} – {i18n.month(rows[-1]['month'])}"


def _groups(canvas: Canvas, brief: Brief) -> None:
    section = brief.sections["groups"]
    if section.is_empty:
        return
    page, body = start(canvas, message(section))
    rows = brief.rows("tickets_compared")
    left, right = body.columns(6.3, 5.5)
    categories = [r for r in rows if r["dimension"] == "category"]
    shown = categories[:_MOST_CATEGORIES]
    below = drawing.heading(page, left, _("Tickets by category"))
    chart = Box(below.left, below.top, below.wide, below.tall - (0.3 if len(categories) > len(shown) else 0))
    names = [member_label("category", r["member"]) for r in shown]
    alt = (
        _("Tickets by category")
        + ": "
        + ", ".join(f"{name} {i18n.number(r['tickets'])}" for name, r in zip(names, shown, strict=True))
    )
    series = [
        Series(_("Last 12 months"), [r["tickets"] for r in shown]),
        Series(_("Year before"), [r["tickets_before"] for r in shown], "before"),
    ]
    drawing.bars(page, chart, names, series, alt)
    if len(categories) > len(shown):
        _more(
            page,
            Box(below.left, below.top + below.tall - _NOTE, below.wide, _NOTE),
            len(categories) - len(shown),
        )
    below = drawing.heading(page, right, _("Tickets and hours, last 12 months and the year before"))
    for dimension, part in (("scope", 0.45), ("channel", 1.0)):
        drawn = grids.table(
            page,
            _less(Box(below.left, below.top, below.wide, below.tall * part)),
            [
                Column(label_of("dimension", dimension), 2.0),
                Column(_("Tickets"), 1, is_right=True),
                Column(_("year before"), 1.1, is_right=True),
                Column(_("Hours"), 1, is_right=True),
                Column(_("year before"), 1.1, is_right=True),
            ],
            [_group_cells(r) for r in rows if r["dimension"] == dimension],
            label_of("dimension", dimension),
        )
        left_out(page, drawn)
        bottom = drawn.below.top + (0.25 if drawn.left_out > 0 else 0.15)
        below = Box(below.left, bottom, below.wide, below.top + below.tall - bottom)


def _group_cells(row: Row) -> list[str]:
    return [
        member_label(row["dimension"], row["member"]),
        i18n.number(row["tickets"]),
        i18n.number(row["tickets_before"]),
        words.hours_of(row["minutes"]),
        words.hours_of(row["minutes_before"]),
    ]


def _peers(canvas: Canvas, brief: Brief) -> None:
    section = brief.sections["peers"]
    if section.is_empty:
        return
    rows = [r for r in brief.rows("peers") if r["known"] >= FEWEST_PEERS]
    band = label_of("user_band", rows[0]["user_band"])
    foot = _("Median: half of the customers with {band} users lie below.").format(band=band)
    page, body = start(canvas, message(section), foot)
    left, right = body.columns(7, 4.8)
    drawn = grids.table(
        page,
        left,
        [
            Column(_("Last 12 months; active users: newest count"), 2.6),
            Column(_("Your company"), 1, is_right=True),
            Column(_("Median"), 1, is_right=True),
            Column(_("Customers compared"), 1.6, is_right=True),
        ],
        [_peer_cells(r) for r in rows],
        _("Among customers of the same size"),
    )
    drawing.text(page, drawn.below, said(section), (14, 13, 12))
    per_user = [r for r in rows if r["measure"] not in _SHARES and r["own_value"] is not None]
    under = drawing.heading(page, right, _("Per registered user, last 12 months"))
    names = [label_of("peer_measure", r["measure"]) for r in per_user]
    alt = f"{message(section)}."
    series = [
        Series(_("Your company"), [r["own_value"] for r in per_user]),
        Series(
            _("Median with {band} users").format(band=band), [r["median_value"] for r in per_user], "before"
        ),
    ]
    drawing.columns(page, under, names, series, alt, "0.0")


def _peer_cells(row: Row) -> list[str]:
    form: Callable[[Any], str] = (
        i18n.percent if row["measure"] in _SHARES else lambda value: i18n.number(value, 2)
    )
    label = label_of("peer_measure", row["measure"])
    if row["measure"] in _SHARES:
        label = _("{measure}, share of {whole}").format(
            measure=label,
            whole=_("tickets") if row["measure"].endswith("_share") else _("registered users"),
        )
    return [label, form(row["own_value"]), form(row["median_value"]), i18n.number(row["known"])]


def _cases(canvas: Canvas, brief: Brief) -> None:
    response, opened = brief.sections["response"], brief.sections["open_cases"]
    if response.is_empty and opened.is_empty:
        return
    title = message(opened if response.is_empty else response)
    page, body = start(canvas, title)
    left, right = body.columns(1, 1)
    below = drawing.heading(page, left, _("Access-down cases, last 12 months"))
    rows = brief.rows("access_down_tickets")
    if rows:
        drawn = grids.table(
            page,
            _less(below, 1.4),
            [
                Column(_("Opened"), 1.2),
                Column(_("Case"), 2.6),
                Column(_("First reply after"), 1.2, is_right=True),
            ],
            [[i18n.day(r["opened_at"]), _case(r), words.elapsed(r["reply_hours"])] for r in rows],
            _("Access-down cases"),
        )
        left_out(page, drawn)
        under = drawn.below.head(0.15)[1] if drawn.left_out else drawn.below
        drawing.text(page, Box(under.left, under.top, under.wide, 1.2), said(response), (14, 13, 12))
    else:
        drawing.text(
            page, below, [Paragraph(message(response), is_bullet=True), *said(response)], (14, 13, 12)
        )
    below = drawing.heading(page, right, message(opened))
    rows = brief.rows("open_tickets")
    if rows:
        drawn = grids.table(
            page,
            _less(below),
            [Column(_("Opened"), 1.2), Column(_("Case"), 2.8), Column(_("Days open"), 0.9, is_right=True)],
            [[i18n.day(r["opened_at"]), _case(r), i18n.number(r["days_open"])] for r in rows],
            _("Open tickets, oldest first"),
        )
        left_out(page, drawn)


def _case(row: Row) -> str:
    named = row["title"] or member_label("category", row["category"] or "unknown")
    return f"{row['ticket_id']} {' '.join(named.split())}"


def _contacts(canvas: Canvas, brief: Brief) -> None:
    contacts, requests = brief.sections["contacts"], brief.sections["requests"]
    if contacts.is_empty and requests.is_empty:
        return
    title = message(requests if contacts.is_empty else contacts)
    page, body = start(canvas, title)
    left, right = body.columns(1, 1)
    if contacts.is_empty:
        drawing.empty(page, left, message(contacts))
    else:
        _draw_contacts(page, left, brief, contacts)
    below = drawing.heading(page, right, message(requests))
    rows = [r for r in brief.rows("tickets_by_category") if r["scope"] != "support" and r["tickets"]]
    if rows:
        drawn = grids.table(
            page,
            _less(below),
            [
                Column(_("Category"), 2.2),
                Column(_("Tickets"), 0.9, is_right=True),
                Column(_("Points to"), 2.4),
            ],
            [
                [
                    member_label("category", r["category"]),
                    i18n.number(r["tickets"]),
                    points_to(r["scope"], r["category"]),
                ]
                for r in rows
            ],
            _("Training and consulting requests"),
        )
        left_out(page, drawn)


def _draw_contacts(page: Page, box: Box, brief: Brief, section: Section) -> None:
    rows = brief.rows("contacts")
    shown = rows[:_MOST_CONTACTS]
    below = drawing.heading(page, box, _("Tickets of each contact, last 12 months"))
    chart, under = below.head(below.tall - 1.25)
    # People aren't named on a slide: a number by their place.
    names = [_("Contact {number}").format(number=number) for number in range(1, len(shown) + 1)]
    counts = [r["tickets"] for r in shown]
    if rest := sum(r["tickets"] for r in rows[len(shown) :]):
        others = len(rows) - len(shown)
        names.append(ngettext("{count} other", "{count} others", others).format(count=i18n.number(others)))
        counts.append(rest)
    alt = f"{section.title.text}: " + ", ".join(
        f"{name} {i18n.number(count)}" for name, count in zip(names, counts, strict=True)
    )
    drawing.bars(page, chart, names, [Series(_("Tickets"), counts)], alt)
    drawing.text(page, under, said(section), (14, 13, 12))


def _value(canvas: Canvas, brief: Brief) -> None:
    section = brief.sections["value"]
    page, body = start(canvas, message(section))
    if section.is_empty:
        drawing.empty(page, body, _("No agreement is known."))
        return
    row = brief.rows("agreement_use")[0]
    discounts = brief.rows("consulting")
    total = discounts[0]["discount_value"] if discounts else None
    shown = [
        (i18n.hours(row["included_hours"]), _("of support covered by the yearly price, last 12 months")),
        (i18n.amount(row["hour_discount"]), _("discount on consulting hours, last 12 months")),
        (i18n.amount(row["seat_discount"]), _("discount on courses, last 12 months")),
        (i18n.amount(total), _("discount in all, last 12 months")),
    ]
    below = cards(page, body, shown)
    left, right = below.columns(6.4, 5.4)
    grids.table(
        page,
        left,
        [Column(_("Last 12 months"), 2.6), Column(_("Quantity"), 1.2, is_right=True)],
        [
            [_("Time spent on tickets"), i18n.hours(row["hours_spent"])],
            [_("of it covered by the yearly price"), i18n.hours(row["included_hours"])],
            [_("Consulting hours invoiced"), i18n.hours(row["consulting_hours"])],
            [_("Course seats invoiced"), i18n.number(row["course_seats"])],
            [_("Status meetings held"), i18n.number(_meetings_held(brief))],
        ],
        _("What the agreement gave"),
    )
    lines = [
        Paragraph(
            _("Agreement {agreement}: {value} a year, {users} at {rate} per user.").format(
                agreement=r["agreement_id"],
                value=i18n.amount(r["annual_value"]),
                users=_("unknown number of users")
                if r["invoiced_users"] is None
                else words.users(r["invoiced_users"]),
                rate=i18n.amount(r["rate"]),
            ),
            is_bullet=True,
        )
        for r in _in_force(brief)
    ]
    drawing.text(page, right, [*lines, *said(section), Paragraph(_("Amounts without VAT."), is_muted=True)])


def _meetings_held(brief: Brief) -> int | None:
    """Status meetings of the last twelve months; None where no meetings were imported."""
    if not brief.has_meetings:
        return None
    first = year_before(brief.as_of)
    held = [
        r["held_on"] for r in brief.rows("meetings_list") if r["kind"] == "status_meeting" and r["held_on"]
    ]
    return len([day for day in held if day > first])


def _in_force(brief: Brief) -> list[dict[str, Any]]:
    if "agreements" not in brief.tables:
        return []
    return [r for r in brief.rows("agreements") if r["state"] in ("active", "terminating")]


def _renewal(canvas: Canvas, brief: Brief) -> None:
    section = brief.sections["renewal"]
    page, body = start(canvas, message(section))
    rows = _in_force(brief)
    if not rows:
        drawing.empty(page, body, _("No agreement is in force on {day}.").format(day=i18n.day(brief.as_of)))
        return
    named = _("Agreement {agreement}, {product}").format(
        agreement=rows[0]["agreement_id"], product=rows[0]["product"]
    )
    over, below = drawing.heading(page, body, named).head(drawing.TIMELINE_TALL, gap=0.07)
    drawing.timeline(page, over, _marks(rows[0], brief))
    coming = {r["agreement_id"]: r for r in brief.rows("renewals")}
    drawn = grids.table(
        page,
        _less(below, 1.3),
        [
            Column(_("Agreement"), 1.2),
            Column(_("Renewal"), 1.1),
            Column(_("Status"), 1),
            Column(_("Users now"), 0.8, is_right=True),
            Column(_("Price per user now"), 1.1, is_right=True),
            Column(_("Users from renewal"), 1, is_right=True),
            Column(_("Price per user from renewal"), 1.2, is_right=True),
            Column(_("Value a year from renewal"), 1.3, is_right=True),
        ],
        [_renewal_cells(r, coming.get(r["agreement_id"])) for r in rows],
        _("Renewal of each agreement"),
    )
    left_out(page, drawn)
    top = drawn.below.top + (0.2 if drawn.left_out else 0.05)
    under = Box(below.left, top, below.wide, below.top + below.tall - top)
    drawing.text(page, under, said(section), (15, 14, 13, 12, 11))


def _renewal_cells(row: Row, coming: Row | None) -> list[str]:
    if coming is None:
        return [row["agreement_id"], i18n.day(row["renewal_on"]), *["–"] * 6]
    is_ending = coming["renewal_status"] == "ending"
    return [
        row["agreement_id"],
        i18n.day(row["renewal_on"]),
        label_of("renewal_status", coming["renewal_status"]),
        i18n.number(coming["users_now"]),
        i18n.amount(coming["rate_now"]),
        "–" if is_ending else i18n.number(coming["users_next"]),
        "–" if is_ending else i18n.amount(coming["rate_next"]),
        "–" if is_ending else i18n.amount(coming["value_next"]),
    ]


def _marks(row: Row, brief: Brief) -> list[Mark]:
    first, last = row["period_start"], row["renewal_on"]
    dates = [(first, _("Period starts"), False), (brief.as_of, _("This brief"), True)]
    if row["ends_on"] == row["period_end"]:
        dates.append((row["period_end"], _("Agreement ends"), False))
    else:
        dates += [
            (row["price_notice_deadline"], label_of("deadline_kind", "price_notice"), False),
            (row["termination_deadline"], label_of("deadline_kind", "termination"), False),
            (last, label_of("deadline_kind", "renewal"), False),
        ]
    span = (last - first).days
    return [
        Mark(min(1.0, max(0.0, (day - first).days / span)), label, i18n.day(day), is_today)
        for day, label, is_today in sorted(dates, key=lambda each: each[0])
    ]


def _possibilities(canvas: Canvas, brief: Brief) -> None:
    shown = brief.possibilities[:_MOST_POSSIBILITIES]
    title = (
        _("Possibilities to talk about: {first}").format(first=shown[0].title)
        if shown
        else ngettext(
            "For the meeting: {count} point", "For the meeting: {count} points", len(brief.agenda)
        ).format(count=i18n.number(len(brief.agenda)))
    )
    page, body = start(canvas, title)
    left, right = body.columns(6.4, 5.4) if shown else (None, body)
    if left is not None:
        below = drawing.heading(page, left, _("New possibilities"))
        paragraphs = [
            paragraph
            for point in shown
            for paragraph in (Paragraph(point.title, is_bold=True), Paragraph(point.text, is_muted=True))
        ]
        drawing.text(page, below, paragraphs, (14, 13, 12, 11), gap=0.25)
    below = drawing.heading(page, right, _("Proposed agenda") if brief.is_agenda_proposed else _("Agenda"))
    agreed = _headed(_("Agreed"), brief.agreed)
    over, under = below.rows(1.4, 1) if agreed else (below, below)
    drawing.text(page, over, [Paragraph(line, is_bullet=True) for line in brief.agenda], (15, 14, 13, 12, 11))
    drawing.text(page, under, agreed, (15, 14, 13, 12, 11))


def _headed(heading: str, text: str) -> list[Paragraph]:
    return [Paragraph(heading, is_bold=True), *written(text)] if text.strip() else []


_SLIDES: tuple[Callable[[Canvas, Brief], None], ...] = (
    _summary,
    _meetings,
    _users,
    _months,
    _groups,
    _peers,
    _cases,
    _contacts,
    _value,
    _renewal,
    _possibilities,
)
