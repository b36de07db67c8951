"""The handout: the brief as a page to read, print or send, in place of the slides. Nothing internal is in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from ccinsight import i18n
from ccinsight.brief import words
from ccinsight.brief.model import Brief, Section
from ccinsight.i18n import _

_STYLE = """
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif; color: #1c2530; }
h1 { margin-bottom: 0.25rem; font-size: 1.6rem; }
h2 { margin: 1.6rem 0 0.4rem; font-size: 1.1rem; }
.about { margin-top: 0; color: #55606c; }
ul { margin: 0.25rem 0; padding-left: 1.25rem; }
@media print { body { margin: 0; max-width: none; } h2 { break-after: avoid; } }
"""


def write_handout(brief: Brief, partner: str) -> bytes:
    """The whole page as HTML in UTF-8, in the language in use."""
    title = _("Status meeting: {customer}").format(customer=brief.customer_name)
    people = " · ".join(part for part in (partner, brief.account_manager) if part)
    about = " · ".join(part for part in (_("As of {day}").format(day=i18n.day(brief.as_of)), people) if part)
    body = "\n".join(_parts(brief))
    return (
        f'<!doctype html>\n<html lang="{brief.language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{escape(title)}</title>\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{escape(title)}</h1>\n"
        f'<p class="about">{escape(about)}</p>\n{body}\n</body>\n</html>\n'
    ).encode()


def _parts(brief: Brief) -> Iterable[str]:
    yield from _listed(words.agenda_heading(brief.is_agenda_proposed), brief.agenda)
    yield from _listed(
        words.agreed_heading(brief.agreed_last_time_on), words.lines_of(brief.agreed_last_time)
    )
    for section in brief.sections.values():
        if not section.is_internal and section.title.shown:
            yield from _section(section)
    points = [f"{point.title}. {point.text}" for point in brief.possibilities]
    yield from _listed(_("New possibilities"), points)
    yield from _listed(_("Agreed"), words.lines_of(brief.agreed))


def _section(section: Section) -> Iterable[str]:
    yield f"<h2>{escape(section.title.shown)}</h2>"
    yield from _list([each.shown for each in section.statements if each.shown])


def _listed(heading: str, lines: Sequence[str]) -> Iterable[str]:
    """A heading with its lines; nothing where there are none."""
    if lines:
        yield f"<h2>{escape(heading)}</h2>"
        yield from _list(lines)


def _list(lines: Sequence[str]) -> Iterable[str]:
    if lines:
        yield "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>"
